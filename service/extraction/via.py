"""Whom a report came through: "the Kremlin confirmed …, according to *TASS*"; "citing *officials*, it said"."""

from service.article.article import Span
from service.extraction.asides import authority_aside
from service.extraction.cue_lexicon import cue_lexicon
from service.extraction.cues import FoundCue, find_cues
from service.extraction.sources import phrase_span
from service.parsing.tree import Sentence


def find_via(sentence: Sentence, cue: FoundCue) -> Span | None:
    """The words that name the outlet or person through which the report of `cue` came, or None."""
    for position in range(len(sentence.words)):
        if is_citing(sentence, position) and position not in cue.words:
            cited = sentence.child(position, "obj")
            if cited is not None:
                return phrase_span(sentence, cited)
    if cue.form == "according":
        return None
    for other in find_cues(sentence, cue_lexicon()):
        authority = authority_aside(sentence, other) if other.form == "according" else None
        if authority is not None and _covers(sentence, other.head, cue.head):
            return phrase_span(sentence, authority.source)
    return None


def is_citing(sentence: Sentence, position: int) -> bool:
    """Whether the word is the "citing" of "citing officials, the paper said": a participle set beside a report."""
    word = sentence.words[position]
    return word.lemma.lower() in {"cite", "quote"} and word.relation in {"advcl", "acl"} and word.xpos in {"VBG", ""}


def _covers(sentence: Sentence, according: int, cue: int) -> bool:
    """Whether "according to" stands in the cue's clause, or in what the cue reports: it speaks of the whole report."""
    return cue in sentence.ancestors(according)
