"""The form of what a cue reports, and the kind of its source: what tells a statement from a deed.

"Harper claimed the last wicket" and "Harper claimed that he was out" have one verb. What it governs (a noun phrase, a
clause, words in marks) and who does it (a person, a thing) tell them apart.
"""

from functools import cache
from typing import Final

from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet, positions
from service.extraction.wordlists import organization_words, person_words

_GROUPS: Final = frozenset({"people", "official", "critic", "fan", "resident", "source", "family", "police"})


def form_of(view: SentenceView, content: WordSet) -> str:
    """The form of `content`: nothing, quoted, partly quoted, a finite clause, another verb phrase, or a noun phrase."""
    if not content:
        return "nothing"
    inside = content & view.quoted
    if inside:
        return "quoted" if inside == content else "partly quoted"
    tops = view.tops(content)
    if content & view.finite and any(view.children[place] & content & view.finite for place in positions(tops)):
        return "finite"
    return "verb" if tops & view.verbs else "verb inside" if content & view.finite else "nominal"


def top_of(view: SentenceView, content: WordSet) -> int:
    """The position of the content's head: of several, that of the longest part. `content` is not empty."""
    return max(positions(view.tops(content)), key=lambda place: (view.subtrees[place] & content).bit_count())


def source_kind(view: SentenceView, source: int | None) -> str:
    """What the source is: nobody, a pronoun, a name of some kind, a noun for a person, a body, a document, a thing."""
    if source is None:
        return "nobody"
    word = view.words[source]
    if word.upos == "PRON":
        return word.text.lower()
    if word.upos == "PROPN" or source in view.entities:
        return view.entities.get(source, "name")
    return _noun_kind(word.lemma.lower())


@cache
def _noun_kind(lemma: str) -> str:
    bodies = organization_words()
    if lemma in person_words().roles or lemma in _GROUPS:
        return "person noun"
    if lemma in bodies.documents:
        return "document noun"
    if lemma in bodies.heads or lemma in bodies.generic or lemma in bodies.collectives:
        return "body noun"
    return "other noun"
