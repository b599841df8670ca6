"""Find the quoted spans of an article from its text and paragraphs alone.

`mark_parsing.py` decides what each mark does. Here the marks are paired, and a span that is never opened or never
closed gets a boundary: never outside its paragraph, and outside its sentence only where that is plausible.
"""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal, NamedTuple, NewType

from service.extraction.quotations.mark_parsing import (
    DOUBLE,
    SINGLE,
    ParsedMarks,
    ends_sentence,
    lexicon,
    parse_marks,
    starts_with_mark,
)
from service.input.article import Article, Paragraph, Span

REOPENED: Final = "unclosed, the next paragraph reopens"

Style = Literal["double", "single"]
QuotedSpanIndex = NewType("QuotedSpanIndex", int)  # among those of `find_marks`, or in `Document.quoted_spans`

_STOP: Final = re.compile(r"(?:[.!?]|…)+[)\]’”\"']*(?=\s)")
_LAST_WORD: Final = re.compile(r"[^\W\d_]+\Z")
_REPORTS: Final = re.compile(r"\b(?:said|says|told|tells|added|adds|asked|according)\b")


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """The text between two quotation marks.

    `span` includes the marks; `inner` excludes them and the white space next to them. `paragraph` is an index into
    `Article.paragraphs`. `opened` and `closed` say whether there is a mark at that end. `nested_in` and `continues` are
    indices into the result of `find_marks`: the span around this one, and the span in an earlier paragraph that this
    one continues. `rule` says how the ends were found.
    """

    span: Span
    inner: Span
    paragraph: int
    opened: bool = True
    closed: bool = True
    nested_in: int | None = None
    continues: QuotedSpanIndex | None = None
    style: Style = "double"
    rule: str = "matched"


@dataclass(frozen=True, slots=True)
class Marks:
    """The quoted spans of an article, as `find_marks` returns them, with lookups by offset."""

    quoted_spans: tuple[QuotedSpan, ...]
    _outer: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        outer = tuple(index for index, quoted_span in enumerate(self.quoted_spans) if quoted_span.nested_in is None)
        object.__setattr__(self, "_outer", outer)
        object.__setattr__(self, "_starts", tuple(self.quoted_spans[index].span.start for index in outer))

    def at(self, offset: int) -> int | None:
        """Return the index of the outermost quoted span that contains `offset`, or None."""
        position = bisect_right(self._starts, offset) - 1
        if position >= 0 and offset < self.quoted_spans[self._outer[position]].span.end:
            return self._outer[position]
        return None

    def overlapping(self, span: Span) -> tuple[int, ...]:
        """Return the indices of the outermost quoted spans that overlap `span`, in text order."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        result = []
        for index in self._outer[first:]:
            if self.quoted_spans[index].span.start >= span.end:
                break
            if self.quoted_spans[index].span.overlaps(span):
                result.append(index)
        return tuple(result)

    def chain(self, index: int) -> tuple[int, ...]:
        """Return the indices of the quoted spans that `index` continues, and its own, in text order."""
        result = [index]
        while (earlier := self.quoted_spans[result[-1]].continues) is not None:
            result.append(earlier)
        return tuple(reversed(result))


def find_marks(article: Article) -> tuple[QuotedSpan, ...]:
    """Find the quoted spans of all paragraphs, ordered by start, outer before inner.

    Outermost spans do not overlap, nested ones are inside their parent, and none crosses a paragraph boundary. Spans
    without a letter or digit are left out. Takes linear time.
    """
    result: list[QuotedSpan] = []
    left_open: QuotedSpanIndex | None = None  # index of the span that the last body paragraph did not close
    next_in_body = _next_in_body(article.paragraphs)
    for number, paragraph in enumerate(article.paragraphs):
        in_body = paragraph.section == "body"
        before = left_open if in_body else None
        following = next_in_body.get(number)
        reopens = _opening_kinds(article.text, following)
        carried = "" if before is None else DOUBLE if result[before].style == "double" else SINGLE
        if carried in _opening_kinds(article.text, paragraph.span):
            carried = ""
        parsed = parse_marks(article.text, paragraph.span, carried=carried, next_reopens=reopens)
        first = len(result)
        result.extend(_numbered(_paired(article.text, paragraph.span, parsed, reopens), number, first))
        if not in_body:
            continue
        if before is not None and first < len(result) and result[first].span.start == paragraph.span.start:
            result[first] = replace(result[first], continues=before)
        left_open = _left_open(result, first, paragraph.span)
    return tuple(result)


def _next_in_body(paragraphs: Sequence[Paragraph]) -> dict[int, Span]:
    """Map each body paragraph to the span of the next one, across captions and boilerplate between them."""
    body = [number for number, paragraph in enumerate(paragraphs) if paragraph.section == "body"]
    return {number: paragraphs[after].span for number, after in pairwise(body)}


def _opening_kinds(text: str, span: Span | None) -> str:
    return "" if span is None else "".join(kind for kind in (DOUBLE, SINGLE) if starts_with_mark(text, span, kind))


def _left_open(found: Sequence[QuotedSpan], first: int, paragraph: Span) -> QuotedSpanIndex | None:
    for index in range(len(found) - 1, first - 1, -1):
        if found[index].nested_in is None:
            return None if found[index].closed or found[index].span.end < paragraph.end else QuotedSpanIndex(index)
    return None


class _Open(NamedTuple):
    """An open mark: its kind, the start of the mark and of its content, and the number of pairs completed before it."""

    kind: str
    start: int
    inner: int
    opened: bool
    pairs_before: int


class _Pair(NamedTuple):
    """A quoted span before it is numbered; `depth` is the number of spans around it."""

    span: Span
    inner: Span
    depth: int
    kind: str
    opened: bool
    closed: bool
    rule: str


def _paired(text: str, paragraph: Span, parsed: ParsedMarks, reopens: str) -> list[_Pair]:
    """Pair the marks of one paragraph; the pairs are ordered by start."""
    stack: list[_Open] = []
    result: list[_Pair] = []
    settled = paragraph.start  # end of the last outermost span

    def drop(limit: int) -> None:
        nonlocal settled
        opened = stack.pop()
        inside = [pair.span for pair in result[opened.pairs_before :] if pair.depth == len(stack) + 1]
        end, rule = _end_of_unclosed(text, paragraph, opened, limit, reopens, inside)
        result.append(_pair(opened, end, end, len(stack), rule))
        settled = max(settled, end)

    if parsed.carried:
        stack.append(_Open(parsed.carried, paragraph.start, paragraph.start, opened=False, pairs_before=0))
    for mark, action in parsed.marks:
        if action == "reopen":
            drop(mark.span.start)
        if action in ("open", "reopen"):
            stack.append(_Open(mark.kind, mark.span.start, mark.span.end, opened=True, pairs_before=len(result)))
            continue
        if action == "close":
            while stack[-1].kind != mark.kind:
                drop(mark.span.start)
            opened, rule = stack.pop(), "matched"
            if not opened.opened:
                rule = "goes on from the paragraph before"
        else:
            start = _start_of_unopened(text, settled, mark.span.start)
            opened, rule = (
                _Open(mark.kind, start, start, opened=False, pairs_before=len(result)),
                "unopened, from its sentence's start",
            )
        result.append(_pair(opened, mark.span.start, mark.span.end, len(stack), rule, closed=True))
        settled = max(settled, mark.span.end)
    while stack:
        drop(paragraph.end)
    return sorted(
        filter(None, (_trimmed(text, pair) for pair in result)), key=lambda pair: (pair.span.start, pair.depth)
    )


def _pair(opened: _Open, inner_end: int, end: int, depth: int, rule: str, closed: bool = False) -> _Pair:
    return _Pair(
        Span(opened.start, end), Span(opened.inner, inner_end), depth, opened.kind, opened.opened, closed, rule
    )


def _trimmed(text: str, pair: _Pair) -> _Pair | None:
    """Return `pair` without white space inside its ends, or None if it contains no letter or digit."""
    inside = text[pair.inner.start : pair.inner.end]
    if not any(map(str.isalnum, inside)):
        return None
    start = pair.inner.end - len(inside.lstrip())
    end = pair.inner.start + len(inside.rstrip())
    span = Span(pair.span.start if pair.opened else start, pair.span.end if pair.closed else end)
    return pair._replace(span=span, inner=Span(start, end))


def _end_of_unclosed(
    text: str, paragraph: Span, opened: _Open, limit: int, reopens: str, inside: list[Span]
) -> tuple[int, str]:
    """Return where an unclosed quote ends, and by which rule.

    The end is at most `limit`, and never inside one of the nested spans `inside` it.
    """
    if limit == paragraph.end and opened.kind in reopens:
        return limit, REOPENED
    if limit == paragraph.end and opened.opened and opened.start == paragraph.start:
        return limit, "unclosed, opens the paragraph"
    waiting = deque(inside)
    reopened = limit < paragraph.end and _reopens_after_sentence(text, opened.inner, limit)
    for stop in _sentence_ends(text, opened.inner, limit):
        while waiting and waiting[0].end <= stop:
            waiting.popleft()
        if waiting and stop > waiting[0].start:
            continue
        return (limit, "unclosed, the next sentence reopens") if reopened else (stop, "unclosed, to its sentence's end")
    return limit, "unclosed, to the next mark" if limit < paragraph.end else "unclosed, to its sentence's end"


def _reopens_after_sentence(text: str, start: int, mark: int) -> bool:
    """Return whether the mark at `mark` reopens the quote that begins at `start`, as if it began a paragraph.

    So do paragraphs that were joined into one. Not if something in between is reported: "It is over, Ann Cole said. “We
    …
    """
    return ends_sentence(text, start, mark) and _REPORTS.search(text, start, mark) is None


def _start_of_unopened(text: str, settled: int, mark: int) -> int:
    start = settled
    for stop in _sentence_ends(text, settled, mark):
        if any(map(str.isalnum, text[stop:mark])):
            start = stop
    return start


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the likely sentence ends between two offsets, after closing marks and brackets."""
    for stop in _STOP.finditer(text, start, end):
        word = _LAST_WORD.search(text, max(start, stop.start() - 12), stop.start())
        abbreviated = stop[0] == "." and word and (len(word[0]) == 1 or word[0].lower() in lexicon("abbreviations"))
        after = text[stop.end() : stop.end() + 4].lstrip()[:1]
        if not abbreviated and not after.islower():
            yield stop.end()


def _numbered(pairs: Sequence[_Pair], paragraph: int, first: int) -> Iterator[QuotedSpan]:
    around: list[int] = []  # spans that can contain the next one, outermost first
    spans: list[Span] = []
    for index, pair in enumerate(pairs, first):
        while around and not spans[-1].contains(pair.span):
            around.pop()
            spans.pop()
        yield QuotedSpan(
            span=pair.span,
            inner=pair.inner,
            paragraph=paragraph,
            opened=pair.opened,
            closed=pair.closed,
            nested_in=around[-1] if around else None,
            style="double" if pair.kind == DOUBLE else "single",
            rule=pair.rule,
        )
        around.append(index)
        spans.append(pair.span)
