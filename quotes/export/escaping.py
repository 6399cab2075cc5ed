"""All escaping in one place: what an article says is shown, and never steers the program that shows it.

:func:`readable` comes first, for every form; what follows is for the form at hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count
from urllib.parse import quote, urlsplit

# What stands for a character that cannot be shown.
REPLACEMENT = "\ufffd"
# UTF-16 code units that a cell of Excel takes: Excel's specifications and limits.
CELL = 32_767
# UTF-16 code units of a worksheet's name, and of a link: the same.
WORKSHEET_NAME = 31
LINK = 2_079

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\ud800-\udfff"  # surrogates without their half: no encoding takes them
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # embeddings, overrides and isolates, which turn what follows them
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters, and the last two are not allowed in XML
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)


def readable(text: str) -> str:
    """The text without what cannot be shown or would steer a screen.

    All line breaks become line feeds. Lone surrogates, control characters but line feed and tab, characters that turn
    the direction of writing and code points that are no characters each become U+FFFD, so that one sees that there was
    something. A text that has none of these comes back as it is.
    """
    return _UNREADABLE.sub(REPLACEMENT, _BREAKS.sub("\n", text))


def encodable(text: str) -> str:
    """The text with only lone surrogates replaced, for forms that take everything else as it is."""
    return re.sub("[\ud800-\udfff]", REPLACEMENT, text)


def isolated(text: str) -> str:
    """A readable text whose direction of writing ends with it, where it is put among other words.

    Only text with letters written from right to left is changed.
    """
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return f"\u2068{text}\u2069"
    return text


def checked_link(url: str | None) -> str | None:
    """The address as ASCII if it is an http or https one that can be a link, else nothing.

    What has blanks, controls, backslashes, a user name (``https://known.example@other.example``) or no host is none.
    """
    if not url or _UNREADABLE.search(url) or re.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host, port, named = parts.hostname, parts.port, parts.username is not None or parts.password is not None
        if parts.scheme.lower() not in ("http", "https") or not host or named:
            return None
        place = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError among them
        return None
    if not re.fullmatch(r"[a-z0-9.\-_]+|\[[0-9a-f:.]+\]", place):
        return None
    kept = "/:@!$&'()*+,;=~%-._"
    link = f"{parts.scheme.lower()}://{place}{f':{port}' if port else ''}{quote(parts.path, safe=kept)}"
    link += f"?{quote(parts.query, safe=kept + '?')}" if parts.query else ""
    return link + (f"#{quote(parts.fragment, safe=kept + '?')}" if parts.fragment else "")


# Signs that begin a formula in a spreadsheet; full-width and small forms are these after normalisation.
_FORMULA = frozenset("=+-@")
# What a spreadsheet takes for a number or a day and shows otherwise: a quote_id of digits and one e, „1.9.“, „3/4“.
_NUMBER_LIKE = re.compile(r"[\s'’]*[\d.,:/%€$£ ]*\d[\d.,:/%€$£ +\-]*(?:[eE][+\-]?\d+)?\s*")
_TRUTH = re.compile(r"\s*(?:true|false|wahr|falsch)\s*", re.IGNORECASE)


def formula_guarded(text: str) -> str:
    """A readable text for a cell of CSV, which a spreadsheet interprets: an apostrophe goes before what it would take
    for a formula, a number, a day or a truth value, also behind blanks and quotation marks.

    Taking the apostrophe from what would need one without it gives the text back.
    """
    return "'" + text if _interpreted(text) else text


def _interpreted(text: str) -> bool:
    if text[:1] in ("\t", "\r"):
        return True
    for c in text:
        if c.isspace() or c == "\x00" or c in "\"'`´" or unicodedata.category(c) in ("Pi", "Pf", "Cf", "Ps"):
            continue
        if unicodedata.normalize("NFKC", c) in _FORMULA:
            return True
        break
    bare = text.lstrip("'")
    return bool(_NUMBER_LIKE.fullmatch(bare) or _TRUTH.fullmatch(bare))


def integer(number: int) -> str:
    """``1234567`` as ``1.234.567``."""
    return f"{number:,}".replace(",", ".")


def cut(text: str, limit: int = CELL) -> tuple[int, str]:
    """Where a readable text must be cut for a cell, and the mark that says so.

    Args:
        text: may be longer than the cell.
        limit: of the cell, in UTF-16 code units, which is how Excel counts.

    Returns:
        How many code points are kept, and what goes after them: nothing where the text fits. Kept part and mark
        together have at most ``limit`` code units; no surrogate pair and no letter with its accents is parted.
    """
    if _units(text) <= limit:
        return len(text), ""
    # The mark gets no longer when less is missing.
    kept = _fitting(text, limit - len(_missing(len(text))))
    return kept, _missing(len(text) - kept)


def cell_text(text: str, limit: int = CELL) -> str:
    """A readable text that a cell takes, cut with a visible mark; see :func:`cut`."""
    kept, mark = cut(text, limit)
    return text[:kept] + mark


def _missing(number: int) -> str:
    return f"… [gekürzt: {integer(number)} Zeichen fehlen]"


def _units(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text)


def _fitting(text: str, units: int) -> int:
    kept = len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
    while kept and kept < len(text) and _joined(text[kept - 1], text[kept]):
        kept -= 1
    return kept


def _joined(before: str, after: str) -> bool:
    """Whether two neighbours may be parts of what a reader takes for one character (UAX #29); rather yes than no."""
    category = unicodedata.category(after)
    return (
        category[0] == "M"  # accents, variation selectors, vowel signs
        or "Cf" in (category, unicodedata.category(before))  # joiners, tags
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # tones of skin
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")  # flags
        or "\u1160" <= after <= "\u11ff"  # Korean vowels and final consonants
        or "\ud7b0" <= after <= "\ud7fb"
        or "\u1100" <= before <= "\u115f"  # Korean initial consonants
        or "\ua960" <= before <= "\ua97c"
        or after in "\uff9e\uff9f"
        or (before, after) == ("\r", "\n")
    )


_INLINE = re.compile(r"([\\`*_\[\]<>&~|$@])")
# Emoji codes, and addresses that some readers make links of without being asked.
_AUTOMATIC = re.compile(r":(?=//|[a-z0-9_+\-]+:)|(?<=www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))", re.MULTILINE)


def markdown(text: str) -> str:
    """A readable text for CommonMark and its dialects: nothing in it is markup."""
    text = _AUTOMATIC.sub(lambda found: "\\" + found.group(), _INLINE.sub(r"\\\1", text))
    return _LINE_START.sub(_line_start, text)


def _line_start(found: re.Match[str]) -> str:
    # Blanks at the start would make a code block; a number gets its escape before the dot that follows it.
    return f"{found[2]}\\" if found[2][0].isdigit() else f"\\{found[2]}"


def header_text(text: str) -> str:
    """A readable text for the header or footer of a printed worksheet, where ``&`` gives orders; 100 characters."""
    return cell_text(" ".join(text.split()), 100).replace("&", "&&")


_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\t\n]")
# Excel keeps these for itself, in its English and German editions.
_RESERVED = frozenset({"history", "verlauf"})


def worksheet_names(texts: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names for worksheets, one for each text, in order: allowed in Excel, at most 31 code units long, and no two alike
    without regard to case.

    Args:
        texts: readable, as people write them; those that are the same get numbers.
        taken: names that are in the workbook already.
    """
    used = {_same(name) for name in taken} | _RESERVED
    names = []
    for text in texts:
        clean = " ".join(_NOT_IN_A_NAME.sub(" ", text).split()).strip("' ") or "Ohne Namen"
        for number in count(1):
            ending = f" ({number})" if number > 1 else ""
            name = _shortened(clean, WORKSHEET_NAME - len(ending)) + ending
            if _same(name) not in used:
                break
        used.add(_same(name))
        names.append(name)
    return names


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _shortened(name: str, units: int) -> str:
    if _units(name) <= units:
        return name
    return (name[: _fitting(name, units - 1)].rstrip("' ") or "Name") + "…"
