"""Find the turns of interviews without labels: questions in bold, as headings or after a dash, and their answers."""

from collections.abc import Collection, Sequence
from typing import Final

from service.extraction.forms.labels import Label, label_words, read_label
from service.extraction.forms.lines import Line
from service.extraction.forms.signs import LONGEST_QUESTION, SEARCHED, in_first_person, is_note, is_question
from service.extraction.forms.turns import Conversation, divide_into_turns

_ANSWERED: Final = 0.5  # share of unlabelled questions with an answer in the first person
_OPENING: Final = 12  # lines that can announce an interview


def find_unlabelled_turns(lines: Sequence[Line]) -> Conversation | None:
    """Return the turns of an interview without labels, or None.

    The questions are in bold, headings, or after a dash; or, where the introduction announces an interview, paragraphs.
    Their answers are in the first person.
    """
    body = [at for at, line in enumerate(lines) if not line.furniture]
    bold = [
        at
        for at in body
        if _is_bold(lines[at]) and len(lines[at].text) <= LONGEST_QUESTION and not is_note(lines[at].text)
    ]
    bold = bold if sum(is_question(lines[at]) for at in bold) * 2 >= len(bold) else []
    dashes = [at for at in body if lines[at].paragraph.listed and is_question(lines[at])]
    headings = [at for at in body if lines[at].heading and is_question(lines[at])]
    opening = " ".join(line.text for line in lines[:_OPENING]).lower()
    announced = any(words in opening for words in label_words().announcements) or any(
        is_note(line.text) for line in lines
    )
    paragraphs = (
        [at for at in body if is_question(lines[at]) and not lines[at].text.startswith(("“", '"'))] if announced else []
    )
    dashed = [at for at in dashes if lines[at].dashed]
    for candidates in (bold, dashed, dashes, headings, paragraphs):
        least = 2 if candidates is bold or candidates is dashed else 3
        questions = frozenset(at for at in candidates if at > 0)
        if len(questions) >= least and _share_in_first_person(lines, questions) >= _ANSWERED:
            return divide_into_turns(
                lines, _labels_in(lines, questions), questions, unlabelled_answers=True, notes=False
            )
    return None


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
