"""The lexicon of reporting words, as `lexicon/cues.toml` has it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from service.extraction.report import CueClass

Frame = Literal["clause", "infinitive", "person_infinitive", "object", "predicate"]


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Reporting lemmas. `verbs` and `nouns` say a lemma's class, `frames` what a verb takes as content,
    `topics` the pairs of a verb and the preposition that brings its content ("warn", "against"),
    `labels` the common nouns that name who speaks before a headline's colon.
    """

    verbs: dict[str, CueClass]
    nouns: dict[str, CueClass]
    frames: dict[Frame, frozenset[str]]
    topics: frozenset[tuple[str, str | None]]
    labels: frozenset[str]

    def takes(self, lemma: str, frame: Frame) -> bool:
        """Whether the verb `lemma` takes content of this `frame`; every reporting verb takes a clause."""
        return lemma in self.verbs if frame == "clause" else lemma in self.frames[frame]


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
        frames={frame: frozenset(lemmas.split()) for frame, lemmas in table["frame"].items()},
        labels=frozenset(table["label"]["nouns"].split()),
        topics=frozenset(
            (lemma, preposition) for preposition, lemmas in table["topic"].items() for lemma in lemmas.split()
        ),
    )
