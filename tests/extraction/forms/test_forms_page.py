"""The examples of docs/forms.md have the results of the service with the embedded model."""

from typing import Any

import pytest

from benchmarks.pages import read_between
from service.extraction.forms.recognition import with_form
from service.extraction.report import Options
from service.input.paragraphs import read_article, read_page_article
from service.input.web_page import read_page
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from tests.forms_page import PAGE, examples, sections

_PAGE = (
    '<!doctype html><html lang="en"><head><title>Pier fell</title></head><body><article><h1>Pier fell</h1>{}</article>'
    "</body></html>"
)


def test_page_shows_the_examples() -> None:
    assert read_between(PAGE, "forms") == sections().rstrip("\n"), "run python -m tests.forms_page"


@pytest.mark.model
@pytest.mark.parametrize("example", examples(), ids=lambda one: one["title"])
def test_each_form_has_the_answer_that_the_page_shows(example: dict[str, Any], kept_parser: Parser) -> None:
    page = example.get("html")
    article = read_article(example["text"]) if page is None else read_page_article(read_page(_PAGE.format(page)))
    article = with_form(article)
    report = quotes_of(article, kept_parser, Options())
    answer = [
        [
            quote.form,
            "-" if quote.speaker is None else report.speakers[quote.speaker].name,
            " ".join(" ".join(article.slice(span).split()) for span in quote.contents),
        ]
        for quote in report.quotes
    ]
    assert (article.form, answer) == (example["form"], example["answer"])
