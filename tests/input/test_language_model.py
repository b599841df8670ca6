"""py3langid's model in less memory gives exactly py3langid's results."""

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from service.input.input_warnings import load_detector
from service.input.language_model import SparseMoves, SparseTable


@pytest.fixture(scope="module")
def original() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge stays shut until spring, the engineer said. “We found cracks,” she told reporters.",
        "Le pont restera fermé jusqu’au printemps, a déclaré lundi l’ingénieure de la ville.",
        "«Мы нашли трещины в двух тросах», — сказала журналистам инженер.",
        "“我们在两根缆索上发现了裂缝，”工程师周一对记者说。",
        "1,204 / 98.6% | \x00\x01\x7f",
        "",
    ],
)
def test_probabilities_are_exactly_those_of_the_library(original: LanguageIdentifier, text: str) -> None:
    assert load_detector().rank(text) == original.rank(text)


def test_sparse_moves_give_every_entry_of_the_table() -> None:
    moves = np.random.default_rng(7).integers(0, 3, 4 * 256, dtype=np.uint32)
    sparse = SparseMoves(moves)
    assert [sparse[place] for place in range(len(moves))] == moves.tolist()


def test_sparse_table_gives_the_rows_of_the_table() -> None:
    table = np.random.default_rng(7).integers(-3, 0, (9, 5)).astype(np.float16)
    rows = np.array([8, 0, 3, 3])
    assert (SparseTable(table)[rows] == table[rows]).all()
    assert SparseTable(table)[rows].dtype == table.dtype
