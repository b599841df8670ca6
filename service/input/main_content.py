"""Select the blocks of a page that are its article, based on the main content that trafilatura finds.

trafilatura decides by the whole page (containers, link density, text length) but returns running text only, without
captions and pull quotes, and loses white space at inline tags. Its result is therefore aligned with the page's own
blocks, by letters and digits alone. Paragraphs in further containers of the same kind are added, and so are the
headline, captions and pull quotes between the first and the last block; text of another `<article>` is removed. If a
page has its text in JSON-LD only, that is used.
"""

import logging
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import accumulate
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from service.input.html_blocks import HtmlBlock, html_blocks
from service.input.page_metadata import PageMetadata, linked_data, read_metadata

GRAM: Final = 16  # letters; a run of this length rarely recurs by chance
_NO_LETTER: Final = re.compile(r"[\W_]+")
_STRIDE: Final = 8
_SAME: Final = 0.8  # minimum share of a block's runs found in the main content
_REACH: Final = 6  # maximum distance of a short block from its neighbour, in units or blocks
_NEAR: Final = 120  # or in letters, since table cells are short


def letters(text: str) -> str:
    """Return the letters and digits of `text`, case-folded."""
    return _NO_LETTER.sub("", text).casefold()


def aligned(blocks: Sequence[HtmlBlock], units: Sequence[str]) -> list[int]:
    """Return the indices of the blocks that occur in the main content.

    `units` are the letters of the main content's blocks. A long block is found by its letters, wherever trafilatura
    breaks it. A short one ("No.") could occur anywhere; it counts only if the main content continues with it, or begins
    with it directly before the first long block.
    """
    content = "".join(units)
    starts = [0, *accumulate(map(len, units))]
    positions = {content[at : at + GRAM]: at for at in range(len(content) - GRAM + 1)}
    keys = [letters(block.text) for block in blocks]
    remaining = Counter(units)
    matched: list[int] = []
    unit: int | None = None  # unit in which the last block ends
    for at, key in enumerate(keys):
        result = _end_in(key, content, positions, starts, unit)
        if result is None and "\n" in blocks[at].text:
            result = _end_of_lines(blocks[at].text, content, positions, starts)
        if result is None or (key in remaining and not remaining[key]):
            continue
        if unit is None:
            matched += _leading(keys, at, content[: result - len(key)], starts)
        remaining[key] -= key in remaining
        unit = bisect_right(starts, result - 1) - 1
        matched.append(at)
    return matched


def _end_in(key: str, content: str, positions: dict[str, int], starts: Sequence[int], unit: int | None) -> int | None:
    """Return the end of the block `key` in the main content's letters, or None.

    `unit` is the unit in which the previous block ends.
    """
    if unit is not None:
        for start in starts[unit : max(unit + _REACH, bisect_right(starts, starts[unit] + _NEAR))]:
            end = start + len(key)
            if content.startswith(key, start) and starts[bisect_left(starts, end)] == end:
                return end
    runs = range(0, len(key) - GRAM + 1, _STRIDE)
    ends = [positions[run] + len(key) - at for at in runs if (run := key[at : at + GRAM]) in positions]
    return min(ends[-1], len(content)) if runs and len(ends) >= _SAME * len(runs) else None


def _end_of_lines(text: str, content: str, positions: dict[str, int], starts: Sequence[int]) -> int | None:
    """Return the end of the last matching line of a block whose lines occur in another order or with gaps."""
    result = total = 0
    last: int | None = None
    for key in filter(None, map(letters, text.splitlines())):
        total += len(key)
        end = _end_in(key, content, positions, starts, None)
        if end is not None:
            result, last = result + len(key), end
    return last if result >= _SAME * total else None


def _leading(keys: Sequence[str], first: int, before: str, starts: Sequence[int]) -> list[int]:
    """Return the indices of blocks shortly before the block `first` whose letters end `before`, in order."""
    result: list[int] = []
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        start = len(before) - len(keys[at])
        if before.endswith(keys[at]) and starts[bisect_left(starts, start)] == start:
            result.insert(0, at)
            before = before[:start]
    return result


_TAG: Final = re.compile(r"</?(?:p|br|div|h\d|em|i|b|strong|a|span|ul|li|blockquote)\b[^<>]*>", re.I)
_COVERED: Final = 0.4  # minimum share of the main content's letters to be found in blocks
_UNITS: Final = frozenset({"p", "head", "item", "quote", "cell", "row", "list", "table", "lb", "ab", "code", "div"})
_MIN_PARAGRAPHS: Final = 3  # paragraphs needed to recognize a container of text
_PARAGRAPH: Final = 60  # characters
_CLASS: Final = re.compile(r" \S")  # class of an element, after its name
_SAME_CAPTION: Final = 60  # letters by which captions are compared
_PARTS: Final = frozenset({"caption", "pullquote", "aside"})  # not running text
_PULLED_WORDS: Final = 4  # shorter asides can repeat the text by chance
_LATEST: Final = "2999-12-31"  # trafilatura's default is today, and results must not depend on the date


@dataclass(frozen=True, slots=True)
class MainContent:
    """A page's article: its blocks in order, and its metadata."""

    blocks: tuple[HtmlBlock, ...]
    metadata: PageMetadata


def main_content(tree: HtmlElement) -> MainContent:
    """Return the article of a page, without blocks if trafilatura finds no main content.

    Does not change `tree`.
    """
    blocks = html_blocks(tree)
    document = _extracted(tree)
    metadata = read_metadata(tree, document)
    if document is None:
        return MainContent((), metadata)
    units = [key for key in map(letters, _texts(document.body)) if key]
    selected = aligned(blocks, units)
    if sum(len(letters(blocks[at].text)) for at in selected) < _COVERED * sum(map(len, set(units))):
        article_blocks = _fallback_blocks(tree, document.body, units)
    else:
        selected = _without_other_stories(
            blocks, sorted({*selected, *_continued(blocks, selected), *_credits(blocks, selected)})
        )
        article_blocks = list(_with_headline_and_captions(blocks, selected, document.title))
    return MainContent(tuple(article_blocks), metadata)


def _extracted(tree: HtmlElement) -> Document | None:
    """Return trafilatura's result. Its log messages are suppressed, because they can contain text of the page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    cells = list(tree.iter("td", "th"))
    spans = [(cell, dict(cell.attrib)) for cell in cells]
    inline = list(tree.iter("q"))
    for quote in inline:  # trafilatura treats it as a block and breaks the paragraph
        quote.tag = "span"
    for cell in cells:  # trafilatura builds a grid, and a page can declare millions of columns
        cell.attrib.pop("colspan", None)
        cell.attrib.pop("rowspan", None)
    dates: dict[str, Any] = {"original_date": True, "extensive_search": False, "max_date": _LATEST}
    try:
        result = bare_extraction(
            tree, options=Extractor(comments=False, with_metadata=True, date_params=dates, formatting=False)
        )
    finally:
        for cell, attributes in spans:
            cell.attrib.update(attributes)
        for quote in inline:
            quote.tag = "q"
    return result if isinstance(result, Document) else None


def _texts(body: Any) -> Iterator[str]:
    """Yield the texts of trafilatura's blocks."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _UNITS and pieces:
            yield "".join(pieces)
            pieces.clear()
        pieces.append((element.text if event == "start" else element.tail) or "")
    yield "".join(pieces)


def _continued(blocks: Sequence[HtmlBlock], selected: Sequence[int]) -> Iterator[int]:
    """Yield the indices of later paragraphs with the same enclosing elements as the `selected` ones.

    These are further containers of the article; trafilatura takes only the first. Another headline below the text
    begins another article.
    """
    paths = Counter(
        blocks[at].path for at in selected if _is_paragraph(blocks[at]) and _CLASS.search("/".join(blocks[at].path))
    )
    if not paths:
        return
    path, paragraphs = paths.most_common(1)[0]
    first = next(at for at in selected if blocks[at].path == path)
    if paragraphs < _MIN_PARAGRAPHS:
        return
    for at in range(first, len(blocks)):
        if blocks[at].kind == "headline":
            return
        if blocks[at].path == path and _is_paragraph(blocks[at]):
            yield at


def _credits(blocks: Sequence[HtmlBlock], selected: Sequence[int]) -> Iterator[int]:
    """Yield the indices of the footers and citations of the block quotes among the `selected` blocks."""
    quotes = {blocks[at].blockquote for at in selected} - {0}
    yield from (at for at, block in enumerate(blocks) if block.credit and block.blockquote in quotes)


def _without_other_stories(blocks: Sequence[HtmlBlock], selected: list[int]) -> list[int]:
    """Return the `selected` blocks without those of another story.

    Another story is in a different `<article>` than the one with headline and text, or repeats the text from its
    beginning.
    """
    first = next((at for at in selected if _is_paragraph(blocks[at])), None)
    if first is None:
        return selected
    article_number = blocks[first].article
    if article_number and any(
        block.kind == "headline" and block.article == article_number for block in blocks[: first + 1]
    ):
        selected = [at for at in selected if blocks[at].article in {0, article_number}]
    paragraphs = [at for at in selected if _is_paragraph(blocks[at])]
    texts = [blocks[at].text for at in paragraphs]
    for start in range(_MIN_PARAGRAPHS, len(texts)):
        if texts[start : start + _MIN_PARAGRAPHS] == texts[:_MIN_PARAGRAPHS]:
            return [at for at in selected if at < paragraphs[start]]
    return selected


def _is_paragraph(block: HtmlBlock) -> bool:
    return block.kind == "text" and not block.linked and len(block.text) >= _PARAGRAPH


def _with_headline_and_captions(
    blocks: Sequence[HtmlBlock], selected: Sequence[int], title: str | None
) -> Iterator[HtmlBlock]:
    """Yield the kept blocks, the headline above them, and the captions and pull quotes among and next to them.

    A caption that a gallery repeats or shortens is yielded once. An aside is a pull quote if it repeats the text; other
    asides are not part of the article.
    """
    running_text = {at for at in selected if blocks[at].kind not in _PARTS}
    if not running_text:
        return
    text_letters = "".join(letters(blocks[at].text) for at in sorted(running_text))
    first, last = min(running_text), max(running_text)
    headline = _headline(blocks, first, title)
    while first > 0 and blocks[first - 1].kind == "caption":  # a picture above the text
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind == "caption":  # a picture below the text
        last += 1
    captions: set[str] = set()
    for at in range(first if headline is None else headline, last + 1):
        block = blocks[at]
        key = letters(block.text)
        is_repeated = key[:_SAME_CAPTION] in captions
        if at == headline:
            yield replace(block, kind="headline")
        elif at in running_text or block.kind == "pullquote" or (block.kind == "caption" and not is_repeated):
            yield block
        elif block.kind == "aside" and len(block.text.split()) >= _PULLED_WORDS and key in text_letters:
            yield replace(block, kind="pullquote")
        if block.kind == "caption":
            captions.add(key[:_SAME_CAPTION])


def _headline(blocks: Sequence[HtmlBlock], first: int, title: str | None) -> int | None:
    """Return the index of the article's heading.

    This is the last heading at or before `first` that contains the page's title, else the last one of level 1.
    """
    headings = [at for at in range(first + 1) if blocks[at].kind in {"headline", "heading"}]
    matching = [at for at in headings if title and letters(blocks[at].text) == letters(title)]
    return max(matching or [at for at in headings if blocks[at].kind == "headline"], default=None)


def _fallback_blocks(tree: HtmlElement, body: Any, units: Sequence[str]) -> list[HtmlBlock]:
    """Return blocks for a text that is missing from the page's own blocks: from JSON-LD, else from trafilatura."""
    content_letters = "".join(units)
    for text in _article_bodies(tree):
        if letters(text)[:GRAM] in content_letters or letters(_TAG.sub("", text))[:GRAM] in content_letters:
            if _TAG.search(text):
                return html_blocks(fragment_fromstring(text, create_parent="div"))
            return [HtmlBlock(line) for line in map(str.strip, text.splitlines()) if letters(line)]
    return [HtmlBlock(text.strip()) for text in _texts(body) if letters(text)]


def _article_bodies(tree: HtmlElement) -> Iterator[str]:
    """Yield every `articleBody` (schema.org) of the page's JSON-LD."""
    for node in linked_data(tree):
        if isinstance(node.get("articleBody"), str):
            yield unescape(node["articleBody"])
