"""Reading: files, folders, pages, records, and everything that can be wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from quotes.errors import UsageError
from quotes.model import Document
from quotes.sources import Failure, count_documents, files, read_sources
from quotes.sources.dates import parse_published

TEXT = "Die Ministerin sagte am Montag, sie werde den Vertrag nicht unterschreiben."
PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="{charset}"><title>Streit um Vertrag</title>
<meta name="author" content="Anna Beispiel"><meta property="og:site_name" content="Das Blatt">
<meta property="article:published_time" content="2023-09-13T11:05:00+02:00">
<link rel="canonical" href="https://blatt.example/a1"></head><body><nav>Start Politik</nav><article>
<h1>Streit um Vertrag</h1>
<p>Die Ministerin sagte am Montag nach langer Beratung, sie werde den Vertrag nicht unterschreiben.</p>
<p>Ihr Sprecher ergänzte am Abend:</p>
<blockquote><p>Wir haben lange darüber gesprochen, ob es möglich ist.</p><p>Hans Muster, Sprecher</p></blockquote>
<p>Danach endete die Sitzung ohne weitere Ergebnisse, teilte das Amt mit.</p></article>
<div id="comments"><p>Ein Leser meint dazu etwas ganz anderes.</p></div></body></html>"""


def read(*paths: Path | str, stdin: bytes | None = None) -> list[Document | Failure]:
    return list(read_sources([str(p) for p in paths], stdin=None if stdin is None else io.BytesIO(stdin)))


def one(*paths: Path | str, stdin: bytes | None = None) -> Document:
    (item,) = read(*paths, stdin=stdin)
    assert isinstance(item, Document), item
    return item


def one_failure(*paths: Path | str, stdin: bytes | None = None) -> Failure:
    (item,) = read(*paths, stdin=stdin)
    assert isinstance(item, Failure), item
    assert item.remedy
    return item


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in records)


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("cp1252") + " Dies heißt Prüfung.".encode("cp1252"))
    document = one(path)
    assert document.source == str(path)
    assert document.encoding == "cp1252"
    assert "heißt Prüfung" in document.text


@pytest.mark.parametrize("name", ["a.txt.gz", "a.TXT.GZ"])
def test_a_gzipped_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(TEXT.encode()))
    assert one(path).text == TEXT


def test_folders_are_read_in_order_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "notes.md", "sub/c.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT + name)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    items = read(tmp_path, tmp_path / "a.txt")
    assert [os.path.relpath(d.source, tmp_path) for d in items] == ["a.txt", "b.txt", "sub/c.txt"]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    assert "folder without" in one_failure(tmp_path).message


def test_a_missing_path_among_others_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    good, bad = read(tmp_path / "a.txt", tmp_path / "missing.txt")
    assert isinstance(good, Document)
    assert isinstance(bad, Failure)
    assert "does not exist" in bad.message


def test_only_missing_paths_are_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read(tmp_path / "missing.txt")


def test_a_url_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Save the page"):
        read("https://blatt.example/a1")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n", "empty"),
        ("a.txt", "\u200b\u00a0".encode(), "no text"),
        ("a.txt", b"\x00\x01\x02\x03" * 9, "binary"),
        ("a.txt.gz", b"no gzip at all", "damaged gzip"),
        ("a.txt.gz", gzip.compress(TEXT.encode() * 99)[:60], "damaged gzip"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.html", b"<html><body></body></html>", "without an article"),
        (
            "a.txt",
            b"The president said on Wednesday that he was not in favour of it and that all was well. " * 3,
            "German",
        ),
    ],
)
def test_bad_files_are_named_with_a_remedy(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    failure = one_failure(path)
    assert failure.source == str(path)
    assert message in failure.message


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "_open", refuse)
    assert "Permission denied" in one_failure(path).message


def test_a_dead_link_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    messages = [str(item) for item in read(tmp_path / "dead.txt", tmp_path / "pipe.txt")]
    assert "leads nowhere" in messages[0]
    assert "no regular file" in messages[1]


def test_a_compression_bomb_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 100_000))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "' + b"a" * 100_000))
    assert "larger than" in str(read(tmp_path / "a.txt.gz")[0])
    assert "more than" in str(read(tmp_path / "b.jsonl.gz")[0])


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/m\xfcller.txt"
    try:
        with open(path, "w") as stream:
            stream.write(TEXT)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    one(tmp_path).source.encode("utf-8")


def test_a_page(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.html"
    path.write_text(PAGE.format(charset="utf-8"), encoding="utf-8")
    document = one(path)
    assert document.title == "Streit um Vertrag"
    assert document.author == "Anna Beispiel"
    assert document.outlet == "Das Blatt"
    assert document.url == "https://blatt.example/a1"
    assert document.published == datetime(2023, 9, 13, 9, 5)
    printed = [document.text[s:e] for s, e in document.paragraphs]
    at = printed.index("Wir haben lange darüber gesprochen, ob es möglich ist.")
    assert printed[at + 1] == "Hans Muster, Sprecher"
    assert "Leser" not in document.text


def test_a_page_in_an_old_encoding(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.htm"
    path.write_bytes(PAGE.format(charset="iso-8859-1").encode("cp1252"))
    document = one(path)
    assert document.encoding == "cp1252"
    assert "möglich" in document.text


def test_a_page_with_an_xml_header_on_standard_input() -> None:
    pytest.importorskip("trafilatura")
    page = '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.format(charset="utf-8")
    assert "Ministerin" in one("-", stdin=page.encode()).text


def test_html_without_its_package_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    (tmp_path / "a.html").write_text(PAGE.format(charset="utf-8"))
    assert one_failure(tmp_path / "a.html").remedy == "pip install 'german-quotes[html]'"


def test_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = {
        "id": "x7",
        "text": TEXT,
        "title": "T",
        "outlet": "Blatt",
        "url": "https://b.example",
        "author": ["A", "B"],
    }
    path.write_bytes(
        b"\xef\xbb\xbf" + lines(record | {"published": "13.09.2023, 11:05"}) + b"\n" + lines({"text": TEXT})
    )
    first, second = read(path)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.source == f"{path}#x7"
    assert (first.title, first.outlet, first.author, first.url) == ("T", "Blatt", "A, B", "https://b.example")
    assert first.published == datetime(2023, 9, 13, 11, 5)
    assert second.source == f"{path}#3"
    assert second.published is None


def test_a_record_with_html() -> None:
    pytest.importorskip("trafilatura")
    document = one("-", stdin=lines({"id": 1, "html": PAGE.format(charset="utf-8"), "title": "Eigener Titel"}))
    assert document.source == "-#1"
    assert document.title == "Eigener Titel"
    assert document.author == "Anna Beispiel"


def test_a_broken_line_is_named_and_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = [lines({"id": n, "text": f"{TEXT} {n}"}) for n in range(1, 21)]
    good[16] = b'{"id": 17, "text": "abgeschnitten\n'
    path.write_bytes(b"".join(good))
    items = read(path)
    failures = [item for item in items if isinstance(item, Failure)]
    assert len(items) == 20
    assert [f.source for f in failures] == [f"{path} line 17"]
    assert "broken JSON" in failures[0].message


@pytest.mark.parametrize(
    ("data", "source", "message"),
    [
        (lines({"id": "a", "title": "nur Titel"}), "#a", "without text"),
        (lines({"id": "a", "text": None}), "#a", "without text"),
        (lines({"id": "a", "text": 3}), "#a", "without text"),
        (lines({"id": {"x": 1}, "text": TEXT}), " line 1", "neither text nor a number"),
        (lines(["text"]), " line 1", "no object"),
        (b"[" * 100_000 + b"\n", " line 1", "JSON"),
        (b'{"text": "\x00\x01\x02\x03"}\n', " line 1", "binary"),
    ],
)
def test_bad_records(tmp_path: Path, data: bytes, source: str, message: str) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(data)
    failure = one_failure(path)
    assert failure.source == f"{path}{source}"
    assert message in failure.message


def test_an_id_that_occurs_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"id": "a", "text": TEXT}, {"id": "a", "text": TEXT + " Neu."}))
    first, second = read(path)
    assert isinstance(first, Document)
    assert isinstance(second, Failure)
    assert "line 2" in second.source


def test_half_a_surrogate_pair_in_a_record() -> None:
    document = one("-", stdin=b'{"id": "\\ud83d", "text": "Er sagte \\ud83d nichts.", "title": "\\udc00"}\n')
    for value in (document.source, document.text, document.title):
        assert value is not None
        value.encode("utf-8")


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_standard_input(pack) -> None:  # type: ignore[no-untyped-def]
    assert one("-", stdin=pack(TEXT.encode())).source == "-"
    assert [
        d.source for d in read("-", stdin=pack(b"\n" + lines({"id": 1, "text": TEXT}, {"id": 2, "text": TEXT})))
    ] == [
        "-#1",
        "-#2",
    ]
    assert "empty" in one_failure("-", stdin=pack(b"\n")).message


def test_json_lines_in_utf16(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"id": 1, "text": "Über uns"}\n{"id": 2, "text": "Für uns"}\n'.encode("utf-16"))
    assert [d.text for d in read(path)] == ["Über uns", "Für uns"]


def test_counting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_bytes(lines({}, {}) + b"\n" + lines({}))
    assert count_documents([str(tmp_path)]) == 4
    assert count_documents([str(tmp_path), "-"]) is None


@pytest.mark.parametrize(
    ("printed", "time"),
    [
        ("2023-09-13", datetime(2023, 9, 13)),
        ("2023-09-13T11:05:00+02:00", datetime(2023, 9, 13, 9, 5)),
        ("2023-09-13T11:05:00Z", datetime(2023, 9, 13, 11, 5)),
        ("13.09.2023", datetime(2023, 9, 13)),
        ("13.09.2023, 11:05 Uhr", datetime(2023, 9, 13, 11, 5)),
        ("Mittwoch, 13. September 2023 um 9.30 Uhr", datetime(2023, 9, 13, 9, 30)),
        ("3. Jänner 2024", datetime(2024, 1, 3)),
        ("Wed, 13 Sep 2023 11:05:00 +0200", datetime(2023, 9, 13, 9, 5)),
        ("gestern", None),
        ("31.02.2023", None),
        ("2023", None),
        (1694596500, None),
        (None, None),
        ("0001-01-01T00:00:00+05:00", None),
    ],
)
def test_published(printed: object, time: datetime | None) -> None:
    assert parse_published(printed) == time
