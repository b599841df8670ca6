"""Verify printed quotes against the article of a file, like `POST /quotes/verify`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from schemas.printed import load_verify_request
from service.errors import InputError, Invalid
from service.files.articles import articles_of
from service.files.inputs import Input, Refused
from service.files.processing import document_of, reason_of
from service.input.page_reader import PageReader
from service.parsing.parser import Parser
from service.pipeline import article_of, verification
from service.settings import Settings


def verified(
    file: Input, printed: Sequence[dict[str, str]], load: Callable[[Settings], Parser], settings: Settings
) -> dict[str, Any] | str:
    """Return the response about the `printed` quotes and the article of `file`, or the reason why it cannot be read.

    Raises `ModelError` if the model cannot be loaded.
    """
    (input_article,) = articles_of(file, settings.max_bytes)
    if isinstance(input_article, Refused):
        return input_article.reason
    try:
        document, _ = document_of(input_article, settings, {})
        assert isinstance(document, dict)
        request = {**document, "id": input_article.name, "quotes": list(printed)}
        fields, claims, options = load_verify_request(
            request, settings.max_characters, settings.max_quotes, settings.max_quote_words
        )
        article = article_of(fields, PageReader(settings.page_seconds), settings.max_characters, form=options.form)
        if input_article.form in ("pdf", "docx"):
            article = replace(article, text_found=True)
        return verification(article, load(settings), claims, options)
    except Invalid as error:
        return reason_of(error, input_article)
    except InputError as error:
        return str(error)
