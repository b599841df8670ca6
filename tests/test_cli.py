import re
import subprocess
import sys

import pytest

from service import __version__
from service.commands.options import Exit
from tests.commands.running import run
from tests.conftest import ROOT


def test_invalid_setting_is_a_one_line_error() -> None:
    result = run("models", "list", environ={"PULLQUOTE_PORT": "http"})
    assert result.exit_code == 3
    assert (result.stderr.count("\n"), "PULLQUOTE_PORT" in result.stderr, "'http'" in result.stderr) == (1, True, True)


def test_version_is_printed() -> None:
    assert run("--version").stdout == f"pullquote, version {__version__}\n"


def test_exit_codes_match_the_documentation() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == list(Exit)


@pytest.mark.server
def test_model_libraries_are_imported_only_with_a_model() -> None:
    """What the processor can do is asked of torch, and part of every tag: an application imports it, and no more."""
    program = """
import sys
from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import ARTICLE, FakeParser
import service.cli, service.server.launch
found = {"torch", "stanza", "transformers"} & sys.modules.keys()
assert not found, found
app = create_app(Settings(), FakeParser())
make_ready(app)
assert app.test_client().post("/quotes", json={"text": ARTICLE}).status_code == 200
found = {"stanza", "transformers"} & sys.modules.keys()
assert not found, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
