"""Hand-made reports for tests of verification: no parser, no rules."""

import re
from dataclasses import dataclass

from service.extraction.report import Cue, Quote, QuoteIndex, Report, Speaker, SpeakerIndex, SpeakerKind
from service.input.article import Article, Span
from service.verification.verify import Check, Claim, verify
from tests import trees

_MARKED = re.compile("“[^“”]*(?:”|$)")


@dataclass(frozen=True)
class Said:
    """A reported quote: its parts in order, from the `nth` occurrence (from 1) on; its speaker, or None; `negated` if
    it is reported as not said; `cue` is the lemma of its cue."""

    by: str | None
    pieces: tuple[str, ...]
    nth: int = 1
    negated: bool = False
    cue: str | None = None


@dataclass(frozen=True)
class Who:
    """A speaker, and how the article describes them."""

    name: str
    kind: SpeakerKind = "person"
    description: str | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def report(text: str, people: list[Who], *said: Said) -> tuple[Article, Report]:
    """Return the article of `text`, and a report of what is `said` in it by `people`, numbered in order."""
    numbers = {person.name: number for number, person in enumerate(people)}
    quotes = []
    for one in said:
        contents = tuple(trees.span_of(text, piece, one.nth) for piece in one.pieces)
        marks = tuple(
            Span(content.start + found.start(), content.start + found.end())
            for content in contents
            for found in _MARKED.finditer(text[content.start : content.end])
        )
        letters = "".join(text[content.start : content.end] for content in contents)
        kind = "direct" if _MARKED.sub("", letters).strip() == "" else "mixed" if marks else "indirect"
        quotes.append(
            Quote(
                kind=kind,  # type: ignore[arg-type]
                contents=contents,
                sentence=Span(contents[0].start, contents[-1].end),
                paragraph=0,
                section="body",
                marks=marks,
                speaker=None if one.by is None else SpeakerIndex(numbers[one.by]),
                resolution="none" if one.by is None else "name",
                negated=one.negated,
                cue=None if one.cue is None else Cue(Span(contents[0].start, contents[0].start), one.cue, "say"),
            )
        )
    speakers = tuple(
        Speaker(
            name=person.name,
            kind=person.kind,
            description=person.description,
            aliases=person.aliases,
            mentions=tuple(span for mention in person.mentions for span in trees.occurrences(text, mention)),
            quotes=tuple(QuoteIndex(n) for n, quote in enumerate(quotes) if quote.speaker == number),
        )
        for number, person in enumerate(people)
    )
    return trees.article(text), Report(tuple(quotes), speakers)


def check(article: Article, report: Report, text: str, speaker: str = "") -> Check:
    (found,) = verify(article, report, [Claim(text, speaker)])
    return found


def shown(article: Article, one: Check) -> list[str]:
    """Return `kind: original → printed (meaning)` for each change."""
    rows = []
    for change in one.changes:
        original = article.slice(change.original) if change.original else "-"
        printed = one.claim.text[slice(*change.printed)] if change.printed else "-"
        rows.append(f"{change.kind}: {original} → {printed}" + (f" ({change.meaning})" if change.meaning else ""))
    return rows
