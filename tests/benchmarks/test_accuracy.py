"""The accuracy command prints every table, and writes only documented figures into the documentation."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import accuracy
from benchmarks.accuracy import measure, others_table, shown
from benchmarks.results import result_of
from tests.benchmarks.small_corpus import DOCUMENT
from tests.doubles import FakeParser
from training.corpora.news import scorer


def test_every_part_is_shown_and_can_be_written_as_json(shared: Path) -> None:
    measured = measure([result_of(DOCUMENT, FakeParser())], scorer(shared))
    text = shown(measured)
    for heading in ("2 annotated, 2 predicted", "kind", "cue class", "resolution", "publisher", "worst documents"):
        assert f"| {heading} " in text
    written = json.loads(json.dumps(measured, default=asdict))
    assert written["kind"]["direct"] == {"gold": 1, "predicted": 1, "precision": 1.0, "recall": 1.0}
    assert list(written["document"]) == [DOCUMENT["id"]]


def test_comparison_table_has_pullquote_s_figures(shared: Path) -> None:
    measured = measure([result_of(DOCUMENT, FakeParser())], scorer(shared))
    ours = next(row for row in others_table(measured["overall"]).splitlines() if "Pullquote" in row)
    assert ours.count("**1.000**") == 3


@pytest.mark.parametrize(
    ("arguments", "model", "told"),
    [
        (["--write", "--limit", "3"], "embedded", "all of PolNeAR"),
        (["--write", "--split", "train"], "embedded", "all of PolNeAR"),
        (["--write"], "stanza:default", "PULLQUOTE_MODEL is 'stanza:default'"),
        (["--step", "learned cues"], "embedded", "--step needs --write"),
    ],
)
def test_other_options_are_not_written_into_the_documentation(
    arguments: list[str], model: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULLQUOTE_MODEL", model)
    monkeypatch.setattr(sys, "argv", ["accuracy", *arguments])
    with pytest.raises(SystemExit):
        accuracy.main()
    assert told in capsys.readouterr().err
