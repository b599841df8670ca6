"""The lexicon of reporting words (`cues.toml`) and of words that limit a report (`boundaries.toml`)."""

from dataclasses import dataclass
from functools import cache

from service.extraction.report import CueClass
from service.extraction.wordlists import read_lexicon, words_in


@cache
def boundary_words(table: str, entry: str) -> frozenset[str]:
    """Return the words under `entry` in `table` of `boundaries.toml`, in lower case. Raises KeyError if missing."""
    return _tables()[table][entry]


@cache
def _tables() -> dict[str, dict[str, frozenset[str]]]:
    return {
        table: {entry: words_in(words) for entry, words in entries.items()}
        for table, entries in read_lexicon("boundaries.toml").items()
    }


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Reporting lemmas and related words.

    `verbs` and `nouns` map a lemma to its cue class. `labels` are common nouns that name a speaker before the colon of
    a headline, `topics` words before a colon that never do. `evidence` are verbs of what something shows rather than
    what somebody says. A content of `empty` words alone reports nothing.
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
    """Read the lexicon in the package."""
    table = read_lexicon("cues.toml")
    verbs: dict[str, CueClass] = {}
    for cue_class in table["order"]["classes"]:
        for lemma in table["class"][cue_class]["verbs"].split():
            verbs.setdefault(lemma, cue_class)
    return CueLexicon(
        verbs=verbs,
        nouns={lemma: cue_class for cue_class, lemmas in table["noun"].items() for lemma in lemmas.split()},
        labels=words_in(table["label"]["nouns"]),
        topics=words_in(table["label"]["topics"]),
        empty=words_in(table["empty"]["words"]),
        evidence=words_in(table["evidence"]["verbs"]),
    )
