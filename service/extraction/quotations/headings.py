"""Quoted paragraphs below a heading that names their speaker, such as "Ann Cole on the budget"."""

from typing import Final

from service.extraction.attribution.sources import phrase_span
from service.extraction.document import Document
from service.extraction.report import Source
from service.input.article import Span

_MAX_WORDS: Final = 16  # of a heading
_MAX_BEFORE: Final = 6  # words between a paragraph's start and its quote: "On injuries: “…”"
_ENDS_SENTENCE: Final = frozenset(".!?:;,\"”'’")
_MAX_PARAGRAPHS: Final = 8  # of one speaker below one heading
_ELLIPSIS: Final = frozenset({"…", "...", ". . ."})


def heading_speaker(document: Document, number: int) -> Source | None:
    """Return the person that the heading above quoted span `number` names as its speaker, or None.

    All paragraphs between the heading and the span are quotes too, each with at most a few words before it and no verb.
    """
    paragraph = document.quoted_spans[number].paragraph
    if not _is_quote(document, paragraph):
        return None
    for place in range(paragraph - 1, max(-1, paragraph - 1 - _MAX_PARAGRAPHS), -1):
        if not _is_quote(document, place):
            return _named_in(document, place)
    return None


def _is_quote(document: Document, paragraph: int) -> bool:
    """Whether the paragraph is a single quoted span, with at most a few words before it and none after it."""
    span = document.article.paragraphs[paragraph].span
    if document.quoted_spans_between(span.start, span.end) != 1:  # counted first: listing takes time for each of them
        return False
    quoted_spans = document.quoted_spans_in(span)
    if len(quoted_spans) != 1 or document.has_letters(document.quoted_spans[quoted_spans[0]].span.end, span.end):
        return False
    start = document.quoted_spans[quoted_spans[0]].span.start
    if len(document.article.text[span.start : start].split()) > _MAX_BEFORE:
        return False
    index = document.sentence_at(span.start)
    words = document.parse.sentences[index].words if index is not None else ()
    return not any(span.start <= word.span.start < start and word.upos in {"VERB", "AUX"} for word in words)


def _named_in(document: Document, paragraph: int) -> Source | None:
    """Return the person in a heading such as "Ann Cole on the budget" or "Chairman Ann Cole …", or None."""
    span = document.article.paragraphs[paragraph].span
    line = document.article.slice(span).rstrip()
    if (
        len(line.split()) > _MAX_WORDS
        or line[-1:] in _ENDS_SENTENCE
        or document.quoted_spans_between(span.start, span.end)
    ):
        return None
    index = document.sentence_at(span.start)
    persons = [entity.span for entity in document.entities_in(span) if entity.kind == "person"]
    if index is None or not persons:
        return None
    sentence, person = document.parse.sentences[index], persons[0]
    inside = [place for place, word in enumerate(sentence.words) if person.contains(word.span)]
    if not inside or any(word.upos in {"VERB", "AUX", "ADP"} for word in sentence.words[: inside[0]]):
        return None
    after = inside[-1] + 1
    following = sentence.words[after].text.lower() if after < len(sentence.words) else ""
    if following != "on" and following not in _ELLIPSIS:
        return None
    head = next((place for place in inside if sentence.words[place].head not in inside), inside[0])
    return Source(Span(phrase_span(sentence, head).start, person.end), index, head)
