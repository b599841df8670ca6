"""Words, class and negation of a cue ("did not say", "nobody said", "has yet to say").

Whether a word is a cue is decided by a model (`cue_features.py`).
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.asides import reporting_aside
from service.extraction.attribution.lexicons import SPEECH, CueLexicon, boundary_words
from service.extraction.report import CueClass
from service.extraction.tags import OBJECTS
from service.extraction.wordlists import word_list
from service.parsing.tree import ROOT, Sentence, Word

_GOVERNING = frozenset({"xcomp", "advcl", "ccomp", "obl", "nmod", "acl"})


def is_negated(sentence: Sentence, cue: int) -> bool:
    """Return whether the cue is negated: by a negation of its own, by its subject, or by its governor."""
    return (
        any(_is_negation_of(sentence, child, cue) for child in sentence.children(cue))
        or any(denied(sentence, subject) for subject in _subjects(sentence, cue))
        or pending(sentence, sentence.words[cue].head, cue)
        or waiting(sentence, cue) is not None
        or _is_withheld(sentence, cue)
        or _is_by_nobody(sentence, cue)
    )


def denied(sentence: Sentence, head: int) -> bool:
    """Return whether the noun phrase of `head` is negative: "nobody", "no official", "neither Cole nor Roe"."""
    text = sentence.words[head].text.lower()
    if text in boundary_words("negation", "subjects"):
        return True
    if text == "one" and head > 0 and sentence.words[head - 1].text.lower() == "not":
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
    """Return whether `governor` and "yet" mark the verb as not done: "has yet to say"."""
    if governor == ROOT or sentence.words[verb].relation not in _GOVERNING:
        return False
    if sentence.words[governor].text.lower() == "yet":  # "are yet to say": the head is "yet"
        copulas = [sentence.child(head, "cop") for head in (governor, verb)]
        return any(copula is not None and _is_pending_verb(sentence, copula) for copula in copulas)
    return _is_pending_verb(sentence, governor) and any(
        sentence.words[child].text.lower() == "yet" and governor < child < verb
        for head in (governor, verb)
        for child in sentence.children(head)
    )


def _is_withheld(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is the complement of a verb of refusal or failure: "failed to explain", "avoided saying",
    "stopped short of saying"."""
    word = sentence.words[verb]
    before = [other.text.lower() for other in sentence.words[max(0, verb - 2) : verb]]
    spared = word.head != ROOT and sentence.words[word.head].lemma.lower() in boundary_words("negation", "sparing")
    if word.xpos == "VBG" and (before == ["short", "of"] or (spared and word.head < verb)):
        return True
    unwilling = word.head != ROOT and sentence.words[word.head].lemma.lower() in boundary_words("negation", "unwilling")
    return unwilling and word.relation == "xcomp" and word.head < verb


def _is_by_nobody(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is an infinitive whose subject is negative: "*nobody* was available to say"."""
    governor, mark = sentence.words[verb].head, sentence.child(verb, "mark")
    if governor == ROOT or mark is None or not _is(sentence, mark, "to"):
        return False
    return any(denied(sentence, subject) for subject in _subjects(sentence, governor))


def waiting(sentence: Sentence, verb: int) -> int | None:
    """Return the "has" of "has yet to" where the tree makes it an auxiliary of `verb`, or None."""
    children = sentence.children(verb)
    yet = next((child for child in children if sentence.words[child].text.lower() == "yet" and child < verb), None)
    if yet is None or not any(sentence.words[child].text.lower() == "to" and yet < child < verb for child in children):
        return None
    return next(
        (
            c
            for c in children
            if c < yet and sentence.words[c].relation in {"aux", "cop"} and _is_pending_verb(sentence, c)
        ),
        None,
    )


def _is_pending_verb(sentence: Sentence, position: int) -> bool:
    return sentence.words[position].lemma.lower() in boundary_words("negation", "pending")


def withheld(sentence: Sentence, position: int, lexicon: CueLexicon) -> int | None:
    """Return the verb of speech that the verb at `position` negates: "say" in "declined to say" or "has yet to say"."""
    verb = sentence.child(position, "xcomp")
    if verb is None or lexicon.verbs.get(sentence.words[verb].lemma.lower()) not in SPEECH or verb < position:
        return None
    return verb if _is_unwilling(sentence, position) or pending(sentence, position, verb) else None


def _is_unwilling(sentence: Sentence, position: int) -> bool:
    return sentence.words[position].lemma.lower() in boundary_words("negation", "unwilling")


def _is_negation_of(sentence: Sentence, child: int, cue: int) -> bool:
    """Return whether `child` negates the cue that governs it, rather than a content on both sides of the cue."""
    word = sentence.words[child]
    text = word.text.lower().replace("’", "'")
    if word.relation == "mark":
        return text in boundary_words("negation", "markers")
    if word.relation == "cc" and text == "nor":
        return child < cue
    if child > cue or word.relation not in {"advmod", "aux"}:
        return False
    negative = word.lemma.lower() in boundary_words("negation", "adverbs") or text in {"n't", "never"}
    return negative and not _apart(sentence, child, cue)


def _apart(sentence: Sentence, negation: int, cue: int) -> bool:
    """Return whether the negation is outside the cue's aside (", Roe claimed,"), or before a comma and the cue's
    subject."""
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


_ADDED: Final = {"call": ("on", "upon", "for"), "accord": ("to",)}  # words directly after a cue that belong to it


@dataclass(frozen=True, slots=True)
class CuePhrase:
    """A cue: the position of its head word, and the positions of all its words in text order."""

    head: int
    words: tuple[int, ...]
    lemma: str
    cue_class: CueClass
    negated: bool = False


def cue_at(sentence: Sentence, position: int, lexicon: CueLexicon) -> CuePhrase:
    """Build the cue whose head is the word at `position`, with its particle, or with the verb that it negates."""
    word = sentence.words[position]
    lemma = word.lemma.lower()
    negated_verb = withheld(sentence, position, lexicon)
    if negated_verb is not None:
        words = range(position, _end_of(sentence, negated_verb))
        verb = sentence.words[negated_verb].lemma.lower()
        return CuePhrase(position, tuple(words), verb, lexicon.verbs[verb], negated=True)
    governor = word.head
    if governor >= 0 and _is_unwilling(sentence, governor) and withheld(sentence, governor, lexicon) == position:
        words = range(governor, _end_of(sentence, position))
        return CuePhrase(position, tuple(words), lemma, lexicon.verbs[lemma], negated=True)
    children = sentence.children(position)
    own = {position, *(child for child in children if sentence.words[child].deprel == "compound:prt")}
    after = position + 1
    if after < len(sentence.words) and sentence.words[after].text.lower() in _ADDED.get(lemma, ()):
        own.add(after)
    negated = is_negated(sentence, position)
    if word.text.lower() == "per" and word.upos == "ADP":
        return CuePhrase(position, (position,), "per", "say", negated)
    if word.text.lower() == "according":
        return CuePhrase(position, tuple(sorted(own)), "according to", "say", negated)
    if viewpoint_owner(sentence, position) is not None:
        return CuePhrase(position, _viewpoint(sentence, position), f"in {lemma}", "say", negated)
    cue_class = "think" if _to_oneself(sentence, position) else _class(word, lemma, lexicon)
    if _is_heard_from(sentence, position):
        cue_class = "say"
    return CuePhrase(position, tuple(sorted(own)), lemma, cue_class, negated)


def viewpoint_owner(sentence: Sentence, noun: int, nouns: Set[str] | None = None) -> int | None:
    """Return whose view it is in "in the *view* of X" and "in X's *words*", or None if the noun is not one of `nouns`,
    by default those for views."""
    case, nouns = sentence.child(noun, "case"), word_list("sentences", "viewpoints") if nouns is None else nouns
    if sentence.words[noun].lemma.lower() not in nouns or case is None:
        return None
    if sentence.words[case].text.lower() != "in":
        return None
    owner = sentence.child(noun, "nmod:poss")
    if owner is not None:
        return owner
    return sentence.child(noun, "nmod") if noun + 1 < len(sentence.words) and _is(sentence, noun + 1, "of") else None


def _viewpoint(sentence: Sentence, noun: int) -> tuple[int, ...]:
    own = [child for child in sentence.children(noun) if sentence.words[child].relation in {"case", "det"}]
    return tuple(sorted({*own, noun, *([noun + 1] if _is(sentence, noun + 1, "of") else [])}))


def _is(sentence: Sentence, position: int, text: str) -> bool:
    return sentence.words[position].text.lower() == text


def _end_of(sentence: Sentence, verb: int) -> int:
    """Return the position after the verb and a particle that follows it: "rule out"."""
    after = verb + 1
    particle = after < len(sentence.words) and sentence.words[after].deprel == "compound:prt"
    return after + 1 if particle and sentence.words[after].head == verb else after


def _to_oneself(sentence: Sentence, verb: int) -> bool:
    """Return whether the addressee is the speaker: "she told *herself* that it was a game" is a thought."""
    for child in sentence.children(verb):
        word = sentence.words[child]
        if child < verb or word.text.lower() not in boundary_words("thought", "addressees"):
            continue
        case = sentence.child(child, "case")
        to = case is not None and sentence.words[case].text.lower() == "to"
        if (word.relation in OBJECTS and case is None) or (word.relation == "obl" and to):
            return sentence.words[verb].lemma.lower() in boundary_words("thought", "verbs")
    return False


def _is_heard_from(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb reports what somebody said: "the court *heard* from Gough that …"."""
    if sentence.words[verb].text.lower() not in word_list("rules", "heard") or sentence.child(verb, "ccomp") is None:
        return False
    cases = (sentence.child(child, "case") for child in sentence.children(verb) if child > verb)
    return any(case is not None and _is(sentence, case, "from") for case in cases)


def _class(word: Word, lemma: str, lexicon: CueLexicon) -> CueClass:
    if lemma == ":":
        return "say"
    known = lexicon.nouns.get(lemma) if word.upos == "NOUN" else lexicon.verbs.get(lemma)
    known = known or lexicon.verbs.get(lemma) or lexicon.nouns.get(lemma)
    return known or lexicon.adjectives.get(word.text.lower(), "other")
