"""The desk's feed in the words of schema.org, as JSON-LD: claims, direct quotations, articles, drafts of reviews.

A ``ClaimReview`` here is a draft without ``reviewRating``: whether a claim is true is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quotes.desk.claims import Claim, Key, verdict_of
from quotes.desk.verdicts import Verdict
from quotes.desk.worth import content
from quotes.export.escaping import checked_link
from quotes.export.iris import iri, speaker_iri
from quotes.export.json_text import to_json

CONTEXT = "https://schema.org"
# The types of schema.org for our kinds of speakers. A place speaks for those who govern it; a document is none of both,
# and a claim rests on it.
_TYPES = {"person": "Person", "anonymous": "Person", "organisation": "Organization", "place": "Organization"}
_TYPES |= {"group": "Organization"}
_REPORTED = "Reported speech: not the speaker's own words, but those of the article"
# Whoever denies or doubts something does not claim it: no author then.
_POLARITIES = {"denied": "Denied by the speaker", "questioned": "Doubted or asked by the speaker"}

Row = Mapping[str, Any]
Node = dict[str, Any]


def to_jsonld(claims: Sequence[Claim], documents: Mapping[Key, Row], verdicts: Mapping[str, Verdict]) -> bytes:
    """One JSON-LD document: a list of the claims in their order, and what it names.

    Args:
        claims: with all columns.
        documents: by ``(doc_id, source)``, with ``url``.
        verdicts: by ``quote_id``.
    """
    nodes: dict[str, Node] = {}
    for claim in claims:
        for node in _nodes(claim, documents, verdict_of(claim, verdicts)):
            nodes.setdefault(node["@id"], node)
    order = {
        "@type": "ItemList",
        "itemListOrder": {"@id": "https://schema.org/ItemListOrderDescending"},
        "numberOfItems": len(claims),
        "itemListElement": [
            {"@type": "ListItem", "position": number, "item": {"@id": iri("claim", claim.claim_id)}}
            for number, claim in enumerate(claims, start=1)
        ],
    }
    return to_json({"@context": CONTEXT, "@graph": [order, *nodes.values()]}, indent=1) + b"\n"


def _nodes(claim: Claim, documents: Mapping[Key, Row], verdict: Verdict | None) -> Iterator[Node]:
    row = claim.row
    places = list(dict.fromkeys(_place_of(appearance) for appearance in claim.rows))
    node = {
        "@id": iri("claim", claim.claim_id),
        "@type": "Claim",
        "text": content(row),
        "description": _description(row),
        "inLanguage": row["language"],
        **_origin(row, "author" if row["polarity"] == "affirmed" else "mentions"),
        "firstAppearance": {"@id": places[0]} if _is_first_known(claim) else None,
        "appearance": [{"@id": place} for place in places],
    }
    yield _known(node)
    yield _known(
        {
            "@id": iri("review", claim.claim_id),
            "@type": "ClaimReview",
            "claimReviewed": content(row),
            "itemReviewed": {"@id": iri("claim", claim.claim_id)},
            "creativeWorkStatus": "Draft",
            "dateModified": verdict.at if verdict else None,
            "reviewBody": verdict.note if verdict and verdict.note else None,
            "creditText": verdict.by if verdict else None,
        }
    )
    for appearance in claim.rows:
        yield _article(appearance, documents)
        if appearance["kind"] == "direct":
            yield _quotation(appearance)


def _is_first_known(claim: Claim) -> bool:
    """Rows come in order of publication; without all days nobody knows which article was first."""
    return len({row["doc_id"] for row in claim.rows}) == 1 or all(row["published"] for row in claim.rows)


def _description(row: Row) -> str | None:
    told = [_POLARITIES.get(row["polarity"]), None if row["kind"] == "direct" else _REPORTED]
    return ". ".join(filter(None, told)) or None


def _place_of(row: Row) -> str:
    """Where a claim appears: a quotation of its own where it is direct, else its article."""
    return iri("quotation", row["quote_id"]) if row["kind"] == "direct" else iri("document", row["doc_id"])


def _quotation(row: Row) -> Node:
    return _known(
        {
            "@id": iri("quotation", row["quote_id"]),
            "@type": "Quotation",
            "text": content(row),
            **_origin(row, "spokenByCharacter"),
            "inLanguage": row["language"],
            "isPartOf": {"@id": iri("document", row["doc_id"])},
        }
    )


def _article(row: Row, documents: Mapping[Key, Row]) -> Node:
    link = checked_link(documents.get((row["doc_id"], row["source"]), {}).get("url"))
    return _known(
        {
            "@id": iri("document", row["doc_id"]),
            "@type": "NewsArticle",
            "headline": row["title"],
            "url": {"@id": link} if link else None,
            "datePublished": row["published"].isoformat() if row["published"] else None,
            "creditText": row["author"],
            "publisher": {"@type": "Organization", "name": row["outlet"]} if row["outlet"] else None,
            "inLanguage": row["language"],
        }
    )


def _origin(row: Row, name: str) -> Node:
    """Who said it, under the property ``name`` where it is a person or body; nothing where nobody is known."""
    if not row["speaker"]:
        return {}
    kind = _TYPES.get(row["speaker_kind"] or "")
    if kind is None:
        return {"isBasedOn": {"@type": "CreativeWork", "name": row["speaker"]}}
    who = {
        "@id": speaker_iri(row["speaker_id"]) if row["speaker_id"] else None,
        "@type": kind,
        "name": row["speaker"],
        "jobTitle": row["speaker_role"] if kind == "Person" else None,
    }
    return {name: _known(who)}


def _known(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None}
