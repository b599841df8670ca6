"""From the words of a content to the characters of a quote: runs, marks, and what belongs to neither."""

from collections.abc import Collection, Iterable

from service.extraction.document import Document
from service.extraction.report import QuoteKind
from service.input.article import Span
from service.parsing.tree import Sentence

_OPENERS = frozenset("([$£€#@“\"'‘«`")
_CLOSERS = frozenset(")]%”\"'’»?!…")


def runs(sentence: Sentence, words: Collection[int]) -> list[Span]:
    """The spans of the unbroken runs of `words`; a word left out ends a run, punctuation left out does not."""
    spans: list[Span] = []
    previous = None
    for position in sorted(words):
        span = sentence.words[position].span
        if previous is not None and all(
            sentence.words[between].upos == "PUNCT" for between in range(previous + 1, position)
        ):
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
        previous = position
    return spans


def joined(document: Document, spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in text order, two of one paragraph made one where they overlap or no letter stands between them."""
    merged: list[Span] = []
    for span in sorted(spans):
        here = document.paragraph_at(span.start)
        if (
            merged
            and here == document.paragraph_at(merged[-1].start)
            and not document.has_letters(merged[-1].end, span.start)
        ):
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def trimmed(document: Document, span: Span) -> Span:
    """`span` without the white space and loose punctuation at its ends; whole quoted stretches keep their marks."""
    text, (start, end) = document.article.text, span
    while start < end and not (text[start].isalnum() or text[start] in _OPENERS):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in _CLOSERS):
        if text[end - 1] == "." and _abbreviation(text, start, end - 1):
            break
        end -= 1
    # A mark is kept only with the stretch it belongs to.
    if start < end and text[start] in "“\"'‘«`" and document.quoted_span_at(start) is None:
        start += 1
    if end > start and text[end - 1] in '”"»' and document.quoted_span_at(end - 1) is None:
        end -= 1
    return Span(start, end)


def _abbreviation(text: str, start: int, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to the word before it ("U.S."), not to the sentence."""
    word = text[max(start, dot - 6) : dot].rpartition(" ")[2]
    return "." in word and word.replace(".", "").isalpha()


def kind_of(document: Document, contents: Iterable[Span]) -> QuoteKind:
    """Direct where every letter stands inside quotation marks (a leading "that" aside), indirect where none does."""
    inside = outside = 0
    for span in contents:
        cursor = span.start
        for index in document.quoted_spans_in(span):
            quoted_span = document.quoted_spans[index].span
            outside += _letters(document, cursor, min(quoted_span.start, span.end))
            inside += _letters(document, max(cursor, quoted_span.start), min(quoted_span.end, span.end))
            cursor = max(cursor, min(quoted_span.end, span.end))
        outside += _letters(document, cursor, span.end)
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _letters(document: Document, start: int, end: int) -> int:
    words = document.article.text[start:end].split()
    return sum(character.isalnum() for word in words if word.lower() != "that" for character in word)


def marks_in(document: Document, contents: Iterable[Span]) -> tuple[Span, ...]:
    """The quoted stretches that lie in `contents`, as far as they do, marks included."""
    return tuple(
        Span(max(quoted_span.start, span.start), min(quoted_span.end, span.end))
        for span in contents
        for quoted_span in (document.quoted_spans[index].span for index in document.quoted_spans_in(span))
    )
