"""Run the commands that docs/cli.md shows, and write what they print into it:

    python -m tests.cli_example

`tests/commands/test_documentation.py` fails when the page shows anything else.
"""

import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from service.cli import main
from tests.conftest import ROOT
from tests.readme_example import shown as shown_by_readme

PAGE: Final = ROOT / "docs" / "cli.md"
_SHOWN: Final = r"(?<=<!-- {name}:begin \(python -m tests.cli_example writes it\) -->\n```console\n\$ )(.*?)(?=```\n)"


def shown(name: str) -> str:
    """The command that the page shows between the marks of `name`, and below it what it prints."""
    found = re.search(_SHOWN.format(name=name), PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/cli.md has no {name} between its two marks"
    return found[0]


def printed(name: str) -> str:
    """The same command, and what it prints now. The README's article is in bridge.txt."""
    command, _, _ = shown(name).partition("\n")
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("bridge.txt").write_text(shown_by_readme().request["text"] + "\n", encoding="utf-8")
            result = CliRunner(env={"PULLQUOTE_ARITHMETIC": "float32"}).invoke(
                main, shlex.split(command)[1:], prog_name="pullquote"
            )
        finally:
            os.chdir(before)
    assert result.exit_code == 0, result.stderr
    return f"{command}\n{result.stdout.rstrip()}\n"


if __name__ == "__main__":
    for each in ("example", "help", "archive-help"):
        now = printed(each)
        page = re.sub(_SHOWN.format(name=each), lambda _: now, PAGE.read_text("utf-8"), flags=re.DOTALL)  # noqa: B023
        PAGE.write_text(page, encoding="utf-8")
