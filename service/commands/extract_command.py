"""`pullquote extract`: extract the quotes of files."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from service import __version__
from service.commands.options import Exit, answer_options, field_option, given
from service.commands.progress import Counts, progress
from service.files.inputs import SEVERAL, STDIN, Form, FormatName, Input, OutputOptions, TextStyle, find_inputs
from service.settings import Settings

if TYPE_CHECKING:
    from service.files.outputs import Output

_MAX_COLUMNS: Final = 100  # columns of `text`; longer lines are hard to read
_MAX_JOBS: Final = 64


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "--format", "format", type=click.Choice(get_args(FormatName)), default="jsonl", show_default=True,
    help="Output format: one line of JSON per article, indented JSON, a table, the article with "
    "its quotes marked, or text for reading.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write a file per article into FOLDER; up-to-date files are skipped.",
)  # fmt: skip
@click.option(
    "--from", "file_form", type=click.Choice(get_args(Form)),
    help="Type of the files, whatever their names; standard input is text by default.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, _MAX_JOBS), default=1, show_default=True,
    help="Number of processes; each loads its own model.",
)  # fmt: skip
@field_option
@click.option(
    "--corrections", type=click.Path(exists=True, path_type=Path), metavar="FILE",
    help="A corrections file saved in the web interface, or a folder of such files.",
)  # fmt: skip
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8.")
@answer_options
@click.pass_obj
def extract(
    settings: Settings, /, paths: tuple[str, ...], file_form: Form | None, format: FormatName, output: Path | None,
    jobs: int, fields: dict[str, str], corrections: Path | None, bom: bool, **options: Any,
) -> None:  # fmt: skip
    """Print the quotes of articles.

    PATH is plain text (.txt), a web page (.html, .htm), a document (.pdf, .docx), JSON Lines (.jsonl, .ndjson: one API
    request per line), a table with an article per row (.csv, .tsv, .xlsx), a folder that is searched for these, or -
    for standard input. Texts are UTF-8. PDF, DOCX and XLSX need pullquote[files].

    Articles that cannot be processed are reported on standard error, one line each; the others are processed, and the
    exit code is 1. docs/cli.md lists the other exit codes and the details.
    """
    if bom and format != "csv":
        raise click.UsageError("--bom is for --format csv.")
    from service.files.processing import read_corrections

    inputs = _inputs(paths, file_form, format, output)
    output_options = OutputOptions(
        format,
        given(options),
        _look(format, output),
        fields,
        bom,
        () if corrections is None else read_corrections(corrections),
        only_corrected=corrections is not None and corrections.is_file(),
    )
    counts = Counts()
    try:
        _run(inputs, settings, output_options, output, jobs, counts)
    except KeyboardInterrupt:
        code = Exit.STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python writes when it exits
        sys.exit(Exit.BROKEN_PIPE)
    else:
        code = Exit.SOME_REFUSED if counts.refused else Exit.ALL_ANSWERED
    if output is not None or counts.read > 1:
        click.echo(f"{'Stopped. ' if code == Exit.STOPPED else ''}{counts}", err=True)
    sys.exit(code)


def _inputs(paths: tuple[str, ...], form: Form | None, format: FormatName, output: Path | None) -> list[Input]:
    """Return the files of `paths`. Raises click's `UsageError` if their results would overwrite each other."""
    if output is None:
        inputs = find_inputs(paths, form)
        if format == "html" and (len(inputs) > 1 or any(source.form in SEVERAL for source in inputs)):
            raise click.UsageError("--format html writes one page per article. Use --output for several articles.")
        return inputs
    output_folder = output.resolve()
    for path in paths:
        if path != STDIN and Path(path).is_dir() and Path(path).resolve().is_relative_to(output_folder):
            raise click.UsageError(
                f"{path} is in --output, so results would be read as articles. Choose another folder."
            )
    inputs = find_inputs(paths, form, without=output)
    there: dict[str, Input] = {}
    for source in inputs:
        other = there.setdefault(source.relative_path, source)
        if source.problem is None and other is not source:
            raise click.UsageError(
                f"The results of {other.path} and {source.path} would both be written to "
                f"{output / source.relative_path}. Run them separately, with two folders."
            )
    return inputs


def _run(
    inputs: list[Input],
    settings: Settings,
    output_options: OutputOptions,
    output: Path | None,
    jobs: int,
    counts: Counts,
) -> None:
    """Process the inputs, updating `counts`."""
    from service.files.inputs import Processed, Refused, Skipped
    from service.files.runs import outcomes
    from service.parsing.load import load_parser

    bar = sys.stderr.isatty() and (output is not None or not sys.stdout.isatty())
    with (
        _output(output, settings, output_options) as out,
        progress(_bytes(inputs), bar=bar) as display,
        closing(outcomes(inputs, out, load_parser, settings, output_options, jobs)) as result,
    ):
        for outcome in result:
            match outcome:
                case Processed(input_article, text):
                    out.write(input_article, text)
                    counts.written += 1
                    display.done(len(input_article.content))
                case Refused(name, reason, size):
                    display.line(f"{name}: {reason}")
                    counts.refused += 1
                    display.done(size)
                case Skipped(size):
                    counts.skipped += 1
                    display.done(size)


@contextmanager
def _output(folder: Path | None, settings: Settings, output_options: OutputOptions) -> Iterator["Output"]:
    from service.files.outputs import StreamOutput, in_folder
    from service.files.processing import format_of
    from service.parsing.load import identity

    if folder is None:
        yield StreamOutput(sys.stdout.buffer, format_of(output_options))
        return
    about = [
        __version__,
        identity(settings),
        output_options.format,
        output_options.options,
        output_options.fields,
        output_options.bom,
        [asdict(correction) for correction in output_options.corrections],
    ]
    with in_folder(folder, format_of(output_options), json.dumps(about, sort_keys=True)) as out:
        yield out


def _bytes(inputs: list[Input]) -> int | None:
    """Return the total size of `inputs` in bytes, or None if it is unknown."""
    sizes = []
    for file in inputs:
        try:
            about = os.stat(file.path)
        except OSError:
            continue  # reported as unreadable later
        if file.path == STDIN or not stat.S_ISREG(about.st_mode):
            return None
        sizes.append(about.st_size)
    return sum(sizes)


def _look(format: FormatName, output: Path | None) -> TextStyle:
    """Return the terminal's look, if there is one. rich itself reads NO_COLOR and similar variables."""
    if format != "text" or output is not None:
        return TextStyle()
    from rich.console import Console

    terminal = Console()
    if not terminal.is_terminal:
        return TextStyle()
    styled = not terminal.is_dumb_terminal
    return TextStyle(min(terminal.width, _MAX_COLUMNS), styled, styled and not terminal.no_color)
