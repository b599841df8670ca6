"""What somebody did, in the words of saying: "Harper claimed the last wicket". A deed is no statement."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from service.extraction.learned.content_form import form_of, source_kind, top_of
from service.extraction.learned.proposals import Proposal
from service.extraction.learned.wordsets import positions

_THINGS: Final = frozenset({"other noun", "place"})
_NOMINAL: Final = frozenset({"nominal", "verb inside"})
_POINTING: Final = frozenset({"PRON", "ADP", "PUNCT"})
_OBJECTS: Final = frozenset({"obj", "iobj"})


@dataclass(frozen=True, slots=True)
class StatementPhrases:
    """The verbs whose noun phrase is a statement, and the nouns for what shows something: `lexicon/deeds.toml`."""

    objects: frozenset[str]
    only: dict[str, frozenset[str]]
    by_someone: frozenset[str]
    prepositions: dict[str, frozenset[str]]
    studies: frozenset[str]


@cache
def statement_phrases() -> StatementPhrases:
    """Read the lexicon that ships with the package."""
    file = resources.files(__package__) / "lexicon/deeds.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return StatementPhrases(
        objects=frozenset(table["object"]["verbs"].split()),
        only={verb: frozenset(nouns.split()) for verb, nouns in table["object"]["only"].items()},
        by_someone=frozenset(table["object"]["speaker"]["verbs"].split()),
        prepositions={word: frozenset(verbs.split()) for word, verbs in table["preposition"].items()},
        studies=frozenset(table["studies"]["nouns"].split()),
    )


def is_deed(proposal: Proposal) -> bool:
    """Whether the proposal's content is a noun phrase alone, with a verb that reports nothing so."""
    view, cue, content = proposal.view, proposal.cue, proposal.content.best
    if view.words[cue].upos != "VERB" or form_of(view, content) not in _NOMINAL or content & view.according:
        return False
    if all(view.words[position].upos in _POINTING for position in positions(content)):
        return True  # "asked about it": what was said stands elsewhere
    top, lemma, phrases = top_of(view, content), view.lemmas[cue], statement_phrases()
    if view.words[top].head != cue or view.words[top].relation == "ccomp":
        return False
    if view.words[top].relation in _OBJECTS:
        if source_kind(view, proposal.source.best) in _THINGS and lemma in phrases.by_someone:
            return True
        if lemma in phrases.only:
            predicate = view.sentence.child(cue, "xcomp")  # "called the plan a mistake"
            return predicate is None and view.lemmas[top] not in phrases.only[lemma]
        return lemma not in phrases.objects
    preposition = view.role(top, "case")
    return bool(preposition) and lemma not in phrases.prepositions.get(preposition, frozenset())


def is_unsaid(proposal: Proposal) -> bool:
    """Whether the cue is an infinitive or imperative without a subject: "as if to say …", "Do not say …"."""
    return proposal.view.words[proposal.cue].xpos == "VB" and proposal.source.best is None


def is_naming(proposal: Proposal) -> bool:
    """Whether the cue says what somebody is called: "Fans know him as “The Wall”."."""
    view, content = proposal.view, proposal.content.best
    if view.lemmas[proposal.cue] != "know" or not content:
        return False
    return any(view.text_at(position) == "as" for position in positions(content & ~view.quoted))


def shows(proposal: Proposal) -> bool:
    """Whether a document, study or poll says a whole clause: "the survey found one in five …"."""
    view, content = proposal.view, proposal.content.best
    source = proposal.source.best
    if source is None or form_of(view, content) != "finite":
        return False
    return view.lemmas[source] in statement_phrases().studies or source_kind(view, source) == "document noun"
