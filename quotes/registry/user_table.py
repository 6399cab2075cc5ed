"""``speakers.toml``: a user's own aliases, identifiers and offices, which win over everything else.

[[speaker]]
name = "Wladimir Putin"
aliases = ["Putin", "Vladimir Putin"]
kind = "person"
[speaker.identifiers]
wikidata = "Q7747"

[[office]]
office = "Präsident"
body = "Russland"
holder = "Wladimir Putin"
gender = "m"
from = "2012-05-07"
to = "2030-05-07"
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quotes.errors import DataError
from quotes.model import SPEAKER_KINDS
from quotes.speakers.offices import Term, read_term
from quotes.word_forms import fold

_WIKIDATA = "wikidata"
Filled = Annotated[str, Field(min_length=1)]


class SpeakerEntry(BaseModel):
    """One ``[[speaker]]``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: Filled
    aliases: tuple[Filled, ...] = ()
    kind: Annotated[str, Field(pattern="^(" + "|".join(SPEAKER_KINDS) + ")$")] | None = None
    identifiers: dict[str, Filled] = Field(default_factory=dict)


class OfficeEntry(BaseModel):
    """One ``[[office]]``; the dates as in the package's own table."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)
    office: Filled
    body: Filled
    holder: Filled
    gender: Annotated[str, Field(pattern="^[mf]$")]
    first: Annotated[Filled, Field(alias="from")]
    last: Annotated[Filled, Field(alias="to")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speaker: tuple[SpeakerEntry, ...] = ()
    office: tuple[OfficeEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class UserTable:
    """The file as values: names by folded alias, entries by name, terms of office, and a hash of the offices."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, SpeakerEntry] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    offices_hash: str = ""

    def canonical(self, name: str) -> str:
        """The name that the table gives to a speaker; the name itself where it says nothing."""
        return self.aliases.get(fold(name), name)

    def identifier(self, name: str) -> str | None:
        """What goes into ``speaker_id``: the Wikidata item, if the table has one."""
        entry = self.entries.get(name)
        return entry.identifiers.get(_WIKIDATA) if entry is not None else None


def read_user_table(text: str, *, source: str) -> UserTable:
    """The table from the text of a file.

    Raises:
        DataError: it is no TOML, has an unknown key, a wrong value, or an alias that would join two speakers.
    """
    try:
        parsed = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"is no TOML ({error})", source=source, remedy="Check quotes and brackets there") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        known = "speaker: name, aliases, kind, identifiers; office: office, body, holder, gender, from, to"
        raise DataError(f"{where}: {first['msg']}", source=source, remedy=f"Keys are {known}") from None
    entries: dict[str, SpeakerEntry] = {}
    for entry in parsed.speaker:
        if fold(entry.name) in {fold(name) for name in entries}:
            raise DataError(f"two entries for {entry.name}", source=source, remedy="Join them")
        entries[entry.name] = entry
    aliases = {fold(name): name for name in entries}
    for entry in entries.values():
        for alias in entry.aliases:
            other = aliases.get(fold(alias))
            if other is not None and other != entry.name:
                raise DataError(
                    f"{alias} is {other} and an alias of {entry.name}",
                    source=source,
                    remedy="A name can lead to one speaker only: remove it from one of the two",
                )
            aliases[fold(alias)] = entry.name
    rows = [o.model_dump(by_alias=True) for o in parsed.office]
    terms = tuple(read_term({key: str(value) for key, value in row.items()}, source=source) for row in rows)
    digest = hashlib.sha256(repr(terms).encode()).hexdigest()[:8] if terms else ""
    return UserTable(aliases, entries, terms, digest)
