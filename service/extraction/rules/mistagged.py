"""Rules for reporting verbs that the tagger takes for nouns, for "per X" and for "in the view of X".

These rules read the words because the tree is unreliable in such sentences.

Rates have been falling, *Gleam magazine reports*.
*Emails* seen by the Daily Ferry *show* that the bank knew.
The plague, *per the WHO*, is found in rodents.
*In the view of* economist Ana Ruiz, the levy is a mistake.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from service.extraction.attribution.cues import viewpoint_owner
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.sources import is_main
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.constructions import (
    can_own_words,
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    new_proposal,
    reports,
)
from service.extraction.wordlists import organization_words, word_list
from service.parsing.tree import Word

RULE: Final = "mistagged-verb"
PER: Final = "per"
VIEWPOINT: Final = "viewpoint"
_ENDS: Final = frozenset({".", "!", "”", '"', "#"})


def misread(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Add proposals whose cue was mistagged."""
    triggers = word_list("rules", "mistagged_triggers")
    places = [at for at, text in enumerate(view.texts) if text in triggers]
    if not places:
        return list(proposals)
    result = {proposal.cue: proposal for proposal in proposals}
    for position in places:
        new = (_finding_at_end(view, position, result.get(position)) or _at_end(view, position)) if position else None
        new = new or (_before_that(view, position) if position else None)
        if new is not None and not _passed_on(view, new, result.values()):
            result = {cue: one for cue, one in result.items() if not one.content.best >> position & 1}
            result[position] = new
    for position in places:
        new = _per(view, position) or _in_view_of(view, position, result.values())
        if new is not None:
            result[position] = new
    return [result[cue] for cue in sorted(result)]


def _passed_on(view: SentenceView, new: Proposal, others: Iterable[Proposal]) -> bool:
    """Return whether the content of `new` is itself a report by another source, who is then the speaker."""
    return any(
        new.content.best >> other.cue & 1
        and is_main(view.sentence, other.cue)
        and reports(view, other.cue)
        and other.source.best is not None
        and not view.quoted >> other.cue & 1
        for other in others
    )


def _at_end(view: SentenceView, position: int) -> Proposal | None:
    """Find a mistagged report at the end of a sentence that begins with a clause: "…, Gleam magazine reports."."""
    word = view.words[position]
    if (
        word.upos != "NOUN"
        or view.text_at(position) not in word_list("rules", "mistagged_reports")
        or view.text_at(position + 1) not in _ENDS
    ):
        return None
    start = position
    while start and view.words[start - 1].upos in {"DET", "ADJ", "NOUN", "PROPN", "ADP", "VERB", "PART", "NUM"}:
        start -= 1
    left = between(0, start)
    if view.quoted >> position & 1 or not start or view.text_at(start - 1) != "," or not _is_clause(view, left):
        return None
    source = _noun_before_participle(view, position)
    if source is None:
        source = position - 1
    if source < start or not (can_speak(view, source) or is_document(view, source)):
        return None
    return new_proposal(view, position, left, source, RULE)


def _finding_at_end(view: SentenceView, position: int, known: Proposal | None) -> Proposal | None:
    """Find the document that reports a finding at the end of a sentence: "…, research from Leiden suggests.".

    The tree takes another word for the subject there.
    """
    if (
        view.words[position].upos not in {"VERB", "NOUN"}
        or view.text_at(position + 1) not in _ENDS
        or view.quoted >> position & 1
    ):
        return None
    start = position
    while start and _can_be_in_phrase(view.words[start - 1]):
        start -= 1
    left = between(0, start)
    if not start or view.text_at(start - 1) != "," or not left & view.verbs:
        return None
    papers = (at for at in range(start, position) if view.lemmas[at] in grammar_lexicon().findings)
    source = next((at for at in papers if view.words[at].upos == "NOUN"), None)
    if source is None or any(view.words[at].upos == "ADP" for at in range(start, source)):
        return None
    settled = known is not None and known.source.best is not None and start <= known.source.best < position
    clear = known is not None and not known.content.best & ~left
    return None if settled and clear else new_proposal(view, position, left, source, RULE)


def _can_be_in_phrase(word: Word) -> bool:
    """Return whether the word can be part of a noun phrase for a document: "figures published on Monday"."""
    return word.upos in {"DET", "ADJ", "NOUN", "PROPN", "ADP", "NUM", "PART"} or word.xpos == "VBN"


def _before_that(view: SentenceView, position: int) -> Proposal | None:
    """Find a document followed by a "that" clause: "Emails seen by the Daily Ferry show that …"."""
    if view.words[position].upos != "NOUN" or view.text_at(position) not in word_list("rules", "mistagged_reports") | {
        "warning"
    }:
        return None
    source = _noun_before_participle(view, position)
    before = position - 1
    if view.text_at(position) == "warning" and view.words[before].head == position:  # "a sign warning that …"
        known = is_document(view, before) or view.lemmas[before] in {"sign", "note", "poster"}
        source = before if known else None
    clause = view.sentence.child(position, "acl", "ccomp")
    if source is None or clause is None or view.text_at(position + 1) != "that" or view.quoted >> position & 1:
        return None
    return new_proposal(view, position, view.subtrees[clause], source, RULE) if is_finite(view, clause) else None


def _noun_before_participle(view: SentenceView, position: int) -> int | None:
    """Return the noun whose participle ("seen by …") wrongly includes the verb at `position` in its agent."""
    participle = view.words[position].head
    if view.words[position].deprel != "obl:agent" or view.words[participle].relation != "acl":
        return None
    return view.words[participle].head


def _is_clause(view: SentenceView, words: WordSet) -> bool:
    return bool(words & view.finite) and any(is_finite(view, at) for at in positions(words & view.verbs))


def _per(view: SentenceView, position: int) -> Proposal | None:
    """Find "per" with a possible speaker or a document: "Per the Chronicle, …", "…, per police.", "…, per the WHO, …".

    The noun of a rate has no article and is singular: "per officer".
    """
    word = view.words[position]
    if view.text_at(position) != "per" or word.upos != "ADP" or word.relation != "case":
        return None
    named, host = word.head, view.words[word.head].head
    definite = view.words[named].upos == "PROPN" or view.role(named, "det") == "the"
    definite = definite or view.sentence.child(named, "nmod:poss") is not None or _is_several(view.words[named])
    speaks = can_speak(view, named) or is_document(view, named)
    if not (definite and speaks) or host < 0 or view.text_at(position - 1) not in {"#", ","}:
        return None
    said = between(0, len(view.words)) & ~view.subtrees[named]
    return new_proposal(view, position, said, named, PER) if _is_clause(view, said) else None


def _in_view_of(view: SentenceView, position: int, others: Iterable[Proposal]) -> Proposal | None:
    """Find "in the view of X" or "in X's words" before or after a clause that reports nothing else."""
    owner = viewpoint_owner(view.sentence, position)
    if owner is None or view.quoted >> position & 1 or not can_own_words(view, owner):
        return None
    phrase, host = view.subtrees[position] & view.solid, view.heads[position]
    if view.text_at(first(phrase) - 1) not in {"#", ","} or view.text_at(last(phrase) + 1) not in {",", ":", *_ENDS}:
        return None
    if host < 0 or reports(view, host) or any(is_main(view.sentence, other.cue) for other in others):
        return None
    said = between(0, len(view.words)) & ~view.subtrees[position]
    return new_proposal(view, position, said, owner, VIEWPOINT) if _is_clause(view, said) else None


def _is_several(word: Word) -> bool:
    return is_plural(word) or role_of(word) in organization_words().collectives
