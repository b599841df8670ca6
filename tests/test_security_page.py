"""SECURITY.md names tests that exist, and covers each threat completely."""

import ast
import re
from pathlib import Path

from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 20
    for path, name in named:
        assert Path(ROOT / path).exists()
        assert not name or name in names_in(path), f"{path} has no {name}"


def test_each_threat_has_mitigations_residual_risk_and_tests() -> None:
    threats = re.split(r"^### ", TEXT.partition("## Other measures")[0], flags=re.MULTILINE)[1:]
    assert [threat.partition("\n")[0] for threat in threats] == [
        "Malicious articles", "Malicious pages", "Malicious model folders", "Stolen keys", "Denial of service",
    ]  # fmt: skip
    for threat in threats:
        assert re.findall(r"^\| (\w[\w ]*) \| \S", threat, re.MULTILINE) == [
            "Threat",
            "Mitigations",
            "Residual risk",
            "Tests",
        ]
