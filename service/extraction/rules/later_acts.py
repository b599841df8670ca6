"""What the source did after speaking ends the content: it is an act, not part of what was said.

Pereira said he was sorry *and walked away*.
The bishop said the church would pay *and left the room*.
Those who said the side was out of the race*, saw it win the cup*.
"""

from typing import Final

from service.extraction.attribution.lexicons import SPEECH, boundary_words
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, positions
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.constructions import can_speak, subject_of
from service.extraction.tags import PRESENT
from service.extraction.wordlists import organization_words

_NEXT_ACT: Final = frozenset({"and", "then"})
_ONE: Final = frozenset({"he", "she", "who"})
_NEAR: Final = 3  # words from the verb to the word that makes it a gesture or departure: "walked *away*"


def later_act(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words of `content` from the act of the source onwards; empty if there is none."""
    clause = view.sentence.child(cue, "ccomp")
    if clause is None or clause < cue or view.classes[cue] not in SPEECH or not content >> clause & 1:
        return 0
    for verb in positions(content & view.verbs & ~view.quoted & ~between(0, clause + 1)):
        if view.text_at(verb - 1) == "before" and view.words[verb].xpos == "VBG" and _is_parting(view, verb):
            rest = content & ~between(0, verb - 1)
            return 0 if rest & view.quoted or not _is_by_source(view, cue, clause, verb) else rest
        if view.heads[verb] != clause or view.words[verb].relation != "conj" or not _is_past(view, verb):
            continue
        start = _start(view, verb)
        parting = _is_state(view, clause) and _is_parting(view, verb) and _is_by_source(view, cue, clause, verb)
        if parting or _is_after_comma(view, verb, start):
            rest = content & ~between(0, start)
            return 0 if rest & view.quoted else rest
    return 0


def _is_past(view: SentenceView, verb: int) -> bool:
    """Return whether the verb is in the past tense, without a subject or auxiliary of its own."""
    return view.words[verb].xpos == "VBD" and view.sentence.child(verb, "nsubj", "aux", "aux:pass", "expl") is None


def _start(view: SentenceView, verb: int) -> int:
    """Return the first word of the verb's conjunct, with the conjunction before it."""
    start = first(view.subtrees[verb] & view.solid)
    while view.text_at(start - 1) in _NEXT_ACT:
        start -= 1
    return start


def _is_state(view: SentenceView, clause: int) -> bool:
    """Return whether the clause states how things are or will be, so that a past act cannot continue it.

    Unlike "Police said the man had sworn at them and walked away".
    """
    children = view.sentence.children(clause)
    helping = [child for child in children if view.words[child].relation in {"aux", "cop"}]
    if any(view.words[child].relation == "cop" or view.words[child].xpos in {"MD", *PRESENT} for child in helping):
        return True
    progressive = view.words[clause].xpos == "VBG"
    return progressive or view.words[clause].xpos in PRESENT or view.lemmas[clause] in boundary_words("act", "states")


def _is_parting(view: SentenceView, verb: int) -> bool:
    """Return whether the verb is a departure or gesture after speaking: "walked away", "burst into tears"."""
    if view.lemmas[verb] in boundary_words("act", "gestures"):
        return True
    after = {view.text_at(at) for at in range(verb + 1, verb + 1 + _NEAR)}
    if view.lemmas[verb] in boundary_words("act", "motions"):
        return bool(after & boundary_words("act", "away"))
    thing = view.sentence.child(verb, "obj")
    left = thing is not None and view.lemmas[thing] in boundary_words("act", "places")
    return view.lemmas[verb] in boundary_words("act", "leaving") and left


def _is_by_source(view: SentenceView, cue: int, clause: int, verb: int) -> bool:
    """Return whether the source is a person, and the subject of what is said cannot do what the verb says.

    That subject is a pronoun for the source, or a thing: "said the plan was dead and left the room". Unlike in "said
    the man was drunk and left the bar".
    """
    source, subject = subject_of(view, cue), view.sentence.child(clause, "nsubj", "expl")
    if source is None or subject is None or not _is_one_person(view, source):
        return False
    if view.words[subject].upos == "PRON":
        return True
    return not can_speak(view, subject) and view.lemmas[verb] not in boundary_words("act", "things")


def _is_one_person(view: SentenceView, position: int) -> bool:
    word, bodies = view.words[position], organization_words()
    if word.upos == "PRON":
        return view.text_at(position) in _ONE
    body = view.entities.get(position) == "organization" or role_of(word) in bodies.heads | bodies.collectives
    return not is_plural(word) and not body and can_speak(view, position)


def _is_after_comma(view: SentenceView, verb: int, start: int) -> bool:
    """Return whether the verb directly after a comma is the source's, although the tree attached it to the content.

    Examples: "Those who said the side was out of the race, *saw* it win"; "said they were out of it, then *got* the
    ruling". In a list, another verb follows: "said it stopped, turned and hit the wall".
    """
    if view.text_at(start - 1) != "," or (start != verb and view.text_at(start) != "then"):
        return False
    siblings = [at for at in view.sentence.children(view.heads[verb]) if at > verb]
    listed = any(view.words[at].relation == "conj" for at in siblings) or view.sentence.child(verb, "conj") is not None
    return not listed
