"""The formats of `--format`: how a result is written, and its file name."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from service.article.article import Article
from service.extraction.report import Options, Report
from service.files.wanted import FormatName, Look, Wanted
from service.rendering import to_json
from service.representations.csv_table import to_csv
from service.representations.marked_html import to_html
from service.representations.speeches import to_text


@dataclass(frozen=True, slots=True)
class Answer:
    """The data available to a format. `document` is the response as JSON, checked."""

    article: Article
    report: Report
    options: Options
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """An output format. `top` is written once before the first result; a format that is not `joined` holds one article
    per file."""

    suffix: str
    write: Callable[[Answer, Look], str]
    top: str = ""
    joined: bool = True


def _csv(answer: Answer, _: Look) -> str:
    return to_csv(answer.article, answer.report, answer.options.offsets, header=False)


def _text(answer: Answer, look: Look) -> str:
    return to_text(answer.article, answer.report, look.width, styled=look.styled, coloured=look.coloured)


CSV_HEADER: Final = to_csv(Article(""), Report())
BOM: Final = "\ufeff"  # lets Excel detect UTF-8
FORMATS: Final[dict[FormatName, Format]] = {
    "jsonl": Format(".jsonl", lambda answer, _: to_json(answer.document) + "\n"),
    "json": Format(".json", lambda answer, _: json.dumps(answer.document, ensure_ascii=False, indent=2) + "\n"),
    "csv": Format(".csv", _csv, top=CSV_HEADER),
    "html": Format(".html", lambda answer, _: to_html(answer.article, answer.report), joined=False),
    "text": Format(".txt", _text),
}


def format_of(wanted: Wanted) -> Format:
    """Return the requested format, with a byte order mark in its header if requested."""
    form = FORMATS[wanted.format]
    return replace(form, top=BOM + form.top) if wanted.bom else form
