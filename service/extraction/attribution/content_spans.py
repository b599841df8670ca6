"""Convert the words of a content to spans of text, with or without their quotation marks."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.word_sets import WordSet, between, positions
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.report import QuoteKind
from service.extraction.rules.content_ends import outside_content
from service.extraction.rules.later_acts import later_act
from service.input.article import Span
from service.parsing.tree import Sentence

_OPENERS = frozenset("([$£€#@“\"'‘«`")
_CLOSERS = frozenset(")]%”\"'’»?!…")
_CLOSING: Final = re.compile(r"[.!?]?\)")  # after the last word in parentheses
_MAX_GAP: Final = 8  # words


def contents_of(document: Document, proposal: Proposal, quoted_spans: Sequence[QuotedSpanIndex]) -> tuple[Span, ...]:
    """Return the spans of a proposal's content.

    They are the given quoted spans as a whole, and runs of the content's words without the source, the cue and the
    quoted spans of others.
    """
    spans = [document.quoted_spans[number].span for number in quoted_spans]
    words = proposal.content.best
    if proposal.source.best is not None:
        words &= ~_word_set(proposal.view.phrase(proposal.source.best))
    words &= ~outside_content(proposal.view, proposal.cue, words)
    words &= ~later_act(proposal.view, proposal.cue, words)
    words &= ~_word_set(proposal.view.cue(proposal.cue).words)
    words |= _gaps(proposal, words, quoted_spans)
    for run in runs(proposal.view.sentence, list(positions(words))):
        spans += _outside_others(document, run, quoted_spans)
    kept = (trimmed(document, span) for span in joined(document, spans))
    return tuple(span for span in kept if document.has_letters(*span))


def _word_set(words: Iterable[int]) -> WordSet:
    return sum(1 << position for position in set(words))


def _outside_others(document: Document, span: Span, own: Sequence[QuotedSpanIndex]) -> Iterator[Span]:
    """Yield the parts of `span` outside the quoted spans that are not in `own`."""
    start = span.start
    for number in document.quoted_spans_in(span):
        if number not in own:
            other = document.quoted_spans[number].span
            if start < other.start:
                yield Span(start, other.start)
            start = max(start, other.end)
    if start < span.end:
        yield Span(start, span.end)


def _gaps(proposal: Proposal, content: WordSet, quoted_spans: Sequence[QuotedSpanIndex]) -> WordSet:
    """Return the words that the tree left out between two parts of the content on one side of the cue and its source.

    For example: said Hart, *when he first ran in 2009*, “ran as a friend of the poor.” `quoted_spans` are part of the
    content too.
    """
    view, source = proposal.view, proposal.source.best
    apart = {*view.cue(proposal.cue).words, *(() if source is None else view.phrase(source))}
    said, result = content, 0
    for number in quoted_spans:
        said |= view.quoted_spans.get(number, 0)
    for left, right in pairwise(positions(said & view.solid)):
        hole = between(left + 1, right)
        places = list(positions(hole & view.solid))
        if not 0 < len(places) <= _MAX_GAP or hole & view.solid & view.quoted or apart & set(range(left + 1, right)):
            continue
        if not any(view.classes[at] in SPEECH or view.text_at(at) == "according" for at in places):
            result |= hole
    return result


def runs(sentence: Sentence, words: Collection[int]) -> list[Span]:
    """Return the spans of the contiguous runs of `words`; missing punctuation does not interrupt a run."""
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
    """Sort `spans` and merge those of one paragraph that overlap or have no letter or digit between them."""
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
    """Return `span` without white space and loose punctuation at its ends; a quoted span keeps its marks."""
    text, (start, end) = document.article.text, span
    while start < end and not (text[start].isalnum() or text[start] in _OPENERS):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in _CLOSERS):
        if text[end - 1] == "." and _abbreviation(text, start, end - 1):
            break
        end -= 1
    if end < len(text) and text[end] == "+" and text[end - 1].isalnum():
        end += 1  # "Disney+"
    if text.count("(", start, end) > text.count(")", start, end):
        closing = _CLOSING.match(text, end)
        end = end if closing is None else closing.end()
    # A mark is kept only with the quoted span that it belongs to.
    if start < end and text[start] in "“\"'‘«`" and document.quoted_span_at(start) is None:
        start += 1
    if end > start and text[end - 1] in '”"»' and document.quoted_span_at(end - 1) is None:
        end -= 1
    return Span(start, end)


def _abbreviation(text: str, start: int, dot: int) -> bool:
    """Return whether the full stop at `dot` belongs to an abbreviation ("U.S."), not to the sentence."""
    word = text[max(start, dot - 6) : dot].rpartition(" ")[2]
    return "." in word and word.replace(".", "").isalpha()


def kind_of(document: Document, contents: Iterable[Span]) -> QuoteKind:
    """Return "direct" if all letters are in quotation marks, "indirect" if none is, else "mixed", ignoring "that"."""
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
    """Return the parts of quoted spans that are inside `contents`, marks included."""
    return tuple(
        Span(max(quoted_span.start, span.start), min(quoted_span.end, span.end))
        for span in contents
        for quoted_span in (document.quoted_spans[index].span for index in document.quoted_spans_in(span))
    )
