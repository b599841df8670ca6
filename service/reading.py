"""What a request says of its article as an `Article`: the text as it was sent, or the article of a page."""

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
    """Return the article that `fields` (of `load_request`) are about, with what users should be warned of.

    `extra` are fields of its line that a request does not have, as a JSON object.

    Raises `Invalid` where a page has no article, one longer than `max_characters`, or one that is not in English.
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
        raise _refused(f"holds an article of {len(article.text)} characters; the limit is {max_characters}.")
    if article.language and not is_english(article.language):
        raise _refused(
            f"says that its language is '{article.language}'; only English can be read. Where it is wrong, "
            "send language too."
        )
    if not any(one.section == "body" and is_prose(article.slice(one.span)) for one in article.paragraphs):
        raise _refused(f"holds no article: none of its {len(article.paragraphs)} blocks of text is a sentence of it.")
    return article


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/html", detail),))
