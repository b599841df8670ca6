"""The walk-throughs of docs/adding-a-rule.md change what they say."""

import shlex
from pathlib import Path

import pytest

from service.parsing.parser import Parser
from tests.commands.running import run
from tests.nearly import nearly_printed
from tests.walkthroughs import PAGE, Walkthrough, printed, walkthroughs, with_addition

ALL = list(walkthroughs(PAGE.read_text(encoding="utf-8")))


def test_page_has_a_walkthrough_for_cue_title_and_boilerplate() -> None:
    assert [one.name for one in ALL] == ["A cue", "A title", "A boilerplate phrase"]


@pytest.mark.parametrize(
    ("file", "addition", "expected"),
    [
        (
            '[a]  # b\nwords = "x"\n[c]\nwords = "y"\n',
            '[c]\nwords = "… z"',
            '[a]  # b\nwords = "x"\n[c]\nwords = "z y"\n',
        ),
        ('lines = [\n  "x",\n]\n', 'lines = ["…", "z"]', 'lines = ["z", \n  "x",\n]\n'),
    ],
)
def test_addition_goes_into_its_table(file: str, addition: str, expected: str) -> None:
    assert with_addition(file, addition) == expected


@pytest.mark.model
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_walkthrough_has_the_output_it_shows(
    one: Walkthrough, embedded_parser: Parser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one.before != one.after
    assert nearly_printed(one.after, printed(one, added=True))
    monkeypatch.setattr("service.parsing.load.load_parser", lambda _settings: embedded_parser)
    monkeypatch.chdir(tmp_path)
    Path("ferry.txt").write_text(one.article, encoding="utf-8")
    command, _, shown = one.before.partition("\n")
    assert nearly_printed(shown.rstrip(), run(*shlex.split(command)[2:]).stdout.rstrip())
