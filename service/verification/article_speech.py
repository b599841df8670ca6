"""Determine which words of an article are spoken, in which quotes, and whether inside quotation marks."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from service.extraction.report import Quote, Report
from service.input.article import Article, Span
from service.verification.alignment import Ground
from service.verification.compared_words import Word, read_words

Voice = Literal["marked", "unmarked", "narrated"]

_SENTENCE_END: Final = re.compile(r"[.!?…]\W*\s|[\r\n]\s*[\r\n]")
_LOOKED_AT: Final = 12  # characters after a word that are searched for a sentence end


@dataclass(frozen=True, slots=True)
class Speech:
    """An article's words, and for each: its voice, the indices of the quotes whose content it is (the shortest first),
    whether it is the first of a spoken span, and whether it begins a sentence.

    A word is `marked` inside a quote's quotation marks and in a turn, a post or a statement that is set off, `unmarked`
    in the content of another quote, and `narrated` outside all quotes. `forms` maps word forms to ids.
    """

    article: Article
    report: Report
    words: tuple[Word, ...]
    voices: tuple[Voice, ...]
    quotes: tuple[tuple[int, ...], ...]
    segment: tuple[bool, ...]
    sentence: tuple[bool, ...]
    forms: dict[str, int]

    def ground(self, speakers: frozenset[int]) -> Ground:
        """Return the article for aligning a printed quote that is attributed to one of `speakers`."""
        likely = {"marked": 0.6, "unmarked": 0.3, "narrated": 0.0}
        theirs = frozenset(n for n, quote in enumerate(self.report.quotes) if quote.speaker in speakers)
        return Ground(
            forms=np.array([self.forms[word.form] for word in self.words], dtype=np.int64),
            spoken=np.array([voice != "narrated" for voice in self.voices], dtype=np.bool_),
            segment=np.array(self.segment, dtype=np.bool_),
            sentence=np.array(self.sentence, dtype=np.bool_),
            likely=np.array(
                [
                    likely[voice] + 0.4 * (not theirs.isdisjoint(quotes))
                    for voice, quotes in zip(self.voices, self.quotes, strict=True)
                ]
            ),
        )


def hear(article: Article, report: Report) -> Speech:
    """Build the `Speech` of `article` from `report`."""
    words = read_words(article.text)
    starts = [word.span.start for word in words]
    voices: list[Voice] = ["narrated"] * len(words)
    quotes: list[list[int]] = [[] for _ in words]
    segment = [False] * len(words)

    def within(span: Span) -> range:
        held = range(bisect_left(starts, span.start), bisect_left(starts, span.end))
        if held:
            segment[held[0]] = True
        return held

    lengths = [sum(end - start for start, end in quote.contents) for quote in report.quotes]
    for number in sorted(range(len(report.quotes)), key=lambda one: (lengths[one], one)):
        quote = report.quotes[number]
        for content in quote.contents:
            for at in within(content):
                quotes[at].append(number)
                if voices[at] == "narrated":
                    voices[at] = "unmarked"
        for mark in quote.contents if _is_verbatim(quote) else quote.marks:
            for at in within(mark):
                voices[at] = "marked"
    return Speech(
        article=article,
        report=report,
        words=words,
        voices=tuple(voices),
        quotes=tuple(map(tuple, quotes)),
        segment=tuple(segment),
        sentence=_sentence_starts(article.text, words),
        forms={form: number for number, form in enumerate(dict.fromkeys(word.form for word in words))},
    )


def _is_verbatim(quote: Quote) -> bool:
    """Return whether all of the quote's contents are the speaker's words: a turn, a post, a statement set off."""
    return quote.form != "prose" and quote.kind == "direct"


def _sentence_starts(text: str, words: tuple[Word, ...]) -> tuple[bool, ...]:
    """Return which words begin a sentence, judging by the characters before them; the first word does."""
    behind = (text[one.span.end : min(other.span.start, one.span.end + _LOOKED_AT)] for one, other in pairwise(words))
    return (True, *(bool(_SENTENCE_END.search(gap)) for gap in behind)) if words else ()
