"""The lexicon of reporting words (`cues.toml`) and of words that limit a report (`boundaries.toml`), and masks.

A mask is what features say in place of a name, nationality or party, so that no decision depends on who is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from service.extraction.report import CueClass
from service.extraction.wordlists import nations, read_lexicon, word_list, words_in
from service.parsing.tree import EntityKind, Word

_CAPITALIZED: Final = frozenset({"NOUN", "ADJ", "X"})


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

    `verbs` and `nouns` map a lemma to its cue class, `adjectives` a word as written, participles among them. `labels`
    are common nouns that name a speaker before the colon of a headline, `topics` words before a colon that never do,
    `events` topics at the end of a label. `evidence` are verbs of what something shows rather than what somebody says.
    A content of `empty` words alone reports nothing.
    """

    verbs: dict[str, CueClass]
    nouns: dict[str, CueClass]
    adjectives: dict[str, CueClass]
    labels: frozenset[str]
    evidence: frozenset[str]
    empty: frozenset[str]
    topics: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()

    def is_topic(self, label: Sequence[str]) -> bool:
        """Return whether the words before a colon, in lower case, name a topic: "budget 2024", "dale fire"."""
        if any(word in self.topics or word.isdigit() for word in label):
            return True
        return label[-1] in self.events or (len(label) == 2 and label[0] in self.events)


SPEECH: frozenset[CueClass] = frozenset({"say", "tell", "ask", "write", "announce"})
ATTITUDE: frozenset[CueClass] = frozenset({"think", "feel", "perceive", "plan"})


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
        adjectives={word: cue_class for cue_class, words in table["adjective"].items() for word in words.split()},
        labels=words_in(table["label"]["nouns"]),
        topics=words_in(table["label"]["topics"]),
        events=words_in(table["label"]["events"]),
        empty=words_in(table["empty"]["words"]),
        evidence=words_in(table["evidence"]["verbs"]),
    )


def masks(words: Sequence[Word], entities: Mapping[int, EntityKind]) -> tuple[str | None, ...]:
    """Return for each word the mask that replaces it in features, or None if it is not masked.

    `entities` maps the positions of words in named entities to the kind of entity.
    """
    return tuple(_mask(word, position, entities.get(position)) for position, word in enumerate(words))


def _mask(word: Word, position: int, kind: EntityKind | None) -> str | None:
    if word.upos == "PROPN":
        return f"<{kind or 'name'}>"
    if word.upos not in _CAPITALIZED:
        return None
    if kind is not None:
        return f"<{kind}>"
    lemma = word.lemma.lower()
    capital = position > 0 and word.text[:1].isupper()
    return (
        f"<{word.upos.lower()}>"
        if capital or lemma in word_list("sentences", "parties") or lemma in nations()
        else None
    )
