"""Divide an interview or a transcript into turns.

A turn is one label's speech up to the next label; stage directions, headings, notes of the editor and sentences about
the speaker are not part of it. Without labels, the questions are in bold, headings, or begin with a dash.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Final

from service.extraction.forms.labels import Label, label_words, read_examiner, read_label, read_oath
from service.extraction.forms.signs import (
    MAX_QUESTION,
    SEARCHED,
    Line,
    has_reporting_verb,
    has_signs_of_speech,
    in_first_person,
    is_direction,
    is_note,
    is_personal,
    is_question,
    names_in_introduction,
    split_at_directions,
)
from service.extraction.forms.turn_labels import find_turn_labels
from service.input.article import ArticleForm, Part, Passage, Span

_SURE: Final = 0.02  # doubt of a turn whose label can only be one
_LABELLED: Final = 0.06  # ... with another label
_UNLABELLED: Final = 0.2  # ... without a label
_NOTES: Final = 0.3  # minimum share of questions followed by reported answers, in notes of a hearing
_WORD: Final = re.compile(r"[\w-]+")
_ANSWERED: Final = 0.5  # share of unlabelled questions with an answer in the first person
_OPENING: Final = 12  # lines that can announce an interview
_ANSWER_LINES: Final = 6  # maximum number of lines between questions in an unannounced interview
_YOU: Final = re.compile(r"\b(?:you|your|yourself)\b", re.I)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The form recognized for an article, its turns, and the spans that belong to no sentence."""

    form: ArticleForm
    passages: tuple[Passage, ...]
    skipped: tuple[Span, ...]


def find_turns(lines: Sequence[Line], *, declared: bool = False) -> Conversation | None:
    """Return the turns of an article, or None if it is not an interview or transcript.

    Args:
        lines: The article's lines.
        declared: Whether the request says that it is one; then two labels of any kind are enough.
    """
    labels = find_turn_labels(lines, declared=declared)
    if not labels:
        return None
    notes = _is_notes(lines, labels)
    only_questions = all(label.kind == "question" for label in labels.values())
    questions = frozenset() if only_questions or _has_host(lines, labels) else _questions_before(lines, labels)
    return divide_into_turns(lines, labels, questions, unlabelled_answers=only_questions and not notes, notes=notes)


def divide_into_turns(
    lines: Sequence[Line],
    labels: Mapping[int, Label],
    questions: frozenset[int],
    *,
    unlabelled_answers: bool,
    notes: bool,
) -> Conversation:
    """Return the turns that begin at `labels` and at the unlabelled `questions`, both by the index of their line.

    With `unlabelled_answers`, the lines after a question are the guest's; with `notes`, they are prose.
    """
    last = max((*labels, *questions))
    short = _form(labels, notes=notes) == "interview" and _are_short(lines, labels, questions)
    turns = _Turns(names_in_introduction(lines[: min((*labels, *questions))]))
    for at, line in enumerate(lines):
        label = labels.get(at)
        examiner = read_examiner(line.text, line.span.start)
        if label is None and _is_oath(lines, at, turns):
            continue
        if examiner is not None:
            turns.end()
            turns.examiner = examiner
            turns.leave_out(line)
        elif label is not None:
            turns.begin(label, "host" if label.kind == "question" else "guest" if label.kind == "answer" else "named")
            turns.add(Span(label.start, line.span.end), line)
        elif at in questions:
            turns.begin(None, "host")
            turns.add(_without_type(line), line)
        elif line.boilerplate or is_direction(line.text):
            turns.leave_out(line)
        elif (line.heading and at > last) or is_note(line.text) or turns.is_narration(line.text, final=at > last):
            turns.end()
        elif turns.open and not line.heading:
            if at > last and short and turns.spoken and not has_signs_of_speech(line.text):
                turns.end()
            else:
                turns.add(line.span, line)
        if at in questions or (label is not None and label.kind == "question" and (unlabelled_answers or notes)):
            turns.end()
            if unlabelled_answers:
                turns.begin(None, "guest")
    return Conversation(_form(labels, notes=notes), turns.passages(), tuple(turns.skipped))


def _is_oath(lines: Sequence[Line], at: int, turns: "_Turns") -> bool:
    """Return whether line `at` says that a witness is sworn, or is the witness's name before such a line.

    If so, the witness gives the answers that follow.
    """
    line = lines[at]
    sworn, witness = read_oath(line.text, line.span.start)
    if not sworn and line.text.isupper() and line.text.endswith(",") and at + 1 < len(lines):
        sworn, named = read_oath(lines[at + 1].text, lines[at + 1].span.start)
        witness = Span(line.span.start, line.span.end - 1) if named is None else None
    if sworn:
        turns.end()
        turns.witness = witness or turns.witness
        turns.leave_out(line)
    return sworn


def _are_short(lines: Sequence[Line], labels: Mapping[int, Label], questions: Collection[int]) -> bool:
    """Return whether each turn before the last is one line; then prose can follow the last one."""
    starts = sorted({*labels, *questions})
    for at, following in pairwise(starts):
        text_lines = sum(not (line.boilerplate or line.heading) for line in lines[at + 1 : following])
        label_on_own_line = at in labels and labels[at].start >= lines[at].span.end
        if text_lines > (label_on_own_line or (at in questions and at not in labels)):
            return False
    return len(starts) > 1


def _form(labels: Mapping[int, Label], *, notes: bool) -> ArticleForm:
    speaker_labels = [label for label in labels.values() if label.kind in {"name", "role"}]
    if notes:
        return "live-blog"
    official = sum(label.capitals or label.kind == "role" or label.style == "period" for label in speaker_labels)
    return "transcript" if official * 2 > len(speaker_labels) else "interview"


def _is_notes(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether only questions are labelled and the answers are reported in the third person."""
    if any(label.kind != "question" for label in labels.values()):
        return False
    answers = [lines[at + 1].text for at in labels if at + 1 < len(lines) and at + 1 not in labels]
    reported = sum(has_reporting_verb(text) and not in_first_person(text) for text in answers)
    return not answers or reported >= _NOTES * len(answers)


def _has_host(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether one of the labels is the interviewer's: most of its turns are questions."""
    if any(label.kind == "question" for label in labels.values()):
        return True
    question_counts: Counter[str] = Counter()
    counts = Counter(label.key for label in labels.values())
    for at, label in labels.items():
        first_line = at + (label.start >= lines[at].span.end and at + 1 < len(lines))  # the line with its first words
        ending = lines[first_line].text.rstrip('”"*_ )')
        question_counts[label.key] += ending.endswith("?")
    return any(counts[key] > 1 and question_counts[key] * 2 >= counts[key] for key in counts)


def _questions_before(lines: Sequence[Line], labels: Mapping[int, Label]) -> frozenset[int]:
    """Return the unlabelled questions directly before a labelled answer."""
    on_own_line = {at for at, label in labels.items() if label.start >= lines[at].span.end}  # the label fills the line
    result = [
        at - 1
        for at in labels
        if at > 0 and at - 1 not in labels and at - 2 not in on_own_line
        and is_question(lines[at - 1]) and not lines[at - 1].boilerplate
    ]  # fmt: skip
    first = min(labels) - 1
    return frozenset(result) if len(result) > 1 or first in result else frozenset()


class _Turns:
    """Builds the turns of an article, in order."""

    def __init__(self, guests: frozenset[str]) -> None:
        self._guests = guests
        self._spoke: set[str] = set()
        self._turns: list[Passage] = []
        self._spans: list[Span] = []
        self._paragraphs: list[int] = []
        self._label: Label | None = None
        self._part: Part = "named"
        self.open = False
        self.examiner: Span | None = None
        self.witness: Span | None = None
        self.skipped: list[Span] = []

    def begin(self, label: Label | None, part: Part) -> None:
        """End the open turn, if any, and begin a new one."""
        self.end()
        self._label, self._part, self.open = label, part, True
        if label is not None and label.kind == "name":
            self._spoke.add(label.key.split()[-1])

    def add(self, span: Span, line: Line) -> None:
        """Add `span` of `line` to the open turn. The rest of the line, such as its label, is left out."""
        if span.start > line.span.start:
            self.skipped.append(Span(line.span.start, span.start))
        if span.end < line.span.end:
            self.skipped.append(Span(span.end, line.span.end))
        text = line.text[span.start - line.span.start : span.end - line.span.start]
        spoken, directions = split_at_directions(span, text)
        self.skipped += directions
        for at, part in enumerate(spoken):
            continues = at == 0 and self._spans and self._paragraphs[-1] == line.paragraph_index
            if continues and not (
                self.skipped and self.skipped[-1].start >= self._spans[-1].end and self.skipped[-1].start < part.start
            ):
                self._spans[-1] = Span(self._spans[-1].start, part.end)
            else:
                self._spans.append(part)
                self._paragraphs.append(line.paragraph_index)

    @property
    def spoken(self) -> bool:
        """Whether the open turn has words."""
        return bool(self._spans)

    def leave_out(self, line: Line) -> None:
        """Leave a line of the page, or a stage direction, out of the open turn."""
        if not line.boilerplate:
            self.skipped.append(line.span)

    def end(self) -> None:
        """End the open turn, if any."""
        if self._spans:
            passage = _passage(tuple(self._spans), self._label, self._part)
            self._turns.append(replace(passage, name=self._examined_name() or passage.name))
        self._spans, self._paragraphs = [], []
        self._label, self.open = None, False

    def _examined_name(self) -> Span | None:
        """Return the name, in a court record, of the examiner or the witness who speaks in the open turn, if known."""
        if self._label is None:
            return None
        if self._part == "host":
            return self.examiner
        return self.witness if self._part == "guest" or self._label.key == "witness" else None

    def is_narration(self, text: str, *, final: bool) -> bool:
        """Return whether a line without a label is narration.

        It names the speaker of the open turn and is not in the first person. After the last label, a line with a
        reporting verb and the name of any speaker is narration too.
        """
        if not self.open or self._part == "host" or in_first_person(text):
            return False
        named = self._label is not None and self._label.kind == "name"
        names = {self._label.key.split()[-1]} if named and self._label is not None else self._guests
        words = frozenset(_WORD.findall(text.lower()))
        return not names.isdisjoint(words) or (final and has_reporting_verb(text) and not self._spoke.isdisjoint(words))

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
        return Passage("turn", speech, part=part, error_probability=_UNLABELLED)
    return Passage("turn", speech, label.span, label.name, part, _SURE if label.certain else _LABELLED)


def find_unlabelled_turns(lines: Sequence[Line]) -> Conversation | None:
    """Return the turns of an interview without labels, or None.

    The questions are in bold or after a dash. They can be headings or paragraphs where the introduction announces an
    interview, or where they are to "you" and the answers by "I". Their answers are in the first person.
    """
    body = [at for at, line in enumerate(lines) if not line.boilerplate]
    bold = [
        at for at in body if _is_bold(lines[at]) and len(lines[at].text) <= MAX_QUESTION and not is_note(lines[at].text)
    ]
    bold = bold if sum(is_question(lines[at]) for at in bold) * 2 >= len(bold) else []
    dashes = [at for at in body if lines[at].paragraph.listed and is_question(lines[at])]
    headings = [at for at in body if lines[at].heading and is_question(lines[at])]
    opening = " ".join(line.text for line in lines[:_OPENING]).lower()
    announced = any(words in opening for words in label_words().announcements) or any(
        is_note(line.text) for line in lines
    )
    paragraphs = [at for at in body if is_question(lines[at]) and not lines[at].text.startswith(("“", '"'))]
    paragraphs = paragraphs if announced or _is_dialogue(lines, paragraphs, _ANSWER_LINES) else []
    dashed = [at for at in dashes if lines[at].dashed]
    headings = headings if announced or _is_dialogue(lines, headings) else []
    for candidates in (bold, dashed, dashes, headings, paragraphs):
        least = 2 if candidates is bold or candidates is dashed else 3
        questions = frozenset(at for at in candidates if at > 0)
        if len(questions) >= least and _share_in_first_person(lines, questions) >= _ANSWERED:
            return divide_into_turns(
                lines, _labels_in(lines, questions), questions, unlabelled_answers=True, notes=False
            )
    return None


def _is_dialogue(lines: Sequence[Line], questions: Sequence[int], most: float = inf) -> bool:
    """Return whether half of `questions` are to "you" and half of the answers by "I", each of `most` lines at most."""
    to_you = sum(_YOU.search(lines[at].text) is not None for at in questions)
    answers = {at + 1 for at in questions}.difference(questions, [len(lines)])
    by_one = sum(is_personal(lines[at].text) for at in answers)
    dense = all(following - at <= most for at, following in pairwise(questions))
    return dense and min(to_you, by_one) * 2 >= len(questions)


def _labels_in(lines: Sequence[Line], questions: Collection[int]) -> dict[int, Label]:
    """Return the labels of some of the questions, and of the answers directly after them, by line."""
    indices = sorted({*questions, *(at + 1 for at in questions if at + 1 < len(lines))})
    labels = {at: read_label(lines[at].text.lstrip("*_ "), lines[at].span.start) for at in indices}
    return {
        at: label
        for at, label in labels.items()
        if label is not None and label.style == "colon" and lines[at].text[:1] not in "*_"
    }


def _is_bold(line: Line) -> bool:
    """Return whether the line is in bold type, on a page or in Markdown, or a question in italics in Markdown."""
    text = line.text
    bold = len(text) > 4 and text.startswith(("**", "__")) and text.endswith(("**", "__"))
    italics = len(text) > 4 and text[0] in "*_" and text[0] == text[-1] and is_question(line)
    return line.paragraph.bold or bold or italics


def _share_in_first_person(lines: Sequence[Line], questions: frozenset[int]) -> float:
    """Return the share of `questions` that are followed by unquoted text in the first person."""
    starts = sorted(questions)
    answered = 0
    for at, following in zip(starts, [*starts[1:], starts[-1] + 4], strict=True):
        answered += any(in_first_person(line.text[:SEARCHED]) for line in lines[at + 1 : min(following, at + 4)])
    return answered / len(starts)
