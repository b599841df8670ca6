"""An article aligned with its parse and its quoted spans, with lookups by offset in all three."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from service.extraction.attribution.asides import Aside, reporting_aside
from service.extraction.quotations.mark_parsing import nicknames
from service.extraction.quotations.marks import REOPENED, QuotedSpan, QuotedSpanIndex, find_marks
from service.extraction.wordlists import word_list
from service.input.article import Article, Paragraph, Span
from service.parsing.tree import Entity, Parse, Sentence, SentenceIndex

_MAX_CONTEXT: Final = 200  # code points; bounded, so that an article of nothing but marks takes linear time


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its parse and its outermost quoted spans, in text order.

    All offsets are code points in `article.text`.
    """

    article: Article
    parse: Parse
    quoted_spans: tuple[QuotedSpan, ...]
    _quoted_span_starts: tuple[int, ...] = field(init=False, repr=False)
    _paragraph_starts: tuple[int, ...] = field(init=False, repr=False)
    _sentence_starts: tuple[int, ...] = field(init=False, repr=False)
    _entity_starts: tuple[int, ...] = field(init=False, repr=False)
    _body_paragraphs: tuple[int, ...] = field(init=False, repr=False)
    _body_sentences: tuple[SentenceIndex, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "_quoted_span_starts", tuple(quoted_span.span.start for quoted_span in self.quoted_spans)
        )
        starts = tuple(paragraph.span.start for paragraph in self.article.paragraphs)
        object.__setattr__(self, "_paragraph_starts", starts)
        starts = tuple(sentence.span.start for sentence in self.parse.sentences)
        object.__setattr__(self, "_sentence_starts", starts)
        starts = tuple(entity.span.start for entity in self.parse.entities)
        object.__setattr__(self, "_entity_starts", starts)
        body = tuple(index for index, each in enumerate(self.article.paragraphs) if each.section == "body")
        object.__setattr__(self, "_body_paragraphs", body)
        inside = set(body)
        sentences = self.parse.numbered()
        body = tuple(index for index, each in sentences if self.paragraph_at(each.span.start) in inside)
        object.__setattr__(self, "_body_sentences", body)

    def quoted_span_at(self, offset: int) -> QuotedSpanIndex | None:
        """Return the index of the outermost quoted span that contains `offset` (marks included), or None."""
        index = bisect_right(self._quoted_span_starts, offset) - 1
        return QuotedSpanIndex(index) if index >= 0 and offset < self.quoted_spans[index].span.end else None

    def quoted_spans_in(self, span: Span) -> list[QuotedSpanIndex]:
        """Return the indices of the outermost quoted spans that overlap `span`, in text order."""
        first = max(0, bisect_right(self._quoted_span_starts, span.start) - 1)
        last = bisect_right(self._quoted_span_starts, span.end - 1)
        return [QuotedSpanIndex(index) for index in range(first, last) if self.quoted_spans[index].span.overlaps(span)]

    def numbered_spans(self) -> Iterator[tuple[QuotedSpanIndex, QuotedSpan]]:
        """Yield the outermost quoted spans with their indices."""
        return zip(map(QuotedSpanIndex, range(len(self.quoted_spans))), self.quoted_spans, strict=True)

    def quoted(self, sentence: Sentence, position: int) -> bool:
        """Return whether the word at `position` is inside a quoted span."""
        return self.quoted_span_at(sentence.words[position].span.start) is not None

    def paragraph_at(self, offset: int) -> int:
        """Return the index of the paragraph that contains `offset`, or of the last one before it."""
        return max(0, bisect_right(self._paragraph_starts, offset) - 1)

    def paragraph_of(self, sentence: Sentence) -> Paragraph:
        """Return the paragraph in which `sentence` starts."""
        return self.article.paragraphs[self.paragraph_at(sentence.span.start)]

    def body_paragraph(self, index: int) -> int:
        """Count the body paragraphs before the paragraph at `index`; captions and boilerplate are not counted."""
        return bisect_left(self._body_paragraphs, index)

    def body_sentences(self, first: SentenceIndex, last: SentenceIndex, before: int, after: int) -> list[SentenceIndex]:
        """Return the indices of the body sentences from `before` sentences before `first` to `after` after `last`."""
        place, end = bisect_left(self._body_sentences, first), bisect_right(self._body_sentences, last)
        return list(self._body_sentences[max(0, place - before) : end + after])

    def sentences_apart(self, first: SentenceIndex, second: SentenceIndex) -> int:
        """Return the distance from `first` to `second` in body sentences; negative where `second` comes first."""
        return bisect_left(self._body_sentences, second) - bisect_left(self._body_sentences, first)

    def sentence_at(self, offset: int) -> SentenceIndex | None:
        """Return the index of the last sentence that starts at or before `offset`; None before the first."""
        index = bisect_right(self._sentence_starts, offset) - 1
        return SentenceIndex(index) if index >= 0 else None

    def before(self, offset: int) -> str:
        """Return up to 200 code points of text before `offset`, without trailing white space."""
        return self.article.text[max(0, offset - _MAX_CONTEXT) : offset].rstrip()

    def opens_line(self, offset: int) -> bool:
        """Return whether only white space with a line break separates `offset` from the text before it."""
        return "\n" in self.article.text[max(0, offset - _MAX_CONTEXT) : offset][len(self.before(offset)) :]

    def quoted_spans_between(self, start: int, end: int) -> int:
        """Count the outermost quoted spans that begin in `text[start:end]`."""
        return max(0, bisect_left(self._quoted_span_starts, end) - bisect_left(self._quoted_span_starts, start))

    def entities_in(self, span: Span) -> tuple[Entity, ...]:
        """Return the named entities that begin in `span`."""
        first, last = bisect_left(self._entity_starts, span.start), bisect_left(self._entity_starts, span.end)
        return self.parse.entities[first:last]

    def has_letters(self, start: int, end: int) -> bool:
        """Return whether `text[start:end]` contains a letter or digit."""
        return any(character.isalnum() for character in self.article.text[start:end])


def build_document(article: Article, parse: Parse) -> Document:
    """Find the quoted spans of `article` and align them with its parse.

    Nicknames in quotation marks are left out, and a span that is never closed ends before its own cue.
    """
    result = find_marks(article)
    outer = [number for number, quoted_span in enumerate(result) if quoted_span.nested_in is None]
    renumbered = {number: QuotedSpanIndex(index) for index, number in enumerate(outer)}
    quoted_spans = tuple(
        replace(result[number], continues=renumbered.get(result[number].continues))  # type: ignore[arg-type]
        for number in outer
    )
    return ended_at_their_cues(without_nicknames(Document(article, parse, quoted_spans)))


def without_nicknames(document: Document) -> Document:
    """Return `document` without the quoted spans that are nicknames: Joe “The Hammer” Hart."""
    within = set()
    for number in {document.sentence_at(quoted_span.span.start) for quoted_span in document.quoted_spans} - {None}:
        sentence = document.parse.sentences[number]  # type: ignore[index]
        within |= {document.quoted_span_at(sentence.words[before].span.start) for before, _ in nicknames(sentence)}
    if not within - {None}:
        return document
    kept = [number for number in range(len(document.quoted_spans)) if number not in within]
    place: dict[int | None, QuotedSpanIndex] = {number: QuotedSpanIndex(index) for index, number in enumerate(kept)}
    return replace(
        document,
        quoted_spans=tuple(
            replace(document.quoted_spans[n], continues=place.get(document.quoted_spans[n].continues)) for n in kept
        ),
    )


def ended_at_their_cues(document: Document) -> Document:
    """Return `document` with each unclosed quoted span cut off before its own cue: “We will go, he said."""
    quoted_spans = list(document.quoted_spans)
    for index, quoted_span in enumerate(quoted_spans):
        number = None if quoted_span.closed else document.sentence_at(quoted_span.span.end - 1)
        if number is None:
            continue
        sentence = document.parse.sentences[number]
        asides = (reporting_aside(sentence, position) for position in range(len(sentence.words)))
        aside = next((result for result in asides if result is not None), None)
        if aside is None or (quoted_span.rule == REOPENED and not _ends_speech(sentence, aside)):
            continue
        end = sentence.words[aside.first - 1].span.end
        if quoted_span.span.start < end < quoted_span.span.end:
            inner = Span(quoted_span.inner.start, min(end, quoted_span.inner.end))
            quoted_spans[index] = replace(quoted_span, span=Span(quoted_span.span.start, end), inner=inner)
    return replace(document, quoted_spans=tuple(quoted_spans))


def _ends_speech(sentence: Sentence, aside: Aside) -> bool:
    """Return whether `aside` is the cue of the speech, at the end of its sentence.

    An aside with a first or second person word, such as "my mother said", is part of the speech itself.
    """
    words = sentence.words[aside.first : aside.last + 1]
    rest = sentence.words[aside.last + 1 :]
    return all(word.upos == "PUNCT" for word in rest) and not any(
        word.text.lower() in word_list("sentences", "conversational") for word in words
    )
