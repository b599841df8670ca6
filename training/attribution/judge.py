"""Which of the drafts a person would mark too: what the confidence is learned from, and the threshold chosen by."""

from collections.abc import Sequence

from service.extraction.attributions import Draft
from service.extraction.sources import phrase_span
from training.attribution.gold import letters
from training.attribution.parses import Document


def right_of(document: Document, drafts: Sequence[Draft]) -> list[bool]:
    """For each draft, whether it is the one that finds a gold attribution (contents that overlap by half, the same cue
    before another, the better overlap before the worse) and has its source too."""
    text = document.text
    golds = [letters(text, marked["content"]) for marked in document.attributions]
    pairs = []
    for number, draft in enumerate(drafts):
        spans = [*draft.contents, *(draft.proposal.view.page.stretches[later].span for later in draft.later)]
        own = letters(text, [list(span) for span in spans])
        cue = draft.proposal.view.words[draft.proposal.cue].span
        for place, gold in enumerate(golds):
            overlap = 2 * len(own & gold) / (len(own) + len(gold)) if own or gold else 0.0
            if overlap >= 0.5:
                same = any(cue.start < end and start < cue.end for start, end in document.attributions[place]["cue"])
                pairs.append((not same, -overlap, place, number))
    right = [False] * len(drafts)
    taken: set[int] = set()
    claimed: set[int] = set()
    for _, _, place, number in sorted(pairs):
        if place not in claimed and number not in taken:
            claimed.add(place)
            taken.add(number)
            right[number] = _same_source(drafts[number], document.attributions[place].get("source", []))
    return right


def _same_source(draft: Draft, marked: Sequence[Sequence[int]]) -> bool:
    head = draft.proposal.source.best
    if head is None or not marked:
        return head is None and not marked
    span = phrase_span(draft.proposal.view.sentence, head)
    return any(start < span.end and span.start < end for start, end in marked)


def best_threshold(scored: Sequence[tuple[float, bool]], golds: int) -> tuple[float, float]:
    """The confidence from which on drafts are best kept, to two digits, and the F1 that this gives."""
    best = (0.0, 0.0)
    for hundredth in range(5, 95):
        kept = [right for confidence, right in scored if confidence >= hundredth / 100]
        score = 2 * sum(kept) / (len(kept) + golds) if kept else 0.0
        best = max(best, (score, hundredth / 100))
    return best[1], best[0]
