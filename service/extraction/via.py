"""Whom a report came through: "the Kremlin confirmed …, according to *TASS*"; "citing *officials*, it said"."""

from service.article.article import Span
from service.extraction.cues import FoundCue
from service.extraction.sources import phrase
from service.parsing.tree import ROOT, Sentence


def find_via(sentence: Sentence, cue: FoundCue) -> Span | None:
    """The words that name the outlet or person through which the report of `cue` came, or None."""
    for child in sentence.children(cue.head):
        word = sentence.words[child]
        if word.relation == "advcl" and word.lemma.lower() in {"cite", "quote"}:
            cited = sentence.child(child, "obj")
            if cited is not None:
                return _span(sentence, cited)
    if cue.form == "according":
        return None
    for position, word in enumerate(sentence.words):
        if word.text.lower() == "according" and word.head != ROOT and _covers(sentence, position, cue.head):
            return _span(sentence, word.head)
    return None


def _covers(sentence: Sentence, according: int, cue: int) -> bool:
    """Whether "according to" stands in the cue's clause, or in what the cue reports: it speaks of the whole report."""
    source = sentence.words[according].head
    return cue in sentence.ancestors(source)


def _span(sentence: Sentence, head: int) -> Span:
    words = phrase(sentence, head)
    return Span(sentence.words[words[0]].span.start, sentence.words[words[-1]].span.end)
