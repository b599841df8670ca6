"""`pullquote why`."""

from pathlib import Path

import pytest

from tests.commands.running import run, written
from tests.doubles import ARTICLE

pytestmark = pytest.mark.usefixtures("fake_parser")


@pytest.fixture
def article(tmp_path: Path) -> str:
    return str(written(tmp_path, "article.txt", text=ARTICLE)[0])


def test_each_decision_is_printed_with_its_decider(article: str) -> None:
    result = run("why", article, "--quote", "q1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("q1  Ruth Alder: ")
    decided = [line.strip().partition(":")[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert decided == ["cue", "content", "source", "speaker"]
    assert result.stdout.count("decided by: ") == 4


def test_all_quotes_are_printed_without_an_id(article: str) -> None:
    ids = [line.split()[0] for line in run("why", article).stdout.splitlines() if line.startswith("q")]
    assert ids == [f"q{number + 1}" for number in range(len(ids))]
    assert len(ids) > 1


def test_unknown_quote_is_a_usage_error(article: str) -> None:
    result = run("why", article, "--quote", "q99")
    assert result.exit_code == 2
    assert "'q99'" in result.stderr


def test_unreadable_article_has_exit_code_3(tmp_path: Path) -> None:
    (empty,) = written(tmp_path, "empty.txt", text="")
    result = run("why", str(empty))
    assert result.exit_code == 3
    assert "empty.txt" in result.stderr


def test_article_without_quotes_has_a_message(tmp_path: Path) -> None:
    (plain,) = written(tmp_path, "plain.txt", text="The bridge is closed.")
    assert run("why", str(plain)).stdout == "No quotes found.\n"
