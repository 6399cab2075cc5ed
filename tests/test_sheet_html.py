"""The HTML page: valid, whole in itself, and nothing from an article alive in it."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime

import lxml.html
import pytest
from lxml.html import HtmlElement
from sheet_rows import NASTY, line, row, span

from quotes.desk.verdicts import Verdict
from quotes.export.escaping import readable
from quotes.export.html import html_sheet
from quotes.export.lines import Heading, Line, build_lines

HEADING = Heading(title="Flut", filters="Sprecher: Ohm", made_at=datetime(2031, 3, 6, 12, tzinfo=UTC))


def page(*lines: Line, heading: Heading = HEADING) -> HtmlElement:
    return lxml.html.document_fromstring(b"".join(html_sheet(lines, heading)).decode())


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_quotation_is_marked_in_its_paragraph() -> None:
    text = "Kopf\nEs regnet. Sie sei «sehr froh», sagte Ohm."
    start = text.index("Sie")
    made = row(text[start : start + 20], start, kind="mixed", verbatim_spans=[span(start + 9, start + 18)])
    key = (made["doc_id"], made["source"])
    found = page(next(build_lines([made], {key: {"text": text}}, {})))
    (quote,) = found.iter("blockquote")
    assert words(quote) == "Es regnet. Sie sei «sehr froh», sagte Ohm."
    assert [words(mark) for mark in quote.iter("mark")] == ["Sie sei «sehr froh»,"]
    assert [words(strong) for strong in quote.iter("strong")] == ["sehr froh"]


def test_the_facts_are_there() -> None:
    made = line(
        document={"url": "https://bote.example/a?b=1&c=2"}, polarity="denied", addressee="dem Boten", speaker_text="sie"
    )
    found = page(made)
    facts = {words(item[0]): words(item[1]) for item in found.xpath("//figcaption//dl/div")}
    assert facts["Rolle"] == "Deichgräfin"
    assert facts["Im Text"] == "sie"
    assert facts["Gegenüber"] == "dem Boten"
    assert facts["Über"] == "dpa"
    assert facts["Medium"] == "Ohrbacher Bote"
    assert facts["Datum"] == "4. März 2031, 08:05 Uhr"
    assert facts["Zitat sicher"] == "97 %"
    assert facts["Fundstelle"] == f"news/deich.txt 0–14 · {made.quote_id}"
    (link,) = found.xpath("//cite/a")
    assert (link.get("href"), words(link)) == ("https://bote.example/a?b=1&c=2", "Flut am Ohrbach")
    assert [words(tag) for tag in found.find_class("tag")] == ["direkt, bestritten", "offen"]


def test_unsure_speakers_and_verdicts_are_shown() -> None:
    made = row(speaker_confidence=0.5)
    verdict = Verdict(made["quote_id"], "false", "L. Brand", "2031-03-05T10:00:00+00:00", "nie gesagt")
    found = page(next(build_lines([made], {}, {verdict.quote_id: verdict})))
    assert [words(tag) for tag in found.find_class("tag")] == ["direkt", "falsch", "Sprecher prüfen"]
    assert "nie gesagt" in words(found)


def test_chapters_are_speakers_and_the_contents_lead_there() -> None:
    lines = [line("eins"), line("zwei", speaker=None, speaker_id=None), line("drei")]
    found = page(*lines)
    entries = found.xpath("//nav//li")
    assert [words(entry) for entry in entries] == ["Marta Ohm 2", "Sprecher nicht genannt 1"]
    for entry in entries:
        target = entry.find("a").get("href").removeprefix("#")
        assert found.get_element_by_id(target).tag == "h2"
    assert [len(section.xpath(".//figure")) for section in found.iter("section")] == [2, 1]


def test_two_of_one_name_are_told_apart() -> None:
    lines = [line("eins", speaker_id="a", title="Flut"), line("zwei", speaker_id="b", title="Ebbe")]
    assert [words(entry) for entry in page(*lines).xpath("//nav//li/a")] == ["Marta Ohm", "Marta Ohm"]
    assert [words(entry) for entry in page(*lines).xpath("//nav//li/small")] == ["Flut", "Ebbe"]


def test_the_page_is_sound() -> None:
    found = page(line(), line("zwei", speaker="Vehn", speaker_id="v"))
    assert found.getroottree().getroot().get("lang") == "de"
    assert [heading.tag for heading in found.xpath("//h1|//h2|//h3")] == ["h1"] + ["h2"] * 4
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    for reference in found.xpath("//@aria-labelledby") + [href[1:] for href in found.xpath("//a/@href") if "#" in href]:
        assert reference in ids


def test_the_page_needs_nothing_and_allows_nothing() -> None:
    raw = b"".join(html_sheet([line(document={"url": "https://bote.example/"})], HEADING)).decode()
    found = lxml.html.document_fromstring(raw)
    assert not found.xpath("//script|//link|//img|//iframe|//form|//object|//@style|//@src")
    (policy,) = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = re.search(r"<style>(.*?)</style>", raw, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]
    assert "@import" not in style[1]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_comes_to_life(text: str) -> None:
    plain, nasty = (
        line(
            value,
            speaker=value,
            speaker_role="x" + value,
            speaker_text="y" + value,
            addressee=value,
            via=[value],
            outlet=value,
            title=value,
            source=value,
            quote_id=value,
            kind=value,
            document={"url": value, "text": value},
        )
        for value in ("nichts", text)
    )
    found = page(nasty, heading=Heading(title=text, filters=text, made_at=HEADING.made_at))
    expected = page(plain)
    assert [element.tag for element in found.iter()] == [element.tag for element in expected.iter()]
    assert all(href.startswith("#s") for href in found.xpath("//a/@href"))
    assert not [name for element in found.iter() for name in element.attrib if name.startswith("on")]
    (quote,) = found.iter("blockquote")
    assert " ".join(readable(text).split()) in words(quote)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", found.text_content())


def test_an_empty_page_says_so() -> None:
    assert "Keine Zitate gefunden" in words(page())


def test_the_page_says_how_to_read_it() -> None:
    (footer,) = page(line()).iter("footer")
    assert "Nur das darf wörtlich gedruckt werden" in words(footer)
