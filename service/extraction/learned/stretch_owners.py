"""Gives each quoted stretch to the cue that reports it, or to nobody, in text order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.credits import credited_speaker
from service.extraction.cue_lexicon import SPEECH
from service.extraction.headings import heading_speaker
from service.extraction.learned.linear import LinearModel
from service.extraction.learned.proposals import Proposal, chosen
from service.extraction.learned.stretch_features import (
    Owned,
    Quotation,
    nobody_features,
    quotations_of,
    stretch_features,
)
from service.extraction.learned.wordsets import between
from service.extraction.page import Page
from service.extraction.unspoken import unspoken

SENTENCES_BEFORE: Final = 2
SENTENCES_BEHIND: Final = 1
CERTAIN: Final = 4.0  # log-odds of an owner that the words round the stretch show
_MORE_THAN_SCARE: Final = 6  # words: fewer inside a sentence without a cue are the writer's scare quotes
_OPEN_ENDS: Final = frozenset(",!?…—–-")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a stretch is: the key of a cue, or None. `score` and `margin` say how sure that is, in log-odds."""

    cue: tuple[int, int] | None
    score: float
    margin: float


def owners_of(page: Page, proposals: Sequence[Proposal], model: LinearModel) -> dict[int, Owner]:
    """The owner of each quoted stretch, by the stretch's number on the page."""
    by_sentence = in_sentences(proposals)
    owners: dict[int, Owner] = {}
    earlier: Owned | None = None
    for quotation in quotations_of(page):
        near = near_by(page, quotation, by_sentence, earlier)
        owner = _by_construction(page, quotation, near)
        if owner is None:
            scored: list[tuple[float, tuple[int, int] | None]] = []
            scored.append((model.score(nobody_features(quotation, earlier)), None))
            for proposal in near:
                scored.append((model.score(stretch_features(quotation, proposal, earlier, near)), proposal.key))
            choice = chosen(scored)
            owner = Owner(choice.best, choice.score, choice.margin)
        owners[quotation.number] = owner
        if owner.cue is not None:
            earlier = Owned(quotation, owner.cue)
    return _both_sides(page, _whole_speeches(page, owners))


def _by_construction(page: Page, quotation: Quotation, near: Sequence[Proposal]) -> Owner | None:
    """The owner that the words round the stretch leave no doubt of; None where they do."""
    if unspoken(page, quotation) is not None or credited_speaker(page, quotation.number) is not None:
        return Owner(None, CERTAIN, CERTAIN)
    cue = next((proposal.key for proposal in near if _follows_at_once(page, quotation, proposal)), None)
    if cue is None:
        introducing = [proposal for proposal in near if _introduces(page, quotation, proposal)]
        cue = max(introducing, key=lambda proposal: proposal.cue_score).key if introducing else None
    return None if cue is None else Owner(cue, CERTAIN, CERTAIN)


def _follows_at_once(page: Page, quotation: Quotation, proposal: Proposal) -> bool:
    """Whether the stretch ends with a comma or the like, and what follows is the proposal's aside: “No,” said Hart."""
    aside = proposal.view.aside(proposal.cue)
    if aside is None or proposal.view.index not in {quotation.last, quotation.last + 1}:
        return False
    if quotation.ends not in _OPEN_ENDS and quotation.behind != ",":
        return False
    start = proposal.view.words[aside.first].span.start
    return quotation.span.end <= start and not page.has_letters(quotation.span.end, start)


def _introduces(page: Page, quotation: Quotation, proposal: Proposal) -> bool:
    """Whether the stretch stands behind the colon of the proposal's own sentence, which reports nothing else: "the
    company said:"."""
    view = proposal.view
    return (
        view.index == quotation.first - 1
        and quotation.leads
        and view.words[-1].text == ":"
        and view.classes[proposal.cue] in SPEECH
        and not proposal.content.best
        and page.before(quotation.span.start).endswith(":")
    )


def _whole_speeches(page: Page, owners: dict[int, Owner]) -> dict[int, Owner]:
    """`owners`, where a speech over several paragraphs has no cue in its first, with the one of its later ones."""
    led = {number for number, owner in owners.items() if _is_beside(page, number, owner)}
    for number in sorted(owners, reverse=True):
        before = page.stretches[number].continues
        if before not in owners:
            continue
        if (number in led and before not in led) or owners[before].cue is None:
            owners[before] = owners[number]
            led |= {before} if number in led else set()
    return owners


def _both_sides(page: Page, owners: dict[int, Owner]) -> dict[int, Owner]:
    """`owners`, where a cue stands between two halves of a sentence in marks, with it for both: “And that,” he grinned,
    “is how …”."""
    for number in sorted(owners):
        first, second = page.stretches[number], page.stretches[number + 1] if number + 1 < len(page.stretches) else None
        if second is None or number + 1 not in owners or second.paragraph != first.paragraph:
            continue
        halves = (
            page.article.slice(first.inner)[-1:] in {",", "—", "–"} and page.article.slice(second.inner)[:1].islower()
        )
        for one, other in ((number, number + 1), (number + 1, number)):
            cue = owners[one].cue
            if halves and cue is not None and owners[other].cue is None:
                span = page.parse.sentences[cue[0]].words[cue[1]].span
                if first.span.end <= span.start < second.span.start:
                    owners[other] = owners[one]
    return owners


def _is_beside(page: Page, number: int, owner: Owner) -> bool:
    """Whether the owner's cue stands in the paragraph of the stretch, or in that of one that it goes on with."""
    if owner.cue is None:
        return False
    start = page.parse.sentences[owner.cue[0]].words[owner.cue[1]].span.start
    return page.paragraph_at(start) == page.stretches[number].paragraph


def in_sentences(proposals: Sequence[Proposal]) -> dict[int, list[Proposal]]:
    """The proposals by the number of their sentence."""
    found: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.view.index, []).append(proposal)
    return found


def near_by(
    page: Page, quotation: Quotation, by_sentence: Mapping[int, Sequence[Proposal]], earlier: Owned | None
) -> list[Proposal]:
    """The proposals that may report the stretch: those near it, and the one that reports the stretch before."""
    sentences: Sequence[int] = range(quotation.first - SENTENCES_BEFORE, quotation.last + SENTENCES_BEHIND + 1)
    if not quotation.leads and quotation.words < _MORE_THAN_SCARE:
        sentences = range(quotation.first, quotation.last + 1)
    elif quotation.section == "body":
        body = page.body_sentences(quotation.first, quotation.last, SENTENCES_BEFORE, SENTENCES_BEHIND)
        sentences = sorted({quotation.first - 1, *body})  # a line that introduces a speech may look like a heading
    found = [proposal for sentence in sentences for proposal in by_sentence.get(sentence, ())]
    if (
        (quotation.leads or quotation.words >= _MORE_THAN_SCARE)
        and earlier is not None
        and earlier.cue[0] not in sentences
    ):
        found += [proposal for proposal in by_sentence.get(earlier.cue[0], ()) if proposal.key == earlier.cue]
    heading = heading_speaker(page, quotation.number)
    if heading is not None:  # a speech that began before it has ended
        found = [one for one in found if one.view.index > heading.sentence]
    found = [one for one in found if not _reports_between(one, quotation)]
    return [one for one in found if not _is_spoken(page, one, quotation)] or found


def _is_spoken(page: Page, proposal: Proposal, quotation: Quotation) -> bool:
    """Whether the cue is one of the quoted words: “They told me so.”"""
    stretch, cue = page.stretches[quotation.number], proposal.view.words[proposal.cue].span
    behind = page.stretches[quotation.number + 1 : quotation.number + 2]
    whole = stretch.closed or any(later.continues == quotation.number for later in behind)
    return stretch.opened and whole and stretch.inner.start <= cue.start < stretch.inner.end


def _reports_between(proposal: Proposal, quotation: Quotation) -> bool:
    """Whether a later sentence has its own content, without marks, between the stretch and its cue: “We will win.” The
    bill is dead, said Pitt."""
    view, content = proposal.view, proposal.content.best
    before = content & between(0, proposal.cue) & ~view.quoted
    return view.index > quotation.last and not view.quoted and bool(before & view.verbs)
