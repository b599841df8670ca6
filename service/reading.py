"""Build an `Article` from a request: from its text, or from the article on its web page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schemas.request import is_english
from service.account import stage
from service.article.article import Article
from service.article.furniture import is_prose
from service.article.html_tree import Unreadable
from service.article.input_warnings import find_warnings
from service.article.page_reader import PageReader
from service.article.paragraphs import read_article, read_page_article
from service.errors import Fault, Invalid


def article_of(fields: Mapping[str, Any], pages: PageReader, max_characters: int, extra: str | None = None) -> Article:
    """Return the article of a request's `fields` (see `load_request`), with its warnings.

    `extra` are the other fields of its line, as a JSON object.

    Raises `Invalid` if a page has no article, one longer than `max_characters`, or one that is not in English.
    """
    with stage("article"):
        article = read_article(**fields) if "html" not in fields else _page_article(fields, pages, max_characters)
        return replace(article, warnings=find_warnings(article), extra=extra)


def _page_article(fields: Mapping[str, Any], pages: PageReader, max_characters: int) -> Article:
    given = {name: value for name, value in fields.items() if name != "html"}
    try:
        article = read_page_article(pages.read(fields["html"]), **given)
    except Unreadable as error:
        raise _refused(str(error)) from None
    if len(article.text) > max_characters:
        raise _refused(
            f"has an article of {len(article.text)} characters; the limit is {max_characters}. Send it in parts."
        )
    if article.language and not is_english(article.language):
        raise _refused(
            f"declares the language '{article.language}'; only English is supported. If the "
            "declaration is wrong, send language too."
        )
    if not any(one.section == "body" and is_prose(article.slice(one.span)) for one in article.paragraphs):
        raise _refused(
            f"has no article: no article text was found on the page (text blocks: {len(article.paragraphs)})."
        )
    return article


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/html", detail),))
