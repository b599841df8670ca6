"""The README's screenshots: all there, small, and up to date."""

import json
import re

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.web.screenshots import FOLDER, RECORD, SHOTS, Shot, shown_lines, taken

MAX_BYTES = 350_000
TOLERANCE = 0.05  # of a confidence, between kinds of processor
DECIMAL = re.compile(r"\d\.\d+")


def test_readme_shows_every_screenshot() -> None:
    shown = re.findall(r"docs/screen/([\w.]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    kept = [one.name for one in FOLDER.iterdir() if one != RECORD]
    assert sorted(shown) == sorted(f"{shot.name}.png" for shot in SHOTS) == sorted(kept)


def test_the_screenshots_are_small() -> None:
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < MAX_BYTES


def differences(recorded: list[str], shown: list[str]) -> list[str]:
    """Return what differs between two records, except confidences that differ by no more than the tolerance."""
    words = [[DECIMAL.sub("#", line) for line in lines] for lines in (recorded, shown)]
    if words[0] != words[1]:
        return sorted(set(recorded) ^ set(shown)) or ["the order"]
    pairs = zip(recorded, shown, strict=True)
    return [f"{old} → {new}" for old, new in pairs if not all(map(near, DECIMAL.findall(old), DECIMAL.findall(new)))]


def near(one: str, other: str) -> bool:
    return abs(float(one) - float(other)) <= TOLERANCE


@pytest.mark.parametrize(
    ("recorded", "shown", "count"),
    [
        (["Confidence", "0.92"], ["Confidence", "0.94"], 0),
        (["Confidence", "0.92"], ["Confidence", "0.81"], 1),
        (["Kremlin", "2"], ["Kremlin", "3"], 2),
        (["Kremlin"], ["Kremlin", "Tass"], 1),
        (["1", "2"], ["2", "1"], 1),
    ],
)
def test_only_small_changes_of_confidence_are_tolerated(recorded: list[str], shown: list[str], count: int) -> None:
    assert len(differences(recorded, shown)) == count


@pytest.mark.browser
@pytest.mark.model
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_screenshots_show_what_the_page_shows_now(shot: Shot, browser: Browser, real_service: str) -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))[shot.name]
    with taken(shot, browser, real_service) as page:
        outdated = differences(recorded, shown_lines(page))
    assert not outdated, "docs/screen is out of date: run python -m tests.web.screenshots"
