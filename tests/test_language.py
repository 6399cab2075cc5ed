"""Telling German from what is clearly not."""

from __future__ import annotations

import pytest

from quotes.errors import DocumentError
from quotes.language import is_german, require_german

OTHERS = {
    "English": "The president said on Wednesday that he was not in favour of the plan and that all ministers in the "
    "cabinet had been told so. It was a bad day for the government, as an aide put it, and her party will decide.",
    "Dutch": "De minister zei woensdag dat hij het plan niet steunt en dat alle leden van het kabinet daarvan op de "
    "hoogte waren. Het was een slechte dag voor de regering, aldus een woordvoerder, die in de hoofdstad sprak.",
    "Danish": "Ministeren sagde onsdag, at han ikke støtter planen, og at alle medlemmer af regeringen er blevet "
    "orienteret om det. Det var en dårlig dag for regeringen, sagde en talsmand, der talte med pressen om det.",
    "French": "Le ministre a déclaré mercredi qu'il ne soutenait pas le plan et que tous les membres du gouvernement "
    "en avaient été informés. C'était une mauvaise journée pour le gouvernement, a dit un porte-parole des Verts.",
    "Polish": "Minister powiedział w środę, że nie popiera planu i że wszyscy członkowie rządu zostali o tym "
    "poinformowani. To był zły dzień dla rządu, powiedział rzecznik, który w stolicy rozmawiał z prasą.",
    "Russian": "Министр заявил в среду, что он не поддерживает план и что все члены правительства были об этом "
    "проинформированы. Это был плохой день для правительства, сказал представитель в столице.",
}
GERMAN = {
    "German": "Die Ministerin sagte am Mittwoch, dass sie den Plan nicht unterstütze und dass alle Mitglieder der "
    "Regierung darüber informiert worden seien. Es sei ein schlechter Tag, hieß es aus ihrem Umfeld.",
    "Swiss": "Im Tagesverlauf seien Gespräche geplant, hiess es. Man müsse sich wohl noch etwas gedulden, sagte die "
    "Grossrätin, die ausserdem auf die Strassen der Stadt verwies und auf die grosse Zahl der Velos.",
    "Austrian": "Heuer im Jänner hatte der Landeshauptmann noch erklärt, er werde sich das nicht gefallen lassen. "
    "Nun heißt es aus seinem Büro, man habe sich eh geeinigt, und zwar schon vor dem Sommer.",
}


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_refused(language: str) -> None:
    assert is_german(OTHERS[language]) is False
    with pytest.raises(DocumentError, match="not German"):
        require_german(OTHERS[language], source="x.txt")


@pytest.mark.parametrize("variety", GERMAN)
def test_all_kinds_of_german_are_german(variety: str) -> None:
    assert is_german(GERMAN[variety]) is True
    require_german(GERMAN[variety])


@pytest.mark.parametrize("text", ["", "Kim: Sieg wird gelingen", "Mehr Beiträge", "Foto: AP"])
def test_short_texts_are_not_judged(text: str) -> None:
    assert is_german(text) is None


def test_foreign_captions_do_not_matter() -> None:
    require_german(OTHERS["English"] + "\n\n" + GERMAN["German"] + "\n\n" + OTHERS["English"] + OTHERS["French"])
