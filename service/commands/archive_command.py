"""`pullquote archive`: extract the quotes of an archive into tables."""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from service import __version__
from service.commands.options import Exit, answer_options, field_option, given
from service.commands.progress import Counts, progress
from service.server.resources import cores
from service.settings import Settings

if TYPE_CHECKING:
    from service.archive.archive_blocks import Block
    from service.archive.block_processing import Order
    from service.archive.folder import Ledger
    from service.files.inputs import Input

_MAX_JOBS: Final = 10_000


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(exists=True))
@click.argument("output", metavar="OUTPUT", type=click.Path(file_okay=False, path_type=Path))
@click.option("--jobs", type=click.IntRange(1, _MAX_JOBS), help="Number of processes. Default: one per core.")
@click.option(
    "--block", "size", type=click.IntRange(1, 100_000), default=200, show_default=True, metavar="ARTICLES",
    help="Articles that are processed and written together; an interrupted block is repeated.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS", help="Ray cluster to use ('auto' inside a cluster). Default: this machine."
)
@field_option
@answer_options
@click.pass_obj
def archive(
    settings: Settings, /, source: str, output: Path, jobs: int | None, size: int, cluster: str | None,
    fields: dict[str, str], **options: Any,
) -> None:  # fmt: skip
    """Write the quotes of an archive as Parquet.

    INPUT is Parquet (.parquet), JSON Lines (.jsonl, .ndjson), a table (.csv, .tsv, .xlsx), plain text (.txt), a web
    page (.html, .htm), a document (.pdf, .docx), or a folder of these. OUTPUT is a folder for the tables articles,
    quotes and speakers. If the run is interrupted, run the same command again to resume.

    Articles that cannot be processed are listed in the articles table with the reason; the exit code is then 1.
    docs/scale.md describes the tables, and how to use many machines. Needs pullquote[archive].
    """
    if Path(source).is_dir() and Path(source).resolve().is_relative_to(output.resolve()):
        raise click.UsageError(f"{source} is in OUTPUT, so results would be read as articles. Choose another folder.")
    counts = Counts()
    try:
        _run(settings, source, output, jobs, size, cluster, given(options), fields, counts)
    except KeyboardInterrupt:
        code = Exit.STOPPED
    else:
        code = Exit.SOME_REFUSED if counts.refused else Exit.ALL_ANSWERED
    click.echo(f"{'Stopped. ' if code == Exit.STOPPED else ''}{counts}", err=True)
    sys.exit(code)


def _run(
    settings: Settings, source: str, output: Path, jobs: int | None, size: int, cluster: str | None,
    options: dict[str, Any], fields: dict[str, str], counts: Counts,
) -> None:  # fmt: skip
    """Process the archive, updating `counts`."""
    if missing := [name for name in ("pyarrow", "ray") if find_spec(name) is None]:
        raise click.UsageError(f"{' and '.join(missing)} not installed. Install pullquote[archive].")
    from service.archive.archive_blocks import blocks_of, find_archive
    from service.archive.block_processing import Order
    from service.archive.folder import finish, open_folder
    from service.parsing.load import arithmetic_of, check_model, load_parser

    check_model(settings)
    # every machine uses this machine's arithmetic
    settings = replace(settings, arithmetic=arithmetic_of(settings).name)
    files = find_archive(source, output)
    about = _about(settings, options, fields, size, files)
    with open_folder(output, about) as ledger:
        blocks = blocks_of(files, size, settings.max_bytes, fields)
        mine = replace(settings, workers=cores())
        order = Order(load_parser, mine, options, output.resolve(), json.dumps(about), fields)
        _answer(blocks, order, ledger, jobs or (None if cluster else cores()), cluster, counts)
        finish(output, blocks, ledger)


def _answer(
    blocks: Sequence["Block"], order: "Order", ledger: "Ledger", jobs: int | None, cluster: str | None, counts: Counts
) -> None:
    from service.archive.ray_run import answered

    there = ledger.done(blocks)
    counts.skipped = sum(done.written for done in there)
    counts.refused = sum(done.refused for done in there)
    todo = [block for block in blocks if block.number not in {done.block for done in there}]
    if not todo:
        return
    with (
        progress(sum(block.articles for block in todo), bar=sys.stderr.isatty()) as telling,
        closing(answered(todo, order, jobs, cluster)) as found,
    ):
        for done in found:
            ledger.add(done)
            counts.written += done.written
            counts.refused += done.refused
            telling.done(done.written + done.refused, done.written + done.refused)


def _about(
    settings: Settings, options: dict[str, Any], fields: dict[str, str], size: int, files: Sequence["Input"]
) -> dict[str, Any]:
    """Return everything that the results and their file names depend on."""
    from service.parsing.load import identity

    limits = ("max_bytes", "max_json_depth", "max_characters", "max_sentences", "page_seconds")
    return {
        "pullquote": __version__,
        "model": identity(settings),
        "options": options,
        "fields": fields,
        "limits": {name: getattr(settings, name) for name in limits},
        "block": size,
        "input": hashlib.sha256(json.dumps([_told(file) for file in files]).encode()).hexdigest(),
    }


def _told(file: "Input") -> list[Any]:
    try:
        about = os.stat(file.path)
    except OSError:
        return [file.relative_path, None, None]  # reported as unreadable later
    return [file.relative_path, about.st_size, about.st_mtime_ns]
