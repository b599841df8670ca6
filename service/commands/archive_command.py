"""`pullquote archive`: extract the quotes of an archive into tables."""

import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from service.commands.options import Exit, answer_options, field_option, given
from service.commands.progress import Counts, Progress, progress
from service.settings import Settings

if TYPE_CHECKING:
    from service.archive.archive_run import ArchiveRequest
    from service.archive.folder import Done, Failed
    from service.errors import ClusterLost

_MAX_JOBS: Final = 10_000
_MAX_SHOWN: Final = 5  # failed blocks that are named


def _part(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Convert `"0/20"` to `(0, 20)`. Raises click's `BadParameter`."""
    if value is None:
        return None
    result = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
    if result is None or int(result[1]) >= int(result[2]):
        raise click.BadParameter(f"{value!r} is not I/N with I from 0 to N - 1, such as 0/20.")
    return int(result[1]), int(result[2])


@click.command()
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--jobs", type=click.IntRange(1, _MAX_JOBS), help="Number of processes. Default: one per core.")
@click.option(
    "--block", type=click.IntRange(1, 100_000), default=200, show_default=True, metavar="ARTICLES",
    help="Number of articles per block. A block is written as a whole; an interrupted block is repeated.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS", help="Ray cluster to use: HOST:PORT, or auto on one of its machines. Default: "
    "this machine, without Ray."
)  # fmt: skip
@click.option(
    "--part", metavar="I/N", callback=_part,
    help="Process only part I of N, numbered from 0, on this machine. Publish all parts with --finish.",
)  # fmt: skip
@click.option("--finish", is_flag=True, help="Check that all parts are done and write the tables; process no articles.")
@click.option("--append", is_flag=True, help="Add new articles of INPUT to OUTPUT and process changed articles again.")
@field_option
@answer_options
@click.pass_obj
def archive(
    settings: Settings, /, source: str, output: str, jobs: int | None, block: int, cluster: str | None,
    part: tuple[int, int] | None, finish: bool, append: bool, fields: dict[str, str], **options: Any,
) -> None:  # fmt: skip
    """Write the quotes of an archive as Parquet.

    INPUT is Parquet (.parquet), JSON Lines (.jsonl, .ndjson), a table (.csv, .tsv, .xlsx), plain text (.txt), a web
    page (.html, .htm), a document (.pdf, .docx), or a folder of these. OUTPUT is a folder for the tables articles,
    quotes and speakers. Both are paths, or addresses: s3://, gs://, abfs:// or hdfs://. If the run is interrupted, run
    the same command again to resume.

    Articles that cannot be processed are listed in the articles table with the reason; the exit code is then 1.
    docs/scale.md describes the tables, the exit codes, and how to use many machines. Needs pullquote[archive].
    """
    if find_spec("pyarrow") is None or (cluster and find_spec("ray") is None):
        raise click.UsageError("--cluster needs pullquote[cluster]." if cluster else "Install pullquote[archive].")
    if sum((cluster is not None, part is not None, finish)) > 1:
        raise click.UsageError("--cluster, --part and --finish are mutually exclusive.")
    _check_paths(source, output)
    from service.archive.archive_run import ArchiveRequest

    request = ArchiveRequest(source, output, given(options), fields, block, jobs, cluster, part, finish, append)
    sys.exit(_run(request, settings))


def _check_paths(source: str, output: str) -> None:
    from service.archive.storage import absolute, is_remote

    if is_remote(source):
        return
    path = Path(absolute(source))
    if not path.exists():
        raise click.UsageError(f"INPUT {source} does not exist.")
    if path.is_dir() and not is_remote(output) and path.resolve().is_relative_to(Path(absolute(output)).resolve()):
        raise click.UsageError(f"{source} is in OUTPUT, so results would be read as articles. Choose another folder.")


def _run(request: "ArchiveRequest", settings: Settings) -> Exit:
    from service.archive.archive_run import run_archive

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)  # job schedulers send SIGTERM
    with _Watcher() as watcher:
        try:
            run_archive(request, settings, watcher)
        except KeyboardInterrupt:
            code = Exit.STOPPED
        else:
            refused = watcher.counts.refused and request.part is None
            code = Exit.FAILED if watcher.failures else Exit.SOME_REFUSED if refused else Exit.ALL_ANSWERED
        finally:
            signal.signal(signal.SIGTERM, before)
    for line in watcher.lines(code):
        click.echo(line, err=True)
    return code


@dataclass(slots=True)
class _Watcher:
    """Counts the outcomes, and shows progress and events on standard error."""

    counts: Counts = field(default_factory=Counts)
    failures: list[tuple["Failed", int]] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)
    _progress: Progress | None = None

    def __enter__(self) -> "_Watcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def planned(self, articles: int, before: Sequence["Done"]) -> None:
        self.counts.skipped = sum(item.written + item.unchanged for item in before)
        self.counts.refused = sum(item.refused for item in before)
        self._progress = self._open.enter_context(progress(articles, bar=sys.stderr.isatty()))

    def done(self, one: "Done") -> None:
        self.counts.written += one.written
        self.counts.skipped += one.unchanged
        self.counts.refused += one.refused
        articles = one.written + one.refused + one.unchanged
        if self._progress is not None:
            self._progress.done(articles, articles)

    def failed(self, one: "Failed", articles: int) -> None:
        self.failures.append((one, articles))

    def note(self, text: str) -> None:
        if self._progress is not None:
            self._progress.line(text)

    def lost(self, error: "ClusterLost") -> None:
        """End this process at once: Ray's own calls do not return."""
        self._open.close()
        click.echo(f"Error: {error} Finished blocks stay; run the same command again to resume.", err=True)
        os._exit(Exit.CLUSTER_LOST)

    def lines(self, code: Exit) -> list[str]:
        """Return the last lines of the run."""
        shown = [f"block {one.block} failed: {'; '.join(one.reasons)}" for one, _ in self.failures[:_MAX_SHOWN]]
        if len(self.failures) > _MAX_SHOWN:
            shown.append(f"… and {len(self.failures) - _MAX_SHOWN} more (see _log in OUTPUT)")
        summary = f"{'Stopped. ' if code == Exit.STOPPED else ''}{self.counts}"
        if self.failures:
            articles = sum(articles for _, articles in self.failures)
            summary += (
                f" {articles} articles in {len(self.failures)} blocks failed. Run the same command again to retry them."
            )
        return [*shown, summary]
