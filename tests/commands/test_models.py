import json
from pathlib import Path

import pytest

from tests.commands.running import run


def test_models_marks_the_configured_one_with_a_star(tmp_path: Path) -> None:
    result = run("models", "list", environ={"PULLQUOTE_MODELS_DIR": str(tmp_path)})
    assert result.stdout == "* embedded\n"
    result = run("models", "list", environ={"PULLQUOTE_MODELS_DIR": str(tmp_path), "PULLQUOTE_MODEL": "/srv/model"})
    assert result.stdout == "  embedded\n* /srv/model\n"


def test_models_lists_complete_downloads(tmp_path: Path) -> None:
    needed = dict.fromkeys(["tokenize", "mwt", "pos", "lemma", "depparse"], "gum")
    index = {"en": {"packages": {"gum": needed, "ewt": dict.fromkeys(needed, "ewt")}}}
    (tmp_path / "resources.json").write_text(json.dumps(index))
    for name in needed:
        (tmp_path / "en" / name).mkdir(parents=True)
        (tmp_path / "en" / name / "gum.pt").touch()
    result = run("models", "list", environ={"PULLQUOTE_MODELS_DIR": str(tmp_path)})
    assert result.stdout == "* embedded\n  stanza:gum\n"


def test_models_check_reports_the_problem(tmp_path: Path) -> None:
    result = run("models", "check", environ={"PULLQUOTE_MODEL": str(tmp_path / "none")})
    assert (result.exit_code, f"'{tmp_path / 'none'}'" in result.stderr) == (3, True)


def test_models_download_stores_and_explains_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[tuple[str, Path]] = []
    monkeypatch.setattr("service.parsing.load.download", lambda *call: fetched.append(call))
    result = run("models", "download", "gum", environ={"PULLQUOTE_MODELS_DIR": str(tmp_path)})
    assert fetched == [("gum", tmp_path)]
    assert "PULLQUOTE_MODEL=stanza:gum" in result.stdout


def test_models_download_reports_a_missing_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_call: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr("service.parsing.load.download", unreachable)
    result = run("models", "download")
    assert (result.exit_code, "no route" in result.stderr) == (3, True)
