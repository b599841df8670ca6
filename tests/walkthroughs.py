"""Follow the walk-throughs of docs/adding-a-rule.md, and write the output of their commands into the page:

python -m tests.walkthroughs
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT

PAGE: Final = ROOT / "docs" / "adding-a-rule.md"
_PIECES: Final = re.compile(
    r"```text\n(?P<article>.*?)```\n.*?```console\n(?P<before>.*?)```\n.*?"
    r"```toml\n# (?P<file>\S+)\n(?P<addition>.*?)```\n.*?```console\n(?P<after>.*?)```\n",
    re.DOTALL,
)
_MAIN: Final = "from service.cli import main; main(prog_name='pullquote')"


@dataclass(frozen=True)
class Walkthrough:
    """A section of the page: an article, a command with its output before and after an addition to a TOML file."""

    name: str
    article: str
    before: str
    file: str
    addition: str
    after: str


def walkthroughs(page: str) -> Iterator[Walkthrough]:
    """Yield the walk-throughs of `page`."""
    for section in page.split("\n## ")[1:]:
        found = _PIECES.search(section)
        if found is not None:
            yield Walkthrough(section.partition("\n")[0], **found.groupdict())


def with_addition(toml: str, addition: str) -> str:
    """Return the TOML file with the words of `addition`, in which … stands for the words of the file."""
    for path, value in _leaves(tomllib.loads(addition)):
        table = ".".join(path[:-1])
        start = re.search(rf"^\[{re.escape(table)}\]", toml, re.MULTILINE) if table else re.search("^", toml)
        assert start, f"the file has no table [{table}]"
        opening = re.compile(rf'^{path[-1]} = (?:"""|"|\[)', re.MULTILINE).search(toml, start.end())
        assert opening, f"[{table}] has no {path[-1]}"
        words = value.removeprefix("… ") + " " if isinstance(value, str) else "".join(f'"{one}", ' for one in value[1:])
        toml = toml[: opening.end()] + words + toml[opening.end() :]
    tomllib.loads(toml)
    return toml


def _leaves(table: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, *path, key)
        else:
            yield (*path, key), value


def printed(one: Walkthrough, *, added: bool) -> str:
    """Return the walk-through's command with its output, by a copy of the package with or without the addition."""
    command = one.before.partition("\n")[0]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "service", Path(folder, "service"), copy_function=os.symlink)  # compiled modules too
        if added:
            file = Path(folder, one.file)
            changed = with_addition(file.read_text(encoding="utf-8"), one.addition)
            file.unlink()
            file.write_text(changed, encoding="utf-8")
        Path(folder, "ferry.txt").write_text(one.article, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-c", _MAIN, *shlex.split(command)[2:]],
            cwd=folder, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}", "PULLQUOTE_ARITHMETIC": "float32"},
        )  # fmt: skip
    return f"{command}\n{result.stdout.rstrip()}\n"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    for each in walkthroughs(text):
        start = text.index(f"\n## {each.name}\n")
        rest = text[start:].replace(each.before, printed(each, added=False), 1)
        head, fence, tail = rest.partition("```toml\n")
        text = text[:start] + head + fence + tail.replace(each.after, printed(each, added=True), 1)
    PAGE.write_text(text, encoding="utf-8")
