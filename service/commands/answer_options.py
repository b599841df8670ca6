"""The options of an answer on the command line: those that a request of the API has too."""

from collections.abc import Callable
from functools import reduce
from typing import Any, Final, TypeVar, get_args

import click

from service.extraction.report import (
    MIN_CONFIDENCE,
    MIN_SPEAKER_CONFIDENCE,
    CueClass,
    OffsetUnit,
    QuoteKind,
    Statements,
)

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS: Final = (
    click.option(
        "--kind", "kinds", multiple=True, type=click.Choice(get_args(QuoteKind)), help="Only this kind; repeatable."
    ),
    click.option(
        "--statements",
        type=click.Choice(get_args(Statements)),
        help="all: thoughts, feelings, plans and perceptions too; speech by default, all with --cue-class.",
    ),
    click.option(
        "--cue-class",
        "cue_classes",
        multiple=True,
        type=click.Choice(get_args(CueClass)),
        help="Only quotes that such words report; repeatable.",
    ),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        help=f"Only quotes as sure as this; {MIN_CONFIDENCE} by default.",
    ),
    click.option(
        "--min-speaker-confidence",
        type=click.FloatRange(0, 1),
        help=f"Name no speaker less sure than this; {MIN_SPEAKER_CONFIDENCE} by default.",
    ),
    click.option("--unattributed", is_flag=True, help="Also quoted stretches that nobody is said to have spoken."),
    click.option("--furniture", is_flag=True, help="Also quotes in what the page wraps round the article."),
    click.option("--explain", is_flag=True, help="Tell the choices that led to each quote."),
    click.option(
        "--offsets", type=click.Choice(get_args(OffsetUnit)), help="The unit of offsets; codepoints by default."
    ),
)


def _fields(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`("text=body",)` as `{"text": "body"}`. Raises click's `BadParameter`."""
    from schemas.line import ARTICLE_FIELDS

    fields: dict[str, str] = {}
    for value in values:
        name, sign, theirs = value.partition("=")
        if not sign or not theirs or name not in ARTICLE_FIELDS:
            raise click.BadParameter(f"{value!r} is not FIELD=NAME; FIELD is one of {', '.join(ARTICLE_FIELDS)}.")
        if name in fields:
            raise click.BadParameter(f"{name} is given twice.")
        fields[name] = theirs
    return fields


field_option: Final = click.option(
    "--field", "fields", multiple=True, metavar="FIELD=NAME", callback=_fields,
    help="The name under which lines or columns have a field: --field text=body --field title=headline; repeatable.",
)  # fmt: skip


def answer_options(command: Command) -> Command:
    """Give `command` these options, in this order."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def given(options: dict[str, Any]) -> dict[str, Any]:
    """Those of `options` that were given, as JSON has them; 0 is a number like others."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if value is not None and value is not False and value != ()
    }
