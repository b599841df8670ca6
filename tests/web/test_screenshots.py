import re

from tests.conftest import ROOT
from tests.web.screenshots import FOLDER, SHOTS

MOST_BYTES = 300_000


def test_readme_shows_every_screenshot() -> None:
    shown = re.findall(r"docs/screen/([\w.]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"{shot.name}.png" for shot in SHOTS) == sorted(one.name for one in FOLDER.iterdir())


def test_the_screenshots_are_small() -> None:
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < MOST_BYTES
