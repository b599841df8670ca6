"""The gate fails on a broken rule, passes when it is fixed, and is part of CI."""

import re
import sys
from pathlib import Path

import pytest

from benchmarks import gate
from benchmarks.arguments import arguments_for
from benchmarks.floors import compare_with_floors, read_floors, write_floors
from benchmarks.gate import check
from service.extraction import extractor
from service.extraction.attribution.attributions import attributions_of
from service.extraction.document import Document
from service.extraction.report import Attribution, Statements
from service.input.article import Deadline
from service.parsing.parser import Parser
from tests.conftest import ROOT

FIGURES = {"dev.attribution": 0.6359, "golden.seeds_quoted": 13}


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    """Floors for `FIGURES`, outside any clone."""
    path = tmp_path / "floors.json"
    write_floors({"dev.attribution": 0.633, "golden.seeds_quoted": 13}, path)
    return path


def test_gate_passes_if_every_figure_holds(pinned: Path) -> None:
    assert check(FIGURES, pinned)


def test_gate_names_the_figure_below_its_floor(pinned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not check(FIGURES | {"dev.attribution": 0.5}, pinned)
    assert "BELOW     dev.attribution: floor 0.6330, figure 0.5000" in capsys.readouterr().out


def test_raising_moves_the_floors_up(pinned: Path) -> None:
    assert check(FIGURES | {"dev.attribution": 0.7}, pinned, raises=True)
    assert read_floors(pinned) == {"dev.attribution": 0.698, "golden.seeds_quoted": 13}


def test_raising_does_not_hide_a_figure_below_its_floor(pinned: Path) -> None:
    assert not check(FIGURES | {"golden.seeds_quoted": 12}, pinned, raises=True)
    assert read_floors(pinned) == {"dev.attribution": 0.633, "golden.seeds_quoted": 13}


def test_lowering_passes_the_gate_and_prints_the_commit_line(pinned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = FIGURES | {"dev.attribution": 0.6}
    assert check(figures, pinned, lower=["dev.attribution"], reason="a smaller\nmodel")
    assert read_floors(pinned) == {"dev.attribution": 0.598, "golden.seeds_quoted": 13}
    assert "\nFloor lowered: dev.attribution: a smaller model\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--lower", "dev.attribution"], ["--reason", "none"], ["--lower", "dev.attribution", "--reason", " "]]
)
def test_a_floor_is_not_lowered_without_a_reason(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gate", *arguments])
    with pytest.raises(SystemExit):
        gate.main()
    assert "say why the floor may go down" in capsys.readouterr().err


@pytest.mark.parametrize(("attribution", "code"), [(1.0, None), (0.0, "The gate failed")])
def test_exit_code_reports_the_gate_s_result(
    attribution: float, code: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = read_floors() | {"dev.attribution": attribution}
    monkeypatch.setattr(gate, "measured", lambda args: figures)
    monkeypatch.setattr(sys, "argv", ["gate"])
    if code is None:
        gate.main()
        assert capsys.readouterr().out.endswith("The gate passed.\n")
    else:
        with pytest.raises(SystemExit, match=code):
            gate.main()


def test_golden_articles_are_measured_without_corpora(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "CachingParser", lambda settings, folder: None)
    monkeypatch.setattr(gate, "seed_figures", lambda parser: {"golden.seeds_quoted": 13})
    monkeypatch.setattr(gate, "speaker_figures", lambda parser: {})
    assert gate.measured(arguments_for(None).parse_args(["--corpora", str(tmp_path)])) == {"golden.seeds_quoted": 13}
    assert "PolNeAR is not measured" in capsys.readouterr().out


def test_every_figure_that_must_not_fall_has_a_floor() -> None:
    dev = ("attribution", "content", "content_exact", "quoted_attribution", "quoted_content_exact", "speaker")
    golden = ("seeds_quoted", "seeds_indirect", "seeds_clean", "speakers_of_found", "speakers_of_all")
    everyday = ("quoted", "indirect", "clean", "sure_right", "talk_quoted", "talk_clean")
    own_cases = ("looked_at", "held_out")
    pinned = {"dev": dev, "golden": golden, "everyday": everyday, "own_cases": own_cases}
    floors = set(read_floors())
    assert {name for name in floors if not name.startswith("cases.")} == {
        f"{measured}.{name}" for measured, names in pinned.items() for name in names
    }
    assert {"cases.all", "cases.control", "cases.passive-source"} <= floors


def test_ci_runs_the_gate() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    assert "$(BIN)/python -m benchmarks.gate --jobs 1" in recipe[1]
    assert "exit $$((tests + typed + closed))" in recipe[1]  # its failure is the command's


@pytest.mark.model
def test_gate_fails_on_a_broken_rule_and_passes_when_fixed(
    kept_parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_said(
        document: Document, minimum: float, deadline: Deadline, statements: Statements, **options: bool
    ) -> tuple[list[Attribution], dict[int, int]]:
        found, _ = attributions_of(document, minimum, deadline, statements, **options)
        return [one for one in found if one.cue is None or one.cue.lemma != "say"], {}

    def held() -> dict[str, bool]:
        pinned = {name: floor for name, floor in read_floors().items() if name.startswith("golden.seeds")}
        return {line.name: line.holds for line in compare_with_floors(pinned, gate.seed_figures(kept_parser))}

    with monkeypatch.context() as broken:
        broken.setattr(extractor, "attributions_of", without_said)
        assert held() == {"golden.seeds_clean": True, "golden.seeds_indirect": False, "golden.seeds_quoted": False}
    assert set(held().values()) == {True}
