"""Rules for quoted words without a reporting verb: after a colon, before "is how", or borrowed from someone cited.

*Lacey* had a simple answer: “Because it was there.”
*Larkin*’s verdict: “A waste of paint.”
“The best there was,” is how *Blake* remembers her.
“And that,” *Pillai* grinned, “is how you bowl.”
To quote *Mark Twain*, “a lie travels fast”.
To borrow a phrase from *the judge*, the case was “a jigsaw with no lid”.
It was, in the words of *one fan*, “a slap in the face”.
The film is, as *one critic* put it, “a long yawn”.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from service.extraction.attribution.cues import viewpoint_owner
from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions
from service.extraction.noun_phrases import voice_of
from service.extraction.rules.constructions import (
    before,
    can_own_words,
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    new_proposal,
    reports,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.wordlists import word_list

COLON: Final = "introduced-by-colon"
HOW: Final = "how-clause"
HALVES: Final = "between-halves"
VERDICT: Final = "verdict-after-quote"
_MAX_GAP: Final = 8  # words between the halves of a quotation
_NEAR: Final = 8  # words between "was" and "verdict"
_MIN_WORDS: Final = 2  # of a quotation after a colon; a shorter one is often a name or a term
_SENTENCE_ENDS: Final = frozenset({".", "!", "?"})
_BE: Final = frozenset({"is", "was", "'s", "’s"})
_CUE_SCORE: Final = 1.5  # log-odds; lower than for a verb of saying
CITED: Final = "cited"
_QUOTING_VERBS: Final = frozenset({"quote", "cite", "borrow", "echo"})
_FROM: Final = frozenset({"from", "of"})
_PUTTING: Final = frozenset({"put", "describe", "phrase", "call"})


def introductions(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Add proposals for quotations introduced by a colon or followed by a clause with "how"."""
    result = _between_halves(view, list(proposals))
    for quoted_span in view.quoted_spans.values():
        result = _after_colon(view, result, quoted_span)
        result = _before_how(view, result, quoted_span)
        result = _before_verdict(view, result, quoted_span)
    return result


def _with(proposals: Sequence[Proposal], new: Proposal) -> list[Proposal]:
    """Return `proposals` and the new one, in text order."""
    return sorted([*proposals, new], key=lambda item: item.cue)


def _between_halves(view: SentenceView, proposals: list[Proposal]) -> list[Proposal]:
    """Attribute a quotation split by any verb to the verb's subject: "“And that,” Pillai grinned, “is how you
    bowl.”"."""
    for one, other in pairwise(view.quoted_spans.values()):
        start, end = last(one) + 1, first(other)
        if view.text_at(start - 2) != "," or view.text_at(end - 1) != "," or not 2 < end - start <= _MAX_GAP:
            continue
        opens = next(positions(other & view.solid), None)
        if opens is None or not view.words[opens].text[:1].islower():
            continue
        verbs = [at for at in range(start, end) if view.words[at].xpos in {"VBD", "VBZ"}]
        subject = _between(view, verbs[0], start, end) if len(verbs) == 1 else None
        if subject is None:
            continue
        known = next((proposal for proposal in proposals if proposal.cue == verbs[0]), None)
        if known is None:
            proposals = _with(proposals, new_proposal(view, verbs[0], one | other, subject, HALVES))
        else:
            said = with_content(with_source(known, subject, HALVES), one | other, HALVES)
            proposals = [with_cue(said, HALVES) if each is known else each for each in proposals]
    return proposals


def _between(view: SentenceView, verb: int, start: int, end: int) -> int | None:
    """Return the speaker between the two halves: the verb's subject, or the noun directly after a verb of saying."""
    subject, aside = view.sentence.child(verb, "nsubj"), view.aside(verb)
    if subject is None or not start <= subject < end:
        subject = aside.source if aside is not None and start <= aside.source < end else None
    return subject if subject is not None and can_speak(view, subject) else None


def _after_colon(view: SentenceView, proposals: list[Proposal], quoted_span: WordSet) -> list[Proposal]:
    colon = first(quoted_span) - 1
    if colon < 1 or view.text_at(colon) != ":":
        return proposals
    if (quoted_span & view.solid).bit_count() < _MIN_WORDS and view.text_at(
        last(quoted_span) - 1
    ) not in _SENTENCE_ENDS:
        return proposals
    if any(_is_report(view, proposal, colon) for proposal in proposals) or view.quoted & before(colon):
        return proposals
    source = _introducer(view, colon)
    if source is None:
        return proposals
    holding = [
        proposal for proposal in proposals if proposal.cue <= colon and proposal.content.best & quoted_span & view.solid
    ]
    current = max(holding, key=lambda item: (item.cue == colon, item.cue_score), default=None)
    proposals = [proposal for proposal in proposals if proposal is current or proposal not in holding]
    if current is not None and current.cue != colon and view.classes[current.cue] not in SPEECH:
        proposals = [proposal for proposal in proposals if proposal is not current]  # "could not hide his joy: …"
        current = None
    if current is None:
        return _with(proposals, new_proposal(view, colon, quoted_span, source, COLON))
    changed = with_cue(with_content(with_source(current, source, COLON), quoted_span, COLON), COLON, least=_CUE_SCORE)
    return [changed if proposal is current else proposal for proposal in proposals]


def _is_report(view: SentenceView, proposal: Proposal, colon: int) -> bool:
    """Return whether a likely cue stands before the colon, so that the cue itself introduces the quotation."""
    return proposal.cue < colon and view.classes[proposal.cue] in SPEECH and view.words[proposal.cue].upos == "VERB"


def _introducer(view: SentenceView, colon: int) -> int | None:
    """Return the speaker of the quotation after the colon: the subject before it, or the owner of the answer or
    verdict."""
    words, sentence = view.words, view.sentence
    for position in positions(view.solid & before(colon)):
        if view.lemmas[position] in grammar_lexicon().messages:
            owner = _owner(view, position, colon)
            if owner is not None:
                return owner if can_own_words(view, owner) else None
    root = sentence.root()
    if root >= colon or words[root].upos not in {"VERB", "ADJ", "NOUN"} or not is_finite(view, root):
        return None
    subject, received = sentence.child(root, "nsubj"), sentence.child(root, "obj")
    if received is not None and view.lemmas[root] in word_list("rules", "receiving") and is_document(view, received):
        return voice_of(sentence, received)  # "The Journal received an email from *Voss* reading:"
    if subject is None or subject > root or view.passive(root) or not can_speak(view, subject):
        return None
    return None if is_document(view, subject) else subject


def _owner(view: SentenceView, message: int, end: int) -> int | None:
    """Return the person or organization a message comes from: "Larkin's answer", "words from the judge", "the verdict
    of Tait"."""
    owner = view.sentence.child(message, "nmod:poss")
    if owner is not None:
        return owner
    after = (child for child in view.sentence.children(message) if message < child < end)
    return next((c for c in after if view.role(c, "case") in {"of", "from"} and can_speak(view, c)), None)


def _before_verdict(view: SentenceView, proposals: list[Proposal], quoted_span: WordSet) -> list[Proposal]:
    """Attribute quotations followed by a verdict: "“Too late,” was the verdict of Tait", "“Never,” came the reply from
    the bank"."""
    place = last(quoted_span) + 1
    place += view.text_at(place) == ","
    if view.text_at(place) not in _BE | {"came"}:
        return proposals
    nouns = range(place + 1, min(place + _NEAR, len(view.words)))
    message = next((at for at in nouns if view.lemmas[at] in grammar_lexicon().messages), None)
    if message is None or any(view.words[at].upos in {"VERB", "PUNCT"} for at in range(place + 1, message)):
        return proposals
    owner = _owner(view, message, len(view.words))
    if owner is None or not can_own_words(view, owner):
        return proposals
    others = [
        proposal
        for proposal in proposals
        if proposal.cue != message and not proposal.content.best & quoted_span & view.solid
    ]
    return _with(others, new_proposal(view, message, quoted_span, owner, VERDICT))


def _before_how(view: SentenceView, proposals: list[Proposal], quoted_span: WordSet) -> list[Proposal]:
    """Attribute quotations followed by "how": "“A disgrace”: that was how Orme summed up the vote"."""
    place = last(quoted_span) + 1
    while view.text_at(place) in {",", ":", "—", "–", "that", "which", "this"}:
        place += 1
    if view.text_at(place) not in _BE or view.text_at(place + 1) != "how":
        return proposals
    verb = next((at for at in range(place + 2, len(view.words)) if view.words[at].upos == "VERB"), None)
    subject = None if verb is None else view.sentence.child(verb, "nsubj")
    if verb is None or subject is None or not place < subject < verb or not can_speak(view, subject):
        return proposals
    others = [proposal for proposal in proposals if proposal.cue != verb and view.text_at(proposal.cue) != ":"]
    return _with(others, new_proposal(view, verb, quoted_span & between(0, place), subject, HOW))


def citations(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Add proposals for quoted words after "To quote X,", around "as X put it" and next to "in the words of X"."""
    if not view.quoted:
        return list(proposals)
    cited = _to_quote(view) or _as_put(view) or _in_words_of(view)
    if cited is None:
        return list(proposals)
    others = [proposal for proposal in proposals if not _is_rival(view, proposal, cited)]
    return _with(others, cited)


def _is_rival(view: SentenceView, proposal: Proposal, cited: Proposal) -> bool:
    """Return whether the proposal has the cue or some of the words of the cited one, and no report of its own."""
    shared = proposal.content.best & cited.content.best
    return proposal.cue == cited.cue or (bool(shared) and not reports(view, proposal.cue))


def _to_quote(view: SentenceView) -> Proposal | None:
    if view.text_at(0) != "to" or view.text_at(1) not in _QUOTING_VERBS:
        return None
    source = view.sentence.child(1, "obj")
    if source is not None and view.lemmas[source] in word_list("rules", "borrowed_phrases"):
        source = _origin(view, source)
    if source is None or not (can_speak(view, source) or view.words[source].upos == "PROPN"):
        return None
    ends = next((at for at in range(source + 1, len(view.words)) if view.text_at(at) in {",", ":"}), len(view.words))
    words = _first_quoted(view, ends)
    return new_proposal(view, 1, words, source, CITED) if words else None


def _origin(view: SentenceView, phrase: int) -> int | None:
    """Return the person from whom a phrase is borrowed: "a line from the judge", "the judge's phrase"."""
    owner = view.sentence.child(phrase, "nmod:poss")
    if owner is not None:
        return owner
    after = (at for at in range(phrase + 1, len(view.words)) if view.role(at, "case") in _FROM)
    return next((at for at in after if view.heads[at] in {phrase, 1}), None)


def _as_put(view: SentenceView) -> Proposal | None:
    for cue in range(1, len(view.words)):
        if view.lemmas[cue] not in _PUTTING:
            continue
        mark, thing = view.sentence.child(cue, "mark", "advmod"), view.sentence.child(cue, "obj")
        subject = view.sentence.child(cue, "nsubj")
        if mark is None or view.text_at(mark) != "as" or thing is None or view.text_at(thing) not in {"it", "them"}:
            continue
        start, end = mark, thing + 1
        if subject is None or not start < subject < cue or not can_speak(view, subject) or view.quoted >> cue & 1:
            continue
        inside = view.text_at(start - 1) == "," and view.text_at(end) in {",", ":"}
        words = _first_quoted(view, end)
        if inside and words and not view.quoted & between(0, start):
            return new_proposal(view, cue, words, subject, CITED)
    return None


def _in_words_of(view: SentenceView) -> Proposal | None:
    for noun in range(1, len(view.words)):
        source = viewpoint_owner(view.sentence, noun, word_list("rules", "borrowed_phrases"))
        if source is None or view.quoted >> noun & 1:
            continue
        if not can_own_words(view, source) and view.words[source].upos != "PROPN":
            continue
        words = _first_quoted(view, noun) or next(iter(view.quoted_spans.values()))
        return new_proposal(view, noun, words, source, CITED)
    return None


def _first_quoted(view: SentenceView, position: int) -> WordSet:
    """Return the words of the first quoted span after `position`; empty if there is none."""
    return next((words for words in view.quoted_spans.values() if first(words) > position), 0)
