"""SECURITY.md names tests that there are."""

import ast
import re
from pathlib import Path

from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_it_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 20
    for path, name in named:
        assert Path(ROOT / path).exists()
        assert not name or name in names_in(path), f"{path} has no {name}"


def test_each_threat_says_what_can_happen_what_is_done_what_remains_and_what_shows_it() -> None:
    threats = re.split(r"^### ", TEXT.partition("## What else is done")[0], flags=re.MULTILINE)[1:]
    assert [threat.partition("\n")[0] for threat in threats] == [
        "A hostile article", "A hostile page", "A hostile model folder", "A stolen key", "A flood",
    ]  # fmt: skip
    for threat in threats:
        assert re.findall(r"^\| (\w[\w ]*) \| \S", threat, re.MULTILINE) == [
            "Can happen",
            "We do",
            "Remains",
            "Shown by",
        ]
