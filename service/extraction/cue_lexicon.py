"""The lexicon of reporting words, as `lexicon/cues.toml` has it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.extraction.report import CueClass


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Reporting lemmas. `verbs` and `nouns` say a lemma's class; `labels` are the common nouns that name who speaks
    before a headline's colon; `evidence` are the verbs that tell what something shows, rather than what somebody says;
    `empty` the words of contents that say nothing; `topics` what stands before a colon and never speaks.
    """

    verbs: dict[str, CueClass]
    nouns: dict[str, CueClass]
    labels: frozenset[str]
    evidence: frozenset[str]
    empty: frozenset[str]
    topics: frozenset[str] = frozenset()


SPEECH: frozenset[CueClass] = frozenset({"say", "tell", "ask", "write", "announce"})


@cache
def cue_lexicon() -> CueLexicon:
    """Read the lexicon that ships with the package."""
    table = tomllib.loads((resources.files(__package__) / "lexicon/cues.toml").read_text(encoding="utf-8"))
    verbs: dict[str, CueClass] = {}
    for cue_class in table["order"]["classes"]:
        for lemma in table["class"][cue_class]["verbs"].split():
            verbs.setdefault(lemma, cue_class)
    return CueLexicon(
        verbs=verbs,
        nouns={lemma: cue_class for cue_class, lemmas in table["noun"].items() for lemma in lemmas.split()},
        labels=frozenset(table["label"]["nouns"].split()),
        topics=frozenset(table["label"]["topics"].split()),
        empty=frozenset(table["empty"]["words"].split()),
        evidence=frozenset(table["evidence"]["verbs"].split()),
    )
