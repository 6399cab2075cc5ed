"""Moods that a verb's form settles, whatever the tagger says of it.

The tagger sees few forms of the Konjunktiv in the treebanks. But the paradigm leaves some finite forms no choice
(Duden-Grammatik): *wäre* and *seien* are Konjunktiv in any sentence, *könne* and *fehle* with a subject in the third
person, and *hat*, *kam* or *wurde* never are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quotes.parse.conllu import parse_feats
from quotes.tables import word_list, word_set

_FIRST_AND_SECOND = frozenset("ich du wir ihr".split())


class Verb(NamedTuple):
    """What is said of a word: ``subject`` is its subject's form in lower case, its auxiliary's too; none without.

    ``first``: it opens the sentence.
    """

    form: str
    lemma: str
    features: Mapping[str, str]
    subject: str | None
    first: bool = False


def settled(
    forms: Sequence[str],
    lemmas: Sequence[str],
    tags: Sequence[str],
    feats: Sequence[str],
    heads: Sequence[int],
    relations: Sequence[str],
) -> list[str]:
    """The columns of features of a sentence's words, the moods of its finite verbs put right.

    Args:
        heads: the index of each word's head, -1 for the root's.
    """
    found = list(feats)
    opening = next((at for at, tag in enumerate(tags) if tag != "PUNCT"), -1)
    subjects: dict[int, str] | None = None
    for at, tag in enumerate(tags):
        if tag not in ("VERB", "AUX") or "VerbForm=Fin" not in feats[at]:
            continue
        if subjects is None:
            subjects = {heads[n]: forms[n].lower() for n, r in enumerate(relations) if r.startswith("nsubj")}
        subject = subjects.get(at) or (subjects.get(heads[at]) if tag == "AUX" else None)
        features = parse_feats(feats[at])
        mood = _mood(Verb(forms[at].lower(), lemmas[at].lower(), features, subject, at == opening))
        if mood is not None and not mood.items() <= features.items():
            found[at] = "|".join(f"{name}={value}" for name, value in sorted({**features, **mood}.items()))
    return found


def _mood(verb: Verb) -> dict[str, str] | None:
    """The features that the form settles, ``None`` if it leaves a choice."""
    form, number = verb.form, verb.features.get("Number", "Sing")
    if any(form in word_set(name) for name in ("konjunktiv_2", "strong_konjunktiv_2", "only_konjunktiv_2")):
        return {"Mood": "Sub", "Tense": "Past"}
    own = verb.subject in _FIRST_AND_SECOND
    if form in word_set("konjunktiv_1") and not (own and form in word_set("konjunktiv_1_or_own")):
        third = verb.subject is not None or form not in word_set("konjunktiv_1_or_own")
        if not third and verb.first:
            return {"Mood": "Ind"}  # *Habe mich beschwert.*: the writer leaves out *ich*
        return {"Mood": "Sub", "Tense": "Pres"} if third else None
    if verb.features.get("Person", "3") != "3" or verb.features.get("Mood") == "Imp":
        return None
    if form in word_set("indicative_only") or (number == "Sing" and not form.endswith("e") and form != "sei"):
        return {"Mood": "Ind"}
    present = form.endswith("e") and verb.lemma.endswith(form + "n")
    past = form.endswith("te") and not form.endswith(word_list("stems_in_t"))
    if number == "Sing" and present and not past and verb.subject is not None and not own:
        return {"Mood": "Sub", "Tense": "Pres"}
    return None
