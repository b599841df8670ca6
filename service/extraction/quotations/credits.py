"""Quotes whose speaker stands outside a sentence: in a credit after them, or in a heading above."""

import re
from typing import Final

from service.extraction.attribution.sources import phrase_span
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.report import Source
from service.extraction.tags import FINITE_OR_MODAL, VERBS
from service.input.article import Span
from service.parsing.tree import FIRST_SENTENCE

_DASH: Final = re.compile(r"[ \t]*\n?[ \t]*(?:[—–―]|--?)[ \t]*(?=[A-Z])")
_MAX_LENGTH: Final = 160  # code points of a credit
_MAX_TITLE_WORDS: Final = 3  # words before a name: "Prime Minister"
_MAX_WORDS: Final = 16  # of a heading
_MAX_BEFORE: Final = 6  # words between a paragraph's start and its quote: "On injuries: “…”"
_ENDS_SENTENCE: Final = frozenset(".!?:;,\"”'’")
_MAX_PARAGRAPHS: Final = 8  # of one speaker below one heading
_ELLIPSIS: Final = frozenset({"…", "...", ". . ."})


def credited_speaker(document: Document, number: QuotedSpanIndex) -> Source | None:
    """Return the person to whom quoted span `number` is credited, or None.

    The credit is a line without a verb, after a dash that follows the span, or before a colon in front of it. Apart
    from the credit, the span is alone on its line.
    """
    span, text = document.quoted_spans[number].span, document.article.text
    line = max(text.rfind("\n", 0, span.start) + 1, span.start - _MAX_LENGTH)
    line_break = text.find("\n", span.end)
    end = min(line_break if line_break >= 0 else len(text), span.end + _MAX_LENGTH)
    dash = _DASH.match(text, span.end)
    if dash is not None and not document.has_letters(line, span.start):
        after = text.find("\n", dash.end())
        return _named(document, Span(dash.end(), min(after if after >= 0 else len(text), dash.end() + _MAX_LENGTH)))
    before = text[line : span.start].rstrip()
    if before.endswith(":") and not document.has_letters(span.end, end):
        return _named(document, Span(line, line + len(before) - 1))
    return None


def _named(document: Document, credit: Span) -> Source | None:
    """Return the person whose name, after a title of up to three words, begins the verbless line at `credit`."""
    people = [entity.span for entity in document.entities_in(credit) if entity.kind == "person"] or _full_name(
        document, credit
    )
    index = document.sentence_at(credit.start)
    if not people or index is None:
        return None
    if not document.parse.sentences[index].span.overlaps(people[0]):
        index = document.sentence_at(people[0].start) or FIRST_SENTENCE
    sentence, person = document.parse.sentences[index], people[0]
    within = [word for word in sentence.words if credit.contains(word.span)]
    inside = [place for place, word in enumerate(sentence.words) if person.contains(word.span)]
    before = document.article.text[credit.start : person.start].split()
    if not inside or len(before) > _MAX_TITLE_WORDS or not all(word[:1].isupper() for word in before):
        return None
    following = document.article.text[person.end : credit.end].lstrip()[:1]
    if following not in {"", ",", "(", ".", ";"} or any(word.xpos in FINITE_OR_MODAL for word in within):
        return None
    head = next((place for place in inside if sentence.words[place].head not in inside), inside[0])
    return Source(Span(min(phrase_span(sentence, head).start, person.start), person.end), index, head)


def _full_name(document: Document, credit: Span) -> list[Span]:
    """Return the span of the two or three capitalized words before the first comma of `credit`.

    For names that the entity recognizer misses: with a hyphen, or from a language that it was not trained on.
    """
    name = document.article.slice(credit).split(",")[0].strip()
    words = name.split()
    index = document.sentence_at(credit.start)
    if index is None or not 2 <= len(words) <= _MAX_TITLE_WORDS or not all(word[:1].isupper() for word in words):
        return []
    span = Span(credit.start, credit.start + len(name))
    inside = [word for word in document.parse.sentences[index].words if span.contains(word.span)]
    return [span] if inside and all(word.upos in {"PROPN", "PUNCT"} for word in inside) else []


def heading_speaker(document: Document, number: QuotedSpanIndex) -> Source | None:
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
    """Return whether the paragraph is a single quoted span, with at most a few words before it and none after it."""
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
    return not any(span.start <= word.span.start < start and word.upos in VERBS for word in words)


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
