"""What an article says is shown and never steers what shows it: each escape against a slow and obvious oracle."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sheet_rows import NASTY

from quotes.export.escaping import (
    CELL,
    WORKSHEET_NAME,
    cell_text,
    checked_link,
    cut,
    encodable,
    formula_guarded,
    header_text,
    isolated,
    markdown,
    readable,
    worksheet_names,
)

CONTROLS = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0x9B, 0x2028, 0x202E, 0x2066, 0xD800, 0xDFFF, 0xFFFE, 0x1FFFF]))
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(CONTROLS + "=+-@＝＋－＠\"'„“ abc1.,;|<>&[]*_`#\\:/")))
READABLE = TEXTS.map(readable)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
@example("\r\n\r\x85")
def test_readable_text_has_no_code_point_that_steers(text: str) -> None:
    made = readable(text)
    for c in made:
        assert c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(c) not in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
        assert ord(c) & 0xFFFE != 0xFFFE
    assert readable(made) == made
    made.encode()


@given(TEXTS)
def test_readable_text_loses_nothing_without_a_trace(text: str) -> None:
    joined = text.replace("\r\n", "\n")
    made = readable(text)
    assert len(made) == len(joined)
    for before, after in zip(joined, made, strict=True):
        assert after in (before, "\ufffd", "\n")


def test_readable_shows_where_something_was() -> None:
    assert readable("a\x00b\u202ec\ud800d\re\r\nf\tg") == "a\ufffdb\ufffdc\ufffdd\ne\nf\tg"
    assert readable("Żółć – „Größe“ 👩🏽\u200d🚒") == "Żółć – „Größe“ 👩🏽\u200d🚒"


def test_encodable_replaces_lone_surrogates_only() -> None:
    assert encodable("=1\x00\u202e\ud800") == "=1\x00\u202e\ufffd"


def test_letters_from_right_to_left_are_isolated() -> None:
    assert isolated("Marta") == "Marta"
    assert isolated("מרתה") == "\u2068מרתה\u2069"


SIGNS = set("=+-@＝＋－＠﹢﹣﹦﹫⁺⁼₊₌")
MARKS = set("\"'`´„“”‚‘’«»‹›")


@given(READABLE)
@example('"=1+1')
@example("„－1")
def test_no_cell_begins_with_a_formula(text: str) -> None:
    made = formula_guarded(text)
    first = next((c for c in text if not c.isspace() and c not in MARKS), "")
    if first in SIGNS or text[:1] == "\t":
        assert made == "'" + text
    assert made in (text, "'" + text)
    assert made[:1] not in SIGNS
    assert made[:1] != "\t"


@given(READABLE, READABLE)
def test_guarded_cells_differ_where_the_texts_do(one: str, other: str) -> None:
    assert (formula_guarded(one) == formula_guarded(other)) == (one == other)


@pytest.mark.parametrize("text", ["12345678901234567e12", "1.9.", "3/4", "007", "1 000", "falsch", "'=1", "50 %"])
def test_what_a_spreadsheet_would_change_is_guarded(text: str) -> None:
    assert formula_guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Der Deich hält", "– Nein", "5a952f940c0ed6d39a5f", "Am 1.9. war Flut", "…"])
def test_plain_text_is_not_guarded(text: str) -> None:
    assert formula_guarded(text) == text


@given(st.text(st.sampled_from("ab1é\u0301\u200d👩🚒🏽🇩🇪\ufe0f각\u1161אֿ"), max_size=60), st.integers(36, 60))
def test_a_cut_text_fits_and_says_what_is_missing(text: str, limit: int) -> None:
    kept, mark = cut(text, limit)
    if units(text) <= limit:
        assert (kept, mark) == (len(text), "")
        return
    assert mark == f"… [gekürzt: {len(text) - kept} Zeichen fehlen]"
    assert units(text[:kept] + mark) <= limit
    regex = pytest.importorskip("regex")
    assert kept in {0} | {found.end() for found in regex.finditer(r"\X", text)}


def test_a_cut_names_the_number_in_german() -> None:
    made = cell_text("x" * 40_000)
    assert CELL - 2 <= len(made) <= CELL
    missing = 40_000 - made.count("x")
    assert made.endswith(f"x… [gekürzt: {missing // 1000}.{missing % 1000:03} Zeichen fehlen]")


def test_pairs_count_as_excel_counts_them() -> None:
    assert cell_text("🚒" * (CELL // 2)) == "🚒" * (CELL // 2)
    made = cell_text("🚒" * (CELL // 2 + 1))
    assert units(made) <= CELL
    assert made.endswith("Zeichen fehlen]")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://bote.example/a?b=1&c=2#d", "https://bote.example/a?b=1&c=2#d"),
        ("HTTP://Bote.Example:8080/", "http://bote.example:8080/"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ('https://bote.example/"><b>', "https://bote.example/%22%3E%3Cb%3E"),
        ("https://bote.example/100%25", "https://bote.example/100%25"),
    ],
)
def test_good_addresses_are_links(url: str, link: str) -> None:
    assert checked_link(url) == link


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://bote.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//bote.example",
        "https:///x",
        "https://bekannt.example@fremd.example/",
        "https://fremd.example\\@bekannt.example/",
        "https://bote.example/a b",
        "https://bote.example/\x00",
        "java\nscript:alert(1)",
        "https://bote.example:99999/",
        "https://[::1/",
        "https://bote\u202e.example/",
        "https://" + "a" * 70 + ".example/",
        "internal:'Tabelle'!A1",
    ],
)
def test_other_addresses_are_none(url: str | None) -> None:
    assert checked_link(url) is None


@given(st.one_of(TEXTS, TEXTS.map(lambda text: "https://" + text), TEXTS.map(lambda text: "https://a.example/" + text)))
def test_every_link_is_a_plain_address(url: str) -> None:
    link = checked_link(url)
    if link is not None:
        assert re.fullmatch(r"https?://[!#-;=?-~]+", link)
        assert urlsplit(link).hostname
        assert urlsplit(link).username is None


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def one_line(text: str) -> str:
    return " ".join(readable(text).split())


@given(TEXTS.map(one_line))
@example("- a")
@example("1. a")
@example("1) a")
@example("===")
@example("~~a~~ | b | $c$")
@example("www.fremd.example https://fremd.example :smile:")
@example("&lt;b&gt;")
def test_no_text_is_markup_in_markdown(text: str) -> None:
    page = Tags()
    page.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown(text)))
    assert set(page.tags) <= {"p"}
    assert page.text.strip() == text


@pytest.mark.parametrize("text", NASTY)
def test_nothing_nasty_is_markup_in_markdown(text: str) -> None:
    page = Tags()
    page.feed(MarkdownIt("commonmark").render("> " + markdown(one_line(text[:500]))))
    assert page.tags == ["blockquote", "p"]
    assert page.text.strip() == one_line(text[:500])


def test_footers_take_no_orders() -> None:
    assert header_text("Müller & Söhne &P") == "Müller && Söhne &&P"
    assert len(header_text("x" * 300)) == 100


@given(st.lists(st.one_of(READABLE, st.sampled_from(["History", "verlauf", "Ä", "ä", "'x'", "🚒" * 20, "x" * 40]))))
def test_names_of_worksheets_are_allowed_and_unique(texts: list[str]) -> None:
    names = worksheet_names(texts, taken=("Übersicht",))
    assert len(names) == len(texts)
    assert len({name.lower() for name in [*names, "Übersicht"]}) == len(names) + 1
    for name in names:
        assert 0 < units(name) <= WORKSHEET_NAME
        assert not set(name) & set("[]:*?/\\\n\t")
        assert name.strip("' ") == name
        assert name.lower() not in ("history", "verlauf")


def test_names_of_worksheets_stay_readable() -> None:
    assert worksheet_names(["Marta Ohm", "marta ohm", "A/B: [C]", "", "Vereinigung der Deichgräfinnen e. V."]) == [
        "Marta Ohm",
        "marta ohm (2)",
        "A B C",
        "Ohne Namen",
        "Vereinigung der Deichgräfinnen…",
    ]


@given(st.lists(READABLE, min_size=1, max_size=4))
def test_guarded_cells_survive_csv(texts: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL).writerow([formula_guarded(text) for text in texts])
    read = next(csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=";"))
    assert [
        cell.removeprefix("'") if formula_guarded(cell.removeprefix("'")) == cell else cell for cell in read
    ] == texts
