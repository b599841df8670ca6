"""The words that the rules know, as `lexicon/grammar.toml` has them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class GrammarLexicon:
    """Lemmas by what they do in a construction; the file says which."""

    experiencers: frozenset[str]
    overheard: frozenset[str]
    continuing: frozenset[str]
    resuming: frozenset[str]
    issuing: frozenset[str]
    watching: frozenset[str]
    causing: frozenset[str]
    directive: frozenset[str]
    outlet: frozenset[str]
    announcing: frozenset[str]
    never_introducing: frozenset[str]
    messages: frozenset[str]
    findings: frozenset[str]
    hearing: frozenset[str]


@cache
def grammar_lexicon() -> GrammarLexicon:
    """Read the lexicon that ships with the package."""
    file = resources.files("service.extraction") / "lexicon/grammar.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return GrammarLexicon(
        experiencers=frozenset(table["passive"]["experiencers"].split()),
        overheard=frozenset(table["passive"]["overheard"].split()),
        continuing=frozenset(table["participle"]["continuing"].split()),
        resuming=frozenset(table["participle"]["resuming"].split()),
        issuing=frozenset(table["participle"]["issuing"].split()),
        watching=frozenset(table["participle"]["watching"].split()),
        causing=frozenset(table["causing"]["verbs"].split()),
        directive=frozenset(table["directive"]["verbs"].split()),
        outlet=frozenset(table["outlet"]["verbs"].split()),
        announcing=frozenset(table["announcing"]["verbs"].split()),
        never_introducing=frozenset(table["introducing"]["never"].split()),
        messages=frozenset(table["introducing"]["messages"].split()),
        findings=frozenset(table["finding"]["nouns"].split()),
        hearing=frozenset(table["hearing"]["verbs"].split()),
    )
