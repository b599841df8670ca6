"""What belongs to a cue: its particle, its class, its negation ("did not say", "nobody said", "has yet to say").

Which words are cues is learned (`cue_features.py`).
"""

from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.asides import reporting_aside
from service.extraction.attribution.lexicons import SPEECH, CueLexicon, boundary_words
from service.extraction.report import CueClass
from service.parsing.tree import ROOT, Sentence

_GOVERNING = frozenset({"xcomp", "advcl", "ccomp", "obl", "nmod", "acl"})


def is_negated(sentence: Sentence, cue: int) -> bool:
    """Whether the word at `cue` is denied: by a negation of its own, its subject, or what governs it."""
    return (
        any(_denies(sentence, child, cue) for child in sentence.children(cue))
        or any(denied(sentence, subject) for subject in _subjects(sentence, cue))
        or pending(sentence, sentence.words[cue].head, cue)
        or waiting(sentence, cue) is not None
        or _is_withheld(sentence, cue)
    )


def denied(sentence: Sentence, head: int) -> bool:
    """Whether the noun phrase of `head` names nobody: "nobody", "no official", "neither Cole nor Roe"."""
    if sentence.words[head].text.lower() in boundary_words("negation", "subjects"):
        return True
    for child in sentence.children(head):
        word = sentence.words[child]
        text = word.text.lower()
        if word.relation in {"det", "amod", "nummod"} and text in boundary_words("negation", "determiners"):
            return True
        if child < head and word.relation in {"cc", "advmod", "det"} and text in _preconjunctions():
            return True
    return False


def pending(sentence: Sentence, governor: int, verb: int) -> bool:
    """Whether the verb is what somebody at `governor` has yet to do: "has yet to say"."""
    if governor == ROOT or sentence.words[verb].relation not in _GOVERNING:
        return False
    return _waits(sentence, governor) and any(
        sentence.words[child].text.lower() == "yet" and governor < child < verb
        for head in (governor, verb)
        for child in sentence.children(head)
    )


def _is_withheld(sentence: Sentence, verb: int) -> bool:
    """Whether the verb is what somebody declines or fails to do: "failed to explain"."""
    word = sentence.words[verb]
    unwilling = word.head != ROOT and sentence.words[word.head].lemma.lower() in boundary_words("negation", "unwilling")
    return unwilling and word.relation == "xcomp" and word.head < verb


def waiting(sentence: Sentence, verb: int) -> int | None:
    """The "has" of a "has yet to" that the tree makes an auxiliary of the word at `verb`."""
    children = sentence.children(verb)
    yet = next((child for child in children if sentence.words[child].text.lower() == "yet" and child < verb), None)
    if yet is None or not any(sentence.words[child].text.lower() == "to" and yet < child < verb for child in children):
        return None
    return next(
        (c for c in children if c < yet and sentence.words[c].relation in {"aux", "cop"} and _waits(sentence, c)), None
    )


def _waits(sentence: Sentence, position: int) -> bool:
    return sentence.words[position].lemma.lower() in boundary_words("negation", "pending")


def withheld(sentence: Sentence, position: int, lexicon: CueLexicon) -> int | None:
    """The "say" of a "declined to say" or "has yet to say": the verb of speech that the one at `position` leaves
    undone."""
    verb = sentence.child(position, "xcomp")
    if verb is None or lexicon.verbs.get(sentence.words[verb].lemma.lower()) not in SPEECH or verb < position:
        return None
    unwilling = sentence.words[position].lemma.lower() in boundary_words("negation", "unwilling")
    return verb if unwilling or pending(sentence, position, verb) else None


def _denies(sentence: Sentence, child: int, cue: int) -> bool:
    """Whether `child` negates the cue that governs it, and not what is reported on both sides of the cue."""
    word = sentence.words[child]
    text = word.text.lower().replace("’", "'")
    if word.relation == "mark":
        return text in boundary_words("negation", "markers")
    if child > cue or word.relation not in {"advmod", "aux"}:
        return False
    negative = word.lemma.lower() in boundary_words("negation", "adverbs") or text in {"n't", "never"}
    return negative and not _apart(sentence, child, cue)


def _apart(sentence: Sentence, negation: int, cue: int) -> bool:
    """Whether the cue's aside (", Roe claimed,"), or a comma and its own subject, stand between its negation and it."""
    aside = reporting_aside(sentence, cue)
    if aside is not None:
        return negation < aside.first
    between = sentence.words[negation + 1 : cue]
    if not any(word.upos == "PUNCT" for word in between):
        return False
    subjects = [child for child in _subjects(sentence, cue) if sentence.words[child].deprel != "nsubj:outer"]
    return not subjects or subjects[-1] > negation


def _subjects(sentence: Sentence, cue: int) -> list[int]:
    return [child for child in sentence.children(cue) if sentence.words[child].relation == "nsubj"]


def _preconjunctions() -> frozenset[str]:
    return boundary_words("negation", "preconjunctions")


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
    after = position + 1
    if after < len(sentence.words) and sentence.words[after].text.lower() in _ADDED.get(lemma, ()):
        own.add(after)
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
