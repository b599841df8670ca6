"""`pullquote verify`: verify printed quotes against an article."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

import click

from service.commands.options import Exit
from service.commands.progress import one_line
from service.errors import InputError
from service.files.inputs import SEVERAL, Form, find_inputs
from service.settings import Settings

VerifyFormat = Literal["text", "json", "csv"]

_RIGHT: Final = frozenset({"verbatim", "edited"})
_QUOTE_COLUMNS: Final = ("quote", "text")  # in a file of quotes, the first of these that exists
_DELIMITERS: Final = ",;\t"


@click.command()
@click.argument("article", metavar="ARTICLE", type=click.Path(allow_dash=True))
@click.option("--quote", "quotes", multiple=True, metavar="TEXT", help="A printed quote; repeatable.")
@click.option(
    "--speaker", "speakers", multiple=True, metavar="NAME",
    help="Its printed speaker: one for all quotes, or one after each --quote.",
)  # fmt: skip
@click.option(
    "--quotes", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="CSV of printed quotes with the columns quote (or text) and speaker.",
)  # fmt: skip
@click.option("--from", "form", type=click.Choice(get_args(Form)), help="Type of ARTICLE, whatever its name.")
@click.option(
    "--format", "format", type=click.Choice(get_args(VerifyFormat)), default="text", show_default=True,
    help="Output format: readable text, the response of POST /quotes/verify, or a table.",
)  # fmt: skip
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8.")
@click.pass_obj
def verify(
    settings: Settings, /, article: str, quotes: tuple[str, ...], speakers: tuple[str, ...], file: Path | None,
    form: Form | None, format: VerifyFormat, bom: bool,
) -> None:  # fmt: skip
    """Verify printed quotes against an article.

    ARTICLE is plain text, a web page, a document, or - for standard input.

    The exit code is 0 if every quote is verbatim or edited as newsroom style allows, otherwise 1. docs/api.md explains
    the verdicts.
    """
    if bom and format != "csv":
        raise click.UsageError("--bom is for --format csv.")
    printed = [*_given(quotes, speakers), *(_in_file(file) if file is not None else ())]
    if not printed:
        raise click.UsageError("No quotes given. Use --quote, or --quotes for a file of quotes.")
    answer = _answer(settings, article, form, printed)
    if format == "csv":
        from service.output.csv_table import checks_to_csv

        sys.stdout.buffer.write((("\ufeff" if bom else "") + checks_to_csv(answer)).encode())
    elif format == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(_as_text(answer), nl=False)
    right = all(check["verdict"] in _RIGHT for check in answer["checks"])
    sys.exit(Exit.ALL_ANSWERED if right else Exit.SOME_REFUSED)


def _given(quotes: Sequence[str], speakers: Sequence[str]) -> list[dict[str, str]]:
    """Return the quotes of the command line. Raises click's `UsageError`."""
    if not speakers:
        return [{"text": quote} for quote in quotes]
    if len(speakers) not in (1, len(quotes)):
        raise click.UsageError(
            f"{len(quotes)} quotes have {len(speakers)} speakers. Give one for all, or one for each."
        )
    each = speakers if len(speakers) == len(quotes) else [speakers[0]] * len(quotes)
    return [{"text": quote, "speaker": speaker} for quote, speaker in zip(quotes, each, strict=True)]


def _in_file(path: Path) -> list[dict[str, str]]:
    """Return the quotes of a CSV. Raises click's `UsageError` if it has none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is not UTF-8 (byte {error.start}). Save it as CSV UTF-8.") from None
    header = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=max(_DELIMITERS, key=header.count))
    names = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    column = next((names[name] for name in _QUOTE_COLUMNS if name in names), None)
    if column is None:
        raise click.UsageError(f"{path} has no column 'quote' or 'text' in its first row.")
    speaker = names.get("speaker")
    rows = [(row[column], row[speaker] if speaker else None) for row in reader if (row[column] or "").strip()]
    return [{"text": quote, **({"speaker": who} if who else {})} for quote, who in rows]


def _answer(settings: Settings, path: str, form: Form | None, printed: list[dict[str, str]]) -> dict[str, Any]:
    """Return the response of `POST /quotes/verify`. Raises `InputError`, or what loading the model raises."""
    from service.files.processing import verified
    from service.parsing.load import load_parser

    inputs = find_inputs([path], form)
    if len(inputs) != 1 or inputs[0].form in SEVERAL:
        raise click.UsageError(f"{path} contains several articles, but verify takes one.")
    answer = verified(inputs[0], printed, load_parser, settings)
    if isinstance(answer, str):
        raise InputError(f"{one_line(path)}: {one_line(answer)}")
    return answer


def _as_text(answer: Mapping[str, Any]) -> str:
    """Format the verdicts as lines for reading, with a blank line between quotes."""
    names = {speaker["id"]: speaker["name"] for speaker in answer["speakers"]}
    parts = [f"Warning: {warning['detail']}" for warning in answer["warnings"]]
    for check in answer["checks"]:
        lines = [f"{check['verdict']}: {check['text']}"]
        if check["speaker"]:
            lines.append(f"  printed speaker: {check['speaker']}")
        if check["said_by"] and check["attribution"] != "same":
            lines.append(f"  in the article: {', '.join(names[speaker] for speaker in check['said_by'])}")
        if check["did_you_mean"]:
            lines.append(f"  did you mean: {', '.join(item['name'] for item in check['did_you_mean'])}?")
        if check["originals"] and check["verdict"] != "verbatim":
            lines.append(f"  original: {' … '.join(span['text'] for span in check['originals'])}")
        parts.append("\n".join(map(_line, lines)))
    return "\n\n".join(parts) + "\n"


def _line(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return " " * indent + one_line(text)
