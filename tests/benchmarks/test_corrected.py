"""A newsroom's corrections as its test set."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corrected import corrected_articles, measure, shown
from service.errors import Invalid
from service.extraction.report import Options
from service.settings import Settings
from tests.api.test_corrections import LOST, corrections
from tests.doubles import ARTICLE, TOLD, FakeParser

REOPEN = {"start": 32, "end": 66, "text": "that the bridge will reopen in May"}


def quote(span: dict[str, Any], speaker: str | None) -> dict[str, Any]:
    return {"kind": "direct", "contents": [span], "cue": None, "mention": None, "speaker": speaker, "negated": False}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article, one without corrections, and the corrections of a third."""
    (tmp_path / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "other.txt").write_text(TOLD, encoding="utf-8")
    (tmp_path / "gone.json").write_text(json.dumps(corrections(text="Gone.")), encoding="utf-8")
    return tmp_path


def save(folder: Path, *quotes: dict[str, Any]) -> None:
    document = corrections() | {"quotes": list(quotes)}
    (folder / "saved-on-monday.json").write_text(json.dumps(document), encoding="utf-8")


def test_articles_and_corrections_belong_together_by_hash(folder: Path) -> None:
    save(folder, quote(LOST, "Ruth Alder"))
    (article,) = corrected_articles(folder, Settings())
    assert (article.name, [gold.speaker for gold in article.quotes]) == ("bridge.txt", ["Ruth Alder"])


def test_found_right_and_superfluous_quotes_are_counted(folder: Path) -> None:
    missed = {"start": 0, "end": 5, "text": "Mayor"}
    save(folder, quote(missed, None), quote(LOST, "Tom Brandt"))
    total = measure(corrected_articles(folder, Settings()), FakeParser(), Options())
    assert (total.gold, total.found, total.right, total.returned, total.wrong) == (2, 1, 0, 2, 1)
    assert [error.split(": ")[1] for error in total.errors] == [
        "missed",
        "said by Tom Brandt, returned as Ruth Alder",
        "no quote",
    ]
    assert "| returned, and no quote" in shown(total, 1)


def test_all_right_has_no_errors(folder: Path) -> None:
    save(folder, quote(REOPEN, "Ruth Alder"), quote(LOST, "ruth alder"))
    total = measure(corrected_articles(folder, Settings()), FakeParser(), Options())
    assert (total.right, total.errors) == (2, ())


def test_other_file_is_not_accepted_as_corrections(folder: Path) -> None:
    (folder / "notes.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Invalid):
        corrected_articles(folder, Settings())
