"""Quotations that a colon or a "how" ties to one who speaks, without a verb of saying.

*Lacey* had a simple answer: “Because it was there.”   *Larkin*’s verdict: “A waste of paint.”
“The best there was,” is how *Blake* remembers her.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.cue_lexicon import SPEECH
from service.extraction.grammar.edits import made, with_content, with_cue, with_source
from service.extraction.grammar.grammar_lexicon import grammar_lexicon
from service.extraction.grammar.trees import before, can_speak, is_document, is_finite
from service.extraction.learned.proposals import Proposal
from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet, between, first, last, positions

COLON: Final = "introduced-by-colon"
HOW: Final = "how-clause"
_LEAST_WORDS: Final = 2  # of a quotation behind a colon; fewer is often a name or a term
_BE: Final = frozenset({"is", "was", "'s", "’s"})
_SURE: Final = 1.5  # log-odds: less than a verb of saying


def introductions(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """`proposals` with those of the quotations that a colon introduces, or that a clause with "how" follows."""
    found = list(proposals)
    for stretch in view.stretches.values():
        found = _behind_colon(view, found, stretch)
        found = _before_how(view, found, stretch)
    return found


def _behind_colon(view: SentenceView, proposals: list[Proposal], stretch: WordSet) -> list[Proposal]:
    colon = first(stretch) - 1
    if colon < 1 or view.text_at(colon) != ":" or (stretch & view.solid).bit_count() < _LEAST_WORDS:
        return proposals
    if any(_is_report(view, one, colon) for one in proposals) or view.quoted & before(colon):
        return proposals
    source = _introducer(view, colon)
    if source is None:
        return proposals
    holding = [one for one in proposals if one.cue <= colon and one.content.best & stretch & view.solid]
    held = max(holding, key=lambda one: (one.cue == colon, one.cue_score), default=None)
    proposals = [one for one in proposals if one is held or one not in holding]
    if held is None:
        return sorted([*proposals, made(view, colon, stretch, source, COLON)], key=lambda one: one.cue)
    changed = with_cue(with_content(with_source(held, source, COLON), stretch, COLON), COLON, least=_SURE)
    return [changed if one is held else one for one in proposals]


def _is_report(view: SentenceView, proposal: Proposal, colon: int) -> bool:
    """Whether a verb of saying before the colon is a likely cue: it introduces the quotation itself."""
    return proposal.cue < colon and view.classes[proposal.cue] in SPEECH and view.words[proposal.cue].upos == "VERB"


def _introducer(view: SentenceView, colon: int) -> int | None:
    """Who speaks behind the colon: the subject before it, or the one whose answer, verdict or message it is."""
    words, sentence = view.words, view.sentence
    for position in positions(view.solid & before(colon)):
        if view.lemmas[position] in grammar_lexicon().messages:
            owner = sentence.child(position, "nmod:poss")
            if owner is not None:
                return owner if _is_speaker(view, owner) else None
    root = sentence.root()
    if root >= colon or words[root].upos not in {"VERB", "ADJ", "NOUN"} or not is_finite(view, root):
        return None
    subject = sentence.child(root, "nsubj")
    if subject is None or subject > root or view.passive(root) or not can_speak(view, subject):
        return None
    return None if is_document(view, subject) else subject


def _is_speaker(view: SentenceView, owner: int) -> bool:
    return can_speak(view, owner) or view.text_at(owner) in {"his", "her", "their"}


def _before_how(view: SentenceView, proposals: list[Proposal], stretch: WordSet) -> list[Proposal]:
    """ "“A disgrace”: that was how Orme summed up the vote", "“X,” is how Blake remembers her"."""
    place = last(stretch) + 1
    while view.text_at(place) in {",", ":", "—", "–", "that", "which", "this"}:
        place += 1
    if view.text_at(place) not in _BE or view.text_at(place + 1) != "how":
        return proposals
    verb = next((at for at in range(place + 2, len(view.words)) if view.words[at].upos == "VERB"), None)
    subject = None if verb is None else view.sentence.child(verb, "nsubj")
    if verb is None or subject is None or not place < subject < verb or not can_speak(view, subject):
        return proposals
    kept = [one for one in proposals if one.cue != verb and view.text_at(one.cue) != ":"]
    said = made(view, verb, stretch & between(0, place), subject, HOW)
    return sorted([*kept, said], key=lambda one: one.cue)
