"""What belongs to a cue: its particle, its negation, its class. Which words are cues is learned (`learned/`)."""

from dataclasses import dataclass
from typing import Final

from service.extraction.cue_lexicon import CueLexicon
from service.extraction.negation import is_negated, withheld
from service.extraction.report import CueClass
from service.parsing.tree import Sentence

_ADDED: Final = {"call": ("on", "upon", "for"), "accord": ("to",)}  # words right behind a cue that belong to it


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue. `head` is its position in the sentence, `words` the positions that are shown as cue, in text order."""

    head: int
    words: tuple[int, ...]
    lemma: str
    cue_class: CueClass
    negated: bool = False


def cue_at(sentence: Sentence, position: int, lexicon: CueLexicon) -> FoundCue:
    """The cue whose head is the word at `position`: with its particle, or the verb that it is unwilling to do."""
    word = sentence.words[position]
    lemma = word.lemma.lower()
    undone = withheld(sentence, position, lexicon)
    if undone is not None:
        words = range(position, undone + 1)
        verb = sentence.words[undone].lemma.lower()
        return FoundCue(position, tuple(words), verb, lexicon.verbs[verb], negated=True)
    children = sentence.children(position)
    own = {position, *(child for child in children if sentence.words[child].deprel == "compound:prt")}
    behind = position + 1
    if behind < len(sentence.words) and sentence.words[behind].text.lower() in _ADDED.get(lemma, ()):
        own.add(behind)
    negated = is_negated(sentence, position)
    if word.text.lower() == "per" and word.upos == "ADP":
        return FoundCue(position, (position,), "per", "say", negated)
    if word.text.lower() == "according":
        return FoundCue(position, tuple(sorted(own)), "according to", "say", negated)
    return FoundCue(position, tuple(sorted(own)), lemma, _class(word.upos, lemma, lexicon), negated)


def _class(upos: str, lemma: str, lexicon: CueLexicon) -> CueClass:
    if lemma == ":":
        return "say"
    known = lexicon.nouns.get(lemma) if upos == "NOUN" else lexicon.verbs.get(lemma)
    return known or lexicon.verbs.get(lemma) or lexicon.nouns.get(lemma) or "other"
