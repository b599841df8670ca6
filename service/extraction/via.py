"""Whom a report came through: "the Kremlin confirmed …, according to *TASS*"; "citing *officials*, it said"."""

from service.article.article import Span
from service.extraction.asides import Aside, authority_aside
from service.extraction.sources import phrase_span
from service.parsing.tree import ROOT, Sentence


def authorities(sentence: Sentence) -> list[Aside]:
    """The asides of "according to", in text order."""
    found = (authority_aside(sentence, position) for position in range(len(sentence.words)))
    return [aside for aside in found if aside is not None]


def find_via(sentence: Sentence, cue: int) -> Span | None:
    """The words that name the outlet or person through which the report of the cue at `cue` came, or None."""
    for position in range(len(sentence.words)):
        if position != cue and is_citing(sentence, position):
            cited = sentence.child(position, "obj")
            if cited is not None:
                return phrase_span(sentence, cited)
    sources = [child for child in sentence.children(cue) if sentence.words[child].relation in {"nsubj", "obj"}]
    beside = [child for source in sources for child in sentence.children(source)]
    for position in (sentence.words[cue].head, *sentence.children(cue), *beside):
        outlet = _outlet(sentence, position, cue)
        if outlet is not None:
            return phrase_span(sentence, outlet)
    for authority in authorities(sentence):
        if authority.first != cue and cue in sentence.ancestors(authority.first):
            return phrase_span(sentence, authority.source)
    return None


def _outlet(sentence: Sentence, position: int, cue: int) -> int | None:
    """Who passes the report on: "…, the *agency* reported" behind the cue, "the *Herald* quoted her as saying"."""
    if position == ROOT:
        return None
    word = sentence.words[position]
    report = position > cue and word.lemma.lower() == "report"
    behind = report and (word.relation in {"parataxis", "ccomp"} or _closes(sentence, position))
    quoting = position < cue and word.lemma.lower() in {"quote", "cite"} and sentence.child(position, "obj") is not None
    if not (word.upos == "VERB" and (behind or quoting)):
        return None
    return sentence.child(position, "nsubj")


def _closes(sentence: Sentence, verb: int) -> bool:
    """Whether a relative clause without its pronoun, behind a comma, closes the sentence: "said Pell, *the Echo
    reported*."."""
    words, subject = sentence.words, sentence.child(verb, "nsubj")
    if words[verb].relation != "acl" or subject is None or any(word.upos != "PUNCT" for word in words[verb + 1 :]):
        return False
    start = subject
    while start and words[start - 1].upos not in {"PUNCT", "VERB"}:
        start -= 1
    return start > 0 and words[start - 1].text == ","


def is_citing(sentence: Sentence, position: int) -> bool:
    """Whether the word is the "citing" of "citing officials, the paper said": a participle set beside a report."""
    word = sentence.words[position]
    return word.lemma.lower() in {"cite", "quote"} and word.relation in {"advcl", "acl"} and word.xpos in {"VBG", ""}


def is_main(sentence: Sentence, position: int) -> bool:
    """Whether the word is the sentence's root, or coordinated with it or set beside it."""
    word = sentence.words[position]
    while word.head != ROOT and word.relation in {"conj", "parataxis"}:
        word = sentence.words[word.head]
    return word.head == ROOT
