"""Progress of a run: a bar, a line for each rejected article, and the counts at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


@dataclass(slots=True)
class Counts:
    """The number of articles by outcome."""

    written: int = 0
    skipped: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        """The number of all articles."""
        return self.written + self.skipped + self.refused

    def __str__(self) -> str:
        return f"{self.read} read: {self.written} written, {self.skipped} skipped, {self.refused} refused."


class Progress(Protocol):
    """Reports a run's progress."""

    def done(self, size: int, articles: int = 1) -> None:
        """Count `articles` as done, `size` of the total."""
        ...

    def line(self, text: str) -> None:
        """Print a line on standard error."""
        ...


class Lines:
    """Prints lines without a progress bar."""

    def done(self, size: int, articles: int = 1) -> None:
        """Ignore the progress."""

    def line(self, text: str) -> None:
        """Print a line on standard error."""
        click.echo(one_line(text), err=True)


class Bar:
    """A progress bar over a total (of bytes or articles), with lines printed above it."""

    def __init__(self, bar: "RichProgress", total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=total, articles=0)
        self._articles = 0

    def done(self, size: int, articles: int = 1) -> None:
        """Advance the bar."""
        self._articles += articles
        self._bar.update(self._task, advance=size, articles=self._articles)

    def line(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(one_line(text), markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def progress(total: int | None, *, bar: bool) -> Iterator[Progress]:
    """Show a progress bar over `total` (None if unknown) on standard error if `bar`; otherwise print lines only."""
    if not bar:
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    articles = TextColumn("{task.fields[articles]} articles")
    shown = (BarColumn(bar_width=None), articles, TimeElapsedColumn(), TimeRemainingColumn())
    with RichProgress(*shown, console=Console(stderr=True), transient=True, redirect_stdout=False) as running:
        yield Bar(running, total)


def one_line(text: str) -> str:
    """Return `text` on one line, without terminal control characters."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))
