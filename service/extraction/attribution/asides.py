"""Asides: short spans between punctuation that name the source, as in ", officials said," or "according to X".

Their word order is nearly fixed, so they are found by word order and part of speech. The dependency tree is often wrong
at asides, and is used for the head only.
"""

from dataclasses import dataclass

from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.quotations.mark_parsing import nicknames
from service.extraction.tags import NOMINALS, OBJECTS
from service.parsing.tree import Sentence, Word

_IN_NAME = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "ADP", "PART", "CCONJ", "X", "SYM"})
_AROUND = _IN_NAME | {"ADV", "AUX"}
_NOT_FINITE = frozenset({"VB", "VBG", "VBN"})
_LEFT_EDGES = frozenset({",", "—", "–", "--", '"', "“", "”", "''", "?", "!"})
_BREAKS = frozenset({",", ";", ":", ".", "?", "!", "—", "–", "--", "(", ")", '"', "“", "”", "''", "``"})
_SINGLE_MARKS = frozenset({"'", "‘", "’"})  # where they are not apostrophes
_INTRODUCERS = frozenset({"who", "which", "that", "as", "what", "when", "if", "to", "whom", "where", "while"})


@dataclass(frozen=True, slots=True)
class Aside:
    """An aside: the positions of its first and last word, and of the head of its source."""

    first: int
    last: int
    source: int


def reporting_aside(sentence: Sentence, verb: int) -> Aside | None:
    """Return the aside round the verb of speech at `verb`, with its subject and any time or addressee.

    None if the word is not such a verb, or does not follow what it reports.
    """
    words = sentence.words
    cue = words[verb]
    if cue.upos != "VERB" or cue_lexicon().verbs.get(cue.lemma.lower()) not in SPEECH or _is_bare(sentence, verb):
        return None
    first, last = _segment(sentence, verb)
    first = _with_apposition(sentence, verb, first)
    if not first or words[first].text.lower() == "to":
        return None
    if words[first - 1].text not in _LEFT_EDGES | _SINGLE_MARKS:
        return None
    marks = {mark for pair in nicknames(sentence) for mark in pair}
    before = [p for p in range(first, verb) if p not in marks and words[p].text != ","]
    after = [position for position in range(verb + 1, last + 1) if position not in marks]
    around = [p for p in (*before, *after) if words[p].text != "-"]
    modifiers = {p for p in before if _modifies(words[p]) and words[p].head in before}
    if any(words[p].upos not in _AROUND and p not in modifiers for p in around):
        return None
    if any(words[p].text.lower() in _INTRODUCERS - {"to"} for p in around):
        return None
    if any(words[position].upos == "AUX" for position in after):
        return None
    named = [position for position in before if words[position].upos in NOMINALS]
    after = [position for position in after if not _is_circumstance(sentence, position, verb)]
    named = named or [position for position in after if words[position].upos in NOMINALS]
    subject = sentence.child(verb, "nsubj")
    if not named:
        return None
    told = words[named[-1]].relation in OBJECTS and cue_lexicon().verbs[cue.lemma.lower()] == "tell"
    if named[0] > verb and (told or (subject is not None and subject < first and words[named[-1]].relation == "iobj")):
        return None  # "the firm, which owns it, told the council"
    return Aside(first, last, _head(sentence, before if named[0] < verb else after, verb))


def _modifies(word: Word) -> bool:
    """Return whether the word is a participle that modifies a noun: "a *leaked* memo *seen* by the Post"."""
    return word.xpos == "VBN" and word.relation in {"acl", "amod"}


def _is_bare(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is non-finite and has no auxiliary that makes it finite ("has announced")."""
    if sentence.words[verb].xpos not in _NOT_FINITE:
        return False
    auxiliaries = [child for child in sentence.children(verb) if sentence.words[child].deprel == "aux"]
    return not (sentence.words[verb].xpos == "VBN" and auxiliaries)


def authority_aside(sentence: Sentence, according: int) -> Aside | None:
    """Return the aside of "according to": the words at `according` and the source, up to the next punctuation.

    None if the word is not "according".
    """
    words = sentence.words
    if words[according].text.lower() != "according":
        return None
    last = according + 1
    while last + 1 < len(words) and words[last + 1].upos in _IN_NAME and words[last + 1].text not in _BREAKS:
        last += 1
    naming = list(range(according + 2, last + 1))
    if not any(words[position].upos in NOMINALS for position in naming):
        return None
    return Aside(according, last, _head(sentence, naming, according))


def _segment(sentence: Sentence, position: int) -> tuple[int, int]:
    first = last = position
    within = {mark for pair in nicknames(sentence) for mark in pair}
    while first and (first - 1 in within or not _is_break(sentence, first - 1)):
        first -= 1
    while last + 1 < len(sentence.words) and (last + 1 in within or not _is_break(sentence, last + 1)):
        last += 1
    return first, last


def _is_circumstance(sentence: Sentence, position: int, verb: int) -> bool:
    """Return whether the noun tells when or where it was said: "said after the game"."""
    word = sentence.words[position]
    case = sentence.child(position, "case")
    return word.head == verb and word.relation == "obl" and case is not None and verb < case < position


def _with_apposition(sentence: Sentence, verb: int, first: int) -> int:
    """Return the start of the aside that begins at `first`, with the noun and its name before the verb: ", his agent,
    Kit Bell, confirmed"."""
    words, name = sentence.words, first - 2
    if first != verb or name < 2 or words[first - 1].text != "," or words[name].upos != "PROPN":
        return first
    while words[name].relation == "flat" and words[name].head >= 0:
        name = words[name].head
    noun = words[name].head
    if words[name].relation != "appos" or noun < 1 or words[noun].upos not in NOMINALS:
        return first
    own = [place for place in sentence.subtree(noun) if place < first]
    while own and words[own[0]].upos == "PUNCT":
        own.pop(0)
    whole = own and own[-1] >= first - 2 and len(own) >= own[-1] - own[0] + 1
    plain = all(words[place].upos in _IN_NAME | {"PUNCT"} for place in own)
    return own[0] if whole and plain and own[0] > 0 else first


def _is_break(sentence: Sentence, position: int) -> bool:
    word = sentence.words[position]
    return word.text in _BREAKS or (word.text in _SINGLE_MARKS and word.upos == "PUNCT")


def _head(sentence: Sentence, naming: list[int], cue: int) -> int:
    """Return the head of the words that name the source: a word whose governor is outside them.

    Of several, names are preferred to nouns, then the word nearest to the cue.
    """
    tops = [p for p in naming if sentence.words[p].head not in naming and sentence.words[p].upos in NOMINALS]
    tops = tops or [p for p in naming if sentence.words[p].upos in NOMINALS]
    return min(tops, key=lambda p: (sentence.words[p].upos != "PROPN", abs(p - cue)))
