"""Gives each quoted stretch to the cue that reports it, or to nobody, in text order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.linear import LinearModel
from service.extraction.attribution.proposals import Proposal, chosen
from service.extraction.attribution.word_sets import between
from service.extraction.document import Document
from service.extraction.quotations.credits import credited_speaker
from service.extraction.quotations.headings import heading_speaker
from service.extraction.quotations.span_features import (
    AssignedSpan,
    Quotation,
    nobody_features,
    quotations_of,
    span_cue_features,
)
from service.extraction.rules.uncued_spans import unspoken

SENTENCES_BEFORE: Final = 2
SENTENCES_AFTER: Final = 1
CERTAIN: Final = 4.0  # log-odds of an owner that the words round the stretch show
_MORE_THAN_SCARE: Final = 6  # words: fewer inside a sentence without a cue are the writer's scare quotes
_OPEN_ENDS: Final = frozenset(",!?…—–-")


@dataclass(frozen=True, slots=True)
class CueAssignment:
    """Whose a stretch is: the key of a cue, or None. `score` and `margin` say how sure that is, in log-odds."""

    cue: tuple[int, int] | None
    score: float
    margin: float


def assign_cues(document: Document, proposals: Sequence[Proposal], model: LinearModel) -> dict[int, CueAssignment]:
    """The owner of each quoted stretch, by the stretch's number on the page."""
    by_sentence = in_sentences(proposals)
    assignments: dict[int, CueAssignment] = {}
    earlier: AssignedSpan | None = None
    for quotation in quotations_of(document):
        near = near_by(document, quotation, by_sentence, earlier)
        owner = _by_construction(document, quotation, near)
        if owner is None:
            scored: list[tuple[float, tuple[int, int] | None]] = []
            scored.append((model.score(nobody_features(quotation, earlier)), None))
            for proposal in near:
                scored.append((model.score(span_cue_features(quotation, proposal, earlier, near)), proposal.key))
            choice = chosen(scored)
            owner = CueAssignment(choice.best, choice.score, choice.margin)
        assignments[quotation.number] = owner
        if owner.cue is not None:
            earlier = AssignedSpan(quotation, owner.cue)
    return _both_sides(document, _whole_speeches(document, assignments))


def _by_construction(document: Document, quotation: Quotation, near: Sequence[Proposal]) -> CueAssignment | None:
    """The owner that the words round the stretch leave no doubt of; None where they do."""
    if unspoken(document, quotation) is not None or credited_speaker(document, quotation.number) is not None:
        return CueAssignment(None, CERTAIN, CERTAIN)
    cue = next((proposal.key for proposal in near if _follows_at_once(document, quotation, proposal)), None)
    if cue is None:
        introducing = [proposal for proposal in near if _introduces(document, quotation, proposal)]
        cue = max(introducing, key=lambda proposal: proposal.cue_score).key if introducing else None
    return None if cue is None else CueAssignment(cue, CERTAIN, CERTAIN)


def _follows_at_once(document: Document, quotation: Quotation, proposal: Proposal) -> bool:
    """Whether the stretch ends with a comma or the like, and what follows is the proposal's aside: “No,” said Hart."""
    aside = proposal.view.aside(proposal.cue)
    if aside is None or proposal.view.index not in {quotation.last, quotation.last + 1}:
        return False
    if quotation.ends not in _OPEN_ENDS and quotation.after != ",":
        return False
    start = proposal.view.words[aside.first].span.start
    return quotation.span.end <= start and not document.has_letters(quotation.span.end, start)


def _introduces(document: Document, quotation: Quotation, proposal: Proposal) -> bool:
    """Whether the stretch stands behind the colon of the proposal's own sentence, which reports nothing else: "the
    company said:"."""
    view = proposal.view
    return (
        view.index == quotation.first - 1
        and quotation.leads
        and view.words[-1].text == ":"
        and view.classes[proposal.cue] in SPEECH
        and not proposal.content.best
        and document.before(quotation.span.start).endswith(":")
    )


def _whole_speeches(document: Document, assignments: dict[int, CueAssignment]) -> dict[int, CueAssignment]:
    """`owners`, where a speech over several paragraphs has no cue in its first, with the one of its later ones."""
    led = {number for number, owner in assignments.items() if _is_next_to(document, number, owner)}
    for number in sorted(assignments, reverse=True):
        before = document.quoted_spans[number].continues
        if before not in assignments:
            continue
        if (number in led and before not in led) or assignments[before].cue is None:
            assignments[before] = assignments[number]
            led |= {before} if number in led else set()
    return assignments


def _both_sides(document: Document, assignments: dict[int, CueAssignment]) -> dict[int, CueAssignment]:
    """`owners`, where a cue stands between two halves of a sentence in marks, with it for both: “And that,” he grinned,
    “is how …”."""
    for number in sorted(assignments):
        first, second = (
            document.quoted_spans[number],
            document.quoted_spans[number + 1] if number + 1 < len(document.quoted_spans) else None,
        )
        if second is None or number + 1 not in assignments or second.paragraph != first.paragraph:
            continue
        halves = (
            document.article.slice(first.inner)[-1:] in {",", "—", "–"}
            and document.article.slice(second.inner)[:1].islower()
        )
        for one, other in ((number, number + 1), (number + 1, number)):
            cue = assignments[one].cue
            if halves and cue is not None and assignments[other].cue is None:
                span = document.parse.sentences[cue[0]].words[cue[1]].span
                if first.span.end <= span.start < second.span.start:
                    assignments[other] = assignments[one]
    return assignments


def _is_next_to(document: Document, number: int, owner: CueAssignment) -> bool:
    """Whether the owner's cue stands in the paragraph of the stretch, or in that of one that it goes on with."""
    if owner.cue is None:
        return False
    start = document.parse.sentences[owner.cue[0]].words[owner.cue[1]].span.start
    return document.paragraph_at(start) == document.quoted_spans[number].paragraph


def in_sentences(proposals: Sequence[Proposal]) -> dict[int, list[Proposal]]:
    """The proposals by the number of their sentence."""
    found: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.view.index, []).append(proposal)
    return found


def near_by(
    document: Document,
    quotation: Quotation,
    by_sentence: Mapping[int, Sequence[Proposal]],
    earlier: AssignedSpan | None,
) -> list[Proposal]:
    """The proposals that may report the stretch: those near it, and the one that reports the stretch before."""
    sentences: Sequence[int] = range(quotation.first - SENTENCES_BEFORE, quotation.last + SENTENCES_AFTER + 1)
    if not quotation.leads and quotation.words < _MORE_THAN_SCARE:
        sentences = range(quotation.first, quotation.last + 1)
    elif quotation.section == "body":
        body = document.body_sentences(quotation.first, quotation.last, SENTENCES_BEFORE, SENTENCES_AFTER)
        sentences = sorted({quotation.first - 1, *body})  # a line that introduces a speech may look like a heading
    found = [proposal for sentence in sentences for proposal in by_sentence.get(sentence, ())]
    if (
        (quotation.leads or quotation.words >= _MORE_THAN_SCARE)
        and earlier is not None
        and earlier.cue[0] not in sentences
    ):
        found += [proposal for proposal in by_sentence.get(earlier.cue[0], ()) if proposal.key == earlier.cue]
    heading = heading_speaker(document, quotation.number)
    if heading is not None:  # a speech that began before it has ended
        found = [one for one in found if one.view.index > heading.sentence]
    found = [one for one in found if not _reports_between(one, quotation)]
    return [one for one in found if not _is_spoken(document, one, quotation)] or found


def _is_spoken(document: Document, proposal: Proposal, quotation: Quotation) -> bool:
    """Whether the cue is one of the quoted words: “They told me so.”"""
    quoted_span, cue = document.quoted_spans[quotation.number], proposal.view.words[proposal.cue].span
    after = document.quoted_spans[quotation.number + 1 : quotation.number + 2]
    whole = quoted_span.closed or any(later.continues == quotation.number for later in after)
    return quoted_span.opened and whole and quoted_span.inner.start <= cue.start < quoted_span.inner.end


def _reports_between(proposal: Proposal, quotation: Quotation) -> bool:
    """Whether a later sentence has its own content, without marks, between the stretch and its cue: “We will win.” The
    bill is dead, said Pitt."""
    view, content = proposal.view, proposal.content.best
    before = content & between(0, proposal.cue) & ~view.quoted
    return view.index > quotation.last and not view.quoted and bool(before & view.verbs)
