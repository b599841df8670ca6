"""The representations of a response, by media type."""

from typing import Final

from service.extraction.report import Options, Report
from service.input.article import Article
from service.output.annotations import CONTEXT, to_annotations
from service.output.csv_table import to_csv
from service.output.marked_html import to_html
from service.output.rendering import render, to_json
from service.parsing.parser import ModelInfo

JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
CSV: Final = "text/csv"
HTML: Final = "text/html"
# With the Content-Type of each. The first is the default.
MEDIA_TYPES: Final = {
    JSON: JSON,
    JSON_LD: f'{JSON_LD}; profile="{CONTEXT}"',
    CSV: f"{CSV}; charset=utf-8; header=present",
    HTML: f"{HTML}; charset=utf-8",
}


def write(media_type: str, article: Article, report: Report, options: Options, model: ModelInfo) -> str:
    """Render the response about `article` as `media_type`, one of `MEDIA_TYPES`.

    Raises `BrokenPromise` if the report violates the contract, whatever the format.
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
