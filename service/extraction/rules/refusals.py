"""A refusal to say more ends the content before it, and has the same source.

The agency confirmed that talks were going on *but did not specify when*.
Police said the man was in custody *but would not give his name*.
"""

from typing import Final

from service.extraction.attribution.lexicons import boundary_words
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions

_AUXILIARIES: Final = frozenset({"did", "would", "could"})
_JOINING: Final = frozenset({"but", "and"})


def is_refusal(view: SentenceView, verb: int) -> bool:
    """Return whether the verb, coordinated without a subject of its own, is a refusal to say more: "but did not say
    why", "and declined to elaborate"."""
    word, sentence = view.words[verb], view.sentence
    if word.relation != "conj" or word.head > verb or sentence.child(verb, "nsubj") is not None:
        return False
    coordinator = sentence.child(verb, "cc")
    if coordinator is None or view.text_at(coordinator) not in _JOINING:
        return False
    withholding, unwilling = boundary_words("negation", "withholding"), boundary_words("negation", "unwilling")
    if view.lemmas[verb] in unwilling:
        told = sentence.child(verb, "xcomp")
        return word.xpos == "VBD" and told is not None and view.lemmas[told] in withholding
    before = [view.words[child].text.lower() for child in sentence.children(verb) if child < verb]
    denied = any(view.lemmas[child] in boundary_words("negation", "adverbs") for child in sentence.children(verb))
    return denied and view.lemmas[verb] in withholding and any(text in _AUXILIARIES for text in before)


def refused(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words of `content` from a refusal to say more onwards; empty if there is none outside quotation
    marks."""
    for verb in positions(content & view.verbs & ~view.quoted):
        if verb < cue or view.heads[verb] == cue or not is_refusal(view, verb):
            continue
        coordinator = view.sentence.child(verb, "cc")
        start = min(first(view.subtrees[verb] & view.solid), verb if coordinator is None else coordinator)
        if first(content) < start and not content & view.quoted & ~between(0, start):
            return content & between(start, last(content) + 1)
    return 0
