"""A web page as the text of its article, with what its markup says of it. Pure: the page in, values out."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from service.input.article import Section
from service.input.html_blocks import HtmlBlock, Kind, Unreadable, parse_html
from service.input.main_content import main_content

_SECTIONS: Final[dict[Kind, Section]] = {
    "headline": "headline",
    "heading": "headline",
    "caption": "caption",
    "pullquote": "pullquote",
}


class Markup(NamedTuple):
    """What the markup says of `text[start:end]`.

    Which part of the page it is, if it says so; whether it is a list item, all links, and the row of a table.
    """

    start: int
    end: int
    section: Section | None
    listed: bool
    linked: bool
    row: bool


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page's article: its text, a blank line between its blocks, and what the page says of it."""

    text: str
    markup: tuple[Markup, ...]
    title: str | None = None
    byline: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    site_name: str | None = None


def read_page(html: str) -> WebPage:
    """Return the article of a page. Raises `Unreadable` where the page has none, or is beyond a limit.

    Nothing is fetched, whatever the page refers to.
    """
    main = main_content(parse_html(html))
    if not main.blocks:
        raise Unreadable("holds no article: no main text was found in it.")
    markup: list[Markup] = []
    end = 0
    for block in main.blocks:
        start = end + 2 if markup else 0
        end = start + len(block.text)
        markup.append(Markup(start, end, _section(block), block.kind == "item", block.linked, block.kind == "row"))
    text = "\n\n".join(block.text for block in main.blocks)
    about = main.metadata
    return WebPage(
        text,
        tuple(markup),
        title=about.title,
        byline=about.byline,
        published_at=about.published_at,
        language=about.language,
        url=about.url,
        site_name=about.site_name,
    )


def _section(block: HtmlBlock) -> Section | None:
    """What part of the page the block is. A heading that is all link leads to another story."""
    return None if block.kind == "heading" and block.linked else _SECTIONS.get(block.kind)
