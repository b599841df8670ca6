"""Which words of a sentence report something: the cues.

A cue is a candidate until its content is found (`contents.py`): "said" in "he said no more" reports nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from service.extraction.cue_lexicon import CueLexicon
from service.extraction.report import CueClass
from service.parsing.tree import ROOT, Sentence

CueForm = Literal["verb", "noun", "according", "as"]

UNWILLING = frozenset({"decline", "refuse", "fail"})


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A word that may report. `head` is its position in the sentence, `words` the positions that are shown as cue."""

    head: int
    words: tuple[int, ...]
    lemma: str
    cue_class: CueClass
    form: CueForm
    rule: str
    negated: bool = False


def find_cues(sentence: Sentence, lexicon: CueLexicon) -> Iterator[FoundCue]:
    """Yield the sentence's candidate cues, in text order."""
    for position, word in enumerate(sentence.words):
        if word.upos == "VERB" and word.relation not in {"amod", "compound"} and word.lemma.lower() in lexicon.verbs:
            yield verb_cue(sentence, position, lexicon)
        elif word.upos == "NOUN" and word.lemma.lower() in lexicon.nouns:
            lemma = word.lemma.lower()
            yield FoundCue(position, (position,), lemma, lexicon.nouns[lemma], "noun", "reporting-noun")
        elif word.text.lower() == "according" and position + 1 < len(sentence.words):
            yield FoundCue(position, (position, position + 1), "according to", "say", "according", "according-to")


def verb_cue(sentence: Sentence, position: int, lexicon: CueLexicon) -> FoundCue:
    """The cue that the reporting verb at `position` makes, with its particle, its negation and a verb of refusing."""
    word = sentence.words[position]
    lemma = word.lemma.lower()
    words = [
        position,
        *(child for child in sentence.children(position) if sentence.words[child].deprel == "compound:prt"),
    ]
    if lemma == "call":
        words += _behind(sentence, position, ("on", "upon", "for"))
    negated = any(is_negation(sentence, child) for child in sentence.children(position))
    governor = word.head
    if word.relation == "xcomp" and governor != ROOT and sentence.words[governor].lemma.lower() in UNWILLING:
        words += range(governor, position)
        negated = True
    form: CueForm = "verb"
    rule = "reporting-verb"
    if word.relation == "advcl" and _is_as_clause(sentence, position):
        form, rule = "as", "as-clause"
    return FoundCue(position, tuple(sorted(set(words))), lemma, lexicon.verbs[lemma], form, rule, negated)


def _is_as_clause(sentence: Sentence, position: int) -> bool:
    """Whether the verb reports the clause that it hangs on: "as he said", "as he put it", not "as he said this"."""
    mark = sentence.child(position, "mark")
    if mark is None or sentence.words[mark].text.lower() != "as":
        return False
    thing = sentence.child(position, "obj", "ccomp", "xcomp")
    return thing is None or sentence.words[thing].text.lower() == "it"


def is_negation(sentence: Sentence, position: int) -> bool:
    """Whether the word at `position` denies its governor: not, n't, never."""
    return (
        sentence.words[position].lemma.lower() in {"not", "n't", "never"}
        or "Polarity=Neg" in sentence.words[position].feats
    )


def _behind(sentence: Sentence, position: int, forms: tuple[str, ...]) -> list[int]:
    following = position + 1
    if following < len(sentence.words) and sentence.words[following].text.lower() in forms:
        return [following]
    return []
