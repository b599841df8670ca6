"""Repairs of trees in which a verb was mistagged: as a noun, or as another form of the verb.

…, figures from the Land Office *show*.
A letter *warning* that the water was unsafe …
Kerr, *branded* a menace by the judge, …
He was sorry and *burst* into tears.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import role_of
from service.extraction.rules.clause_repairs import speaks
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.rules.tree_edits import reattach
from service.extraction.tags import IN_NOUN_PHRASE, NOUNS, VERBS
from service.extraction.wordlists import organization_words, word_list
from service.parsing.tree import Entity, Sentence, Word

_BESIDE: Final = frozenset({"appos", "parataxis", "nmod", "obl"})
_ENDS: Final = frozenset({".", "!"})


def verb_at_end(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the noun that ends the sentence a verb with the document before it as subject: "…, figures from the Land
    Office *show*", "…, a memo seen by the Post *shows*"."""
    words = sentence.words
    at = len(words) - 2
    if (
        at < 4
        or words[at + 1].text not in _ENDS
        or words[at].upos != "NOUN"
        or words[at].text not in word_list("trees", "showing")
    ):
        return None
    start = at
    while start and (words[start - 1].upos in IN_NOUN_PHRASE or _is_participle(words[start - 1])):
        start -= 1
    finite = any(word.upos in VERBS and word.xpos not in {"VB", "VBG"} for word in words[:start])
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
    result, last = list(words), at - 1
    for place, word in enumerate(words):
        if word.head == at and place != last:
            result[place] = replace(word, head=last)
    if words[at].head in range(start, at):
        result[last] = replace(words[last], deprel=words[at].deprel, head=words[at].head)
    elif words[last].head == at:
        result[last] = replace(words[last], deprel="nmod", head=noun)
    text, governor, deprel = words[at].text, words[noun].head, words[noun].deprel
    if words[noun].relation in _BESIDE and sentence.root() not in range(start, at + 1):
        governor, deprel = sentence.root(), "parataxis"
    result[at] = replace(
        words[at], upos="VERB", xpos="VBP", feats="", lemma=text.removesuffix("s"), deprel=deprel, head=governor
    )
    result[noun] = replace(words[noun], deprel="nsubj", head=at)
    return result


def coordinated_passive(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "told" without an addressee a participle after a passive: "The jury was shown a film and *told* that …"."""
    words, result = sentence.words, list(sentence.words)
    for verb, word in enumerate(words):
        if word.xpos != "VBD" or word.relation != "conj" or word.lemma.lower() not in grammar_lexicon().addressing:
            continue
        passive = any(words[at].deprel == "aux:pass" for at in sentence.children(word.head))
        if not passive or sentence.child(verb, "nsubj", "obj", "iobj", "aux") is not None:
            continue
        if sentence.child(verb, "ccomp", "xcomp") is not None:
            result[verb] = replace(word, xpos="VBN")
    return result if result != list(words) else None


def past_tense(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a coordinated verb a past tense where the tree has an infinitive without "to" or a modal: "he was sorry and
    *burst* into tears".

    Applies to verbs whose past tense has the form of the infinitive.
    """
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        if word.xpos != "VB" or word.relation != "conj" or word.text not in grammar_lexicon().unchanged:
            continue
        children = sentence.children(word.head)
        head = [words[child] for child in children if words[child].relation in {"aux", "cop"}] or [words[word.head]]
        if head[0].xpos == "VBD" and head[0].lemma != "do" and sentence.child(at, "aux", "mark") is None:
            result[at] = replace(word, xpos="VBD", feats="")
    return result if result != list(words) else None


def _is_participle(word: Word) -> bool:
    """Return whether the word is a participle in a noun phrase: "a memo *seen* by the Post"."""
    return word.upos == "VERB" and word.xpos == "VBN" and word.relation in {"acl", "amod"}


def participle_after_comma(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a verb that was taken for a past tense a participle: "Kerr, *branded* a menace by the judge, was jailed",
    "*Warned* of the risk, Cole said no"."""
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words[:-1]):
        if (
            word.xpos != "VBD"
            or word.relation not in {"advcl", "acl"}
            or sentence.child(at, "nsubj", "aux") is not None
        ):
            continue
        agent = next((c for c in sentence.children(at) if c > at and _is_agent(sentence, c)), None)
        after_comma = at == 0 or words[at - 1].text == ","
        if after_comma and _is_addressed(sentence, at):
            result[at] = replace(word, xpos="VBN", feats="")
        elif agent is not None and words[at - 1].text == "," and words[at - 2].upos in NOUNS:
            subject = sentence.child(word.head, "nsubj") if word.head > at else word.head
            if subject is None or at - 2 not in sentence.subtree(subject):
                continue
            result[at] = replace(word, xpos="VBN", feats="", deprel="acl", head=subject)
            result[agent] = replace(words[agent], deprel="obl:agent")
            for child in sentence.children(at):
                if words[child].relation == "obj":
                    result[child] = replace(words[child], deprel="xcomp")
    return result if result != list(words) else None


def _is_addressed(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb has only the topic after it: "asked *about* the leak", "told *of* the verdict"."""
    topic = sentence.words[verb + 1].text.lower() in {"of", "about"} and sentence.child(verb, "obj", "iobj") is None
    return topic and sentence.words[verb].lemma.lower() in grammar_lexicon().addressing


def _is_agent(sentence: Sentence, position: int) -> bool:
    case = sentence.child(position, "case")
    return (
        sentence.words[position].relation == "obl"
        and case is not None
        and sentence.words[case].text.lower() == "by"
        and speaks(sentence.words[position])
    )


def document_before_warning(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "warning" after a document a participle: "a *letter* warning that the water was unsafe"."""
    words = sentence.words
    for at in range(1, len(words) - 2):
        word, noun = words[at], at - 1
        if word.text != "warning" or word.upos != "NOUN" or words[at + 1].text.lower() != "that":
            continue
        clause = words[at + 1].head
        adjacent = words[noun].head == at and words[noun].relation == "compound" and words[noun].upos == "NOUN"
        if not adjacent or words[clause].head != at or not _informs(words[noun]):
            continue
        result = list(words)
        reattach(result, [child for child in sentence.children(at) if child < at], noun)
        result[noun] = replace(words[noun], deprel=word.deprel, head=word.head)
        result[at] = replace(word, upos="VERB", xpos="VBG", feats="", lemma="warn", deprel="acl", head=noun)
        result[clause] = replace(words[clause], deprel="ccomp")
        return result
    return None


def _informs(word: Word) -> bool:
    """Return whether the noun is a document or a sign that can warn."""
    return role_of(word) in organization_words().documents or role_of(word) in grammar_lexicon().signs
