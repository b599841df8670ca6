"""Parses an HTML page within limits and lists its text as blocks, with the properties that the markup gives them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_DEPTH: Final = 200  # nested elements; libxml2's own limit is 256
MAX_ELEMENTS: Final = 30_000  # a long live blog has half as many
_PARSER_DEPTH: Final = 256  # libxml2 stops here
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not valid in XML


class Unreadable(Exception):
    """The page cannot be read as an article. The message gives the reason and the limit."""


def parse_html(html: str) -> HtmlElement:
    """Parse a page and return its `html` element.

    Raises `Unreadable` if the page is empty, too deep or too large.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(_NO_XML.sub("", html).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise Unreadable("has no article: it is empty.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" or "Excessive depth" in entry.message for entry in parser.error_log):
        raise Unreadable(f"is nested {_PARSER_DEPTH} elements deep or deeper; the limit is {MAX_DEPTH}.")
    elements, depth = _size(tree)
    if depth > MAX_DEPTH:
        raise Unreadable(f"is nested {depth} elements deep; the limit is {MAX_DEPTH}.")
    if elements > MAX_ELEMENTS:
        raise Unreadable(f"has {elements} elements; the limit is {MAX_ELEMENTS}. Send only the part with the article.")
    return tree


def _size(tree: HtmlElement) -> tuple[int, int]:
    """Return the number of elements in `tree` and the maximum depth of nesting."""
    elements = depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            elements, depth = elements + 1, depth + 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return elements, deepest


Kind = Literal["headline", "heading", "text", "item", "row", "caption", "pullquote", "aside"]

_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre search section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_HIDDEN: Final = frozenset(
    "amp-ad amp-sticky-ad applet area audio button canvas datalist embed head iframe input map math meta noscript"
    " object option progress rp rt script select style svg template textarea title video".split()
)
_HIDDEN_CLASS: Final = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?)(?:\s|$)", re.I)
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CELLS: Final = frozenset({"td", "th"})
_CELL_WORDS: Final = 30  # a longer cell belongs to a layout table
_PATH: Final = 4  # elements
_PULLED: Final = re.compile(r"pull[-_]{0,2}quote|quote[-_]{0,2}pull|pulled[-_]?quote", re.I)
_CAPTION: Final = re.compile(r"(?:^|[\s_-])(?<!has-)(?<!no-)(?<!with-)caption(?:[_-]{1,2}text)?(?:\s|$)", re.I)
# Soft hyphens, zero-width and direction marks, control characters and private-use characters of icon fonts.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_JOINER: Final = re.compile(r"(?<=\w)\u200d|\u200d(?=\w|\s|$)")  # between emoji the joiner is part of the emoji
_SPACE: Final = re.compile(r"[ \t\n\r\v\f]+")
_PARAGRAPHS: Final = re.compile(r"\n{2,}")
# Placeholders for the start and end of a <q>, until it is known whether the page has its own quotation marks there.
_OPEN, _CLOSE, _OPEN_INNER, _CLOSE_INNER = "\ue000", "\ue001", "\ue002", "\ue003"
_OWN_MARKS: Final = re.compile('[\ue000\ue002](?=["“‘«])|(?<=["”’»])[\ue001\ue003]')
_BOLD, _PLAIN = "\ue004", "\ue005"  # start and end of bold type
_TYPES: Final = re.compile(f"[{_BOLD}{_PLAIN}]")
_NESTED: Final = 4  # maximum depth of bold type within bold type
_CREDITS: Final = frozenset({"footer", "figcaption"})
_MARKS: Final = str.maketrans({_OPEN: "“", _CLOSE: "”", _OPEN_INNER: "‘", _CLOSE_INNER: "’"})


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """A block of a page: its text, with a line break per `<br>`, its kind, and whether all of it is links.

    `path` lists up to four enclosing block elements with their classes, innermost last. `article` is the number of the
    outermost enclosing `<article>`, starting at 1, or 0; `blockquote` is the same for `<blockquote>`, and `credit`
    whether the block is its footer, its citation or the caption of its figure. `bold` is the length of the lines at the
    start that are in bold type.
    """

    text: str
    kind: Kind = "text"
    linked: bool = False
    path: tuple[str, ...] = field(default=(), compare=False)
    article: int = field(default=0, compare=False)
    bold: int = field(default=0, compare=False)
    blockquote: int = field(default=0, compare=False)
    credit: bool = field(default=False, compare=False)


def html_blocks(tree: HtmlElement) -> list[HtmlBlock]:
    """Return the blocks of `tree` that contain a letter or digit, in page order.

    Takes time linear in the tree.
    """
    return list(_Walk(tree).blocks())


@dataclass(slots=True)
class _Walk:
    """One traversal of a tree. `kinds` are the kinds of the enclosing elements, innermost last."""

    tree: HtmlElement
    kinds: list[Kind] = field(default_factory=lambda: ["text"])
    path: list[str] = field(default_factory=list)
    row: HtmlElement | None = None
    outermost: HtmlElement | None = None
    articles: int = 0
    pieces: list[str] = field(default_factory=list)
    quotes: int = 0
    links: int = 0
    preformatted: int = 0
    linked: bool = True
    blockquote: HtmlElement | None = None
    blockquotes: int = 0
    credits: int = 0
    cites: int = 0
    cited: bool = True
    bold: int = 0

    def blocks(self) -> Iterator[HtmlBlock]:
        walker = etree.iterwalk(self.tree, events=("start", "end"))
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            block = tag in _BLOCKS and (self.row is None or element is self.row)
            if event == "start":
                if block:
                    yield from self._flush()
                    self.kinds.append(_kind(element, tag, self.kinds[-1]))
                    self.path.append(f"{tag} {element.get('class') or ''}")
                    if self.kinds[-1] == "row":
                        self.row = element
                    if tag == "article" and self.outermost is None:
                        self.outermost = element
                        self.articles += 1
                    self._enter_quote(element, tag)
                elif tag in _CELLS:
                    self.pieces.append("\t")
                if _is_hidden(element, tag):
                    walker.skip_subtree()
                    continue
                self._enter(tag)
                self._add(element.text)
                continue
            if not _is_hidden(element, tag):
                self._leave(tag)
            if block:
                yield from self._flush()
                self.kinds.pop()
                self.path.pop()
                if element is self.row:
                    self.row = None
                if element is self.outermost:
                    self.outermost = None
                if element is self.blockquote:
                    self.blockquote = None
                if tag in _CREDITS and self.credits:
                    self.credits -= 1
            self._add(element.tail)
        yield from self._flush()

    def _enter_quote(self, element: HtmlElement, tag: str) -> None:
        """Begin a block quote, or the credit of one: inside it, or below it in the same figure."""
        if tag == "blockquote" and self.blockquote is None:
            self.blockquote = element
            self.blockquotes += 1
        elif tag in _CREDITS and (self.credits or self.blockquote is not None or _follows_quote(element)):
            self.credits += 1

    def _enter(self, tag: str) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "q":
            self.pieces.append(_OPEN_INNER if self.quotes % 2 else _OPEN)
            self.quotes += 1
        elif tag == "a":
            self.links += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag in {"b", "strong"}:
            self.pieces.append(_BOLD)
            self.bold += 1
        elif tag == "cite":
            self.cites += 1

    def _leave(self, tag: str) -> None:
        if tag == "q":
            self.quotes -= 1
            self.pieces.append(_CLOSE_INNER if self.quotes % 2 else _CLOSE)
        elif tag == "a":
            self.links -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in {"b", "strong"}:
            self.pieces.append(_PLAIN)
            self.bold -= 1
        elif tag == "cite":
            self.cites -= 1

    def _add(self, text: str | None) -> None:
        if not text:
            return
        visible = _JOINER.sub("", _INVISIBLE.sub("", text.replace("\x85", " ")))
        lines = visible.splitlines() if self.preformatted else [visible]
        self.pieces.append("\n".join(_SPACE.sub(" ", line) for line in lines))
        if not self.links and any(map(str.isalnum, visible)):
            self.linked = False
        if not self.cites and any(map(str.isalnum, visible)):
            self.cited = False

    def _flush(self) -> Iterator[HtmlBlock]:
        text = _OWN_MARKS.sub("", "".join(self.pieces)).translate(_MARKS)
        if self.row is not None:
            text = re.sub(r" *\t[ \t]*", "\t", text.replace("\n", " "))
        for paragraph in _PARAGRAPHS.split(re.sub(r" *\n *", "\n", text)):
            with_marks = re.sub(" {2,}", " ", paragraph).strip(" \t\n")
            plain_text = (
                re.sub(" {2,}", " ", _TYPES.sub("", with_marks)).strip(" \t\n")
                if _TYPES.search(with_marks)
                else with_marks
            )
            if any(map(str.isalnum, plain_text)):
                article = self.articles if self.outermost is not None else 0
                credit = bool(self.credits) or (self.blockquote is not None and self.cited)
                blockquote = self.blockquotes if self.blockquote is not None or credit else 0
                path = tuple(self.path[-_PATH:])
                bold = _bold_length(plain_text, with_marks)
                yield HtmlBlock(plain_text, self.kinds[-1], self.linked, path, article, bold, blockquote, credit)
        self.pieces = [_BOLD] * min(self.bold, _NESTED)
        self.linked = self.cited = True


def _bold_length(plain_text: str, with_marks: str) -> int:
    """Return the length of the lines at the start of `plain_text` that are in bold type.

    `with_marks` is the same text with the placeholders for bold type.
    """
    if _BOLD not in with_marks:
        return 0
    depth, length = 0, 0
    for line, plain_line in zip(with_marks.split("\n"), plain_text.split("\n"), strict=False):
        plain = ""
        for part in re.split(f"([{_BOLD}{_PLAIN}])", line):
            depth += (part == _BOLD) - (part == _PLAIN)
            plain += part if depth <= 0 and part not in {_BOLD, _PLAIN} else ""
        if any(map(str.isalnum, plain)):
            break
        length += len(plain_line) + 1
    return min(length, len(plain_text))


def _follows_quote(element: HtmlElement) -> bool:
    """Return whether the caption belongs to a figure that begins with a block quote."""
    figure = element.getparent()
    return figure is not None and figure.tag == "figure" and len(figure) > 0 and figure[0].tag == "blockquote"


def _kind(element: HtmlElement, tag: str, around: Kind) -> Kind:
    """Return the kind of the block `element`. Everything inside a pull quote or an aside has its kind."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if around == "pullquote" or _PULLED.search(names):
        return "pullquote"
    if around == "aside" or tag == "aside":
        return "aside"
    if tag in {"figcaption", "caption"} or _CAPTION.search(names):
        return "caption"
    if tag == "h1":
        return "headline"
    if tag in {"h2", "h3", "h4", "h5", "h6"}:
        return "heading"
    if tag == "tr" and _is_data_row(element):
        return "row"
    return "item" if tag == "li" else around


def _is_data_row(row: HtmlElement) -> bool:
    """Return whether `row` belongs to a data table with short cells, not to a layout table."""
    filled = 0
    for cell in row:
        if cell.tag not in _CELLS:
            return False
        blocks = 0
        for inner in cell.iterdescendants():
            blocks += inner.tag in _BLOCKS
            if blocks > 1 or inner.tag == "br":
                return False
        words = "".join(cell.itertext()).split()
        if len(words) > _CELL_WORDS:
            return False
        filled += bool(words)
    return filled > 1


def _is_hidden(element: HtmlElement, tag: str) -> bool:
    return (
        tag in _HIDDEN
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
        or bool(_HIDDEN_CLASS.search(element.get("class") or ""))
    )
