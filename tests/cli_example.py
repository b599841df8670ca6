"""Run the commands shown in docs/cli.md and the README, and write their output into the pages:

    python -m tests.cli_example

`tests/commands/test_documentation.py` fails if a page shows other output.
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
from tests.readme_example import README
from tests.readme_example import shown as shown_by_readme

CLI: Final = ROOT / "docs" / "cli.md"
# By the name of the example.
PAGES: Final = {
    "example": CLI,
    "help": CLI,
    "verify": CLI,
    "verify-help": CLI,
    "archive-help": CLI,
    "why": CLI,
    "why-help": CLI,
    "text": README,
}
_SHOWN: Final = r"(?<=<!-- {name}:begin \(python -m tests.cli_example writes it\) -->\n```console\n\$ )(.*?)(?=```\n)"


def shown(name: str) -> str:
    """Return the command that the page shows for the example `name`, with its output."""
    page = PAGES[name]
    found = re.search(_SHOWN.format(name=name), page.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{page} has no example {name} between its markers"
    return found[0]


def printed(name: str) -> str:
    """Return the same command with its current output. The README's article is in bridge.txt."""
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
    for each, path in PAGES.items():
        now = printed(each)
        page = re.sub(_SHOWN.format(name=each), lambda _: now, path.read_text("utf-8"), flags=re.DOTALL)  # noqa: B023
        path.write_text(page, encoding="utf-8")
