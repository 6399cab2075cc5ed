"""The desk's feed as Atom (RFC 4287). All text is readable first, then HTML, then XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

from quotes.desk.claims import Claim, Key, context, verdict_of
from quotes.desk.verdicts import Verdict
from quotes.desk.worth import content
from quotes.export.escaping import checked_link, readable
from quotes.export.iris import iri

ATOM = "http://www.w3.org/2005/Atom"
# Code points of the quotation in an entry's title.
_TITLE = 120

Row = Mapping[str, Any]


def to_atom(
    claims: Sequence[Claim],
    documents: Mapping[Key, Row],
    verdicts: Mapping[str, Verdict],
    *,
    feed_id: str,
    title: str,
    now: datetime,
    version: str,
) -> bytes:
    """A feed with an entry for each claim, in their order.

    An entry is updated when the article was published or, if that is later, when the desk decided; ``now`` where no day
    is known. Its author is the speaker; what nobody known said, or what somebody denied or doubted, has the feed's.
    Times without a zone are taken as UTC.

    Args:
        claims: with all columns.
        documents: by ``(doc_id, source)``, with ``url`` and ``text``.
        verdicts: by ``quote_id``.
        feed_id: an IRI, the same for each run of one feed.
        title: of the feed.
        now: with a zone.
        version: of this package.
    """
    feed = ElementTree.Element("feed", {"xmlns": ATOM})
    _add(feed, "id", feed_id)
    _add(feed, "title", title)
    _add(feed, "updated", _time(now))
    _add(_add(feed, "author"), "name", "quotes")
    _add(feed, "generator", "quotes", version=version)
    for claim in claims:
        _entry(feed, claim, documents, verdict_of(claim, verdicts), now)
    data: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _entry(
    feed: ElementTree.Element, claim: Claim, documents: Mapping[Key, Row], verdict: Verdict | None, now: datetime
) -> None:
    row = claim.row
    entry = _add(feed, "entry")
    _add(entry, "id", iri("claim", claim.claim_id))
    _add(entry, "title", _title(row))
    decided = datetime.fromisoformat(verdict.at) if verdict else None
    known = [_zoned(at) for at in (row["published"], decided) if at is not None]
    _add(entry, "updated", _time(max(known, default=now)))
    if row["published"] is not None:
        _add(entry, "published", _time(row["published"]))
    if row["speaker"] and row["speaker"].strip() and row["polarity"] == "affirmed":
        _add(_add(entry, "author"), "name", _line(row["speaker"]))
    links = dict.fromkeys(filter(None, (checked_link(_document(r, documents).get("url")) for r in (row, *claim.rows))))
    for number, link in enumerate(links):
        _add(entry, "link", href=link, rel="related" if number else "alternate")
    _add(entry, "category", term=row["kind"], scheme=iri("vocabulary", "kind"))
    if claim.repeats:
        _add(entry, "category", term="repeats", scheme=iri("vocabulary", "feed"))
    if verdict:
        _add(entry, "category", term=verdict.status, scheme=iri("vocabulary", "status"))
    _add(entry, "content", "\n".join(_html(claim, documents, verdict)), type="html")


def _html(claim: Claim, documents: Mapping[Key, Row], verdict: Verdict | None) -> Iterator[str]:
    row = claim.row
    yield f"<blockquote><p>{_escaped(content(row))}</p></blockquote>"
    who = ", ".join(filter(None, (row["speaker"], row["speaker_role"]))) or "speaker not known"
    yield f"<p>{_escaped(who)}. {_escaped(row['kind'].replace('_', ' '))}, {_escaped(row['polarity'])}</p>"
    around = context(row, _document(row, documents).get("text"))
    if around:
        yield f"<p>{_escaped(around)}</p>"
    reasons = "; ".join(f"{f.name} {f.weight:+.2f} ({f.evidence})" for f in claim.worth.features)
    yield f"<p>Score {claim.worth.score:.2f}: {_escaped(reasons)}</p>"
    if verdict:
        note = f": {verdict.note}" if verdict.note else ""
        yield f"<p>{_escaped(f'{verdict.status}, {verdict.by}, {verdict.at}{note}')}</p>"
    if claim.repeats:
        yield f"<p>Repeats what was sent before: {_escaped(', '.join(claim.repeats))}</p>"
    yield "<ul>"
    for appearance in claim.rows:
        yield f"<li>{_place(appearance, documents)}</li>"
    yield "</ul>"


def _place(row: Row, documents: Mapping[Key, Row]) -> str:
    named = " – ".join(filter(None, (row["outlet"], row["title"]))) or row["source"]
    link = checked_link(_document(row, documents).get("url"))
    told = f'<a href="{escape(link)}">{_escaped(named)}</a>' if link else _escaped(named)
    day = f", {row['published']:%d.%m.%Y}" if row["published"] else ""
    return f"{told}{day}, {_escaped(row['source'])} {row['start']}–{row['end']}"


def _title(row: Row) -> str:
    text = _line(content(row))
    cut = text if len(text) <= _TITLE else text[: _TITLE - 1].rstrip() + "…"
    # Whoever denies something has not said it.
    polarity = "" if row["polarity"] == "affirmed" else f" ({row['polarity']})"
    return f"{_line(row['speaker'])}{polarity}: {cut}" if row["speaker"] else f"{polarity} {cut}".strip()


def _document(row: Row, documents: Mapping[Key, Row]) -> Row:
    return documents.get((row["doc_id"], row["source"]), {})


def _escaped(text: str) -> str:
    return escape(readable(text))


def _line(text: str) -> str:
    return " ".join(readable(text).split())


def _zoned(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _time(at: datetime) -> str:
    return _zoned(at).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = None if text is None else readable(text)
    return child
