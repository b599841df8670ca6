"""The documentation: settings and links are right, pages open with an example, SECURITY.md names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from service.settings import describe
from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_default_and_unit() -> None:
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for row in table():
        assert row in documented, f"docs/operations.md lacks this line:\n{row}"


def test_no_other_setting_is_documented() -> None:
    lines = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `PULLQUOTE_")] == table()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_page_opens_with_an_example(page: Path) -> None:
    opening = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[:2]
    assert any(line.startswith("```") for part in opening for line in part.splitlines())


@pytest.mark.parametrize("name", ["debugging.md", "adding-a-rule.md"])
def test_contributor_pages_name_existing_files(name: str) -> None:
    named = re.findall(r"`([\w/.]+\.(?:py|toml))`", (ROOT / "docs" / name).read_text(encoding="utf-8"))
    files = [str(path) for folder in ("service", "tests") for path in (ROOT / folder).rglob("*.*")]
    assert named
    assert not [one for one in named if not any(path.endswith(f"/{one}") for path in files)]


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "clients").glob("*/README.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_tables_have_a_header_and_equally_many_cells_in_each_row(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        rows = table.splitlines()
        assert re.fullmatch(r"[|:\s-]+", rows[1] if len(rows) > 1 else ""), f"no header: {rows[0]}"
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1, table


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of `page`, as GitHub forms them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table() -> list[str]:
    """The lines of the table of settings."""
    return [
        f"| `{setting.variable}` | {setting.default} | {setting.unit} | {setting.description} |"
        for setting in describe()
    ]


if __name__ == "__main__":
    print("\n".join(["| Variable | Default | Unit | |", "|---|---|---|---|", *table()]))


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
