"""JSON-LD in schema.org's words, and web annotations that find their place again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rdflib
from desk_store import put, said
from pyld import jsonld
from test_desk_claims import by_text, row
from test_feed_atom import NASTY

from quotes.desk.claims import build_claims
from quotes.desk.verdicts import Verdict
from quotes.export import annotation
from quotes.export.feed import Order, ask
from quotes.export.json_text import to_json
from quotes.export.jsonld import CONTEXT, to_jsonld
from quotes.search import Filters, open_store

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
SCHEMA = "https://schema.org/"
# All terms of schema.org, as a kept library lists them (iterating over the namespace itself has no end).
VOCABULARY = frozenset(rdflib.SDO.__annotations__)
# The types that we use with those above them, and the properties with the types they belong to: schema.org, V29.
ABOVE = {
    "Claim": ("CreativeWork", "Thing"),
    "ClaimReview": ("Review", "CreativeWork", "Thing"),
    "Quotation": ("CreativeWork", "Thing"),
    "NewsArticle": ("Article", "CreativeWork", "Thing"),
    "CreativeWork": ("Thing",),
    "Person": ("Thing",),
    "Organization": ("Thing",),
    "ItemList": ("Intangible", "Thing"),
    "ListItem": ("Intangible", "Thing"),
}
DOMAINS = {
    "appearance": {"Claim"},
    "author": {"CreativeWork", "Rating"},
    "claimReviewed": {"ClaimReview"},
    "creativeWorkStatus": {"CreativeWork"},
    "creditText": {"CreativeWork"},
    "dateModified": {"CreativeWork", "DataFeedItem"},
    "datePublished": {"CreativeWork"},
    "description": {"Thing"},
    "firstAppearance": {"Claim"},
    "headline": {"CreativeWork"},
    "inLanguage": {"CreativeWork", "Event", "CommunicateAction", "WriteAction", "LinkRole", "BroadcastService"},
    "isBasedOn": {"CreativeWork"},
    "isPartOf": {"CreativeWork"},
    "item": {"ListItem", "DataFeedItem"},
    "itemListElement": {"ItemList"},
    "itemListOrder": {"ItemList"},
    "itemReviewed": {"Review", "AggregateRating"},
    "jobTitle": {"Person"},
    "mentions": {"CreativeWork"},
    "name": {"Thing"},
    "numberOfItems": {"ItemList"},
    "position": {"ListItem", "CreativeWork"},
    "publisher": {"CreativeWork"},
    "reviewBody": {"Review"},
    "spokenByCharacter": {"Quotation"},
    "text": {"CreativeWork"},
    "url": {"Thing"},
}
# What the values of properties must be, where they are nodes.
RANGES = {
    "appearance": {"CreativeWork"},
    "author": {"Person", "Organization"},
    "firstAppearance": {"CreativeWork"},
    "isBasedOn": {"CreativeWork", "Product"},
    "isPartOf": {"CreativeWork"},
    "item": {"Thing"},
    "itemListElement": {"ListItem", "Thing"},
    "itemReviewed": {"Thing"},
    "mentions": {"Thing"},
    "publisher": {"Person", "Organization"},
    "spokenByCharacter": {"Person", "Organization"},
}
Node = dict[str, Any]


def load(url: str, _: Any = None) -> Node:
    """The two contexts that may be asked for; nothing goes to the network."""
    contexts: dict[str, Any] = {
        "https://schema.org": {"@context": {"@vocab": SCHEMA}},
        annotation.CONTEXT: json.loads((Path(__file__).parent / "anno_context.json").read_text(encoding="utf-8")),
    }
    return {"contextUrl": None, "documentUrl": url, "document": contexts[url]}


def expand(data: bytes) -> list[Node]:
    found: list[Node] = jsonld.expand(json.loads(data), {"documentLoader": load})
    return found


def nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, dict):
        if "@type" in value and "@value" not in value:
            yield value
        for item in value.values():
            yield from nodes(item)


def make(*rows: Node, documents: Any = None, verdicts: Any = None, **how: Any) -> tuple[list[Node], dict[str, Node]]:
    """The expanded nodes, checked against the vocabulary, and those with names as they were written."""
    data = to_jsonld(build_claims([full(r) for r in rows], **how).claims, documents or {}, verdicts or {})
    expanded = expand(data)
    check(expanded)
    return expanded, {node["@id"]: node for node in json.loads(data)["@graph"] if "@id" in node}


def full(values: Node) -> Node:
    start, end = values["start"], values["end"]
    more = {"language": "de", "author": None, "speaker_id": "deichamt", "prefix": "", "suffix": ""}
    return more | {"quote_spans": [{"start": start, "end": end}]} | values


def check(expanded: list[Node]) -> None:
    """Types and properties are schema.org's, properties belong to their types, values are of the right types."""
    known = {SCHEMA + name for name in VOCABULARY}
    types = {node["@id"]: bare(node["@type"][0]) for node in nodes(expanded) if "@id" in node}
    assert expanded
    for node in nodes(expanded):
        (kind,) = (bare(name) for name in node["@type"])
        assert SCHEMA + kind in known
        for name, values in node.items():
            if name.startswith("@"):
                continue
            assert name in known, name
            assert DOMAINS[bare(name)] & {kind, *ABOVE[kind]}, f"{bare(name)} of {kind}"
            for value in values:
                if bare(name) in RANGES:
                    other = bare(value["@type"][0]) if "@type" in value else types[value["@id"]]
                    assert RANGES[bare(name)] & {other, *ABOVE[other]}, f"{bare(name)} is {other}"


def bare(name: str) -> str:
    assert name.startswith(SCHEMA), name
    return name.removeprefix(SCHEMA)


def test_the_table_of_the_vocabulary_is_schema_orgs() -> None:
    known = VOCABULARY
    assert len(known) > 2000
    assert set(DOMAINS) <= known
    assert {*ABOVE, *(name for above in ABOVE.values() for name in above)} <= known
    assert {name for domain in DOMAINS.values() for name in domain} <= known


def test_a_wrong_word_would_be_seen() -> None:
    for wrong in ({"@type": "Claim", "speaker": "x"}, {"@type": "Person", "text": "x"}, {"@type": "Statement"}):
        with pytest.raises((AssertionError, KeyError)):
            check(expand(json.dumps({"@context": CONTEXT, "@graph": [wrong | {"name": "x"}]}).encode()))


def test_an_indirect_claim_has_an_author_and_appears_in_its_article() -> None:
    mine = row("a", outlet="Deichbote", title="Am Deich", published=datetime(2026, 2, 1, 8), author="Ole Kuhn")
    documents = {("d-a", "a.txt"): {"url": "https://deichbote.example/1"}}
    _, named = make(mine, documents=documents)
    claim, article = named["urn:quotes:claim:a"], named["urn:quotes:document:d-a"]
    assert claim["author"] == {"@id": "urn:quotes:speaker:deichamt", "@type": "Organization", "name": "Deichamt"}
    assert claim["firstAppearance"] == {"@id": "urn:quotes:document:d-a"}
    assert claim["description"].startswith("Reported speech")
    assert article == {
        "@id": "urn:quotes:document:d-a",
        "@type": "NewsArticle",
        "headline": "Am Deich",
        "url": {"@id": "https://deichbote.example/1"},
        "datePublished": "2026-02-01T08:00:00",
        "creditText": "Ole Kuhn",
        "publisher": {"@type": "Organization", "name": "Deichbote"},
        "inLanguage": "de",
    }
    assert not [node for node in named.values() if node["@type"] == "Quotation"]


def test_only_a_direct_one_is_a_quotation() -> None:
    mine = row("a", kind="direct", speaker="Ada Ohm", speaker_kind="person", speaker_role="Lotsin", speaker_id="Q1")
    _, named = make(mine)
    quotation = named["urn:quotes:quotation:a"]
    assert quotation["spokenByCharacter"] == {
        "@id": "http://www.wikidata.org/entity/Q1",
        "@type": "Person",
        "name": "Ada Ohm",
        "jobTitle": "Lotsin",
    }
    assert quotation["isPartOf"] == {"@id": "urn:quotes:document:d-a"}
    assert named["urn:quotes:claim:a"]["appearance"] == [{"@id": "urn:quotes:quotation:a"}]
    assert "description" not in named["urn:quotes:claim:a"]


@pytest.mark.parametrize("kind", ["direct", "indirect"])
@pytest.mark.parametrize("polarity", ["denied", "questioned"])
def test_who_denies_a_claim_is_not_its_author(polarity: str, kind: str) -> None:
    _, named = make(row("a", polarity=polarity, kind=kind))
    claim = named["urn:quotes:claim:a"]
    assert "author" not in claim
    assert claim["mentions"]["name"] == "Deichamt"
    assert "peaker" in claim["description"]


def test_a_claim_of_nobody_known_has_no_author() -> None:
    _, named = make(row("a", speaker=None, speaker_kind=None, speaker_id=None))
    assert {"author", "mentions", "isBasedOn"}.isdisjoint(named["urn:quotes:claim:a"])


def test_a_document_is_no_author() -> None:
    _, named = make(row("a", speaker="Deichbericht", speaker_kind="document"))
    claim = named["urn:quotes:claim:a"]
    assert claim["isBasedOn"] == {"@type": "CreativeWork", "name": "Deichbericht"}
    assert "author" not in claim


def test_a_review_is_a_draft_without_a_rating_whatever_was_decided() -> None:
    verdict = Verdict("a", "false", "Ada", "2026-03-05T10:00:00+00:00", "Deichbuch")
    for verdicts in ({}, {"a": verdict}):
        expanded, named = make(row("a"), verdicts=verdicts)
        review = named["urn:quotes:review:a"]
        assert review["creativeWorkStatus"] == "Draft"
        assert review["itemReviewed"] == {"@id": "urn:quotes:claim:a"}
        assert "Rating" not in json.dumps(expanded)
    assert review["reviewBody"] == "Deichbuch"


def test_the_first_appearance_is_said_only_where_it_is_known() -> None:
    early, late = datetime(2026, 1, 1), datetime(2026, 1, 2)
    for days, known in (((early, late), True), ((early, None), False), ((None, None), False)):
        rows = [row(name, published=day) for name, day in zip("ab", days, strict=True)]
        _, named = make(*rows, group=by_text)
        assert ("firstAppearance" in named["urn:quotes:claim:s0"]) is known
        assert len(named["urn:quotes:claim:s0"]["appearance"]) == 2


def test_the_order_of_the_claims_is_kept() -> None:
    data = to_jsonld(build_claims([full(row("a", "man hoffe auf Regen")), full(row("b"))]).claims, {}, {})
    listed = json.loads(data)["@graph"][0]
    assert [(i["position"], i["item"]["@id"]) for i in listed["itemListElement"]] == [
        (1, "urn:quotes:claim:b"),
        (2, "urn:quotes:claim:a"),
    ]
    assert listed["numberOfItems"] == 2


def test_nasty_text_comes_back_as_it_was_and_steers_nothing() -> None:
    mine = full(row("a", NASTY, speaker=NASTY, title=NASTY, outlet=NASTY))
    documents = {("d-a", "a.txt"): {"url": "javascript:alert(1)", "text": "x" * 10 + NASTY}}
    claims = build_claims([mine]).claims
    for data in (to_jsonld(claims, documents, {}), annotate(claims, documents)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", data.decode("utf-8"))
        assert "javascript" not in data.decode("utf-8")
        assert NASTY in set(strings(json.loads(data)))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


def test_json_keeps_each_code_point_and_refuses_what_is_no_number() -> None:
    text = "ä\u2028\u202e\ud800\x9f\ufeff\U0001f600"
    data = to_json({"a": text})
    assert json.loads(data) == {"a": text}
    assert data.decode("utf-8").isprintable()
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(float("nan"))


# Web annotations.


def annotate(claims: Any, documents: Any) -> bytes:
    return annotation.to_annotations(claims, documents, now=NOW, version="0.1")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    text = "Vorweg ein Satz. „Der Deich ist 1974 gebaut worden“, sagte Ada Ohm, „und seither hielt er immer“. Ende 🙂."
    direct = said(
        text, "Der Deich ist 1974 gebaut worden", "und seither hielt er immer", kind="direct", mood="indicative"
    )
    put(tmp_path / "s", text, "a.txt", [direct], url="https://deichbote.example/1")
    put(tmp_path / "s", text, "b.txt", [direct], url="ftp://no.example/1")
    other = "Es hieß, der Damm sei 1980 geborsten."
    put(tmp_path / "s", other, "c.txt", [said(other, "der Damm sei 1980 geborsten", polarity="denied")])
    return tmp_path / "s"


def page(store: Path) -> Node:
    order = Order(form="annotations", min_score=0.0, top=None, version="0.1", now=NOW)
    data, _ = ask(open_store(store), Filters(), order)
    found: Node = json.loads(data)
    return found


def targets(item: Node) -> list[Node]:
    found = item["target"]
    return found if isinstance(found, list) else [found]


def test_each_part_finds_its_place_again_in_the_stored_text(store: Path) -> None:
    documents = {
        f"urn:quotes:document:{d['doc_id']}": d["text"] for d in open_store(store).documents().collect().to_dicts()
    }
    parts = []
    for item in page(store)["items"]:
        for target in targets(item):
            text = documents[target["state"]["cached"]]
            quote, position = target["selector"]
            assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"]
            assert text[max(0, start - 64) : start] == quote["prefix"]
            assert text[end : end + 64] == quote["suffix"]
            whole = quote["prefix"] + quote["exact"] + quote["suffix"]
            assert text.count(whole) == 1
            assert text.index(whole) + len(quote["prefix"]) == start
            parts.append((target["source"], quote["exact"]))
    assert ("https://deichbote.example/1", "Der Deich ist 1974 gebaut worden") in parts
    assert ("https://deichbote.example/1", "und seither hielt er immer") in parts
    assert len(parts) == 5


def test_an_address_that_is_no_page_is_replaced_by_the_name_of_the_text(store: Path) -> None:
    sources = {target["source"] for item in page(store)["items"] for target in targets(item)}
    assert {source.partition(":")[0] for source in sources} == {"https", "urn"}


def test_one_article_in_two_sources_is_one_annotation_and_a_denial_is_tagged(store: Path) -> None:
    items = page(store)["items"]
    assert sorted(len(targets(item)) for item in items) == [1, 4]
    assert len({item["id"] for item in items}) == 2
    (denied,) = [item for item in items if len(targets(item)) == 1]
    assert "denied" in [body.get("value") for body in denied["body"]]


def test_without_the_text_the_row_gives_the_anchors() -> None:
    text = "vorher " + "Ja, aber nein" + " nachher"
    spans = [{"start": 107, "end": 109}, {"start": 116, "end": 120}]
    mine = full(row("a", "Ja, aber nein", start=107, end=120, prefix="vorher ", suffix=" nachher"))
    claims = build_claims([mine | {"quote_spans": spans}]).claims
    (item,) = json.loads(annotate(claims, {}))["items"]
    for target, exact in zip(targets(item), ("Ja", "nein"), strict=True):
        quote, position = target["selector"]
        assert quote["exact"] == exact
        assert text[position["start"] - 100 : position["end"] - 100] == exact
        assert quote["prefix"] + exact + quote["suffix"] == text


def test_annotations_use_the_words_of_the_model(store: Path) -> None:
    found = page(store)
    context = load(annotation.CONTEXT)["document"]["@context"]
    for node in _dicts(found):
        for key, value in node.items():
            assert key in context or key == "@context", key
            if key in ("type", "motivation", "purpose"):
                for word in value if isinstance(value, list) else [value]:
                    assert word in context, word
    (expanded,) = expand(json.dumps(found).encode())
    kinds = {kind for node in nodes(expanded) for kind in node["@type"]}
    assert {f"http://www.w3.org/ns/oa#{name}" for name in ("Annotation", "TextQuoteSelector", "TimeState")} <= kinds
    assert all(kind.startswith("http") for kind in kinds)


def test_an_annotation_has_what_the_model_asks_for(store: Path) -> None:
    for item in page(store)["items"]:
        assert item["type"] == "Annotation"
        assert item["id"].startswith("urn:quotes:annotation:")
        assert item["generated"].endswith("Z")
        assert targets(item)
        for body in item["body"]:
            assert ("value" in body) is (body["type"] == "TextualBody")
            assert ("source" in body) is (body["type"] == "SpecificResource")


def _dicts(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dicts(item)
