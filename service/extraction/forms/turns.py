"""Divide an interview or a transcript into turns.

A turn is one label's speech up to the next label; stage directions, headings, notes of the editor and sentences about
the speaker are not part of it.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from service.extraction.forms.cast import find_cast
from service.extraction.forms.labels import Label, examiner_in, sworn_in
from service.extraction.forms.lines import Line
from service.extraction.forms.signs import (
    in_first_person,
    is_direction,
    is_note,
    is_question,
    names_before,
    reports,
    shows_talk,
    spoken_in,
)
from service.input.article import ArticleForm, Part, Passage, Span

_SURE: Final = 0.02  # doubt of a turn whose label can be nothing else
_LABELLED: Final = 0.06  # ... with another label
_UNLABELLED: Final = 0.2  # ... without a label
_NOTES: Final = 0.3  # share of questions followed by a report, where an article has notes of a hearing
_WORD: Final = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Talk:
    """The turns of an article, the spans that are no part of any sentence, and what the article was taken for."""

    form: ArticleForm
    passages: tuple[Passage, ...]
    unread: tuple[Span, ...]


def find_turns(lines: Sequence[Line], *, wanted: bool = False) -> Talk | None:
    """Return the turns of an article, or None if it is no interview or transcript.

    Args:
        lines: The article's lines.
        wanted: Whether the sender says that it is one; then two labels of any kind are enough.
    """
    cast = find_cast(lines, wanted=wanted)
    if not cast:
        return None
    notes = _is_notes(lines, cast)
    silent = all(label.kind == "question" for label in cast.values())
    asked = frozenset() if silent or _has_host(lines, cast) else _questions_before(lines, cast)
    return divided(lines, cast, asked, answered=silent and not notes, notes=notes)


def divided(
    lines: Sequence[Line], cast: Mapping[int, Label], asked: frozenset[int], *, answered: bool, notes: bool
) -> Talk:
    """Return the turns that begin at the labels of `cast` and at the unlabelled questions `asked`.

    Where they are `answered` without a label, the lines after a question are the guest's; in `notes` they are prose.
    """
    last = max((*cast, *asked))
    short = _form(cast, notes=notes) == "interview" and _are_short(lines, cast, asked)
    turns = _Turns(names_before(lines[: min((*cast, *asked))]))
    for at, line in enumerate(lines):
        label = cast.get(at)
        examiner = examiner_in(line.text, line.span.start)
        if label is None and _swears(lines, at, turns):
            continue
        if examiner is not None:
            turns.end()
            turns.asking = examiner
            turns.leave_out(line)
        elif label is not None:
            turns.begin(label, "host" if label.kind == "question" else "guest" if label.kind == "answer" else "named")
            turns.add(Span(label.start, line.span.end), line)
        elif at in asked:
            turns.begin(None, "host")
            turns.add(_without_type(line), line)
        elif line.furniture or is_direction(line.text):
            turns.leave_out(line)
        elif (line.heading and at > last) or is_note(line.text) or turns.is_told(line.text, final=at > last):
            turns.end()
        elif turns.open and not line.heading:
            if at > last and short and turns.spoken and not shows_talk(line.text):
                turns.end()
            else:
                turns.add(line.span, line)
        if at in asked or (label is not None and label.kind == "question" and (answered or notes)):
            turns.end()
            if answered:
                turns.begin(None, "guest")
    return Talk(_form(cast, notes=notes), turns.passages(), tuple(turns.unread))


def _swears(lines: Sequence[Line], at: int, turns: "_Turns") -> bool:
    """Return whether line `at` says that a witness is sworn, or is the witness's name before such a line.

    The witness answers from there on.
    """
    line = lines[at]
    sworn, witness = sworn_in(line.text, line.span.start)
    if not sworn and line.text.isupper() and line.text.endswith(",") and at + 1 < len(lines):
        sworn, named = sworn_in(lines[at + 1].text, lines[at + 1].span.start)
        witness = Span(line.span.start, line.span.end - 1) if named is None else None
    if sworn:
        turns.end()
        turns.answering = witness or turns.answering
        turns.leave_out(line)
    return sworn


def _are_short(lines: Sequence[Line], cast: Mapping[int, Label], asked: Collection[int]) -> bool:
    """Return whether each turn before the last is one line: then what follows the last can be prose again."""
    starts = sorted({*cast, *asked})
    for at, following in pairwise(starts):
        plain = sum(not (line.furniture or line.heading) for line in lines[at + 1 : following])
        alone = at in cast and cast[at].start >= lines[at].span.end
        if plain > (alone or (at in asked and at not in cast)):
            return False
    return len(starts) > 1


def _form(cast: Mapping[int, Label], *, notes: bool) -> ArticleForm:
    named = [label for label in cast.values() if label.kind in {"name", "role"}]
    if notes:
        return "live-blog"
    official = sum(label.capitals or label.kind == "role" or label.style == "period" for label in named)
    return "transcript" if official * 2 > len(named) else "interview"


def _is_notes(lines: Sequence[Line], cast: Mapping[int, Label]) -> bool:
    """Return whether only questions are labelled, and the lines after them report the answers in the third person."""
    if any(label.kind != "question" for label in cast.values()):
        return False
    after = [lines[at + 1].text for at in cast if at + 1 < len(lines) and at + 1 not in cast]
    reported = sum(reports(text) and not in_first_person(text) for text in after)
    return not after or reported >= _NOTES * len(after)


def _has_host(lines: Sequence[Line], cast: Mapping[int, Label]) -> bool:
    """Return whether one of the labels belongs to whoever asks: most of its turns are questions."""
    if any(label.kind == "question" for label in cast.values()):
        return True
    asked: Counter[str] = Counter()
    counts = Counter(label.key for label in cast.values())
    for at, label in cast.items():
        own = at + (label.start >= lines[at].span.end and at + 1 < len(lines))  # the line with its first words
        end = lines[own].text.rstrip('”"*_ )')
        asked[label.key] += end.endswith("?")
    return any(counts[key] > 1 and asked[key] * 2 >= counts[key] for key in counts)


def _questions_before(lines: Sequence[Line], cast: Mapping[int, Label]) -> frozenset[int]:
    """Return the unlabelled lines that ask what the labelled line after them answers."""
    alone = {at for at, label in cast.items() if label.start >= lines[at].span.end}  # labels on a line of their own
    found = [
        at - 1
        for at in cast
        if at > 0 and at - 1 not in cast and at - 2 not in alone
        and is_question(lines[at - 1]) and not lines[at - 1].furniture
    ]  # fmt: skip
    first = min(cast) - 1
    return frozenset(found) if len(found) > 1 or first in found else frozenset()


class _Turns:
    """Collects the turns of an article, in order."""

    def __init__(self, guests: frozenset[str]) -> None:
        self._guests = guests
        self._spoke: set[str] = set()
        self._turns: list[Passage] = []
        self._spans: list[Span] = []
        self._paragraphs: list[int] = []
        self._label: Label | None = None
        self._part: Part = "named"
        self.open = False
        self.asking: Span | None = None
        self.answering: Span | None = None
        self.unread: list[Span] = []

    def begin(self, label: Label | None, part: Part) -> None:
        """End the turn before, and begin one."""
        self.end()
        self._label, self._part, self.open = label, part, True
        if label is not None and label.kind == "name":
            self._spoke.add(label.key.split()[-1])

    def add(self, span: Span, line: Line) -> None:
        """Add `span`, at the end of `line`, to the open turn. What precedes it in the line is its label."""
        if span.start > line.span.start:
            self.unread.append(Span(line.span.start, span.start))
        if span.end < line.span.end:
            self.unread.append(Span(span.end, line.span.end))
        told = line.text[span.start - line.span.start : span.end - line.span.start]
        spoken, directions = spoken_in(span, told)
        self.unread += directions
        for at, each in enumerate(spoken):
            joins = at == 0 and self._spans and self._paragraphs[-1] == line.number
            if joins and not (
                self.unread and self.unread[-1].start >= self._spans[-1].end and self.unread[-1].start < each.start
            ):
                self._spans[-1] = Span(self._spans[-1].start, each.end)
            else:
                self._spans.append(each)
                self._paragraphs.append(line.number)

    @property
    def spoken(self) -> bool:
        """Whether the open turn has words."""
        return bool(self._spans)

    def leave_out(self, line: Line) -> None:
        """Leave a line of the page, or a stage direction, out of the open turn."""
        if not line.furniture:
            self.unread.append(line.span)

    def end(self) -> None:
        """End the open turn, if any."""
        if self._spans:
            passage = _passage(tuple(self._spans), self._label, self._part)
            self._turns.append(replace(passage, name=self._examined() or passage.name))
        self._spans, self._paragraphs = [], []
        self._label, self.open = None, False

    def _examined(self) -> Span | None:
        """Return the name, in a court's record, of who examines or is examined in the open turn, if that is known."""
        if self._label is None:
            return None
        if self._part == "host":
            return self.asking
        return self.answering if self._part == "guest" or self._label.key == "witness" else None

    def is_told(self, text: str, *, final: bool) -> bool:
        """Return whether a line without label is the narrator's.

        It names the speaker of the open turn and is not in the first person. After the last label, a report that names
        anyone who spoke is the narrator's too.
        """
        if not self.open or self._part == "host" or in_first_person(text):
            return False
        named = self._label is not None and self._label.kind == "name"
        names = {self._label.key.split()[-1]} if named and self._label is not None else self._guests
        words = frozenset(_WORD.findall(text.lower()))
        return not names.isdisjoint(words) or (final and reports(text) and not self._spoke.isdisjoint(words))

    def passages(self) -> tuple[Passage, ...]:
        """Return the turns."""
        self.end()
        return tuple(self._turns)


def _without_type(line: Line) -> Span:
    """Return the span of a line without the marks of bold type in Markdown at its ends."""
    bare = line.text.strip("*_ ")
    start = line.span.start + line.text.index(bare)
    return Span(start, start + len(bare))


def _passage(speech: tuple[Span, ...], label: Label | None, part: Part) -> Passage:
    if label is None:
        return Passage("turn", speech, part=part, doubt=_UNLABELLED)
    return Passage("turn", speech, label.span, label.name, part, _SURE if label.sure else _LABELLED)
