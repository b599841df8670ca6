"""Repairs of trees in which a name was taken for an auxiliary, or a verb of showing for a noun.

*May* said she had resigned …
…, figures from the Land Office *show*.
*Footage* from the square *reveals* …, said Harbour Watch.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.rules.constructions import grammar_lexicon
from service.parsing.tree import Entity, Sentence, Word

_SHOWING: Final = {
    "show": "show", "shows": "show", "suggest": "suggest", "suggests": "suggest", "reveal": "reveal",
    "reveals": "reveal", "indicate": "indicate", "indicates": "indicate", "claim": "claim", "claims": "claim",
    "report": "report", "reports": "report",
}  # fmt: skip
_NAMES: Final = frozenset({"May", "Will"})
_PAST: Final = frozenset({"VBD", "VBN", "VBZ"})
_SAYING: Final = frozenset({"said", "says"})
_OBJECTS: Final = frozenset({"obj", "ccomp", "xcomp", "obl"})
_CLAUSES: Final = frozenset({"ccomp", "parataxis"})
_ENDS: Final = frozenset({".", "!"})
_PHRASE: Final = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADP", "NUM", "PART"})


def name_before_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "May" or "Will" at the beginning of the sentence the subject of the finite verb after it: "*May* said".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words = sentence.words
    if len(words) < 3 or words[0].upos != "AUX" or words[0].text not in _NAMES:
        return None
    verb = words[1]
    finite = verb.upos == "VERB" and verb.xpos in _PAST and verb.text.lower() != verb.lemma.lower()
    if not finite or words[0].head != 1 or sentence.child(1, "nsubj") is not None:
        return None
    name = replace(words[0], upos="PROPN", xpos="NNP" if words[0].xpos else "", feats="", deprel="nsubj")
    return [name, *words[1:]]


def verb_at_end(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the noun that ends the sentence a verb with the document before it as subject: "…, figures from the Land
    Office *show*."

    Returns the repaired words, or None if there is nothing to repair.
    """
    words = sentence.words
    at = len(words) - 2
    if at < 4 or words[at + 1].text not in _ENDS or words[at].upos != "NOUN" or words[at].text not in _SHOWING:
        return None
    start = at
    while start and words[start - 1].upos in _PHRASE:
        start -= 1
    finite = any(word.upos in {"VERB", "AUX"} and word.xpos not in {"VB", "VBG"} for word in words[:start])
    if not start or words[start - 1].text != "," or not finite:
        return None
    noun = next((place for place in range(start, at) if words[place].upos == "NOUN"), at)
    if (
        noun == at
        or words[noun].lemma.lower() not in grammar_lexicon().findings
        or words[noun].head in range(start, at)
    ):
        return None
    if any(word.upos == "ADP" for word in words[start:noun]) or noun + 1 == at:
        return None
    found, last = list(words), at - 1
    for place, word in enumerate(words):
        if word.head == at and place != last:
            found[place] = replace(word, head=last)
    if words[at].head == noun:
        found[last] = replace(words[last], deprel=words[at].deprel, head=noun)
    elif words[last].head == at:
        found[last] = replace(words[last], deprel="nmod", head=noun)
    text, governor = words[at].text, words[noun].head
    found[at] = replace(
        words[at], upos="VERB", xpos="VBP", feats="", lemma=_SHOWING[text], deprel=words[noun].deprel, head=governor
    )
    found[noun] = replace(words[noun], deprel="nsubj", head=at)
    return found


def subject_of_reported_clause(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Give the reported clause its subject, and "said" the name after it: "*Footage* reveals …, said Harbour Watch".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words = sentence.words
    for at, word in enumerate(words):
        said = word.head
        inverted = word.upos == "PROPN" and word.relation in _OBJECTS and 1 < said < at
        if not inverted or words[said].text not in _SAYING or words[said - 1].text != ",":
            continue
        subject = sentence.child(said, "nsubj")
        if subject is None or subject >= said or sentence.subtree(at)[0] != said + 1:
            continue
        clauses = [child for child in sentence.children(said) if words[child].relation in _CLAUSES]
        verb = next((c for c in clauses if subject < c < said and sentence.child(c, "nsubj") is None), None)
        if verb is None:
            continue
        found = list(words)
        found[subject] = replace(words[subject], head=verb)
        found[at] = replace(word, deprel="nsubj")
        return found
    return None
