"""Read subtitles in SRT or WebVTT, and divide them into turns by their labels or voice tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from service.extraction.forms.labels import Label, read_label
from service.extraction.forms.signs import is_direction, split_at_directions
from service.input.article import Article, Paragraph, Part, Passage, Span
from service.input.blocks import LINE

_CLOCK: Final = r"(?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3}"
_TIMING: Final = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}")
_HEADER: Final = re.compile(r"\s*(?:WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP|Kind:|Language:)")
_NUMBER: Final = re.compile(r"\s*\d{1,6}\s*\Z")
_VOICE: Final = re.compile(r"<v(?:\.[\w.]+)?\s+(?P<name>[^>\n]{1,80})>")
_TAG: Final = re.compile(r"</?[a-z][^<>\n]{0,80}>|\{\\[^}\n]{0,20}\}|[♪♫]", re.I)
_SOUND: Final = re.compile(r"\W*(?:\[[^\]\n]*\]|\([^)\n]*\))\W*")
_CHANGE: Final = re.compile(r"\s*(?:>>+|[-–—])\s*(?=\S)")
_MIN_TIMINGS: Final = 2  # timings
_ERROR_PROBABILITY: Final = 0.05
_CARRIED: Final = 0.15  # doubt of a turn without a label


@dataclass(slots=True)
class _Turn:
    """A turn while it is being read. `label` and `name` are None if nobody is named."""

    label: Span | None
    name: Span | None
    speech: list[Span]


def find_subtitles(article: Article) -> Article | None:
    """Return `article` as subtitles, with a paragraph for each line and its turns; None if it is not in the format.

    Without any label or voice tag, there are no turns.
    """
    lines = [Span(match.start(), match.end()) for match in LINE.finditer(article.text)]
    if sum(_TIMING.match(article.slice(span)) is not None for span in lines) < _MIN_TIMINGS:
        return None
    spoken = list(_spoken(article, lines))
    turns, skipped = _turns(article, spoken)
    named = any(turn.label is not None for turn in turns)
    passages = tuple(_passage(turn) for turn in turns if turn.speech) if named else ()
    return replace(
        article,
        form="subtitles",
        paragraphs=tuple(_paragraphs(article, lines, frozenset(spoken))),
        passages=passages,
        skipped=tuple(sorted(skipped)),
    )


def _spoken(article: Article, lines: list[Span]) -> Iterator[Span]:
    """Yield the lines of the cues: those that a timing precedes, up to the next number, timing or blank line."""
    in_cue = False
    end = 0
    for at, span in enumerate(lines):
        text = article.slice(span)
        blank = article.text.count("\n", end, span.start) > 1
        end = span.end
        if _TIMING.match(text):
            in_cue = True
        elif blank or _HEADER.match(text):
            in_cue = False
        elif in_cue and text.strip() and not _is_number(article, lines, at):
            yield span


def _is_number(article: Article, lines: list[Span], at: int) -> bool:
    """Return whether the line is the number of the cue that follows it."""
    before_timing = at + 1 < len(lines) and _TIMING.match(article.slice(lines[at + 1]))
    return bool(before_timing) and _NUMBER.match(article.slice(lines[at])) is not None


def _paragraphs(article: Article, lines: list[Span], spoken: frozenset[Span]) -> Iterator[Paragraph]:
    for span in lines:
        text = article.slice(span)
        if text.strip():
            start = span.start + len(text) - len(text.lstrip())
            yield Paragraph(Span(start, start + len(text.strip())), "body" if span in spoken else "furniture")


def _turns(article: Article, lines: list[Span]) -> tuple[list[_Turn], list[Span]]:
    """Return the turns, and the spans of labels, tags and stage directions."""
    turns: list[_Turn] = []
    skipped: list[Span] = []
    for span in lines:
        text = article.slice(span)
        if _SOUND.fullmatch(text) or is_direction(text):
            skipped.append(span)
            continue
        speech_start = 0
        voice_tag = _VOICE.search(text)
        change = _CHANGE.match(text)
        if change is not None:
            speech_start = change.end()
        label = None if voice_tag else _label(text[speech_start:], span.start + speech_start)
        if voice_tag is not None:
            name = Span(span.start + voice_tag.start("name"), span.start + voice_tag.end("name"))
            _begin(article, turns, name, name)
        elif label is not None:
            speech_start = label.start - span.start
            if label.name is None:  # "Q:", "A:"
                turns.append(_Turn(None, None, []))
            else:
                _begin(article, turns, label.span, label.name)
        elif change is not None or not turns:
            turns.append(_Turn(None, None, []))
        if speech_start:
            skipped.append(Span(span.start, span.start + speech_start))
        _add(article, turns[-1], Span(span.start + speech_start, span.end), skipped)
    return turns, skipped


def _label(text: str, start: int) -> Label | None:
    label = read_label(text, start)
    known = label is not None and (label.name is not None or label.kind in {"question", "answer"})
    return label if label is not None and known and label.style == "colon" else None


def _begin(article: Article, turns: list[_Turn], label: Span, name: Span) -> None:
    """Begin a turn, unless the open turn has the same speaker."""
    open_speaker = turns[-1].name if turns else None
    if open_speaker is None or article.slice(open_speaker) != article.slice(name):
        turns.append(_Turn(label, name, []))


def _add(article: Article, turn: _Turn, span: Span, skipped: list[Span]) -> None:
    """Add the speech in `span` to the turn, without tags and stage directions."""
    start = span.start
    pieces = []
    for match in _TAG.finditer(article.text, *span):
        pieces.append(Span(start, match.start()))
        skipped.append(Span(*match.span()))
        start = match.end()
    pieces.append(Span(start, span.end))
    for piece in pieces:
        spoken, directions = split_at_directions(piece, article.slice(piece))
        turn.speech += spoken
        skipped += directions


def _passage(turn: _Turn) -> Passage:
    part: Part = "named" if turn.label is not None else "unknown"
    error_probability = _ERROR_PROBABILITY if turn.label is not None else _CARRIED
    return Passage("turn", tuple(turn.speech), turn.label, turn.name, part, error_probability)
