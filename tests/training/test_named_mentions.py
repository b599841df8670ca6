"""Which of GUM's mentions are names, and the extent of a name."""

import pytest

from training.corpora.conllu import Sentence
from training.corpora.named_mentions import names


def sentence(*words: str) -> Sentence:
    """Build a sentence from words as `form xpos head entity`, the last only where brackets open or close."""
    rows = []
    for number, word in enumerate(words, start=1):
        form, xpos, head, *entity = word.split()
        rows.append(
            [str(number), form, form, "X", xpos, "_", head, "dep", "_", f"Entity={entity[0]}" if entity else "_"]
        )
    return Sentence([], rows)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Ada NNP 2 (1-person-new)", "left VBD 0"], [("Ada", "person")]),
        (["She PRP 2 (1-person-new-Ada_Example)", "left VBD 0"], []),
        (["the DT 2 (1-person-new", "mayor NN 0", "of IN 4", "Utopia NNP 2 (2-place-new)1)"], [("Utopia", "place")]),
        (
            ["University NNP 0 (1-organization-new", "of IN 3", "Utopia NNP 1 (2-place-new)1)"],
            [("University of Utopia", "organization")],
        ),
        (
            ["Bank NNP 0 (1-organization-new", "of IN 4", "the DT 4", "Isles NNPS 1 1)"],
            [("Bank of the Isles", "organization")],
        ),
        (["the DT 2 (1-organization-new", "Post NNP 0 1)"], [("Post", "organization")]),
        (["Ada NNP 0 (1-person-new", ", , 4", "a DT 4", "plumber NN 1 1)"], [("Ada", "person")]),
        (["Ada NNP 3 (1-person-new(2-person-new", "'s POS 1 2)", "sister NN 0 1)"], [("Ada", "person")]),
        (
            ["Ada NNP 0 (1-person-new)", "and CC 3", "Bob NNP 1 (2-person-new)"],
            [("Ada", "person"), ("Bob", "person")],
        ),
        (["Tuesday NNP 0 (1-time-new)"], []),
    ],
)
def test_names(words: list[str], expected: list[tuple[str, str]]) -> None:
    tree = sentence(*words)
    forms = [row[1] for row in tree.words()]
    assert [(" ".join(forms[name.start : name.end]), name.kind) for name in names(tree)] == expected
