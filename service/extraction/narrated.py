"""Whose a quoted sentence is that no cue reports: the one person's whom the sentence before tells of ("Ann Cole wept.
“We lost it all.”"), or the one's who speaks before and after it. Less sure than what a cue reports."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.article.article import Span
from service.extraction.attribution import Attribution
from service.extraction.credits import credited_speaker
from service.extraction.headings import heading_speaker
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.page import Page
from service.extraction.report import Rule
from service.extraction.sources import as_source
from service.extraction.wordlists import person_words
from service.parsing.tree import Sentence

_NARRATED: Final = 0.55  # how sure a quoted sentence is said by the one whom the sentence before tells of
_BETWEEN: Final = 0.6  # and by the one who speaks before and after it
_CREDITED: Final = 0.8  # and by the one whom a line beside it credits
_HEADED: Final = 0.75  # and by the one whom the heading over it names
_ALONE: Final = 0.5  # and by the only one who has spoken or been named shortly before
_LEAST_WORDS: Final = 3
_SENTENCE_ENDS: Final = frozenset(".!?…")
_ONE_PERSON: Final = frozenset({"he", "she"})
_FOR: Final = frozenset({"for", "to"})
_REACH: Final = 2  # body paragraphs between a speech and the next of the same speaker


def without_cue(page: Page, number: int, found: Sequence[Attribution]) -> Attribution | None:
    """The attribution of the stretch `number`, which none of `found` takes in; None where nobody is known to speak."""
    span = page.stretches[number].span
    credited = credited_speaker(page, number)
    if credited is not None:
        rule = Rule("credit", page.article.slice(credited.span))
        return replace(_free(page, span, rule, _CREDITED), source=credited)
    speaker = heading_speaker(page, number)
    if speaker is not None:
        rule = Rule("heading", page.article.slice(speaker.span))
        return replace(_free(page, span, rule, _HEADED, _headed_before(page, span, found)), source=speaker)
    if not _is_sentence(page, number):
        return None
    earlier = _between_two_of_one(page, span, found)
    if earlier is not None:
        return _free(page, span, Rule("between-two-of-one"), min(_BETWEEN, found[earlier].score), continues=earlier)
    index = _sentence_before(page, span)
    head = None if index is None else _only_person(page, page.parse.sentences[index])
    if index is not None and head is not None:
        sentence = page.parse.sentences[index]
        rule = Rule("narrated", sentence.words[head].text)
        return replace(_free(page, span, rule, _NARRATED), source=as_source(sentence, index, head))
    earlier = _only_speaker(page, number, found)
    if earlier is None:
        return None
    return _free(page, span, Rule("only-speaker"), min(_ALONE, found[earlier].score), continues=earlier)


def _free(page: Page, span: Span, rule: Rule, score: float, continues: int | None = None) -> Attribution:
    sentence = page.sentence_at(span.end - 1) or 0
    return Attribution("direct", (span,), sentence, marks=(span,), continues=continues, score=score, rules=(rule,))


def _headed_before(page: Page, span: Span, found: Sequence[Attribution]) -> int | None:
    """The place in `found` of the paragraph before, where it is a quote under the same heading and nothing stands
    between."""
    for place in range(len(found) - 1, -1, -1):
        one = found[place]
        if one.rules and one.rules[0].name == "heading" and one.contents[-1].end <= span.start:
            return None if page.has_letters(one.contents[-1].end, span.start) else place
    return None


def _is_sentence(page: Page, number: int) -> bool:
    """Whether the stretch is whole sentences of the body, between two marks."""
    stretch = page.stretches[number]
    inner = page.article.slice(stretch.inner)
    if page.article.paragraphs[stretch.paragraph].section != "body" or not (stretch.opened and stretch.closed):
        return False
    if len(inner.split()) < _LEAST_WORDS or inner[-1:] not in _SENTENCE_ENDS or not inner[:1].isupper():
        return False
    before = page.before(stretch.span.start)
    alone = not before or before[-1:] in _SENTENCE_ENDS | set('”"') or page.opens_line(stretch.span.start)
    behind = page.article.text[stretch.span.end : page.article.paragraphs[stretch.paragraph].span.end].lstrip()
    return alone and not behind[:1].islower() and behind[:1] not in {",", "—", "–", "-"}


def _sentence_before(page: Page, span: Span) -> int | None:
    """The body sentence that ends right before the stretch, where it is free of quotation marks."""
    first = page.sentence_at(span.start)
    if first is None:
        return None
    if page.parse.sentences[first].span.end <= span.start:
        first += 1
    before = page.body_sentences(first, first, 1, 0)
    if len(before) < 2 or page.stretches_in(page.parse.sentences[before[0]].span):
        return None
    apart = page.body_paragraph(page.paragraph_at(span.start)) - page.body_paragraph(
        page.paragraph_at(page.parse.sentences[before[0]].span.start)
    )
    return before[0] if apart <= 1 else None


def _only_person(page: Page, sentence: Sentence) -> int | None:
    """The head of the one person whom the sentence tells of: its subject, or whom it opens with a "for"."""
    persons = [entity.span for entity in page.entities_in(sentence.span) if entity.kind == "person"]
    subject = sentence.child(sentence.root(), "nsubj")
    if subject is None or len({page.article.slice(span) for span in persons}) > 1:
        return None
    if sentence.words[subject].text.lower() in _ONE_PERSON and not persons:
        return subject
    if not persons and _is_full_name(sentence, subject):
        return subject
    if not persons and _is_role(sentence, subject):
        return subject
    inside = [place for place, word in enumerate(sentence.words) if persons and persons[0].contains(word.span)]
    head = next((place for place in inside if sentence.words[place].head not in inside), None)
    if head is None or head > subject:
        return None
    return head if head == subject or sentence.words[0].text.lower() in _FOR else None


def _is_role(sentence: Sentence, head: int) -> bool:
    """Whether the word is a definite noun for one person: "the treasurer"."""
    word, determiner = sentence.words[head], sentence.child(head, "det")
    definite = determiner is not None and sentence.words[determiner].text.lower() == "the"
    return definite and word.upos == "NOUN" and not is_plural(word) and role_of(word) in person_words().roles


def _is_full_name(sentence: Sentence, head: int) -> bool:
    """Whether the word is a given name with a surname behind it, whatever the recognizer takes it for."""
    surname = sentence.child(head, "flat")
    return surname is not None and sentence.words[head].text.lower() in person_words().given


def _between_two_of_one(page: Page, span: Span, found: Sequence[Attribution]) -> int | None:
    """The place in `found` of the report before the stretch, where the next one is the same speaker's."""
    before = [n for n, one in enumerate(found) if _end(one) <= span.start and one.source is not None]
    behind = [n for n, one in enumerate(found) if one.contents[0].start >= span.end or _cue_start(one) >= span.end]
    if not before or not behind:
        return None
    last = max(before, key=lambda n: _end(found[n]))
    following = min(behind, key=lambda n: found[n].contents[0].start)
    if not _same_speaker(page, found[last], found[following]):
        return None
    here = page.body_paragraph(page.paragraph_at(span.start))
    places = (_end(found[last]) - 1, found[following].contents[0].start)
    if any(abs(here - page.body_paragraph(page.paragraph_at(place))) > _REACH for place in places):
        return None
    between = Span(_end(found[last]), found[following].contents[0].start)
    names = {page.article.slice(entity.span) for entity in page.entities_in(between) if entity.kind == "person"}
    return None if names else last


def _only_speaker(page: Page, number: int, found: Sequence[Attribution]) -> int | None:
    """The place in `found` of the report before the stretch, a paragraph of its own, where that one is a named person's
    and nobody else is named or speaks from there to the next paragraph."""
    stretch = page.stretches[number]
    paragraph = page.article.paragraphs[stretch.paragraph].span
    if page.has_letters(paragraph.start, stretch.span.start) or page.has_letters(stretch.span.end, paragraph.end):
        return None
    before = [n for n, one in enumerate(found) if _end(one) <= stretch.span.start]
    if not before:
        return None
    last = max(before, key=lambda n: _end(found[n]))
    source, end = found[last].source, _end(found[last])
    here = page.body_paragraph(stretch.paragraph)
    if source is None or not 0 < here - page.body_paragraph(page.paragraph_at(end - 1)) <= _REACH:
        return None
    if page.stretches_in(Span(end, stretch.span.start)):
        return None
    people = [entity.span for entity in page.entities_in(source.span) if entity.kind == "person"]
    if not people:
        return None
    name = page.article.slice(people[0]).split()[-1]
    around = Span(end, _next_paragraph_end(page, stretch.paragraph))
    named = (page.article.slice(one.span) for one in page.entities_in(around) if one.kind in {"person", "organization"})
    return last if all(each.split()[-1] == name for each in named) else None


def _next_paragraph_end(page: Page, paragraph: int) -> int:
    """Where the body paragraph after the one that is number `paragraph` ends; that one's own end without another."""
    for later in page.article.paragraphs[paragraph + 1 :]:
        if later.section == "body":
            return later.span.end
    return page.article.paragraphs[paragraph].span.end


def _same_speaker(page: Page, first: Attribution, second: Attribution) -> bool:
    if first.source is None or second.source is None:
        return False
    one, other = page.article.slice(first.source.span), page.article.slice(second.source.span)
    if other.lower() in _ONE_PERSON:
        return one.lower() == other.lower() or any(
            entity.kind == "person" for entity in page.entities_in(first.source.span)
        )
    return one.split()[-1] == other.split()[-1]


def _end(attribution: Attribution) -> int:
    cue = attribution.cue.span.end if attribution.cue is not None else 0
    source = attribution.source.span.end if attribution.source is not None else 0
    return max(cue, source, attribution.contents[-1].end)


def _cue_start(attribution: Attribution) -> int:
    return attribution.cue.span.start if attribution.cue is not None else -1
