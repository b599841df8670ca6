"""The README, the pages of docs/ and the contributor guide name files, settings and commands that exist."""

import json
import re
import shlex
from pathlib import Path

import pytest

from service.parsing.parser import Parser
from service.settings import describe
from tests.conftest import ROOT
from tests.nearly import nearly
from tests.readme_example import answered, laid_out, shown

PAGES = [
    *map(Path, ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ".github/PULL_REQUEST_TEMPLATE.md")),
    *sorted(path.relative_to(ROOT) for path in (ROOT / "docs").glob("**/*.md")),
]


@pytest.mark.model
def test_readme_example_matches_the_service(embedded_parser: Parser) -> None:
    example = shown()
    assert nearly(json.loads(example.answer), answered(example.request, embedded_parser))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_to_files_are_valid(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert not [link for link in links if not (ROOT / page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_named_settings_and_commands_exist(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    outside = {"PULLQUOTE_TORCH_INDEX", "PULLQUOTE_EXTRAS", "PULLQUOTE_CORPORA"}  # for building and the tests
    assert set(re.findall(r"PULLQUOTE_[A-Z_]+", text)) <= {setting.variable for setting in describe()} | outside
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make (\w+)", text, re.MULTILINE)) <= set(targets)


def test_curl_example_is_valid_shell() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- example:begin")[2]
    command = re.search(r"^(curl .*?)\n```", text, re.MULTILINE | re.DOTALL)
    assert command
    assert json.loads(shlex.split(command[1])[-1]) == shown().request


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({}, ["{}"]),
        ({"a": [1, 2]}, ['{"a": [1, 2]}']),
        (
            {"a": "x" * 100, "b": ["“"] * 9},
            ["{", f'  "a": "{"x" * 100}",', '  "b": ["“", "“", "“", "“", "“", "“", "“", "“", "“"]', "}"],
        ),
    ],
    ids=["empty", "short", "long"],
)
def test_json_layout_keeps_short_values_on_one_line(value: object, lines: list[str]) -> None:
    assert laid_out(value).splitlines() == lines
    assert json.loads(laid_out(value)) == value


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_to_headings_are_valid(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", text)
    broken = [
        f"{path}#{anchor}"
        for path, anchor in links
        if anchor not in anchors((ROOT / page.parent / path) if path else ROOT / page)
    ]
    assert not broken


def anchors(page: Path) -> set[str]:
    """The anchors of `page`: its own, and those that GitHub gives its headings."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    given = set(re.findall(r'<a id="([\w-]+)">', text))
    return given | {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
