"""The feed as Atom: what RFC 4287 asks for, and text that would rather be markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from test_desk_claims import by_text, row

from quotes.desk.claims import build_claims
from quotes.desk.verdicts import Verdict
from quotes.export.atom import ATOM, to_atom
from quotes.export.iris import article_address, digest_iri, iri, speaker_iri

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# Whitespace, controls and what turns the direction of writing: none of these may reach a reader's screen.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
NASTY = '<script>alert(1)</script> & "x" \x1b[31m \u202etxet\u202c ]]> \ud800 \x00 <![CDATA[ {{7*7}} =1+1'


def feed(
    *rows: dict[str, Any],
    documents: dict[Any, Any] | None = None,
    verdicts: dict[str, Verdict] | None = None,
    **how: Any,
) -> ElementTree.Element:
    claims = build_claims(list(rows), **how).claims
    data = to_atom(
        claims,
        documents or {},
        verdicts or {},
        feed_id="urn:quotes:feed:1",
        title="Claims",
        now=NOW,
        version="0.1",
    )
    root = ElementTree.fromstring(data)
    check(root)
    return root


def check(root: ElementTree.Element) -> None:
    """The rules of RFC 4287, sections 4.1.1 and 4.1.2, that concern what we write."""
    assert root.tag == q("feed")
    for element in root.iter():
        assert element.tag.startswith(f"{{{ATOM}}}")
    for one in ("id", "title", "updated"):
        assert len(root.findall(q(one))) == 1
    entries = root.findall(q("entry"))
    ids = [text(entry, "id") for entry in entries]
    assert len(ids) == len(set(ids))
    for entry in entries:
        for one in ("id", "title", "updated", "content"):
            assert len(entry.findall(q(one))) == 1, one
        assert len(entry.findall(q("published"))) <= 1
        assert entry.findall(q("author")) or root.findall(q("author"))
        alternates = [link for link in entry.findall(q("link")) if link.get("rel") == "alternate"]
        assert len(alternates) <= 1
        assert urlsplit(text(entry, "id")).scheme == "urn"
    for author in root.iter(q("author")):
        assert text(author, "name")
    for time in (*root.iter(q("updated")), *root.iter(q("published"))):
        assert TIME.fullmatch(time.text or "")
    for link in root.iter(q("link")):
        assert urlsplit(link.get("href", "")).scheme in ("http", "https")


def q(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def text(element: ElementTree.Element, name: str) -> str:
    found = element.find(q(name))
    assert found is not None
    return found.text or ""


def entry_of(root: ElementTree.Element) -> ElementTree.Element:
    (entry,) = root.findall(q("entry"))
    return entry


def test_a_feed_without_claims_is_valid() -> None:
    root = feed()
    assert root.findall(q("entry")) == []
    assert text(root, "updated") == "2026-03-04T12:30:00Z"


def test_an_entry_says_who_said_what_where_and_why_it_is_worth_checking() -> None:
    published = datetime(2026, 2, 1, 8)
    mine = row("a", outlet="Deichbote", title="Am Deich", published=published)
    documents = {("d-a", "a.txt"): {"url": "https://deichbote.example/1?a=1&b=2", "text": "x" * 10 + mine["text"]}}
    entry = entry_of(feed(mine, documents=documents))
    assert text(entry, "title") == "Deichamt: der Deich sei 1974 gebaut worden"
    assert text(entry, "id") == "urn:quotes:claim:a"
    assert text(entry, "published") == text(entry, "updated") == "2026-02-01T08:00:00Z"
    author = entry.find(q("author"))
    assert author is not None
    assert text(author, "name") == "Deichamt"
    link = entry.find(q("link"))
    assert link is not None
    assert link.get("href") == "https://deichbote.example/1?a=1&b=2"
    content = text(entry, "content")
    for told in ("<blockquote><p>der Deich sei 1974", "gebaut", "Score 0.9", "Deichbote – Am Deich", "a.txt 10–42"):
        assert told in content


def test_markup_controls_and_turned_text_reach_no_reader() -> None:
    mine = row("a", NASTY, outlet=NASTY, title=NASTY, speaker=NASTY, speaker_role=NASTY, source=NASTY)
    documents = {("d-a", NASTY): {"url": "javascript:alert(1)", "text": "x" * 10 + NASTY}}
    verdict = Verdict("a", "false", NASTY, "2026-03-05T00:00:00+00:00", NASTY)
    root = feed(mine, documents=documents, verdicts={"a": verdict})
    for element in root.iter():
        for value in (element.text or "", *element.attrib.values()):
            assert not STEERING.search(value)
    entry = entry_of(root)
    content = text(entry, "content")
    # As HTML it holds the tags we write and none of the article's.
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!]+)", content))
    assert tags == {"blockquote", "p", "ul", "li"}
    assert "&lt;script&gt;" in content
    assert entry.findall(q("link")) == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a b", "", None]
)
def test_only_addresses_of_pages_become_links(url: str | None) -> None:
    documents = {("d-a", "a.txt"): {"url": url, "text": None}}
    root = feed(row("a"), documents=documents)
    assert entry_of(root).findall(q("link")) == []
    assert "<a " not in text(entry_of(root), "content")


def test_several_appearances_have_one_alternate_and_related_links() -> None:
    rows = [row("a"), row("b")]
    documents = {(r["doc_id"], r["source"]): {"url": f"https://x.example/{r['quote_id']}", "text": None} for r in rows}
    entry = entry_of(feed(*rows, documents=documents, group=by_text, new={"b"}))
    links = {link.get("rel"): link.get("href") for link in entry.findall(q("link"))}
    assert links == {"alternate": "https://x.example/b", "related": "https://x.example/a"}
    assert {c.get("term") for c in entry.findall(q("category"))} == {"indirect", "repeats"}
    assert "Repeats what was sent before: a" in text(entry, "content")


@pytest.mark.parametrize("polarity", ["denied", "questioned"])
def test_who_denies_something_is_not_its_author(polarity: str) -> None:
    entry = entry_of(feed(row("a", polarity=polarity)))
    assert entry.find(q("author")) is None
    assert text(entry, "title").startswith(f"Deichamt ({polarity}): ")


def test_a_claim_of_nobody_known_has_the_author_of_the_feed() -> None:
    entry = entry_of(feed(row("a", speaker=None)))
    assert entry.find(q("author")) is None
    assert "speaker not known" in text(entry, "content")


def test_a_decision_updates_its_entry() -> None:
    verdict = Verdict("a", "confirmed", "Ada", "2026-03-05T10:00:00+01:00", "Deichbuch")
    entry = entry_of(feed(row("a", published=datetime(2026, 2, 1)), verdicts={"a": verdict}))
    assert text(entry, "updated") == "2026-03-05T09:00:00Z"
    assert "confirmed, Ada" in text(entry, "content")


def test_a_long_quotation_is_cut_in_the_title_alone() -> None:
    long = "der Deich sei 1974 gebaut worden, " + "und weiter " * 40
    entry = entry_of(feed(row("a", long)))
    assert len(text(entry, "title")) <= len("Deichamt: ") + 120
    assert text(entry, "title").endswith("…")
    assert long.strip() in text(entry, "content")


def test_our_names_are_urns_whatever_they_are_made_of() -> None:
    pattern = re.compile(r"urn:quotes:[a-z]+:[A-Za-z0-9%._~-]+")
    for identifier in ("a b", "ä/ö?#", "\u202e", "\ud800", "x\ny", "<>"):
        assert pattern.fullmatch(iri("claim", identifier))
    assert pattern.fullmatch(digest_iri("feed", "\ud800", "x"))
    assert digest_iri("feed", "ab", "c") != digest_iri("feed", "a", "bc")
    assert speaker_iri("Q42") == "http://www.wikidata.org/entity/Q42"
    assert speaker_iri("Q42x") == "urn:quotes:speaker:Q42x"
    assert article_address("javascript:x", "d1") == "urn:quotes:document:d1"
    assert article_address("https://x.example/ä", "d1") == "https://x.example/%C3%A4"
