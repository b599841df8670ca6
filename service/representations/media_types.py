"""The forms in which an answer can be had, by media type."""

from typing import Final

from service.article.article import Article
from service.extraction.report import Options, Report
from service.parsing.parser import ModelInfo
from service.rendering import render, to_json
from service.representations.annotations import CONTEXT, to_annotations
from service.representations.csv_table import to_csv
from service.representations.marked_html import to_html

JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
CSV: Final = "text/csv"
HTML: Final = "text/html"
# With what each is sent with. The first is for who asks for nothing, or for anything.
MEDIA_TYPES: Final = {
    JSON: JSON,
    JSON_LD: f'{JSON_LD}; profile="{CONTEXT}"',
    CSV: f"{CSV}; charset=utf-8; header=present",
    HTML: f"{HTML}; charset=utf-8",
}


def write(media_type: str, article: Article, report: Report, options: Options, model: ModelInfo) -> str:
    """Return the answer about `article` in the form of `media_type`, one of `MEDIA_TYPES`.

    Raises `BrokenPromise` where the report cannot be told as the contract wants it, whatever its form.
    """
    document = render(article, report, options, model)
    match media_type:
        case "application/ld+json":
            return to_annotations(article, report, model)
        case "text/csv":
            return to_csv(article, report, options.offsets)
        case "text/html":
            return to_html(article, report)
        case _:
            return to_json(document) + "\n"
