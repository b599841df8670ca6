"""`pullquote extract --corrections`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_corrections import BRANDT, LOST, corrections
from tests.commands.running import counts, run, written
from tests.doubles import ARTICLE, TOLD

pytestmark = pytest.mark.usefixtures("fake_parser")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    return written(tmp_path, "article.txt", text=ARTICLE)[0]


def saved(folder: Path, name: str, document: Any) -> Path:
    (path,) = written(folder, name, text=json.dumps(document))
    return path


def test_corrections_are_in_every_format(article: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, "corrections.json", BRANDT)
    for format in ("jsonl", "json", "csv", "html", "text"):
        result = run("extract", str(article), "--corrections", str(file), "--format", format)
        assert (result.exit_code, "Tom Brandt" in result.stdout) == (0, True), format


def test_another_text_is_refused(article: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, "corrections.json", BRANDT)
    (other,) = written(tmp_path, "other.txt", text=TOLD)
    result = run("extract", str(other), str(article), "--corrections", str(file))
    assert result.exit_code == 1
    assert "other.txt: " in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_a_folder_has_corrections_for_some_articles(article: Path, tmp_path: Path) -> None:
    saved(tmp_path, "kept/a.json", corrections({"change": "drop", "quote": [LOST]}))
    saved(tmp_path, "kept/b.json", corrections(text="Other."))
    (other,) = written(tmp_path, "other.txt", text=TOLD)
    result = run("extract", str(article), str(other), "--corrections", str(tmp_path / "kept"))
    assert result.exit_code == 0
    assert [len(json.loads(line)["quotes"]) for line in result.stdout.splitlines()] == [1, 1]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "corrections.json"),
        ('{"version": 3, "article": {}, "corrections": []}', "/version"),
        ("[]", "corrections.json"),
    ],
)
def test_an_unusable_corrections_file_is_reported(article: Path, tmp_path: Path, content: str, named: str) -> None:
    (file,) = written(tmp_path, "corrections.json", text=content)
    result = run("extract", str(article), "--corrections", str(file))
    assert (result.exit_code, named in result.stderr) == (3, True)


def test_changed_corrections_process_the_article_again(article: Path, tmp_path: Path) -> None:
    output = tmp_path / "results"
    file = saved(tmp_path, "corrections.json", BRANDT)
    command = ("extract", str(article), "--corrections", str(file), "--output", str(output), "--format", "csv")
    run(*command)
    assert counts(run(*command).stderr) == (1, 0, 1, 0)
    saved(tmp_path, "corrections.json", corrections({"change": "drop", "quote": [LOST]}))
    assert run(*command).exit_code == 0
    assert "Tom Brandt" not in next(output.glob("*.csv")).read_text(encoding="utf-8")
