"""Which nouns news prose exchanges for the same person, and which on one stage are different people."""

from __future__ import annotations

from collections.abc import Iterable

from quotes.word_forms import Endings, fold, masculine


class Kinship:
    """Nouns that stand for others (rows of ``role_kin.tsv``), and the parts of stages (rows of ``stages.tsv``)."""

    def __init__(self, kin: Iterable[dict[str, str]], stages: Iterable[dict[str, str]]) -> None:
        self._parts = {(r["stage"], r["part"]): Endings.of(r["nouns"]) for r in stages}
        self._known_parts: dict[str, tuple[tuple[str, str], ...]] = {}
        self._role_kin = {fold(r["noun"]): Endings.of(r["stands_for"]) for r in kin}

    def may_stand_for(self, noun: str, others: Iterable[str]) -> bool:
        """Whether a noun is used for somebody whom one of the others names (*Juristin* for *Rechtsanwältin*)."""
        kin = next((self._role_kin[form] for form in masculine(noun) if form in self._role_kin), None)
        return kin is not None and any(kin.close(other) for other in others)

    def stage_of(self, noun: str) -> str | None:
        """The stage on which a noun is a part (*Mutter*: family), ``None`` where it is on none."""
        return next((stage for stage, _ in self._parts_of(noun)), None)

    def play_apart(self, noun: str, others: Iterable[str]) -> bool:
        """Whether a noun and another are different parts on one stage (*Verteidiger* and *Staatsanwältin*)."""
        own = self._parts_of(noun)
        if not own:
            return False
        theirs = {part for other in others for part in self._parts_of(other)}
        stages = {stage for stage, _ in own} & {stage for stage, _ in theirs}
        return any(not any(part in theirs for part in own if part[0] == stage) for stage in stages)

    def _parts_of(self, noun: str) -> tuple[tuple[str, str], ...]:
        """The stages and parts of a noun, in the order of the table; looked up once for each noun."""
        if noun not in self._known_parts:
            self._known_parts[noun] = tuple(part for part, nouns in self._parts.items() if nouns.close(noun))
        return self._known_parts[noun]
