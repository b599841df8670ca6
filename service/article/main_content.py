"""Which blocks of a page are its article: trafilatura says what is main content, the page's own blocks keep the text.

trafilatura decides by the whole page (containers, link density, text length) and gives running text only: it leaves out
captions and pull quotes, and its text has lost where inline tags stood. So its answer is laid over the page's blocks,
letters over letters, and the headline, the captions and the pull quotes between its first block and its last are
added. Where a page has its text in JSON-LD only, that is read.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from service.article.html_blocks import HtmlBlock, html_blocks
from service.article.page_metadata import PageMetadata, linked_data, read_metadata

_NO_LETTER: Final = re.compile(r"[\W_]+")
_TAG: Final = re.compile(r"</?(?:p|br|div|h\d|em|i|b|strong|a|span|ul|li|blockquote)\b[^<>]*>", re.I)
_GRAM: Final = 16  # letters; a run of so many is hardly ever in a text by chance
_STRIDE: Final = 8
_SAME: Final = 0.8  # of a block's runs stand in the main content, or it is not in it
_COVERED: Final = 0.5  # of the main content's letters are in blocks, or it came from elsewhere
_UNITS: Final = frozenset({"p", "head", "item", "quote", "cell", "row", "list", "table", "lb", "ab", "code", "div"})
_REACH: Final = 6  # units, or blocks, that a short block may stand from its neighbour
_PARTS: Final = frozenset({"caption", "pullquote", "aside"})  # what is no running text
_PULLED_WORDS: Final = 4  # an aside with fewer words repeats the text by chance
_LATEST: Final = "2999-12-31"  # trafilatura's default is today, and an answer must not change with the day


@dataclass(frozen=True, slots=True)
class MainContent:
    """A page's article: its blocks in order, and what the page says of it."""

    blocks: tuple[HtmlBlock, ...]
    metadata: PageMetadata


def main_content(tree: HtmlElement) -> MainContent:
    """Return the article of a page; without blocks where trafilatura finds no main content. Leaves `tree` as it is."""
    blocks = html_blocks(tree)
    document = _extracted(tree)
    metadata = read_metadata(tree, document)
    if document is None:
        return MainContent((), metadata)
    units = [key for key in map(_key, _texts(document.body)) if key]
    kept = _kept(blocks, units)
    if sum(len(_key(blocks[at].text)) for at in kept) < _COVERED * sum(map(len, units)):
        chosen = _from_elsewhere(tree, document.body, units)
    else:
        chosen = list(_with_its_parts(blocks, kept, document.title))
    return MainContent(tuple(chosen), metadata)


def _extracted(tree: HtmlElement) -> Document | None:
    """What trafilatura finds. It logs what it does not like, and pages are not logged here."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    cells = list(tree.iter("td", "th"))
    spans = [(cell, dict(cell.attrib)) for cell in cells]
    inline = list(tree.iter("q"))
    for quote in inline:  # it takes one for a block, and breaks the paragraph there
        quote.tag = "span"
    for cell in cells:  # it lays tables out as a grid, and a page can claim one of millions of columns
        cell.attrib.pop("colspan", None)
        cell.attrib.pop("rowspan", None)
    dates: dict[str, Any] = {"original_date": True, "extensive_search": False, "max_date": _LATEST}
    try:
        answer = bare_extraction(
            tree, options=Extractor(comments=False, with_metadata=True, date_params=dates, formatting=False)
        )
    finally:
        for cell, attributes in spans:
            cell.attrib.update(attributes)
        for quote in inline:
            quote.tag = "q"
    return answer if isinstance(answer, Document) else None


def _key(text: str) -> str:
    """What is left of `text` however white space, punctuation and capitals are written."""
    return _NO_LETTER.sub("", text).casefold()


def _texts(body: Any) -> Iterator[str]:
    """The texts of trafilatura's blocks."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _UNITS and pieces:
            yield "".join(pieces)
            pieces.clear()
        pieces.append((element.text if event == "start" else element.tail) or "")
    yield "".join(pieces)


def _kept(blocks: Sequence[HtmlBlock], units: Sequence[str]) -> list[int]:
    """The indices of the blocks that stand in the main content, whose blocks' letters are `units`.

    A long block is known by its letters. A short one ("No.") could stand anywhere, and counts only where the main
    content goes on with it, or begins with it right before its first long block.
    """
    keys = [_key(block.text) for block in blocks]
    left = Counter(units)
    where = {unit[at : at + _GRAM]: n for n, unit in enumerate(units) for at in range(len(unit) - _GRAM + 1)}
    kept: list[int] = []
    place: int | None = None  # the unit that the last block stood in
    for at, key in enumerate(keys):
        if len(key) >= _GRAM:
            unit = _unit_of(key, where)
            if unit is None and "\n" in blocks[at].text:
                unit = _unit_of_lines(blocks[at].text, units, where)
        elif place is not None:
            unit = next((n for n in range(place, min(place + _REACH, len(units))) if units[n] == key), None)
        else:
            continue
        if unit is None or (key in left and not left[key]):
            continue
        if place is None:
            kept += _leading(keys, at, units[:unit])
        left[key] -= key in left
        place = unit
        kept.append(at)
    return kept


def _leading(keys: Sequence[str], first: int, units: Sequence[str]) -> list[int]:
    """The indices, in order, of the blocks a little before the block `first` that are `units`."""
    found: list[int] = []
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        if len(found) < len(units) and keys[at] == units[-1 - len(found)]:
            found.insert(0, at)
    return found


def _unit_of(key: str, where: dict[str, int]) -> int | None:
    """The unit that most of the letters of `key` stand in, in runs, or None."""
    places = [where.get(key[at : at + _GRAM]) for at in range(0, len(key) - _GRAM + 1, _STRIDE)]
    found = [place for place in places if place is not None]
    return found[-1] if len(found) >= _SAME * len(places) else None


def _unit_of_lines(text: str, units: Sequence[str], where: dict[str, int]) -> int | None:
    """The last unit that a block stands in whose lines are units of their own: trafilatura ends one at each `<br>`."""
    found = letters = 0
    last: int | None = None
    for key in filter(None, map(_key, text.splitlines())):
        letters += len(key)
        unit = _unit_of(key, where) if len(key) >= _GRAM else next((n for n, u in enumerate(units) if u == key), None)
        if unit is not None:
            found, last = found + len(key), unit
    return last if letters and found >= _SAME * letters else None


def _with_its_parts(blocks: Sequence[HtmlBlock], kept: Sequence[int], title: str | None) -> Iterator[HtmlBlock]:
    """The kept blocks, the headline above them, the captions and pull quotes among them, and a caption below them.

    An aside is a pull quote where it says again what the text says, and else no part of the article.
    """
    running = {at for at in kept if blocks[at].kind not in _PARTS}
    if not running:
        return
    headline = _headline(blocks, min(running), title)
    told = "".join(_key(blocks[at].text) for at in sorted(running))
    last = max(running)
    while last + 1 < len(blocks) and blocks[last + 1].kind == "caption":  # a picture below the text
        last += 1
    for at in range(min(running) if headline is None else headline, last + 1):
        block = blocks[at]
        if at == headline:
            yield replace(block, kind="headline")
        elif at in running or block.kind in {"caption", "pullquote"}:
            yield block
        elif block.kind == "aside" and len(block.text.split()) >= _PULLED_WORDS and _key(block.text) in told:
            yield replace(block, kind="pullquote")


def _headline(blocks: Sequence[HtmlBlock], first: int, title: str | None) -> int | None:
    """The index of the heading that is the article's: the last one at or before `first` that says the page's title,
    else the last of the first order."""
    headings = [at for at in range(first + 1) if blocks[at].kind in {"headline", "heading"}]
    called = [at for at in headings if title and _key(blocks[at].text) == _key(title)]
    return max(called or [at for at in headings if blocks[at].kind == "headline"], default=None)


def _from_elsewhere(tree: HtmlElement, body: Any, units: Sequence[str]) -> list[HtmlBlock]:
    """The blocks of a text that is not in the page's own: in JSON-LD, or else as trafilatura tells it."""
    told = "".join(units)
    for text in _article_bodies(tree):
        if _key(text)[:_GRAM] in told or _key(_TAG.sub("", text))[:_GRAM] in told:
            if _TAG.search(text):
                return html_blocks(fragment_fromstring(text, create_parent="div"))
            return [HtmlBlock(line) for line in map(str.strip, text.splitlines()) if _key(line)]
    return [HtmlBlock(text.strip()) for text in _texts(body) if _key(text)]


def _article_bodies(tree: HtmlElement) -> Iterator[str]:
    """Every `articleBody` (schema.org) of the page's JSON-LD."""
    for node in linked_data(tree):
        if isinstance(node.get("articleBody"), str):
            yield unescape(node["articleBody"])
