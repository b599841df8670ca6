"""Quotes with the name of their speaker beside them, and no verb: “We cannot wait.” — Ann Cole, head of the union;
Ann Cole, head of the union: “We cannot wait.”"""

import re
from typing import Final

from service.article.article import Span
from service.extraction.attribution import Source
from service.extraction.page import Page
from service.extraction.sources import phrase_span

_DASH: Final = re.compile(r"[ \t]*\n?[ \t]*(?:[—–―]|--?)[ \t]*(?=[A-Z])")
_MOST: Final = 160  # code points of a credit
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_LONGEST: Final = 3  # words before a name: "Prime Minister"


def credited_speaker(page: Page, number: int) -> Source | None:
    """The person whom a line beside the quoted stretch `number` credits with it: behind a dash after it, or before a
    colon. The stretch stands alone on its lines otherwise, and the credit has no verb."""
    span, text = page.stretches[number].span, page.article.text
    line = max(text.rfind("\n", 0, span.start) + 1, span.start - _MOST)
    behind = text.find("\n", span.end)
    end = min(behind if behind >= 0 else len(text), span.end + _MOST)
    dash = _DASH.match(text, span.end)
    if dash is not None and not page.has_letters(line, span.start):
        after = text.find("\n", dash.end())
        return _named(page, Span(dash.end(), min(after if after >= 0 else len(text), dash.end() + _MOST)))
    before = text[line : span.start].rstrip()
    if before.endswith(":") and not page.has_letters(span.end, end):
        return _named(page, Span(line, line + len(before) - 1))
    return None


def _named(page: Page, credit: Span) -> Source | None:
    """The person with whose name, and perhaps a title before it, the verbless line at `credit` begins."""
    people = [entity.span for entity in page.entities_in(credit) if entity.kind == "person"] or _full_name(page, credit)
    index = page.sentence_at(credit.start)
    if not people or index is None:
        return None
    if not page.parse.sentences[index].span.overlaps(people[0]):
        index = page.sentence_at(people[0].start) or 0
    sentence, person = page.parse.sentences[index], people[0]
    within = [word for word in sentence.words if credit.contains(word.span)]
    inside = [place for place, word in enumerate(sentence.words) if person.contains(word.span)]
    before = page.article.text[credit.start : person.start].split()
    if not inside or len(before) > _LONGEST or not all(word[:1].isupper() for word in before):
        return None
    following = page.article.text[person.end : credit.end].lstrip()[:1]
    if following not in {"", ",", "(", ".", ";"} or any(word.xpos in _FINITE for word in within):
        return None
    head = next((place for place in inside if sentence.words[place].head not in inside), inside[0])
    return Source(Span(min(phrase_span(sentence, head).start, person.start), person.end), index, head)


def _full_name(page: Page, credit: Span) -> list[Span]:
    """The two or three capitalized words before the credit's first comma, where the recognizer has no person: a name
    with a hyphen, or of a language that it does not know."""
    name = page.article.slice(credit).split(",")[0].strip()
    words = name.split()
    index = page.sentence_at(credit.start)
    if index is None or not 2 <= len(words) <= _LONGEST or not all(word[:1].isupper() for word in words):
        return []
    span = Span(credit.start, credit.start + len(name))
    inside = [word for word in page.parse.sentences[index].words if span.contains(word.span)]
    return [span] if inside and all(word.upos in {"PROPN", "PUNCT"} for word in inside) else []
