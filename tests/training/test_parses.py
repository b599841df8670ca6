"""Cached parses depend on the current parsing code."""

from pathlib import Path

import pytest

from service.input.paragraphs import read_article
from service.parsing.parser import ModelInfo
from service.parsing.tree import Parse
from service.settings import Settings
from training.corpora import parses
from training.corpora.parses import CachingParser

ARTICLE = read_article("He said so.")


class Counting:
    """A parser that finds nothing and counts its calls."""

    model = ModelInfo("none", "1")
    asked = 0

    def parse(self, articles: list[object]) -> list[Parse]:
        self.asked += len(articles)
        return [Parse((), ()) for _ in articles]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for file in (
        "parsing/parser.py",
        "parsing/tokenization/weights.json",
        "input/characters.py",
    ):
        (tmp_path / "code" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "code" / file).write_text("one", encoding="utf-8")
    monkeypatch.setattr(parses, "SOURCES", tmp_path / "code")
    return tmp_path / "code"


def asked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """Return how often a new parser calls the model for the article."""
    counting = Counting()
    monkeypatch.setattr(parses, "load_parser", lambda _settings: counting)
    CachingParser(Settings(), folder).parse([ARTICLE])
    return counting.asked


def test_parse_is_cached_until_parsing_code_changes(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [asked(monkeypatch, tmp_path / "kept") for _ in range(2)] == [1, 0]
    (sources / "parsing/tokenization/weights.json").write_text("another", encoding="utf-8")
    assert asked(monkeypatch, tmp_path / "kept") == 1
