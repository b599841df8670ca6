"""Attributions of an article's passages, and of what is quoted inside them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.content_spans import marks_in
from service.extraction.document import Document
from service.extraction.forms.introducing import Introduction, introduction_at
from service.extraction.forms.signs import shows_talk
from service.extraction.report import Attribution, Rule
from service.input.article import Passage, Span

_TRUSTED: Final = 0.6  # score of an attribution by the rules for prose that is kept instead of a passage
_WHOLE: Final = 0.8  # share of a passage's characters; a content that has them is the passage itself


def with_passages(document: Document, attributions: Sequence[Attribution], *, nested: bool) -> list[Attribution]:
    """Return the attributions of prose together with those of the article's passages, in text order.

    What a sentence inside a passage reports is `within` it. It is left out unless `nested`, as is what repeats a
    passage as a whole. A passage that no reporting sentence introduces is none, nor is one that the rules for prose
    have attributed already.
    """
    if not document.article.passages:
        return list(attributions)
    prose = [one.contents[0].start for one in attributions]
    spoken = [
        one
        for number, passage in enumerate(document.article.passages)
        for one in _attributions(document, number, passage, attributions, prose)
    ]
    spans = [Span(one.contents[0].start, one.contents[-1].end) for one in spoken]
    starts = [span.start for span in spans]
    inside = [_place_in(spans, starts, one.contents[0]) for one in attributions]
    cues = sorted({one.cue.span for one in spoken if one.cue is not None})
    kept = [
        number
        for number, at in enumerate(inside)
        if (at is None and not _repeats_introduction(attributions[number], cues))
        or (at is not None and nested and _is_part(attributions[number], spoken[at]))
    ]
    index: dict[int | None, int] = {number: place for place, number in enumerate(kept)}
    found = [
        replace(
            attributions[number],
            continues=index.get(attributions[number].continues),
            within=None if (at := inside[number]) is None else len(kept) + at,
        )
        for number in kept
    ]
    found += [
        one if one.continues is None else replace(one, continues=len(kept) + at - 1) for at, one in enumerate(spoken)
    ]
    return _in_order(found)


def _repeats_introduction(attribution: Attribution, cues: Sequence[Span]) -> bool:
    """Return whether the attribution is made of the words that introduce a passage.

    Its cue is one of the sorted `cues`, or its content has one: "released *this statement on the fire*".
    """
    own = attribution.cue
    if own is not None and (place := bisect_left(cues, own.span)) < len(cues) and cues[place] == own.span:
        return True
    places = (bisect_left(cues, span) for span in attribution.contents)
    return any(
        at < len(cues) and span.contains(cues[at]) for at, span in zip(places, attribution.contents, strict=True)
    )


def _place_in(spans: Sequence[Span], starts: Sequence[int], span: Span) -> int | None:
    """Return the index of the one of `spans`, in text order, that `span` overlaps, or None."""
    at = bisect_right(starts, span.start)
    return next((near for near in (at - 1, at) if 0 <= near < len(spans) and spans[near].overlaps(span)), None)


def _is_part(attribution: Attribution, passage: Attribution) -> bool:
    """Return whether a sentence of the passage reports the attribution, which is less than the passage itself."""
    cue, whole = attribution.cue, Span(passage.contents[0].start, passage.contents[-1].end)
    return (
        cue is not None
        and whole.contains(cue.span)
        and _length(attribution.contents) < _WHOLE * _length(passage.contents)
    )


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def _attributions(
    document: Document, number: int, passage: Passage, attributions: Sequence[Attribution], starts: Sequence[int]
) -> Iterator[Attribution]:
    """Yield the attribution of a passage; of a list, or of paragraphs each in quotation marks, one for each item."""
    introduction: Introduction | None = None
    marks = marks_in(document, passage.speech)
    wrapped = _length(marks) >= _WHOLE * _length(passage.speech)
    if passage.part == "introduced" and wrapped and _is_attributed(passage, attributions, starts):
        return
    if passage.introduction is not None:
        introduction = introduction_at(document, passage.introduction)
        if introduction is None:
            return
    items = (
        [(span,) for span in passage.speech]
        if passage.listed or (wrapped and passage.form == "block")
        else [passage.speech]
    )
    label = None if passage.label is None else document.article.slice(passage.label)
    for place, contents in enumerate(items):
        own = marks_in(document, contents)
        marked = _length(own) >= _WHOLE * _length(contents)
        said = not passage.listed or marked or shows_talk(" ".join(document.article.slice(span) for span in contents))
        begins = place == 0 and introduction is not None
        yield Attribution(
            kind="direct" if said else "indirect",
            contents=contents,
            sentence=introduction.sentence if begins and introduction else document.sentence_at(contents[0].start) or 0,
            marks=own if marked else (),
            cue=introduction.cue if begins and introduction else None,
            source=introduction.source if begins and introduction else None,
            negated=introduction is not None and introduction.negated,
            continues=None if place == 0 else place - 1,
            form="prose" if passage.form == "alert" else passage.form,
            passage=number,
            label=passage.label if place == 0 else None,
            score=1.0 - passage.doubt,
            rules=(Rule(passage.form, label or passage.part),),
        )


def _is_attributed(passage: Passage, attributions: Sequence[Attribution], starts: Sequence[int]) -> bool:
    """Return whether the rules for prose found a source, in a sentence of their own, of the passage's first words.

    `starts` has the start of each of the attributions, which are in text order.
    """
    span = passage.speech[0]
    found = attributions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
    return any(one.source is not None and one.score >= _TRUSTED for one in found)


def _in_order(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions in text order, a passage before what is quoted in it, with renumbered links."""
    order = sorted(
        range(len(attributions)),
        key=lambda number: (
            attributions[number].contents[0].start,
            attributions[number].passage is None,
            attributions[number].contents[-1].end,
        ),
    )
    index: dict[int | None, int] = {number: place for place, number in enumerate(order)}
    return [
        replace(
            attributions[n], continues=index.get(attributions[n].continues), within=index.get(attributions[n].within)
        )
        for n in order
    ]
