"""Extracts the article of a web page, with what its markup states about each block.

Pure functions without network access.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from service.input.article import Section
from service.input.html_blocks import HtmlBlock, Kind, Unreadable, parse_html

_SECTIONS: Final[dict[Kind, Section]] = {
    "headline": "headline",
    "heading": "headline",
    "caption": "caption",
    "pullquote": "pullquote",
}


class Markup(NamedTuple):
    """Properties of `text[start:end]` from the page's markup.

    `section` is the part of the page, if the markup states it; `bold` the number of characters at the start in bold
    type; `blockquote` the number of the block quote that contains the text, 0 for none; `credit` whether the text is
    the credit of that quote.
    """

    start: int
    end: int
    section: Section | None
    listed: bool
    linked: bool
    row: bool
    bold: int = 0
    blockquote: int = 0
    credit: bool = False


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page's article: its text, with a blank line between blocks, and the page's metadata."""

    text: str
    markup: tuple[Markup, ...]
    title: str | None = None
    byline: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    site_name: str | None = None


def read_page(html: str) -> WebPage:
    """Return the article of a page.

    Raises `Unreadable` if the page has none or exceeds a limit. Nothing that the page refers to is fetched.
    """
    # trafilatura takes 0.2 s to import, and only the process that reads pages needs it.
    from service.input.main_content import main_content

    main = main_content(parse_html(html))
    if not main.blocks:
        raise Unreadable("has no article: no main text was found in it.")
    markup: list[Markup] = []
    end = 0
    for block in main.blocks:
        start = end + 2 if markup else 0
        end = start + len(block.text)
        listed, row = block.kind == "item", block.kind == "row"
        properties = (block.linked, row, block.bold, block.blockquote, block.credit)
        markup.append(Markup(start, end, _section(block), listed, *properties))
    text = "\n\n".join(block.text for block in main.blocks)
    metadata = main.metadata
    return WebPage(
        text,
        tuple(markup),
        title=metadata.title,
        byline=metadata.byline,
        published_at=metadata.published_at,
        language=metadata.language,
        url=metadata.url,
        site_name=metadata.site_name,
    )


def _section(block: HtmlBlock) -> Section | None:
    """Return the part of the page that the block belongs to. A heading that is all link leads to another story."""
    return None if block.kind == "heading" and block.linked else _SECTIONS.get(block.kind)
