"""Select and split the text that a parser reads.

A paragraph is one piece; sentences never cross its end. Tables and lists without sentence ends are cut, since the time
and memory of tagging and parsing grow with the longest sentence, not with the article. Long articles are parsed in
chunks of whole pieces, to bound memory and to check the deadline in between.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from service.errors import Fault, Invalid
from service.input.article import Article, Paragraph, Span
from service.input.characters import straighten, unwrap

T = TypeVar("T")

MAX_PIECE_LENGTH: Final = 4_000  # code points: far longer than any prose paragraph
CHUNK: Final = 8_000  # code points parsed together: most articles are one chunk, and batches stay full
MAX_WORDS: Final = 200  # words of a sentence: in the treebanks, one sentence in 20,000 is longer
_END_OF_SENTENCE: Final = re.compile(r"[.!?][\"')\]]*\s")
_MARKS: Final = frozenset(".!?;:,|")


def spelled(article: Article) -> str:
    """Return the article's text as the parser reads it: straight quotes, line breaks as spaces. Its length is
    unchanged."""
    return unwrap(straighten(article.text if article.spelling is None else article.spelling))


def pieces_of(article: Article, text: str) -> Iterator[Span]:
    """Yield the spans of `text` (see `spelled`) to parse, in order: paragraphs except boilerplate, without
    their labels and stage directions (`Article.skipped`), split if too long.

    A piece without letters or digits is skipped: it says nothing, and each of its marks would cost as much as a word.
    """
    for paragraph in article.paragraphs:
        for start, end in _read(article, paragraph):
            while start < end:
                cut = end if end - start <= MAX_PIECE_LENGTH else _cut(text, start, start + MAX_PIECE_LENGTH)
                piece = text[start:cut]
                left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
                if any(map(str.isalnum, piece)):
                    yield Span(start + left, start + right)
                start = cut


def _read(article: Article, paragraph: Paragraph) -> Iterator[Span]:
    """Yield the parts of `paragraph` that belong to sentences, in order: without boilerplate and skipped spans."""
    if paragraph.section == "furniture":
        return
    start, end = paragraph.span
    for at in range(bisect_left(article.skipped, (start, start)), len(article.skipped)):
        if article.skipped[at].start >= end:
            break
        yield Span(start, article.skipped[at].start)
        start = article.skipped[at].end
    yield Span(start, end)


def chunks_of(pieces: Iterable[Span], between: int = 0) -> Iterator[list[Span]]:
    """Group `pieces` into chunks of at most `CHUNK` code points each, counting `between` code points between two
    pieces."""
    return in_groups(pieces, lambda piece: piece.end - piece.start + between, CHUNK)


def in_groups(items: Iterable[T], size_of: Callable[[T], int], limit: int) -> Iterator[list[T]]:
    """Divide `items`, in order, into groups whose sizes add up to at most `limit`; a larger item is a group of its
    own."""
    group: list[T] = []
    total = 0
    for item in items:
        size = size_of(item)
        if group and total + size > limit:
            yield group
            group, total = [], 0
        group.append(item)
        total += size
    if group:
        yield group


def check_sentences(count: int, limit: float, article: Article) -> None:
    """Raise `Invalid` if `article` has too many sentences."""
    if count > limit:
        reason = f"has {count} sentences; the limit is {limit}. Send the article in parts."
        raise Invalid((Fault("/html" if article.from_page else "/text", reason),))


def _cut(text: str, start: int, limit: int) -> int:
    """Return where to cut `text[start:limit]`: after its last sentence, else after its last word, else at the limit."""
    ends = [match.end() for match in _END_OF_SENTENCE.finditer(text, start, limit)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", start, limit)
    return space + 1 if space > start else limit


def segments(words: Sequence[str], limit: int = MAX_WORDS) -> Iterator[tuple[int, int]]:
    """Split an overlong sentence. Yields the positions [start, end) of sentences of at most `limit` of `words`.

    Cuts are made after the last punctuation mark in the second half of what fits.
    """
    start = 0
    while len(words) - start > limit:
        window = range(start + limit - 1, start + limit // 2, -1)
        end = next((position for position in window if words[position] in _MARKS), window[0]) + 1
        yield start, end
        start = end
    yield start, len(words)
