"""Quoted paragraphs below a heading that names their speaker: "Ann Cole on the budget", and then “We cannot wait.”"""

from typing import Final

from service.article.article import Span
from service.extraction.attribution import Source
from service.extraction.page import Page
from service.extraction.sources import phrase_span

_MOST_WORDS: Final = 16  # of a heading
_MOST_BEFORE: Final = 6  # words between a paragraph's start and its quote: "On injuries: “…”"
_ENDS_SENTENCE: Final = frozenset(".!?:;,\"”'’")
_MOST_PARAGRAPHS: Final = 8  # of one speaker below one heading
_ELLIPSIS: Final = frozenset({"…", "...", ". . ."})


def heading_speaker(page: Page, number: int) -> Source | None:
    """The person whom the heading over the quoted stretch `number` names as its speaker.

    Between the heading and the stretch's paragraph stand only paragraphs of the same kind: a quote, and a few words
    without a verb before it.
    """
    paragraph = page.stretches[number].paragraph
    if not _is_quote(page, paragraph):
        return None
    for place in range(paragraph - 1, max(-1, paragraph - 1 - _MOST_PARAGRAPHS), -1):
        if not _is_quote(page, place):
            return _named_in(page, place)
    return None


def _is_quote(page: Page, paragraph: int) -> bool:
    """Whether the paragraph is one quoted stretch, with nothing after it and at most a few words before it."""
    span = page.article.paragraphs[paragraph].span
    stretches = page.stretches_in(span)
    if len(stretches) != 1 or page.has_letters(page.stretches[stretches[0]].span.end, span.end):
        return False
    start = page.stretches[stretches[0]].span.start
    if len(page.article.text[span.start : start].split()) > _MOST_BEFORE:
        return False
    index = page.sentence_at(span.start)
    words = page.parse.sentences[index].words if index is not None else ()
    return not any(span.start <= word.span.start < start and word.upos in {"VERB", "AUX"} for word in words)


def _named_in(page: Page, paragraph: int) -> Source | None:
    """The person of "Ann Cole on the budget" or "Chairman Ann Cole …", where the paragraph is such a heading."""
    span = page.article.paragraphs[paragraph].span
    line = page.article.slice(span).rstrip()
    if len(line.split()) > _MOST_WORDS or line[-1:] in _ENDS_SENTENCE or page.stretches_in(span):
        return None
    index = page.sentence_at(span.start)
    persons = [entity.span for entity in page.entities_in(span) if entity.kind == "person"]
    if index is None or not persons:
        return None
    sentence, person = page.parse.sentences[index], persons[0]
    inside = [place for place, word in enumerate(sentence.words) if person.contains(word.span)]
    if not inside or any(word.upos in {"VERB", "AUX", "ADP"} for word in sentence.words[: inside[0]]):
        return None
    after = inside[-1] + 1
    following = sentence.words[after].text.lower() if after < len(sentence.words) else ""
    if following != "on" and following not in _ELLIPSIS:
        return None
    head = next((place for place in inside if sentence.words[place].head not in inside), inside[0])
    return Source(Span(phrase_span(sentence, head).start, person.end), index, head)
