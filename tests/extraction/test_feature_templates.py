"""Templates give the same names and scores as formatted strings; unknown and missing texts have no weight."""

import random

import numpy as np
import pytest

from service.extraction.attribution.linear import Atoms, LinearModel, NameTable, Templates, hashes_of

TEMPLATES = Templates(["kind={kind}", "{word} path={kind}{path}", "{word}", "{path} of {word}: {kind}!"])
WORDS = ["", "say", "“", "naïve", "𝒳", "\0", None]


def rows(number: int = 300) -> list[dict[str, str | None]]:
    chance = random.Random(4)
    return [{name: chance.choice(WORDS) for name in TEMPLATES.columns} for _ in range(number)]


def names(row: dict[str, str | None]) -> list[str]:
    kind, word, path = row["kind"], row["word"], row["path"]
    found = [] if kind is None else [f"kind={kind}"]
    found += [] if None in (kind, word, path) else [f"{word} path={kind}{path}"]
    found += [] if word is None else [word]
    return found + ([] if None in (kind, word, path) else [f"{path} of {word}: {kind}!"])


def columns(atoms: Atoms, some: list[dict[str, str | None]]) -> dict[str, np.ndarray]:
    return {name: atoms.numbers([row[name] for row in some], len(some)) for name in TEMPLATES.columns}


def test_hash_of_a_text_follows_from_its_parts() -> None:
    hashes, powers = hashes_of(["path", "=naïve𝒳", "path=naïve𝒳", ""])
    assert hashes[:1] * powers[1:2] + hashes[1:2] == hashes[2:3]
    assert (hashes[3], powers[3]) == (0, 1)


def test_names_of_features_are_filled_templates() -> None:
    atoms, some = Atoms(), rows()
    assert TEMPLATES.features(atoms, columns(atoms, some)) == [names(row) for row in some]


def test_rows_are_scored_as_the_names_of_their_features() -> None:
    atoms, some, chance = Atoms(), rows(), random.Random(5)
    weights = {name: round(chance.gauss(0, 2), 2) for row in some for name in names(row) if chance.random() < 0.5}
    weights = {name: weight for name, weight in weights.items() if "\0" not in name and name}
    model = LinearModel(-0.5, weights)
    wanted = [model.score_distinct(names(row)) for row in some]
    assert model.score_rows(TEMPLATES, atoms, columns(atoms, some)) == wanted
    assert model.score_rows(TEMPLATES, atoms, columns(atoms, [])) == []


def test_features_of_several_rows_count_once() -> None:
    atoms, some = Atoms(), rows(40)
    model = LinearModel(0.5, {"kind=say": 1.25, "naïve": 0.5, "say": -2.0})
    groups = [(TEMPLATES, columns(atoms, some), np.arange(40) // 8)] * 2
    wanted = [model.score(name for row in some[at : at + 8] for name in names(row)) for at in range(0, 40, 8)]
    assert model.score_groups(groups, atoms, 6) == [*wanted, 0.5]


def test_known_names_are_found_and_unknown_ones_are_not() -> None:
    known = [f"feature {number}" for number in range(5_000)]
    table = NameTable(known)
    hashes, _ = hashes_of([*known, *(f"other {number}" for number in range(5_000))])
    assert table.numbers(hashes).tolist() == [*range(1, 5_001), *([0] * 5_000)]
    assert NameTable([]).numbers(hashes).tolist() == [0] * 10_000


def test_weights_that_are_not_rounded_are_refused() -> None:
    atoms = Atoms()
    with pytest.raises(ValueError, match="decimals"):
        LinearModel(0.0, {"say": 1 / 3}).score_rows(TEMPLATES, atoms, columns(atoms, rows()))
