"""Rules for quoted spans without a cue.

Names, titles of works and signs are not speech. A quoted sentence can be attributed to the only person the preceding
sentence is about: "Ann Cole wept."
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import boundary_words
from service.extraction.attribution.sources import as_source
from service.extraction.document import Document
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.quotations.credits import credited_speaker, heading_speaker
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.quotations.span_features import Quotation
from service.extraction.report import Attribution, AttributionIndex, Rule
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.wordlists import person_words, word_list
from service.input.article import Span
from service.parsing.tree import FIRST_SENTENCE, Sentence, SentenceIndex

_BEFORE: Final = 90  # code points examined before a quoted span
_MAX_TITLE_WORDS: Final = 8  # words
_SENTENCE_INSIDE: Final = re.compile(r"[.!?;]\s")


def unspoken(document: Document, quotation: Quotation) -> str | None:
    """Return the kind of a quoted span that is not speech: "name", "title" or "sign"; None for any other span."""
    before = document.article.text[max(0, quotation.span.start - _BEFORE) : quotation.span.start]
    before = re.split(r"[.!?][”\"']?\s+(?=[A-Z“\"])|\n", before)[-1]
    if quotation.opens or not before.strip():
        return None
    if _names().search(before) and quotation.words <= _MAX_TITLE_WORDS:
        return "name"
    if _signs().search(before):
        return "sign"
    if _is_titled(document, quotation) and (_works().search(before) or _after_title(before)):
        return "title"
    return None


def _is_titled(document: Document, quotation: Quotation) -> bool:
    """Return whether the words are in title case."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", document.article.slice(quotation.span))
    if not words or len(words) > _MAX_TITLE_WORDS or _SENTENCE_INSIDE.search(document.article.slice(quotation.span)):
        return False
    return words[0][:1].isupper() and all(
        word[:1].isupper() or word[:1].isdigit() or word.lower() in word_list("rules", "title_function_words")
        for word in words
    )


def _after_title(before: str) -> bool:
    """Return whether another title with "and" or a comma precedes: “Night Train” and “Red Hill”."""
    closed = re.search(r"[“\"‘'](?P<title>[^”\"’']{1,60})[”\"’'],?\s*(?:and|or|,)?\s*\Z", before)
    return closed is not None and bool(_works().search(before[: closed.start()] or " "))


@cache
def _names() -> re.Pattern[str]:
    named, naming = _choice("named"), _choice("naming")
    return re.compile(
        rf"\b(?:{naming})\b[^,;:“”\"]{{0,40}}\b(?:as|is|was)\s*\Z|\b(?:{named})(?:\s+(?:only|simply|just))?(?:\s+as)?,?\s*\Z",
        re.I,
    )


@cache
def _works() -> re.Pattern[str]:
    works, making = _choice("works"), _choice("making")
    return re.compile(
        rf"\b(?:{works})s?,?\s*\Z|\b(?:{making})(?:\s+(?:in|of|on|as|for|the|a|an|his|her|their))*\s*\Z", re.I
    )


@cache
def _signs() -> re.Pattern[str]:
    signs, saying = _choice("signs"), _choice("saying")
    return re.compile(rf"\b(?:{signs})s?\b[^,;:“”\"]{{0,40}}\b(?:{saying})[,:]?\s*\Z", re.I)


def _choice(entry: str) -> str:
    return "|".join(re.escape(words).replace("_", r"\s+") for words in sorted(boundary_words("unspoken", entry)))


_NARRATED: Final = 0.55  # confidence of the source rules: the only person in the preceding sentence
_BETWEEN: Final = 0.6  # the speaker before and after the span
_CREDITED: Final = 0.8  # the person in an adjacent credit line
_HEADED: Final = 0.75  # the person named in the heading above
_ALONE: Final = 0.5  # the only person who spoke or was named shortly before
_MIN_WORDS: Final = 3
_SENTENCE_ENDS: Final = frozenset(".!?…")
_ONE_PERSON: Final = frozenset({"he", "she"})
_OF_ONE_PERSON: Final = frozenset({"his", "her"})
_FOR: Final = frozenset({"for", "to"})
_REACH: Final = 2  # maximum distance between two quotes of the same speaker, in body paragraphs


def without_cue(document: Document, number: QuotedSpanIndex, attributions: Sequence[Attribution]) -> Attribution | None:
    """Attribute quoted span `number`, which no attribution in `attributions` covers.

    Returns None if its speaker is unknown.
    """
    span = document.quoted_spans[number].span
    credited = credited_speaker(document, number)
    if credited is not None:
        rule = Rule("credit", document.article.slice(credited.span))
        return replace(_free(document, span, rule, _CREDITED), source=credited)
    speaker = heading_speaker(document, number)
    if speaker is not None:
        rule = Rule("heading", document.article.slice(speaker.span))
        return replace(
            _free(document, span, rule, _HEADED, _headed_before(document, span, attributions)), source=speaker
        )
    if not _is_sentence(document, number):
        return None
    earlier = _between_same_speaker(document, span, attributions)
    if earlier is not None:
        return _free(
            document, span, Rule("between-same-speaker"), min(_BETWEEN, attributions[earlier].score), continues=earlier
        )
    person = person_before(document, span)
    if person is not None:
        index, head = person
        sentence = document.parse.sentences[index]
        rule = Rule("person-before", sentence.words[head].text)
        return replace(_free(document, span, rule, _NARRATED), source=as_source(sentence, index, head))
    earlier = _only_speaker(document, number, attributions)
    if earlier is None:
        return None
    return _free(document, span, Rule("only-speaker"), min(_ALONE, attributions[earlier].score), continues=earlier)


def _free(
    document: Document, span: Span, rule: Rule, score: float, continues: AttributionIndex | None = None
) -> Attribution:
    sentence = document.sentence_at(span.end - 1) or FIRST_SENTENCE
    return Attribution("direct", (span,), sentence, marks=(span,), continues=continues, score=score, rules=(rule,))


def _headed_before(document: Document, span: Span, attributions: Sequence[Attribution]) -> AttributionIndex | None:
    """Return the index in `attributions` of the quote in the preceding paragraph, under the same heading.

    Returns None if anything stands between the two.
    """
    for position in range(len(attributions) - 1, -1, -1):
        one = attributions[position]
        if one.rules and one.rules[0].name == "heading" and one.contents[-1].end <= span.start:
            return None if document.has_letters(one.contents[-1].end, span.start) else AttributionIndex(position)
    return None


def _is_sentence(document: Document, number: int) -> bool:
    """Return whether the quoted span is one or more complete sentences of the body, with both quotation marks."""
    quoted_span = document.quoted_spans[number]
    inner = document.article.slice(quoted_span.inner)
    if document.article.paragraphs[quoted_span.paragraph].section != "body" or not (
        quoted_span.opened and quoted_span.closed
    ):
        return False
    if len(inner.split()) < _MIN_WORDS or inner[-1:] not in _SENTENCE_ENDS or not inner[:1].isupper():
        return False
    before = document.before(quoted_span.span.start)
    alone = not before or before[-1:] in _SENTENCE_ENDS | set('”"') or document.opens_line(quoted_span.span.start)
    after = document.article.text[
        quoted_span.span.end : document.article.paragraphs[quoted_span.paragraph].span.end
    ].lstrip()
    return alone and not after[:1].islower() and after[:1] not in {",", "—", "–", "-"}


def person_before(document: Document, span: Span) -> tuple[SentenceIndex, int] | None:
    """Return the sentence directly before the span and the head of the only person it is about, or None."""
    index = _sentence_before(document, span)
    head = None if index is None else _only_person(document, document.parse.sentences[index])
    return None if index is None or head is None else (index, head)


def _sentence_before(document: Document, span: Span) -> SentenceIndex | None:
    """Return the body sentence that ends directly before the span, if it has no quotation marks."""
    first = document.sentence_at(span.start)
    if first is None:
        return None
    if document.parse.sentences[first].span.end <= span.start:
        first = SentenceIndex(first + 1)
    before = document.body_sentences(first, first, 1, 0)
    if len(before) < 2 or document.quoted_spans_in(document.parse.sentences[before[0]].span):
        return None
    apart = document.body_paragraph(document.paragraph_at(span.start)) - document.body_paragraph(
        document.paragraph_at(document.parse.sentences[before[0]].span.start)
    )
    return before[0] if apart <= 1 else None


def _only_person(document: Document, sentence: Sentence) -> int | None:
    """Return the head of the only person in the sentence: its subject, a person after an opening "for", or the owner of
    a message that the quote tells ("Her advice?")."""
    message = sentence.root()
    if sentence.words[-1].text == "?" and sentence.words[message].lemma.lower() in grammar_lexicon().messages:
        return sentence.child(message, "nmod:poss")
    persons = [entity.span for entity in document.entities_in(sentence.span) if entity.kind == "person"]
    subject = sentence.child(sentence.root(), "nsubj")
    if subject is None or len({document.article.slice(span) for span in persons}) > 1:
        return None
    if sentence.words[subject].text.lower() in _ONE_PERSON and not persons:
        return subject
    owner = sentence.child(subject, "nmod")
    if not persons and owner is not None and _is_relation(sentence, subject):
        return subject  # "His wife laughs."
    if not persons and owner is not None and sentence.words[owner].text.lower() in _OF_ONE_PERSON:
        return owner  # "His hives were burnt."
    if not persons and _is_full_name(sentence, subject):
        return subject
    if not persons and _is_role(sentence, subject):
        return subject
    inside = [position for position, word in enumerate(sentence.words) if persons and persons[0].contains(word.span)]
    head = next((position for position in inside if sentence.words[position].head not in inside), None)
    if head is not None and sentence.words[head].relation == "appos" and sentence.words[head].head == subject:
        return head  # "the singer Mabel Oduya"
    if head is None or head > subject:
        return None
    return head if head == subject or sentence.words[0].text.lower() in _FOR else None


def _is_role(sentence: Sentence, head: int) -> bool:
    """Return whether the word is a definite noun for one person: "the treasurer"."""
    word, determiner = sentence.words[head], sentence.child(head, "det")
    definite = determiner is not None and sentence.words[determiner].text.lower() == "the"
    return definite and word.upos == "NOUN" and not is_plural(word) and role_of(word) in person_words().roles


def _is_relation(sentence: Sentence, head: int) -> bool:
    """Return whether the word is a noun for one person by a relation to another: "his wife", "her lawyer"."""
    word, words = sentence.words[head], person_words()
    return word.upos == "NOUN" and not is_plural(word) and role_of(word) in words.roles.keys() | words.kin


def _is_full_name(sentence: Sentence, head: int) -> bool:
    """Return whether the word is a given name followed by a surname, whatever its entity label."""
    surname = sentence.child(head, "flat")
    return surname is not None and sentence.words[head].text.lower() in person_words().given


def _between_same_speaker(
    document: Document, span: Span, attributions: Sequence[Attribution]
) -> AttributionIndex | None:
    """Return the index in `attributions` of the report before the span if the next report has the same speaker."""
    before = [n for n, one in enumerate(attributions) if _end(one) <= span.start and one.source is not None]
    after = [
        n for n, one in enumerate(attributions) if one.contents[0].start >= span.end or _cue_start(one) >= span.end
    ]
    if not before or not after:
        return None
    last = max(before, key=lambda n: _end(attributions[n]))
    following = min(after, key=lambda n: attributions[n].contents[0].start)
    if not _same_speaker(document, attributions[last], attributions[following]):
        return None
    here = document.body_paragraph(document.paragraph_at(span.start))
    positions = (_end(attributions[last]) - 1, attributions[following].contents[0].start)
    if any(abs(here - document.body_paragraph(document.paragraph_at(position))) > _REACH for position in positions):
        return None
    between = Span(_end(attributions[last]), attributions[following].contents[0].start)
    names = {document.article.slice(entity.span) for entity in document.entities_in(between) if entity.kind == "person"}
    return None if names else AttributionIndex(last)


def _only_speaker(document: Document, number: int, attributions: Sequence[Attribution]) -> AttributionIndex | None:
    """Return the index in `attributions` of the report before the span if no one else can be the speaker.

    The span must be a paragraph of its own, the report's source a named person, and no other speaker or name can stand
    between the report and the end of the next paragraph.
    """
    quoted_span = document.quoted_spans[number]
    paragraph = document.article.paragraphs[quoted_span.paragraph].span
    if document.has_letters(paragraph.start, quoted_span.span.start) or document.has_letters(
        quoted_span.span.end, paragraph.end
    ):
        return None
    before = [n for n, one in enumerate(attributions) if _end(one) <= quoted_span.span.start]
    if not before:
        return None
    last = max(before, key=lambda n: _end(attributions[n]))
    source, end = attributions[last].source, _end(attributions[last])
    here = document.body_paragraph(quoted_span.paragraph)
    if source is None or not 0 < here - document.body_paragraph(document.paragraph_at(end - 1)) <= _REACH:
        return None
    if document.quoted_spans_in(Span(end, quoted_span.span.start)):
        return None
    people = [entity.span for entity in document.entities_in(source.span) if entity.kind == "person"]
    if not people:
        return None
    name = document.article.slice(people[0]).split()[-1]
    around = Span(end, _next_paragraph_end(document, quoted_span.paragraph))
    named = (
        document.article.slice(item.span)
        for item in document.entities_in(around)
        if item.kind in {"person", "organization"}
    )
    return AttributionIndex(last) if all(each.split()[-1] == name for each in named) else None


def _next_paragraph_end(document: Document, paragraph: int) -> int:
    """Return the end of the next body paragraph after `paragraph`, or of `paragraph` itself if it is the last."""
    for later in document.article.paragraphs[paragraph + 1 :]:
        if later.section == "body":
            return later.span.end
    return document.article.paragraphs[paragraph].span.end


def _same_speaker(document: Document, first: Attribution, second: Attribution) -> bool:
    if first.source is None or second.source is None:
        return False
    one, other = document.article.slice(first.source.span), document.article.slice(second.source.span)
    if other.lower() in _ONE_PERSON:
        return one.lower() == other.lower() or any(
            entity.kind == "person" for entity in document.entities_in(first.source.span)
        )
    return one.split()[-1] == other.split()[-1]


def _end(attribution: Attribution) -> int:
    cue = attribution.cue.span.end if attribution.cue is not None else 0
    source = attribution.source.span.end if attribution.source is not None else 0
    return max(cue, source, attribution.contents[-1].end)


def _cue_start(attribution: Attribution) -> int:
    return attribution.cue.span.start if attribution.cue is not None else -1
