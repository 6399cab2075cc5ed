"""A quote sheet as Markdown, to be read as it is or rendered; nothing from an article is markup in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from quotes.export.escaping import isolated, markdown
from quotes.export.german import BETWEEN, NOBODY, kind_in_words, label, long_day, moment, percent
from quotes.export.lines import Heading, Line, Run


def markdown_sheet(lines: Iterable[Line], heading: Heading) -> Iterator[bytes]:
    """The sheet in UTF-8, piece by piece: a chapter for each run of lines with one speaker."""
    yield f"# {_text(heading.title)}\n\n{_text(heading.filters)}\n\n".encode()
    yield f"Stand: {moment(heading.made_at)}. **Fett** ist, was im Artikel in Anführungszeichen steht.\n".encode()
    empty = True
    for _, group in groupby(lines, lambda line: line.speaker_key):
        for number, line in enumerate(group):
            if not number:
                yield f"\n## {_text(line.speaker) if line.speaker else f'Sprecher {NOBODY}'}\n".encode()
            yield _quotation(line).encode()
        empty = False
    if empty:
        yield b"\nKeine Zitate gefunden.\n"


def _quotation(line: Line) -> str:
    quoted = "".join(_runs(line.content)).strip().replace("\n", "\n>\n> ")
    said = [kind_in_words(line.kind, line.polarity)]
    said += [_text(line.role)] if line.role else []
    said += [f"im Text: {_text(line.printed)}"] if line.printed else []
    said += [f"gegenüber: {_text(line.addressee)}"] if line.addressee else []
    said += [f"über {_text(', '.join(line.via))}"] if line.via else []
    said += [_text(line.outlet)] if line.outlet else []
    said += [long_day(line.published)] if line.published else []
    shares = (("Zitat", line.confidence), ("Sprecher", line.speaker_confidence))
    said += [f"{name} sicher: {percent(share)}" for name, share in shares if share is not None]
    decided = " ".join(part for part in (label("status", line.status), line.checker and f"({line.checker})") if part)
    status = f"Status: {_text(decided)}" + (f"{BETWEEN}{_text(' '.join(line.note.split()))}" if line.note else "")
    place = [_article(line)] if line.link or line.title or line.url else []
    place += [_text(line.place), f"Zitat-ID {_text(line.quote_id)}"]
    # Two blanks at the end of a line break it.
    return f"\n> {quoted}\n\n{BETWEEN.join(said)}  \n{status}  \n{BETWEEN.join(place)}\n"


def _article(line: Line) -> str:
    shown = _text(line.title or line.url)
    if line.link:
        # A checked link has no blanks and no pointed brackets; nothing else can end it.
        return f"[{shown}](<{line.link}>)"
    return f"{shown} ({_text(line.url)})" if line.title and line.url else shown


def _text(text: str) -> str:
    return isolated(markdown(" ".join(text.split())))


def _runs(runs: Iterable[Run]) -> Iterator[str]:
    """The runs, escaped, the verbatim ones in bold: by tags where asterisks would not be read as such."""
    joined = [("".join(run.text for run in same), verbatim) for verbatim, same in groupby(runs, _is_verbatim)]
    # The escape for a line's start must see where lines start, so blanks stay outside the bold.
    for number, (text, verbatim) in enumerate(joined):
        bare = text.strip()
        if not verbatim or not bare:
            yield markdown(text)
            continue
        before = text[: len(text) - len(text.lstrip())] or (joined[number - 1][0][-1:] if number else "")
        after = text[len(text.rstrip()) :] or (joined[number + 1][0][:1] if number + 1 < len(joined) else "")
        open_, close = ("**", "**") if _flanks(before, bare[0]) and _flanks(after, bare[-1]) else ("<b>", "</b>")
        start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        yield start + open_ + markdown(bare).replace("\n", f"{close}\n{open_}") + close + end


def _is_verbatim(run: Run) -> bool:
    return run.verbatim


def _flanks(outside: str, inside: str) -> bool:
    """Whether asterisks between the two are read as bold: not if punctuation is inside and a word outside."""
    return not _is_punctuation(inside) or not outside or outside[-1].isspace() or _is_punctuation(outside[-1])


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
