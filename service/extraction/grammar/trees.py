"""Questions that several rules put to a sentence's tree."""

from service.extraction.cue_lexicon import SPEECH
from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet, between, first
from service.extraction.noun_phrases import role_of
from service.extraction.wordlists import organization_words, person_words

_PERSONAL = frozenset({"he", "she", "they", "we", "i", "you", "who"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def reports(view: SentenceView, position: int) -> bool:
    """Whether the word is a verb of speech."""
    return view.words[position].upos == "VERB" and view.classes[position] in SPEECH


def is_finite(view: SentenceView, position: int) -> bool:
    """Whether the word, or an auxiliary of it, is finite."""
    words = view.words
    heads = [position, *(c for c in view.sentence.children(position) if words[c].relation in {"aux", "cop"})]
    return any(words[at].xpos in _FINITE or "VerbForm=Fin" in words[at].feats for at in heads)


def can_speak(view: SentenceView, position: int) -> bool:
    """Whether the word names one who can speak: a person, a body, a personal pronoun."""
    word = view.words[position]
    if word.upos == "PRON":
        return view.text_at(position) in _PERSONAL
    if word.upos == "PROPN":
        return view.entities.get(position) != "place"
    if word.upos not in {"NOUN", "ADJ", "NUM", "DET"}:
        return False
    role, bodies = role_of(word), organization_words()
    return view.entities.get(position) in {"person", "organization"} or (
        role in person_words().roles
        or role in person_words().kin
        or role in bodies.heads
        or role in bodies.collectives
        or role in bodies.media
    )


def is_document(view: SentenceView, position: int) -> bool:
    """Whether the word names what speaks for those who wrote or issued it."""
    return view.words[position].upos == "NOUN" and role_of(view.words[position]) in organization_words().documents


def subject_of(view: SentenceView, position: int) -> int | None:
    """The subject of the word's clause: its own, else that of the verbs it is coordinated with or complements."""
    words = view.words
    for _ in range(4):
        subject = view.sentence.child(position, "nsubj", "csubj")
        if subject is not None:
            return subject
        if words[position].relation not in {"conj", "xcomp", "advcl"} or words[position].head < 0:
            return None
        position = words[position].head
    return None


def part_behind(view: SentenceView, content: WordSet, position: int, cue: int) -> int | None:
    """Where the part of `content` begins that holds the word at `position` and not the beginning of the content; None
    where there is no such part."""
    if not content:
        return None
    start = None
    for at in (position, *view.sentence.ancestors(position)):
        if at == cue:
            break
        opening = first(view.subtrees[at] & view.solid)
        if opening <= first(content):
            break
        start = opening
    return start


def before(start: int) -> WordSet:
    """The words before `start`."""
    return between(0, start)
