"""Find out which words of an article are quoted, in which quotes, and whether inside quotation marks."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from service.extraction.report import Quote, Report
from service.input.article import Article, Span
from service.verification.alignment import AlignmentTarget, Word, read_words

Voice = Literal["marked", "unmarked", "narrated"]

_SENTENCE_END: Final = re.compile(r"[.!?…]\W*\s|[\r\n]\s*[\r\n]")
_LOOKED_AT: Final = 12  # characters after a word that are searched for a sentence end


@dataclass(frozen=True, slots=True)
class Speech:
    """An article's words, and for each: its voice, the indices of the quotes that contain it (the shortest first),
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

    def target(self, speakers: frozenset[int]) -> AlignmentTarget:
        """Return the article for aligning a printed quote that is attributed to one of `speakers`."""
        priors = {"marked": 0.6, "unmarked": 0.3, "narrated": 0.0}
        speaker_quotes = frozenset(n for n, quote in enumerate(self.report.quotes) if quote.speaker in speakers)
        return AlignmentTarget(
            forms=np.array([self.forms[word.form] for word in self.words], dtype=np.int64),
            spoken=np.array([voice != "narrated" for voice in self.voices], dtype=np.bool_),
            segment=np.array(self.segment, dtype=np.bool_),
            sentence=np.array(self.sentence, dtype=np.bool_),
            prior=np.array(
                [
                    priors[voice] + 0.4 * (not speaker_quotes.isdisjoint(quotes))
                    for voice, quotes in zip(self.voices, self.quotes, strict=True)
                ]
            ),
        )


def read_speech(article: Article, report: Report) -> Speech:
    """Build the `Speech` of `article` from `report`."""
    words = read_words(article.text)
    starts = [word.span.start for word in words]
    voices: list[Voice] = ["narrated"] * len(words)
    quotes: list[list[int]] = [[] for _ in words]
    segment = [False] * len(words)

    def mark_segment(span: Span) -> range:
        indices = range(bisect_left(starts, span.start), bisect_left(starts, span.end))
        if indices:
            segment[indices[0]] = True
        return indices

    lengths = [sum(end - start for start, end in quote.contents) for quote in report.quotes]
    for number in sorted(range(len(report.quotes)), key=lambda index: (lengths[index], index)):
        quote = report.quotes[number]
        for content in quote.contents:
            for at in mark_segment(content):
                quotes[at].append(number)
                if voices[at] == "narrated":
                    voices[at] = "unmarked"
        for mark in quote.contents if _is_verbatim(quote) else quote.marks:
            for at in mark_segment(mark):
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
    gaps = (
        text[word.span.end : min(following.span.start, word.span.end + _LOOKED_AT)]
        for word, following in pairwise(words)
    )
    return (True, *(bool(_SENTENCE_END.search(gap)) for gap in gaps)) if words else ()
