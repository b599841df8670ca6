"""Whom a report came through: "the Kremlin confirmed …, according to *TASS*"; "citing *officials*, it said"."""

from service.article.article import Span
from service.extraction.cues import FoundCue
from service.extraction.sources import phrase
from service.parsing.tree import Sentence


def find_via(sentence: Sentence, cue: FoundCue) -> Span | None:
    """The words that name the outlet or person through which the report of `cue` came, or None."""
    for child in sentence.children(cue.head):
        word = sentence.words[child]
        if word.relation == "advcl" and word.lemma.lower() in {"cite", "quote"}:
            cited = sentence.child(child, "obj")
            if cited is not None:
                return _span(sentence, cited)
        case = sentence.child(child, "case")
        if word.relation in {"obl", "advcl"} and case is not None and sentence.words[case].text.lower() == "according":
            return _span(sentence, child)
    return None


def _span(sentence: Sentence, head: int) -> Span:
    words = phrase(sentence, head)
    return Span(sentence.words[words[0]].span.start, sentence.words[words[-1]].span.end)
