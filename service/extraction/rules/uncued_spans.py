"""Speakers of quoted spans without a cue.

A quoted sentence can be attributed to the only person the preceding sentence is about: "Ann Cole wept."
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.sources import as_source
from service.extraction.document import Document
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.quotations.credits import credited_speaker, heading_speaker
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.report import Attribution, AttributionIndex, Rule, Source
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.tags import SENTENCE_ENDS
from service.extraction.wordlists import person_words
from service.input.article import Span
from service.parsing.tree import FIRST_SENTENCE, Sentence, SentenceIndex, Word

_SCORES: Final = {  # the probability that an attribution by the rule is right
    "credit": 0.8,
    "heading": 0.75,
    "message-before": 0.7,
    "between-same-speaker": 0.6,
    "person-before": 0.55,
    "only-speaker": 0.5,
}
_MIN_WORDS: Final = 3
_ONE_PERSON: Final = frozenset({"he", "she"})
_OF_ONE_PERSON: Final = frozenset({"his", "her"})
_FOR: Final = frozenset({"for", "to"})
_REACH: Final = 2  # maximum distance between two quotes of the same speaker, in body paragraphs


def without_cue(document: Document, number: QuotedSpanIndex, attributions: Sequence[Attribution]) -> Attribution | None:
    """Attribute quoted span `number`, which no attribution in `attributions` covers.

    Returns None if its speaker is unknown.
    """
    span = document.quoted_spans[number].span
    if (credited := credited_speaker(document, number)) is not None:
        rule = Rule("credit", document.article.slice(credited.span))
        return _attribution(document, span, rule, source=credited)
    if (speaker := heading_speaker(document, number)) is not None:
        rule = Rule("heading", document.article.slice(speaker.span))
        return _attribution(document, span, rule, speaker, _headed_before(document, span, attributions))
    if (reply := message_before(document, number)) is not None:
        index, head = reply
        sentence = document.parse.sentences[index]
        rule = Rule("message-before", sentence.words[head].text)
        return _attribution(document, span, rule, as_source(sentence, index, head))
    if not _is_sentence(document, number):
        return None
    if (earlier := _between_same_speaker(document, span, attributions)) is not None:
        return _continuation(document, span, Rule("between-same-speaker"), attributions, earlier)
    if (person := person_before(document, span)) is not None:
        index, head = person
        sentence = document.parse.sentences[index]
        rule = Rule("person-before", sentence.words[head].text)
        return _attribution(document, span, rule, as_source(sentence, index, head))
    if (earlier := _only_speaker(document, number, attributions)) is not None:
        return _continuation(document, span, Rule("only-speaker"), attributions, earlier)
    return None


def _attribution(
    document: Document,
    span: Span,
    rule: Rule,
    source: Source | None = None,
    continues: AttributionIndex | None = None,
) -> Attribution:
    return Attribution(
        kind="direct",
        contents=(span,),
        sentence=document.sentence_at(span.end - 1) or FIRST_SENTENCE,
        marks=(span,),
        source=source,
        continues=continues,
        score=_SCORES[rule.name],
        rules=(rule,),
    )


def _continuation(
    document: Document, span: Span, rule: Rule, attributions: Sequence[Attribution], earlier: AttributionIndex
) -> Attribution:
    """Return an attribution to the speaker of `earlier`, which is at most as certain."""
    result = _attribution(document, span, rule, continues=earlier)
    return replace(result, score=min(result.score, attributions[earlier].score))


def _headed_before(document: Document, span: Span, attributions: Sequence[Attribution]) -> AttributionIndex | None:
    """Return the index in `attributions` of the quote in the preceding paragraph, under the same heading.

    Returns None if anything stands between the two.
    """
    for position in range(len(attributions) - 1, -1, -1):
        one = attributions[position]
        if one.rules and one.rules[0].name == "heading" and one.contents[-1].end <= span.start:
            return None if document.has_letters(one.contents[-1].end, span.start) else AttributionIndex(position)
    return None


def message_before(document: Document, number: QuotedSpanIndex) -> tuple[SentenceIndex, int] | None:
    """Return the sentence directly before the quoted span and whose message it announces: "*Her* advice? “Run.”", "The
    reply from *the bank* was short. “No.”"."""
    span = document.quoted_spans[number].span
    index = _sentence_before(document, span) if _is_sentence(document, number, 1) else None
    head = None if index is None else _messenger(document.parse.sentences[index])
    return None if index is None or head is None else (index, head)


def _messenger(sentence: Sentence) -> int | None:
    """Return whose message the sentence announces."""
    root, messages = sentence.root(), grammar_lexicon().messages
    if sentence.words[-1].text == "?" and sentence.words[root].lemma.lower() in messages:
        return _sender(sentence, root)
    subject, copula = sentence.child(root, "nsubj"), sentence.child(root, "cop")
    described = subject is not None and copula is not None and sentence.words[root].upos == "ADJ"
    if subject is None or not described or sentence.child(root, "ccomp", "advcl", "conj") is not None:
        return None
    return _sender(sentence, subject) if sentence.words[subject].lemma.lower() in messages else None


def _sender(sentence: Sentence, message: int) -> int | None:
    """Return whose message it is: "*her* advice", "the reply from *the bank*"."""
    owner = sentence.child(message, "nmod:poss")
    if owner is not None:
        return owner
    for child in sentence.children(message):
        case = sentence.child(child, "case") if sentence.words[child].relation == "nmod" else None
        if case is not None and sentence.words[case].text.lower() == "from":
            return child
    return None


def _is_sentence(document: Document, number: int, least: int = _MIN_WORDS) -> bool:
    """Return whether the quoted span is one or more complete sentences of the body, with both quotation marks.

    `least` is the minimum number of words.
    """
    quoted_span = document.quoted_spans[number]
    inner = document.article.slice(quoted_span.inner)
    if document.article.paragraphs[quoted_span.paragraph].section != "body" or not (
        quoted_span.opened and quoted_span.closed
    ):
        return False
    if len(inner.split()) < least or inner[-1:] not in SENTENCE_ENDS or not inner[:1].isupper():
        return False
    before = document.before(quoted_span.span.start)
    alone = not before or before[-1:] in SENTENCE_ENDS | set('”"') or document.opens_line(quoted_span.span.start)
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
    if (messenger := _messenger(sentence)) is not None:
        return messenger
    subject = sentence.child(sentence.root(), "nsubj")
    if subject is None:
        return None
    persons = [entity.span for entity in document.entities_in(sentence.span) if entity.kind == "person"]
    if not persons:
        return _unnamed_person(sentence, subject)
    if len({document.article.slice(span) for span in persons}) > 1:
        return None
    inside = [position for position, word in enumerate(sentence.words) if persons[0].contains(word.span)]
    head = next((position for position in inside if sentence.words[position].head not in inside), None)
    if head is not None and sentence.words[head].relation == "appos" and sentence.words[head].head == subject:
        return head  # "the singer Mabel Oduya"
    if head is None or head > subject:
        return None
    return head if head == subject or sentence.words[0].text.lower() in _FOR else None


def _unnamed_person(sentence: Sentence, subject: int) -> int | None:
    """Return the head of the only person of a sentence in which the recognizer found no name."""
    word, owner = sentence.words[subject], sentence.child(subject, "nmod")
    if word.text.lower() in _ONE_PERSON:
        return subject
    if owner is not None:
        if _is_person(word, or_relative=True):
            return subject  # "His wife laughs."
        if sentence.words[owner].text.lower() in _OF_ONE_PERSON:
            return owner  # "His hives were burnt."
    determiner = sentence.child(subject, "det")
    definite = determiner is not None and sentence.words[determiner].text.lower() == "the"
    if (definite and _is_person(word)) or _is_full_name(sentence, subject):
        return subject
    return None


def _is_person(word: Word, *, or_relative: bool = False) -> bool:
    """Return whether the word is a noun for one person: "treasurer", or with `or_relative` also "wife"."""
    role, people = role_of(word), person_words()
    listed = role in people.roles or (or_relative and role in people.kin)
    return listed and word.upos == "NOUN" and not is_plural(word)


def _is_full_name(sentence: Sentence, head: int) -> bool:
    """Return whether the word is a given name followed by a surname, or a name after a role, whatever its entity
    label: "Producer *Sol* Weiss"."""
    surname, role = sentence.child(head, "flat"), sentence.child(head, "nmod:desc")
    described = role is not None and role_of(sentence.words[role]) in person_words().roles
    return surname is not None and (described or sentence.words[head].text.lower() in person_words().given)


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
