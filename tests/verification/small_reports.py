"""Reports for tests of verification, written by hand: no parser, no rules."""

import re
from dataclasses import dataclass

from service.article.article import Article, Span
from service.extraction.report import Cue, Quote, Report, Speaker, SpeakerKind
from service.verification.verify import Check, Claim, verify
from tests import trees

_MARKED = re.compile("“[^“”]*(?:”|$)")


@dataclass(frozen=True)
class Said:
    """What the article reports: its pieces as they stand there, in order from `nth` (from 1) on; by whom, None where it
    does not tell; `negated` where it says that it was not said; `cue` is the lemma of the word that reports it."""

    by: str | None
    pieces: tuple[str, ...]
    nth: int = 1
    negated: bool = False
    cue: str | None = None


@dataclass(frozen=True)
class Who:
    """A speaker: how the article calls them besides the name."""

    name: str
    kind: SpeakerKind = "person"
    description: str | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def report(text: str, people: list[Who], *said: Said) -> tuple[Article, Report]:
    """The article of `text`, and the report of what is `said` in it by `people`, who are numbered as they stand."""
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
                speaker=None if one.by is None else numbers[one.by],
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
            quotes=tuple(n for n, quote in enumerate(quotes) if quote.speaker == number),
        )
        for number, person in enumerate(people)
    )
    return trees.article(text), Report(tuple(quotes), speakers)


def check(article: Article, report: Report, text: str, speaker: str = "") -> Check:
    (found,) = verify(article, report, [Claim(text, speaker)])
    return found


def shown(article: Article, one: Check) -> list[str]:
    """`kind: original → printed (meaning)` for each change."""
    rows = []
    for change in one.changes:
        original = article.slice(change.original) if change.original else "-"
        printed = one.claim.text[slice(*change.printed)] if change.printed else "-"
        rows.append(f"{change.kind}: {original} → {printed}" + (f" ({change.meaning})" if change.meaning else ""))
    return rows
