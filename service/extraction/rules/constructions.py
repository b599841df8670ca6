"""Helpers shared by the grammar rules: word lists, tree queries, and changes to a proposal.

The word lists are read from `lexicon/grammar.toml`. Each change adds the name of its rule to the proposal, and
`explain` shows it.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Choice, Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first
from service.extraction.noun_phrases import role_of
from service.extraction.report import Rule
from service.extraction.tags import FINITE_OR_MODAL, SPEAKER_PRONOUNS
from service.extraction.wordlists import organization_words, person_words, read_lexicon, words_in

OVERHEARD: Final = "quoted-as-saying"


@dataclass(frozen=True, slots=True)
class GrammarLexicon:
    """Lemmas grouped by their role in a construction; `lexicon/grammar.toml` describes each group."""

    experiencers: frozenset[str]
    overheard: frozenset[str]
    blaming: frozenset[str]
    continuing: frozenset[str]
    resuming: frozenset[str]
    issuing: frozenset[str]
    watching: frozenset[str]
    uttering: frozenset[str]
    causing: frozenset[str]
    directive: frozenset[str]
    addressed_with: dict[str, frozenset[str]]
    outlet: frozenset[str]
    announcing: frozenset[str]
    never_introducing: frozenset[str]
    messages: frozenset[str]
    findings: frozenset[str]
    hearing: frozenset[str]
    parenthetical: frozenset[str]
    addressing: frozenset[str]
    signs: frozenset[str]
    unchanged: frozenset[str]


@cache
def grammar_lexicon() -> GrammarLexicon:
    """Load the grammar lexicon shipped with the package."""
    table = read_lexicon("grammar.toml")
    return GrammarLexicon(
        experiencers=words_in(table["passive"]["experiencers"]),
        overheard=words_in(table["passive"]["overheard"]),
        blaming=words_in(table["passive"]["blaming"]),
        continuing=words_in(table["participle"]["continuing"]),
        resuming=words_in(table["participle"]["resuming"]),
        issuing=words_in(table["participle"]["issuing"]),
        watching=words_in(table["participle"]["watching"]),
        uttering=words_in(table["participle"]["uttering"]),
        causing=words_in(table["causing"]["verbs"]),
        directive=words_in(table["directive"]["verbs"]),
        addressed_with={verb: words_in(row) for verb, row in table["directive"]["preposition"].items()},
        outlet=words_in(table["outlet"]["verbs"]),
        announcing=words_in(table["announcing"]["verbs"]),
        never_introducing=words_in(table["introducing"]["never"]),
        messages=words_in(table["introducing"]["messages"]),
        findings=words_in(table["finding"]["nouns"]),
        hearing=words_in(table["hearing"]["verbs"]),
        parenthetical=words_in(table["parenthetical"]["verbs"]),
        addressing=words_in(table["addressing"]["verbs"]),
        signs=words_in(table["sign"]["nouns"]),
        unchanged=words_in(table["past"]["unchanged"]),
    )


def reports(view: SentenceView, position: int) -> bool:
    """Return whether the word is a verb of speech."""
    return view.words[position].upos == "VERB" and view.classes[position] in SPEECH


def is_finite(view: SentenceView, position: int) -> bool:
    """Return whether the word or one of its auxiliaries is finite."""
    words = view.words
    heads = [position, *(c for c in view.sentence.children(position) if words[c].relation in {"aux", "cop"})]
    return any(words[at].xpos in FINITE_OR_MODAL or "VerbForm=Fin" in words[at].feats for at in heads)


def can_speak(view: SentenceView, position: int) -> bool:
    """Return whether the word denotes a possible speaker: a person, an organization or a personal pronoun."""
    word = view.words[position]
    if word.upos == "PRON":
        return view.text_at(position) in SPEAKER_PRONOUNS
    if word.upos == "PROPN":
        return view.entities.get(position) != "place"
    if word.upos not in {"NOUN", "ADJ", "NUM", "DET"}:
        return False
    role, bodies = role_of(word), organization_words()
    named = (child for child in view.sentence.children(position) if view.words[child].relation == "appos")
    if any(view.entities.get(child) == "person" for child in named):
        return True  # "the club's physio, Mo Hale"
    return view.entities.get(position) in {"person", "organization"} or (
        role in person_words().roles
        or role in person_words().kin
        or role in bodies.heads
        or role in bodies.collectives
        or role in bodies.media
    )


def can_own_words(view: SentenceView, position: int) -> bool:
    """Return whether the word denotes a possible speaker, also as a possessive pronoun: "*her* verdict"."""
    return can_speak(view, position) or view.text_at(position) in {"his", "her", "their"}


def is_document(view: SentenceView, position: int) -> bool:
    """Return whether the word denotes a document that can be quoted as a source, such as a report or a letter."""
    return view.words[position].upos == "NOUN" and role_of(view.words[position]) in organization_words().documents


def subject_of(view: SentenceView, position: int) -> int | None:
    """Return the subject of the word's clause, or the one it shares with the verb it is coordinated with or
    complements."""
    words = view.words
    for _ in range(4):
        subject = view.sentence.child(position, "nsubj", "csubj")
        if subject is not None:
            return subject
        if words[position].relation not in {"conj", "xcomp", "advcl"} or words[position].head < 0:
            return None
        position = words[position].head
    return None


def part_after(view: SentenceView, content: WordSet, position: int, cue: int) -> int | None:
    """Return the start of the largest part of `content` that contains `position` but not the beginning of `content`.

    Returns None if there is no such part.
    """
    if not content:
        return None
    start = None
    for at in (position, *view.sentence.ancestors(position)):
        if at == cue:
            break
        opening = first(view.subtrees[at] & view.solid)
        if opening <= first(content):
            break
        start = opening
    return start


def before(start: int) -> WordSet:
    """Return the set of words before `start`."""
    return between(0, start)


# Log-odds of learned choices that are nearly always right. Decisions of rules get the same weight.
_SOURCE: Final = 4.0
_NO_SOURCE: Final = 1.5
_CONTENT: Final = 2.5
CUE: Final = 2.5


def with_source(proposal: Proposal, source: int | None, rule: str) -> Proposal:
    """Return `proposal` with the word at `source` as its source, or without a source if it is None."""
    best = _SOURCE if source is not None else _NO_SOURCE
    choice = proposal.source
    if choice.best == source and choice.score >= best <= choice.margin:
        return proposal
    chosen = Choice(source, max(choice.score, best), max(choice.margin, best), choice.mass)
    return _with_rule(replace(proposal, source=chosen, decided=(*proposal.decided, ("source", rule))), rule)


def with_content(proposal: Proposal, content: WordSet, rule: str) -> Proposal:
    """Return `proposal` with `content` as its content, without the cue and punctuation."""
    content &= proposal.view.solid & ~(1 << proposal.cue)
    choice = proposal.content
    if choice.best == content and choice.score >= _CONTENT <= choice.margin:
        return proposal
    chosen = Choice(content, max(choice.score, _CONTENT), max(choice.margin, _CONTENT), choice.mass)
    strategy = proposal.strategy if choice.best == content else "rule"
    return _with_rule(
        replace(proposal, content=chosen, strategy=strategy, decided=(*proposal.decided, ("content", rule))), rule
    )


def with_cue(proposal: Proposal, rule: str, least: float = CUE) -> Proposal:
    """Return `proposal` with a cue score of at least `least` (log-odds)."""
    if proposal.cue_score >= least:
        return proposal
    return _with_rule(replace(proposal, cue_score=least, decided=(*proposal.decided, ("cue", rule))), rule)


def new_proposal(view: SentenceView, cue: int, content: WordSet, source: int | None, rule: str) -> Proposal:
    """Build a proposal for the cue, content and source that a rule found without the learned models."""
    return Proposal(
        view=view,
        cue=cue,
        cue_score=CUE,
        content=Choice(content & view.solid & ~(1 << cue), _CONTENT, _CONTENT, _CONTENT),
        strategy="rule",
        source=Choice(source, _SOURCE, _SOURCE, _SOURCE),
        rules=(Rule(rule),),
        decided=(("cue", rule), ("content", rule), ("source", rule)),
    )


def is_by_construction(proposal: Proposal) -> bool:
    """Return whether a rule decided that the cue reports, or that the person quoted ("quoted her as saying") speaks."""
    return any(part == "cue" or rule == OVERHEARD for part, rule in proposal.decided)


def _with_rule(proposal: Proposal, rule: str) -> Proposal:
    return proposal if proposal.has_rule(rule) else replace(proposal, rules=(*proposal.rules, Rule(rule)))
