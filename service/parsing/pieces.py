"""What of an article a parser reads, and in how large pieces.

A paragraph is one piece; sentences never run over its end. Tables and lists without any end of sentence are cut, since
the time and memory of tagging and parsing grow with the length of the longest sentence, not with the article's. A long
article is read in chunks of whole pieces, so that memory is bounded, and a deadline noticed between two of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from service.article.article import Article, Span
from service.article.spelling import straighten, unwrap
from service.errors import Fault, Invalid

LONGEST_PIECE: Final = 4_000  # code points: far over any paragraph of prose
CHUNK: Final = 8_000  # code points parsed together: most articles are one chunk, and batches stay full
MOST_WORDS: Final = 200  # of a sentence: in the treebanks one in 20,000 is longer
_END_OF_SENTENCE: Final = re.compile(r"[.!?][\"')\]]*\s")
_MARKS: Final = frozenset(".!?;:,|")


def spelled(article: Article) -> str:
    """The article's text as the parser reads it: straight marks, every line break a space. As long as the text."""
    return unwrap(straighten(article.text))


def pieces_of(article: Article, text: str) -> Iterator[Span]:
    """The stretches of `text` (see `spelled`) to parse, in order: paragraphs but furniture, none too long.

    A piece without a letter or digit is left out: it says nothing, and each of its marks would cost as much as a word.
    """
    for paragraph in article.paragraphs:
        if paragraph.section != "furniture":
            start, end = paragraph.span
            while start < end:
                cut = end if end - start <= LONGEST_PIECE else _cut(text, start, start + LONGEST_PIECE)
                piece = text[start:cut]
                left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
                if any(map(str.isalnum, piece)):
                    yield Span(start + left, start + right)
                start = cut


def chunks_of(pieces: Iterable[Span], between: int = 0) -> Iterator[list[Span]]:
    """`pieces` in runs that come to at most `CHUNK` code points each, `between` two of them counted in."""
    chunk: list[Span] = []
    length = 0
    for piece in pieces:
        size = piece.end - piece.start + between
        if chunk and length + size > CHUNK:
            yield chunk
            chunk, length = [], 0
        chunk.append(piece)
        length += size
    if chunk:
        yield chunk


def check_sentences(count: int, most: float, article: Article) -> None:
    """Raise `Invalid` where `article` has more sentences than may be."""
    if count > most:
        told = f"has {count} sentences; the limit is {most}. Send the article in parts."
        raise Invalid((Fault("/html" if article.from_page else "/text", told),))


def _cut(text: str, start: int, limit: int) -> int:
    """Where to cut `text[start:limit]`: after its last sentence, else after its last word, else at the limit."""
    ends = [match.end() for match in _END_OF_SENTENCE.finditer(text, start, limit)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", start, limit)
    return space + 1 if space > start else limit


def stretches(words: Sequence[str], most: int = MOST_WORDS) -> Iterator[tuple[int, int]]:
    """The positions [start, end) of the sentences to make of `words`: one, or as many as leave none of over `most`.

    An over-long sentence is cut after the last mark in the second half of what fits.
    """
    start = 0
    while len(words) - start > most:
        window = range(start + most - 1, start + most // 2, -1)
        end = next((position for position in window if words[position] in _MARKS), window[0]) + 1
        yield start, end
        start = end
    yield start, len(words)
