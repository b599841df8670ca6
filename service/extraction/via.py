"""Whom a report came through: "the Kremlin confirmed …, according to *TASS*"; "citing *officials*, it said"."""

from service.article.article import Span
from service.extraction.cues import FoundCue
from service.extraction.sources import phrase
from service.parsing.tree import ROOT, Sentence


def find_via(sentence: Sentence, cue: FoundCue) -> Span | None:
    """The words that name the outlet or person through which the report of `cue` came, or None."""
    for position in range(len(sentence.words)):
        if is_citing(sentence, position) and position not in cue.words:
            cited = sentence.child(position, "obj")
            if cited is not None:
                return _span(sentence, cited)
    if cue.form == "according":
        return None
    for position, word in enumerate(sentence.words):
        if word.text.lower() == "according" and word.head != ROOT and _covers(sentence, position, cue.head):
            return _span(sentence, word.head)
    return None


def is_citing(sentence: Sentence, position: int) -> bool:
    """Whether the word is the "citing" of "citing officials, the paper said": a participle set beside a report."""
    word = sentence.words[position]
    return word.lemma.lower() in {"cite", "quote"} and word.relation in {"advcl", "acl"} and word.xpos in {"VBG", ""}


def _covers(sentence: Sentence, according: int, cue: int) -> bool:
    """Whether "according to" stands in the cue's clause, or in what the cue reports: it speaks of the whole report."""
    source = sentence.words[according].head
    return cue in sentence.ancestors(source)


def _span(sentence: Sentence, head: int) -> Span:
    words = phrase(sentence, head)
    return Span(sentence.words[words[0]].span.start, sentence.words[words[-1]].span.end)
