"""Assign each quoted span to the cue that reports it, or to none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.lexicons import ATTITUDE, SPEECH, cue_lexicon
from service.extraction.attribution.linear import LinearModel
from service.extraction.attribution.proposals import Proposal, chosen
from service.extraction.attribution.sources import phrase
from service.extraction.attribution.word_sets import between
from service.extraction.document import Document
from service.extraction.quotations.credits import credited_speaker, heading_speaker
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.quotations.span_features import (
    AssignedSpan,
    Quotation,
    no_cue_features,
    quotations_of,
    span_cue_features,
)
from service.extraction.rules.uncued_spans import message_before, person_before
from service.extraction.rules.unspoken_spans import unspoken
from service.extraction.tags import SENTENCE_ENDS, VERBS
from service.extraction.wordlists import word_list
from service.input.article import Span
from service.parsing.tree import WordKey

SENTENCES_BEFORE: Final = 2
SENTENCES_AFTER: Final = 1
CERTAIN: Final = 4.0  # log-odds of an assignment by construction rather than by the model
_CLAUSES: Final = frozenset({"ccomp", "xcomp"})
_MAX_LABEL: Final = 60  # code points
_MIN_WORDS_INSIDE: Final = 6  # words; a shorter span inside a sentence without a cue is likely scare quotes
_SENTENCE_END: Final = re.compile(r"[.!?]\s")
_OPEN_ENDS: Final = frozenset(",!?…—–-")


@dataclass(frozen=True, slots=True)
class CueAssignment:
    """The cue that reports a quoted span, as a `Proposal.key`, or None. `score` and `margin` are log-odds."""

    cue: WordKey | None
    score: float
    margin: float


Assignments = dict[QuotedSpanIndex, CueAssignment]


@dataclass(frozen=True, slots=True)
class Considered:
    """What the model chose from for a quoted span: the cues near it, and the quoted span before it."""

    quotation: Quotation
    earlier: AssignedSpan | None
    near: Sequence[Proposal]


def assign_cues(
    document: Document,
    proposals: Sequence[Proposal],
    model: LinearModel,
    considered: dict[QuotedSpanIndex, Considered] | None = None,
) -> Assignments:
    """Assign a cue, or none, to each quoted span of `document`.

    Unambiguous constructions are decided by rule, the rest by `model`, in text order: each decision depends on the one
    before.

    `considered`, where given, is filled with what the model chose from, for each quoted span that it decided.

    Returns:
        The assignments by index in `document.quoted_spans`.
    """
    by_sentence = in_sentences(proposals)
    assignments: Assignments = {}
    earlier: AssignedSpan | None = None
    for quotation in quotations_of(document):
        near = near_by(document, quotation, by_sentence, earlier)
        assignment = _by_construction(document, quotation, near)
        if assignment is None:
            if considered is not None:
                considered[quotation.number] = Considered(quotation, earlier, near)
            scored: list[tuple[float, WordKey | None]] = []
            scored.append((model.score(no_cue_features(quotation, earlier)), None))
            for proposal in near:
                scored.append((model.score(span_cue_features(quotation, proposal, earlier, near)), proposal.key))
            choice = chosen(scored)
            assignment = CueAssignment(choice.best, choice.score, choice.margin)
        assignments[quotation.number] = assignment
        if assignment.cue is not None:
            earlier = AssignedSpan(quotation, assignment.cue)
    return _without_dialogues(document, _both_sides(document, _whole_speeches(document, assignments)))


def _by_construction(document: Document, quotation: Quotation, near: Sequence[Proposal]) -> CueAssignment | None:
    """Return the assignment that the words next to the span determine, or None where the model has to decide."""
    if unspoken(document, quotation) is not None or credited_speaker(document, quotation.number) is not None:
        return CueAssignment(None, CERTAIN, CERTAIN)
    cue = next((proposal.key for proposal in near if _follows_at_once(document, quotation, proposal)), None)
    if cue is None and message_before(document, quotation.number) is not None:
        return CueAssignment(None, CERTAIN, CERTAIN)  # “Her advice? “Run.””
    if cue is None:
        introducing = [proposal for proposal in near if _introduces(document, quotation, proposal)]
        cue = max(introducing, key=lambda proposal: proposal.cue_score).key if introducing else None
    return None if cue is None else CueAssignment(cue, CERTAIN, CERTAIN)


def _follows_at_once(document: Document, quotation: Quotation, proposal: Proposal) -> bool:
    """Return whether the span ends with a comma or similar mark, and the proposal's aside follows: “No,” said Hart."""
    aside = proposal.view.aside(proposal.cue)
    if aside is None or proposal.view.index not in {quotation.last, quotation.last + 1}:
        return False
    if quotation.ends not in _OPEN_ENDS and quotation.after != ",":
        return False
    if not quotation.leads and _reports_clause_after(proposal):
        return False
    start = proposal.view.words[aside.first].span.start
    return quotation.span.end <= start and not document.has_letters(quotation.span.end, start)


def _reports_clause_after(proposal: Proposal) -> bool:
    """Return whether the cue has a clause of its own after it: He called it “odd”, Cole *said* it was “wrong”."""
    view, cue = proposal.view, proposal.cue
    return any(child > cue and view.words[child].relation in _CLAUSES for child in view.sentence.children(cue))


def _introduces(document: Document, quotation: Quotation, proposal: Proposal) -> bool:
    """Return whether the span follows the final colon of the proposal's sentence, which has no other content."""
    view = proposal.view
    return (
        view.index == quotation.first - 1
        and quotation.leads
        and view.words[-1].text == ":"
        and view.classes[proposal.cue] in SPEECH
        and not proposal.content.best
        and document.before(quotation.span.start).endswith(":")
    )


def _without_dialogues(document: Document, assignments: Assignments) -> Assignments:
    """Take the cue from quoted spans with nothing between them, which are turns of two speakers, unless the cue is in
    their sentence: “Sick,” said Leary. “*Alone?*” “*With the flu.*”"""
    for number in sorted(assignments):
        following = QuotedSpanIndex(number + 1)
        if following not in assignments:
            continue
        first, second = document.quoted_spans[number], document.quoted_spans[following]
        between = document.article.text[first.span.end : second.span.start]
        if first.paragraph != second.paragraph or between.strip() or "\n" in between or not between:
            continue
        if first.closed and second.opened and _is_turn(document, first.span.start, first.span.end):
            for one in (number, following):
                cue = assignments[one].cue
                if cue is not None and document.sentence_at(document.quoted_spans[one].span.end - 1) != cue[0]:
                    assignments[one] = CueAssignment(None, CERTAIN, CERTAIN)
    return assignments


def _is_turn(document: Document, start: int, end: int) -> bool:
    """Return whether the quoted span is one or more whole sentences, unlike that in "on “Meet the Press.”"."""
    begins = document.before(start)[-1:] in {"", ".", "!", "?", "”", '"'}
    return begins and document.article.text[start:end].rstrip("”\"’'")[-1:] in {".", "!", "?", "…"}


def _whole_speeches(document: Document, assignments: Assignments) -> Assignments:
    """Give a speech over several paragraphs, whose first has no cue, the cue of its later paragraphs."""
    with_own_cue = {number for number, assignment in assignments.items() if _is_next_to(document, number, assignment)}
    for number in sorted(assignments, reverse=True):
        before = document.quoted_spans[number].continues
        if before is None or before not in assignments:
            continue
        if (number in with_own_cue and before not in with_own_cue) or assignments[before].cue is None:
            assignments[before] = assignments[number]
            with_own_cue |= {before} if number in with_own_cue else set()
    return assignments


def _both_sides(document: Document, assignments: Assignments) -> Assignments:
    """Give a cue between two halves of a quoted sentence both of them: “And that,” he grinned, “is how …”."""
    for number in sorted(assignments):
        following = QuotedSpanIndex(number + 1)
        if following not in assignments:
            continue
        first, second = document.quoted_spans[number], document.quoted_spans[following]
        if second.paragraph != first.paragraph or _ends_sentence_between(document, first.span, second.span):
            continue
        halves = (
            document.article.slice(first.inner)[-1:] in {",", "—", "–"}
            and document.article.slice(second.inner)[:1].islower()
        )
        if halves and _is_done_while_saying(document, assignments[number].cue, assignments[following].cue):
            assignments[following] = assignments[number]
        for one, other in ((number, following), (following, number)):
            cue = assignments[one].cue
            if halves and cue is not None and assignments[other].cue is None:
                span = document.parse.sentences[cue[0]].words[cue[1]].span
                if first.span.end <= span.start < second.span.start:
                    assignments[other] = assignments[one]
    return assignments


def _is_done_while_saying(document: Document, cue: WordKey | None, other: WordKey | None) -> bool:
    """Return whether the second cue is a participle of the first that reports nothing: “It is,” he said, *pausing*,
    “done.”"""
    if cue is None or other is None or cue[0] != other[0] or cue == other:
        return False
    word = document.parse.sentences[other[0]].words[other[1]]
    reports = cue_lexicon().verbs.get(word.lemma.lower()) in SPEECH
    return word.relation == "advcl" and word.xpos == "VBG" and word.head == cue[1] and not reports


def _ends_sentence_between(document: Document, first: Span, second: Span) -> bool:
    """Return whether a sentence ends between two quoted spans: “Overhead,” her first work, sold. She called it
    “mad”."""
    ended = _SENTENCE_END.search(document.article.text, first.end, second.start) is not None
    return ended and document.sentence_at(first.start) != document.sentence_at(second.start)


def _is_next_to(document: Document, number: QuotedSpanIndex, assignment: CueAssignment) -> bool:
    """Return whether the assigned cue is in the paragraph of the quoted span."""
    if assignment.cue is None:
        return False
    start = document.parse.sentences[assignment.cue[0]].words[assignment.cue[1]].span.start
    return document.paragraph_at(start) == document.quoted_spans[number].paragraph


def in_sentences(proposals: Sequence[Proposal]) -> dict[int, list[Proposal]]:
    """Group proposals by the index of their sentence."""
    result: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        result.setdefault(proposal.view.index, []).append(proposal)
    return result


def near_by(
    document: Document,
    quotation: Quotation,
    by_sentence: Mapping[int, Sequence[Proposal]],
    earlier: AssignedSpan | None,
) -> list[Proposal]:
    """Return the proposals that can report the span: those near it, and the one that reports the span before."""
    sentences: Sequence[int] = range(quotation.first - SENTENCES_BEFORE, quotation.last + SENTENCES_AFTER + 1)
    if not quotation.leads and quotation.words < _MIN_WORDS_INSIDE:
        sentences = range(quotation.first, quotation.last + 1)
    elif quotation.section == "body":
        body = document.body_sentences(quotation.first, quotation.last, SENTENCES_BEFORE, SENTENCES_AFTER)
        sentences = sorted(
            {quotation.first - 1, *body}
        )  # the line that introduces a speech can be classified as a heading
    result = [proposal for sentence in sentences for proposal in by_sentence.get(sentence, ())]
    if (
        (quotation.leads or quotation.words >= _MIN_WORDS_INSIDE)
        and earlier is not None
        and earlier.cue[0] not in sentences
    ):
        result += [proposal for proposal in by_sentence.get(earlier.cue[0], ()) if proposal.key == earlier.cue]
    heading = heading_speaker(document, quotation.number)
    if heading is not None:  # no cue before the heading reports anything below it
        result = [item for item in result if item.view.index > heading.sentence]
    label = _label_start(document, quotation)
    if label is not None:
        result = [item for item in result if item.view.sentence.span.end > label]
    later = (_reports_between, _feels_after, _reacts)
    result = [item for item in result if not any(excludes(item, quotation) for excludes in later)]
    result = _without_earlier_people(document, quotation, result)
    return [item for item in result if not _is_spoken(document, item, quotation)] or result


def _without_earlier_people(document: Document, quotation: Quotation, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Drop the cues before a sentence about somebody else: “No,” said Hart. *His deputy laughed.* “We never can.”"""
    person = person_before(document, quotation.span) if quotation.starts_sentence and quotation.leads else None
    if person is None:
        return list(proposals)
    index, head = person
    sentence = document.parse.sentences[index]
    if sentence.words[head].upos == "PRON":
        return list(proposals)
    about = {sentence.words[at].text for at in phrase(sentence, head) if sentence.words[at].upos == "PROPN"}

    def is_other(proposal: Proposal) -> bool:
        view, source = proposal.view, proposal.source.best
        if source is None or view.index >= index or view.words[source].upos == "PRON":
            return False
        return about.isdisjoint(view.words[at].text for at in view.phrase(source))

    return [proposal for proposal in proposals if not is_other(proposal)]


def _label_start(document: Document, quotation: Quotation) -> int | None:
    """Return the start of the label before the span, or None: "National Grid boss: 'It will be a long night'".

    A label begins its paragraph, ends with a colon, and has no verb.
    """
    start = document.article.paragraphs[document.paragraph_at(quotation.span.start)].span.start
    before = document.article.text[start : quotation.span.start].rstrip()
    if before[-1:] != ":" or len(before) > _MAX_LABEL:
        return None
    label = Span(start, start + len(before))
    words = (
        word
        for index in range(max(quotation.first - 1, 0), quotation.first + 1)
        for word in document.parse.sentences[index].words
        if label.contains(word.span)
    )
    return None if any(word.upos in VERBS for word in words) else start


def _is_spoken(document: Document, proposal: Proposal, quotation: Quotation) -> bool:
    """Return whether the cue is itself inside the quoted span: “They told me so.”"""
    quoted_span, cue = document.quoted_spans[quotation.number], proposal.view.words[proposal.cue].span
    after = document.quoted_spans[quotation.number + 1 : quotation.number + 2]
    whole = quoted_span.closed or any(later.continues == quotation.number for later in after)
    return quoted_span.opened and whole and quoted_span.inner.start <= cue.start < quoted_span.inner.end


def _reports_between(proposal: Proposal, quotation: Quotation) -> bool:
    """Return whether the cue is in a later sentence, and reports words between the span and itself.

    For example, "said" does not report the quotation in: “We will win.” The bill is dead, said Pitt.
    """
    view, content = proposal.view, proposal.content.best
    before = content & between(0, proposal.cue) & ~view.quoted
    return view.index > quotation.last and not view.quoted and bool(before & view.verbs)


def _feels_after(proposal: Proposal, quotation: Quotation) -> bool:
    """Return whether the cue is a verb of attitude in a later sentence and its content follows it: “We will win.” One
    critic *wants* her book burned."""
    view, content = proposal.view, proposal.content.best
    after = content & ~between(0, proposal.cue)
    return view.index > quotation.last and not view.quoted and view.classes[proposal.cue] in ATTITUDE and bool(after)


def _reacts(proposal: Proposal, quotation: Quotation) -> bool:
    """Return whether the cue is a reaction to the span, in a later sentence: “We will win.” His rival *disagreed*."""
    view = proposal.view
    reacting = view.lemmas[proposal.cue] in word_list("quotations", "reactions")
    return reacting and view.index > quotation.last and quotation.ends in SENTENCE_ENDS
