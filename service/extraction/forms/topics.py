"""Find quotes after a topic, and quotes below their speaker's name.

"Ann Cole on the budget: “…”" can be followed by "On the mayor: “…”". Without a name, the sentence above says who
speaks: "Here is what Cole said after the vote." In a round-up of reactions, each quote is below a line with its
speaker's name.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from service.extraction.forms.labels import read_label_line
from service.extraction.forms.letters import QUOTED, Found, Run, speech_of
from service.extraction.forms.signs import Line, names_in_introduction
from service.input.article import Passage, Span

_TOPIC: Final = re.compile(
    r"(?:On|About|(?P<name>[A-Z][^:\n“\"]{1,60}?) on) [^:\n“\"]{3,80}:\s{1,3}"
    r"(?P<quote>[“\"][^\n]{6,2000}[”\"])\W{0,2}\Z"
)
_ANNOUNCES: Final = re.compile(r":\Z|\b(?:here|this)(?: is|['’]s) what\b[^.\n]{1,80}[.:]\Z", re.I)
_SENTENCE: Final = re.compile(r"\w \S+[.!?…][”\"’']\Z")
_MIN_TOPICS: Final = 2  # where no name is before the first
_MIN_NAMES: Final = 2  # above quotes
_ERROR_PROBABILITY: Final = 0.12  # as for words after "said:"


class Topic(NamedTuple):
    """What was said on a topic, and the name before it."""

    quote: Span
    name: Span | None


def find_topics(lines: Sequence[Line]) -> Found:
    """Yield one passage for each run of topics of one speaker."""
    names = names_in_introduction(lines)
    topics = [None if line.boilerplate else _topic(line, names) for line in lines]
    end = 0
    for first, topic in enumerate(topics):
        if topic is None or first < end:
            continue
        end = first + 1
        while end < len(topics) and (other := topics[end]) is not None and other.name is None:
            end += 1
        speech = tuple(one.quote for one in topics[first:end] if one is not None)
        if topic.name is not None:
            named = Passage.labelled("block", speech, topic.name, _ERROR_PROBABILITY)
            yield Run(first, end), named, None
        elif len(speech) >= _MIN_TOPICS and first and _ANNOUNCES.search(lines[first - 1].text):
            above = lines[first - 1].paragraph.span
            introduced = Passage.introduced_by(above, speech, _ERROR_PROBABILITY)
            yield Run(first, end), introduced, None


def find_named_quotes(lines: Sequence[Line]) -> Found:
    """Yield the quoted lines below each line that is only a name, perhaps with an office: "Ann Cole, mayor"."""
    found: list[tuple[Run, Passage, Span | None]] = []
    for at, line in enumerate(lines):
        label = None if line.boilerplate else read_label_line(line.text, line.span.start)
        if label is None or label.name is None or label.kind != "name" or not (label.described or label.person):
            continue
        end = at + 1
        while end < len(lines) and _is_quoted_sentence(lines[end]):
            end += 1
        if end > at + 1:
            speech = speech_of(lines[at + 1 : end])
            passage = Passage.labelled("block", speech, label.name, _ERROR_PROBABILITY)
            found.append((Run(at, end), passage, line.span))
    if len(found) >= _MIN_NAMES:
        yield from found


def _is_quoted_sentence(line: Line) -> bool:
    """Return whether a line is a quoted sentence, not a quoted title: “It is late.”, not “Late Songs”."""
    return not line.boilerplate and QUOTED.match(line.text) is not None and _SENTENCE.search(line.text) is not None


def _topic(line: Line, names: frozenset[str]) -> Topic | None:
    """Return the topic at the start of a line. A single word before it is a name if `names` has it, as a surname."""
    match = _TOPIC.match(line.text)
    if match is None:
        return None
    quote = Span(line.span.start + match.start("quote"), line.span.start + match.end("quote"))
    if match["name"] is None:
        return Topic(quote, None)
    label = read_label_line(match["name"], line.span.start)
    if label is None or label.kind != "name" or label.name is None or (label.single and label.key not in names):
        return None
    return Topic(quote, label.name)
