"""The options that `pullquote extract` and `archive` share, and the exit codes (docs/cli.md)."""

from collections.abc import Callable
from enum import IntEnum
from functools import reduce
from typing import Any, Final, TypeVar, get_args

import click

from service.extraction.report import (
    FORM_OPTIONS,
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
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(get_args(QuoteKind)),
        help="Only quotes of this kind; repeatable.",
    ),
    click.option(
        "--statements",
        type=click.Choice(get_args(Statements)),
        help="all: include thoughts, feelings, plans and perceptions. Default: speech, or all with --cue-class.",
    ),
    click.option(
        "--cue-class",
        "cue_classes",
        multiple=True,
        type=click.Choice(get_args(CueClass)),
        help="Only quotes with a cue of this class; repeatable.",
    ),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        help=f"Minimum confidence of a quote. Default: {MIN_CONFIDENCE}.",
    ),
    click.option(
        "--min-speaker-confidence",
        type=click.FloatRange(0, 1),
        help="Minimum confidence of a speaker; less certain quotes are unattributed. Default: "
        f"{MIN_SPEAKER_CONFIDENCE}.",
    ),
    click.option("--unattributed", is_flag=True, help="Include quoted text without an attribution."),
    click.option("--furniture", is_flag=True, help="Include quotes in boilerplate around the article."),
    click.option("--nested", is_flag=True, help="Include quotes inside turns, block quotes and posts."),
    click.option(
        "--form", type=click.Choice(FORM_OPTIONS), help="Form of the articles. Default: auto, which detects it."
    ),
    click.option("--explain", is_flag=True, help="Add the decisions that led to each quote."),
    click.option("--offsets", type=click.Choice(get_args(OffsetUnit)), help="Unit of offsets. Default: codepoints."),
)


def _fields(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Convert `("text=body",)` to `{"text": "body"}`. Raises click's `BadParameter`."""
    from schemas.request import ARTICLE_FIELDS

    fields: dict[str, str] = {}
    for value in values:
        name, sign, column = value.partition("=")
        if not sign or not column or name not in ARTICLE_FIELDS:
            raise click.BadParameter(f"{value!r} is not FIELD=NAME, where FIELD is one of {', '.join(ARTICLE_FIELDS)}.")
        if name in fields:
            raise click.BadParameter(f"{name} is given twice.")
        fields[name] = column
    return fields


field_option: Final = click.option(
    "--field", "fields", multiple=True, metavar="FIELD=NAME", callback=_fields,
    help="Name of the column or JSON field to use for FIELD: --field text=body --field title=headline; repeatable.",
)  # fmt: skip


def answer_options(command: Command) -> Command:
    """Add these options to `command`, in this order."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given, as JSON has them. 0 counts as given."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if value is not None and value is not False and value != ()
    }


class Exit(IntEnum):
    """The exit codes."""

    ALL_ANSWERED = 0
    SOME_REFUSED = 1  # the other articles were processed
    USAGE = 2  # click's own: invalid command line
    UNUSABLE = 3  # a setting, the model or the output cannot be used; processing stops
    FAILED = 4  # blocks of an archive failed on every try; the others were processed
    CLUSTER_LOST = 5  # the head of the Ray cluster no longer responds
    BUG = 70  # an internal error (EX_SOFTWARE of sysexits.h), with a traceback
    STOPPED = 130  # by Ctrl-C: 128 + SIGINT
    BROKEN_PIPE = 141  # 128 + SIGPIPE: the reader closed the pipe, as `| head` does
