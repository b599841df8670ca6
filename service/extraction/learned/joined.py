"""What a cue does beside reporting: in "she said they would meet but did not say when" it is she who did not say.

Parsers join the second verb to the nearer one. Where that one is what would, may or can be (`MD`) and the second,
without a subject of its own, is past (`VBD`), it goes with the cue: so it was in ten of the twelve places that
PolNeAR's training articles have, as `en_news` 1.0 parses them.
"""

from typing import Final

from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet

_COORDINATORS: Final = frozenset({"and", "but"})


def joined_to_cue(view: SentenceView, cue: int) -> WordSet:
    """The words of verbs that the tree joins to the clause of the cue at position `cue`, and that go with the cue."""
    found = 0
    for clause in view.sentence.children(cue):
        if view.words[clause].relation == "ccomp" and _form(view, clause) == "MD":
            for verb in view.sentence.children(clause):
                found |= view.subtrees[verb] if _is_past_alone(view, verb) else 0
    return found


def _is_past_alone(view: SentenceView, verb: int) -> bool:
    """Whether the word at `verb` is a joined verb in the past, without a subject of its own, and not in marks."""
    coordinator = view.sentence.child(verb, "cc")
    return (
        view.words[verb].relation == "conj"
        and coordinator is not None
        and view.lemmas[coordinator] in _COORDINATORS
        and view.sentence.child(verb, "nsubj", "expl") is None
        and _form(view, verb) == "VBD"
        and not view.quoted >> verb & 1
    )


def _form(view: SentenceView, verb: int) -> str:
    """The tag of the word that says a verb's tense or mood: its first auxiliary, else itself."""
    auxiliary = view.sentence.child(verb, "aux", "cop")
    return view.words[verb if auxiliary is None else auxiliary].xpos
