"""Training text is spelled as at run time, some of it as in news."""

import random

import pytest

from training import prepare
from training.corpora.conllu import Sentence


def sentence(text: str, misc: str = "_") -> Sentence:
    """Build a sentence with a word for each run of letters in `text`; a leading `_` attaches it to the previous
    word."""
    forms = text.split()
    rows = []
    for number, form in enumerate(forms, start=1):
        glued = number < len(forms) and forms[number].startswith("_")
        rows.append(
            [
                str(number),
                form.removeprefix("_"),
                "_",
                "X",
                "X",
                "_",
                "0",
                "dep",
                "_",
                "SpaceAfter=No" if glued else misc,
            ]
        )
    return Sentence(["# sent_id = 1"], rows)


def test_quotes_are_straightened_and_unused_columns_dropped() -> None:
    raw = sentence("“ _It _’s _”", misc="Entity=(1-person-new-cf1-1-sgl)|MSeg=x")
    raw.rows.append(["4.1", "gone", *["_"] * 8])
    clean = prepare.cleaned(raw)
    assert clean.text() == '"It\'s"'
    assert [row[9] for row in clean.rows] == ["SpaceAfter=No"] * 3 + ["Entity=(1-person-new-cf1-1-sgl)"]


def test_dashes_between_words_are_respelled() -> None:
    texts = set()
    for seed in range(40):
        respelled = sentence("He came - and _, - left")
        prepare.respell_dashes(respelled, random.Random(seed))
        texts.add(respelled.text())
    assert {"He came — and, - left", "He came—and, - left", "He came--and, - left"} <= texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("storm hits the coast of Utopia", "Storm Hits the Coast of Utopia"), ("3 die in fire", "3 Die in Fire")],
)
def test_headline_case(text: str, expected: str) -> None:
    recased = sentence(text)
    prepare.recase(recased, prepare.headline)
    assert recased.text() == expected


def test_news_respelling_is_deterministic_and_keeps_words() -> None:
    def written() -> list[str]:
        sentences = [sentence(f"she said word{number} ... and left") for number in range(200)]
        return [s.text() for s in prepare.as_news(sentences, random.Random(prepare.SEED))]

    assert written() == written()
    assert len({text.lower().replace("…", "...") for text in written()}) == 200
    assert any("…" in text for text in written())
