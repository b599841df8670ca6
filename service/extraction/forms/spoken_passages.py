"""Build the attributions of an article's passages, and keep those of quotes inside them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.content_spans import marks_in
from service.extraction.document import Document
from service.extraction.forms.passage_introductions import Introduction, introduction_at
from service.extraction.forms.signs import has_signs_of_speech
from service.extraction.report import Attribution, AttributionIndex, Rule
from service.input.article import Passage, Span
from service.parsing.tree import FIRST_SENTENCE

_LABELLED_QUOTE: Final = re.compile(r"[^“”\":\n]{2,60}:\s*[“\"]")
_FIRST_PERSON: Final = re.compile(r"(?:I|We|My|Our)\b")
_TRUSTED: Final = 0.6  # minimum score of an attribution by the rules for prose that replaces a passage
_WHOLE: Final = 0.8  # a content with this share of a passage's characters is the passage itself


def with_passages(document: Document, attributions: Sequence[Attribution], *, nested: bool) -> list[Attribution]:
    """Return the attributions of prose together with those of the article's passages, in text order.

    An attribution by a sentence inside a passage is `within` it; it is dropped unless `nested`, or if it only repeats
    the whole passage. A passage is dropped if its introduction reports nothing, or if the rules for prose have
    attributed it already.
    """
    if not document.article.passages:
        return list(attributions)
    starts_in_prose = [attribution.contents[0].start for attribution in attributions]
    spoken = [
        attribution
        for number, passage in enumerate(document.article.passages)
        for attribution in _attributions(document, number, passage, attributions, starts_in_prose)
    ]
    spans = [Span(attribution.contents[0].start, attribution.contents[-1].end) for attribution in spoken]
    starts = [span.start for span in spans]
    inside = [_overlapping(spans, starts, attribution.contents[0]) for attribution in attributions]
    cues = sorted({attribution.cue.span for attribution in spoken if attribution.cue is not None})
    kept = [
        number
        for number, at in enumerate(inside)
        if (at is None and not _repeats_introduction(attributions[number], cues))
        or (at is not None and nested and _is_part(attributions[number], spoken[at]))
    ]
    index: dict[int | None, AttributionIndex] = {number: AttributionIndex(new) for new, number in enumerate(kept)}
    result = [
        replace(
            attributions[number],
            continues=index.get(attributions[number].continues),
            within=None if (at := inside[number]) is None else AttributionIndex(len(kept) + at),
        )
        for number in kept
    ]
    result += [
        attribution
        if attribution.continues is None
        else replace(attribution, continues=AttributionIndex(len(kept) + at - 1))
        for at, attribution in enumerate(spoken)
    ]
    return _in_order(result)


def _repeats_introduction(attribution: Attribution, cues: Sequence[Span]) -> bool:
    """Return whether the attribution only covers the introduction of a passage.

    Its cue is one of the sorted `cues`, or its content contains one: "released *this statement on the fire*".
    """
    cue = attribution.cue
    if cue is not None and (position := bisect_left(cues, cue.span)) < len(cues) and cues[position] == cue.span:
        return True
    positions = (bisect_left(cues, span) for span in attribution.contents)
    return any(
        cue_index < len(cues) and span.contains(cues[cue_index])
        for cue_index, span in zip(positions, attribution.contents, strict=True)
    )


def _overlapping(spans: Sequence[Span], starts: Sequence[int], span: Span) -> int | None:
    """Return the index of the one of `spans`, in text order, that `span` overlaps, or None."""
    insertion_point = bisect_right(starts, span.start)
    return next(
        (
            index
            for index in (insertion_point - 1, insertion_point)
            if 0 <= index < len(spans) and spans[index].overlaps(span)
        ),
        None,
    )


def _is_part(attribution: Attribution, passage: Attribution) -> bool:
    """Return whether the attribution has its cue inside the passage and covers only a part of it."""
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
    """Yield the attribution of a passage, or one for each item of a list and each quoted paragraph."""
    introduction: Introduction | None = None
    marks = marks_in(document, passage.speech)
    in_marks = _length(marks) >= _WHOLE * _length(passage.speech)
    if passage.part == "introduced" and in_marks and _is_attributed(passage, attributions, starts):
        return
    if passage.form == "post" and (in_marks or _quotes_another(document, passage, attributions, starts)):
        return
    if passage.introduction is not None:
        introduction = introduction_at(document, passage.introduction)
        if introduction is None:
            return
    if not passage.listed and not (in_marks and passage.form == "block"):
        yield _item(document, number, passage, passage.speech, introduction)
        return
    for item, span in enumerate(passage.speech):
        attribution = _item(document, number, passage, (span,), introduction)
        if item > 0:
            sentence = document.sentence_at(span.start) or FIRST_SENTENCE
            earlier = AttributionIndex(item - 1)
            attribution = replace(attribution, sentence=sentence, cue=None, source=None, label=None, continues=earlier)
        yield attribution


def _item(
    document: Document, number: int, passage: Passage, contents: tuple[Span, ...], introduction: Introduction | None
) -> Attribution:
    """Return the attribution of `contents`, the beginning of a passage, to the source of its introduction."""
    marks = marks_in(document, contents)
    marked = _length(marks) >= _WHOLE * _length(contents)
    text = " ".join(document.article.slice(span) for span in contents)
    label = None if passage.label is None else document.article.slice(passage.label)
    return Attribution(
        kind="direct" if not passage.listed or marked or has_signs_of_speech(text) else "indirect",
        contents=contents,
        sentence=(document.sentence_at(contents[0].start) or FIRST_SENTENCE)
        if introduction is None
        else introduction.sentence,
        marks=marks if marked else (),
        cue=None if introduction is None else introduction.cue,
        source=None if introduction is None else introduction.source,
        negated=introduction is not None and introduction.negated,
        form="prose" if passage.form == "alert" else passage.form,
        passage=number,
        label=passage.label,
        score=1.0 - passage.error_probability,
        rules=(Rule(passage.form, label or passage.part),),
    )


def _quotes_another(
    document: Document, passage: Passage, attributions: Sequence[Attribution], starts: Sequence[int]
) -> bool:
    """Return whether a post begins with what somebody else said: "Holt: “I am off”", "“I am off,” says Amy Holt".

    Accounts of newspapers and clubs pass on such words; they do not say them.
    """
    start = passage.speech[0].start
    if _FIRST_PERSON.match(document.article.text, start):
        return False
    if _LABELLED_QUOTE.match(document.article.text, start, passage.speech[0].end):
        return True
    result = attributions[bisect_left(starts, start) : bisect_right(starts, start)]
    return any(item.marks and item.source is not None and item.score >= _TRUSTED for item in result)


def _is_attributed(passage: Passage, attributions: Sequence[Attribution], starts: Sequence[int]) -> bool:
    """Return whether the rules for prose have attributed the passage's first words to a source.

    `starts` has the start of each of the attributions, which are in text order.
    """
    span = passage.speech[0]
    result = attributions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
    return any(attribution.source is not None and attribution.score >= _TRUSTED for attribution in result)


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
    index: dict[int | None, AttributionIndex] = {number: AttributionIndex(new) for new, number in enumerate(order)}
    return [
        replace(
            attributions[n], continues=index.get(attributions[n].continues), within=index.get(attributions[n].within)
        )
        for n in order
    ]
