"""What belongs to a cue: its particle, its negation, its class. Which words are cues is learned (`learned/`)."""

from dataclasses import dataclass
from typing import Final

from service.extraction.cue_lexicon import SPEECH, CueLexicon
from service.extraction.report import CueClass
from service.parsing.tree import Sentence

_UNWILLING: Final = frozenset({"decline", "refuse", "fail"})
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
    withheld = _withheld(sentence, position, lexicon)
    if withheld is not None:
        words = range(position, withheld + 1)
        verb = sentence.words[withheld].lemma.lower()
        return FoundCue(position, tuple(words), verb, lexicon.verbs[verb], negated=True)
    children = sentence.children(position)
    own = {position, *(child for child in children if sentence.words[child].deprel == "compound:prt")}
    behind = position + 1
    if behind < len(sentence.words) and sentence.words[behind].text.lower() in _ADDED.get(lemma, ()):
        own.add(behind)
    negated = any(is_negation(sentence, child) for child in children)
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


def _withheld(sentence: Sentence, position: int, lexicon: CueLexicon) -> int | None:
    """The "say" of a "declined to say": the verb of speech that the one at `position` is unwilling to do."""
    if sentence.words[position].lemma.lower() not in _UNWILLING:
        return None
    verb = sentence.child(position, "xcomp")
    if verb is None or lexicon.verbs.get(sentence.words[verb].lemma.lower()) not in SPEECH or verb < position:
        return None
    return verb


def is_negation(sentence: Sentence, position: int) -> bool:
    """Whether the word at `position` denies its governor: not, n't, never."""
    return (
        sentence.words[position].lemma.lower() in {"not", "n't", "never"}
        or "Polarity=Neg" in sentence.words[position].feats
    )
