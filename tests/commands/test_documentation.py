"""docs/cli.md and the README show what the commands print."""

import pytest

from service.parsing.parser import Parser
from tests.cli_example import printed, shown
from tests.nearly import nearly_printed


@pytest.mark.parametrize("name", ["help", "why-help", "verify-help", "archive-help"])
def test_cli_page_shows_the_help(name: str) -> None:
    assert shown(name) == printed(name)


@pytest.mark.model
@pytest.mark.parametrize("name", ["example", "why", "verify", "text"])
def test_cli_page_shows_the_example_output(name: str, embedded_parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", lambda _settings: embedded_parser)
    assert nearly_printed(shown(name), printed(name))
