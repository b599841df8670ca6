"""How far a run is, for people: a bar while it goes on, a line for what is refused, a line of counts at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


@dataclass(slots=True)
class Counts:
    """How many articles there were, by what has become of them."""

    written: int = 0
    skipped: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        """All of them."""
        return self.written + self.skipped + self.refused

    def __str__(self) -> str:
        return f"{self.read} read: {self.written} written, {self.skipped} skipped, {self.refused} refused."


class Progress(Protocol):
    """What is told while a run goes on."""

    def done(self, size: int, articles: int = 1) -> None:
        """So many more articles are done, `size` of the total."""
        ...

    def line(self, text: str) -> None:
        """Tell a line on standard error."""
        ...


class Lines:
    """Tells lines and nothing else."""

    def done(self, size: int, articles: int = 1) -> None:
        """Nothing is told of it."""

    def line(self, text: str) -> None:
        """A line on standard error."""
        click.echo(one_line(text), err=True)


class Bar:
    """A bar over a total (of bytes or articles); lines stand above it."""

    def __init__(self, bar: "RichProgress", total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=total, articles=0)
        self._articles = 0

    def done(self, size: int, articles: int = 1) -> None:
        """The bar goes on."""
        self._articles += articles
        self._bar.update(self._task, advance=size, articles=self._articles)

    def line(self, text: str) -> None:
        """A line above the bar."""
        self._bar.console.print(one_line(text), markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def progress(total: int | None, *, bar: bool) -> Iterator[Progress]:
    """A bar over `total` (None: nobody knows how much) on standard error where `bar` says so, else lines only."""
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
    """`text` in one line, without what a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))
