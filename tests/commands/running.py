"""`pullquote` without a model, in this process or as a separate one.

python -m tests.commands.running extract …
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

import service.parsing.load
from service.cli import main
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from service.settings import Settings
from tests.doubles import FakeParser, need_no_detector
from tests.waiting import wait_until

ROOT: Final = Path(__file__).resolve().parents[2]  # tests.conftest has it too, but each process would import pytest
# Articles that cause errors in the parser below.
BREAK: Final = "This breaks the parser."
KILL: Final = "This kills the process."
HUNGRY: Final = "This takes three gigabytes."
LOCKS: Final = "ARCHIVE_LOCKS"  # the variable that names the folder of an archive's locks
ONCE: Final = "This kills the process the first time: "  # and then the path of a file
HELD: Final = "This waits for a file: "  # and then its path; `holders` counts the processes that wait


class TroubledParser(FakeParser):
    """A parser that fails on some articles."""

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        for article in articles:
            if BREAK in article.text:
                raise RuntimeError("broken")
            if KILL in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if HUNGRY in article.text:
                bytearray(3_000_000_000)
            if ONCE in article.text:
                _die_once(Path(article.text.partition(ONCE)[2].split()[0]))
            if HELD in article.text:
                _wait_for(Path(article.text.partition(HELD)[2].split()[0]))
        return super().parse(articles, deadline)


def _die_once(file: Path) -> None:
    if not file.exists():
        file.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _wait_for(file: Path) -> None:
    if not file.exists():
        file.with_name(f"{file.name}.{os.getpid()}").touch()
    wait_until(file.exists)


def holders(file: Path) -> int:
    """Return how many processes have waited for `file`."""
    return len(list(file.parent.glob(f"{file.name}.*")))


def load_troubled(_: Settings) -> TroubledParser:
    """Replaces `load_parser`; picklable by name."""
    if "pytest" not in sys.modules:  # a process of its own
        need_no_detector()
    return TroubledParser()


def load_dying(_: Settings) -> TroubledParser:
    """Dies like a process for which there is no memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def run(*arguments: str, stdin: bytes | None = None, environ: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin, env=environ)


def counts(summary: str) -> tuple[int, ...]:
    """Return the counts of a run's summary, which must be all of the text: read, written, skipped, refused."""
    found = re.fullmatch(r"(?:Stopped\. )?(\d+) read: (\d+) written, (\d+) skipped, (\d+) refused\.\n?", summary)
    assert found, summary
    return tuple(map(int, found.groups()))


def reported(messages: str) -> tuple[list[str], tuple[int, ...]]:
    """Return the places that a run's messages are about, a line for each, and the counts of its last line."""
    *lines, summary = messages.splitlines()
    return [re.split(r":(?= )", line)[0] for line in lines], counts(summary)


def command(*arguments: str) -> list[str]:
    """Return the command line of `pullquote` with the parser above."""
    return [sys.executable, "-m", "tests.commands.running", *arguments]


def started(*arguments: str, directory: Path = ROOT, **how: Any) -> subprocess.Popen[bytes]:
    environ = how.pop("env", os.environ) if directory == ROOT else {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command(*arguments), cwd=directory, env=environ, **how)


def written(folder: Path, *names: str, text: str) -> list[Path]:
    """Write files with `text`."""
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return paths


def served(text: str, **request: Any) -> str:
    """Return the service's response."""
    from service.app import create_app, make_ready  # here, so that processes need not import it

    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return app.test_client().post("/quotes", json={"text": text, **request}).text


if __name__ == "__main__":
    from tests.commands import running

    os.environ.setdefault("PULLQUOTE_ARITHMETIC", "float32")  # which is known without importing torch
    service.parsing.load.load_parser = running.load_troubled  # type: ignore[assignment]
    if LOCKS in os.environ:
        import service.archive.article_rows  # here, so that other commands need not import it

        service.archive.article_rows.gettempdir = lambda: os.environ[LOCKS]  # type: ignore[attr-defined]
    main(prog_name="pullquote")
