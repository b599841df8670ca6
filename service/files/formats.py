"""The formats of `--format`: how an answer is written, and into a file of what name."""

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
    """All that a format may tell of an article. `document` is the answer as JSON, checked."""

    article: Article
    report: Report
    options: Options
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """How an answer is written. `top` stands once before the first; one that is not `joined` stands alone."""

    suffix: str
    write: Callable[[Answer, Look], str]
    top: str = ""
    joined: bool = True


def _csv(answer: Answer, _: Look) -> str:
    return to_csv(answer.article, answer.report, answer.options.offsets, header=False)


def _text(answer: Answer, look: Look) -> str:
    return to_text(answer.article, answer.report, look.width, styled=look.styled, coloured=look.coloured)


CSV_HEADER: Final = to_csv(Article(""), Report())
BOM: Final = "\ufeff"  # by which Excel knows UTF-8
FORMATS: Final[dict[FormatName, Format]] = {
    "jsonl": Format(".jsonl", lambda answer, _: to_json(answer.document) + "\n"),
    "json": Format(".json", lambda answer, _: json.dumps(answer.document, ensure_ascii=False, indent=2) + "\n"),
    "csv": Format(".csv", _csv, top=CSV_HEADER),
    "html": Format(".html", lambda answer, _: to_html(answer.article, answer.report), joined=False),
    "text": Format(".txt", _text),
}


def format_of(wanted: Wanted) -> Format:
    """The format that is wanted, with a byte order mark at its top where one is."""
    form = FORMATS[wanted.format]
    return replace(form, top=BOM + form.top) if wanted.bom else form
