"""Attributions of an article's passages, and of what is quoted inside them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.content_spans import marks_in
from service.extraction.document import Document
from service.extraction.report import Attribution, Rule
from service.input.article import Passage, Span

_WHOLE: Final = 0.8  # share of a passage's characters; a content that has them is the passage itself


def with_passages(document: Document, attributions: Sequence[Attribution], *, nested: bool) -> list[Attribution]:
    """Return the attributions of prose together with those of the article's passages, in text order.

    What a sentence inside a passage reports is `within` it. It is left out unless `nested`, as is what repeats a
    passage as a whole.
    """
    passages = document.article.passages
    if not passages:
        return list(attributions)
    starts = [passage.span.start for passage in passages]
    inside = [_passage_at(passages, starts, one.contents[0]) for one in attributions]
    kept = [
        number
        for number, at in enumerate(inside)
        if at is None or (nested and _is_part(attributions[number], passages[at]))
    ]
    whole = {at: len(kept) + number for number, at in enumerate(range(len(passages)))}
    index: dict[int | None, int] = {number: place for place, number in enumerate(kept)}
    found = [
        replace(
            attributions[number],
            continues=index.get(attributions[number].continues),
            within=None if (at := inside[number]) is None else whole[at],
        )
        for number in kept
    ]
    found += [_attribution(document, number) for number in range(len(passages))]
    return _in_order(found)


def _passage_at(passages: Sequence[Passage], starts: Sequence[int], span: Span) -> int | None:
    """Return the index of the passage that `span` overlaps, or None."""
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= span.start:
            low = middle + 1
        else:
            high = middle
    for at in (low - 1, low):
        if 0 <= at < len(passages) and passages[at].span.overlaps(span):
            return at
    return None


def _is_part(attribution: Attribution, passage: Passage) -> bool:
    """Return whether a sentence of the passage reports the attribution, which is less than the passage itself."""
    length = sum(end - start for start, end in passage.speech)
    own = sum(end - start for start, end in attribution.contents)
    return attribution.cue is not None and passage.span.contains(attribution.cue.span) and own < _WHOLE * length


def _attribution(document: Document, number: int) -> Attribution:
    passage = document.article.passages[number]
    marks = marks_in(document, passage.speech)
    wrapped = sum(end - start for start, end in marks) >= _WHOLE * sum(end - start for start, end in passage.speech)
    label = None if passage.label is None else document.article.slice(passage.label)
    return Attribution(
        kind="direct",
        contents=passage.speech,
        sentence=document.sentence_at(passage.span.start) or 0,
        marks=marks if wrapped else (),
        form=passage.form,
        passage=number,
        label=passage.label,
        score=1.0 - passage.doubt,
        rules=(Rule(passage.form, label or passage.part),),
    )


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
