"""HTML as a tree, within limits: a page is what a stranger wrote.

libxml2 reads it, which repairs what is broken, knows no entities but HTML's own (none of which is longer written out
than it is long) and asks no network. What is too deep or too large for the steps behind it is refused here.
"""

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_DEPTH: Final = 200  # elements inside each other; libxml2 itself gives up at 256
MAX_ELEMENTS: Final = 30_000  # a long live blog has half as many
_STILL_READ: Final = 256
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what no tree of trafilatura's may hold


class Unreadable(Exception):
    """The page cannot be read as an article; the message says why, and what the limit is."""


def parse_html(html: str) -> HtmlElement:
    """Return the `html` element of the page. Raises `Unreadable` where it is empty, too deep or too large."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(_NO_XML.sub("", html).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise Unreadable("holds no article: it is empty.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" or "Excessive depth" in entry.message for entry in parser.error_log):
        raise Unreadable(f"is nested {_STILL_READ} elements deep or deeper; the limit is {MAX_DEPTH}.")
    elements, depth = _size(tree)
    if depth > MAX_DEPTH:
        raise Unreadable(f"is nested {depth} elements deep; the limit is {MAX_DEPTH}.")
    if elements > MAX_ELEMENTS:
        raise Unreadable(f"has {elements} elements; the limit is {MAX_ELEMENTS}. Send the article's part of it.")
    return tree


def _size(tree: HtmlElement) -> tuple[int, int]:
    """How many elements `tree` has, and how many stand inside each other at most."""
    elements = depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            elements, depth = elements + 1, depth + 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return elements, deepest
