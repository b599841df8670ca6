"""Find what one person said on several topics: "Ann Cole on the budget: “…”", and below it, "On the mayor: “…”".

The name before the first topic is the speaker's. Without one, the sentence above says who speaks: "Here is what Cole
said after the vote."
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from service.extraction.forms.labels import read_label_line
from service.extraction.forms.letters import Found, Run
from service.extraction.forms.signs import Line
from service.input.article import Passage, Span

_TOPIC: Final = re.compile(
    r"(?:On|About|(?P<name>[A-Z][^:\n“\"]{1,60}?) on) [^:\n“\"]{3,80}:\s{1,3}"
    r"(?P<quote>[“\"][^\n]{6,2000}[”\"])\W{0,2}\Z"
)
_ANNOUNCES: Final = re.compile(r":\Z|\b(?:here|this)(?: is|['’]s) what\b[^.\n]{1,80}[.:]\Z", re.I)
_MIN_TOPICS: Final = 2  # where no name is before the first
_ERROR_PROBABILITY: Final = 0.12  # as for words after "said:"


class Topic(NamedTuple):
    """What was said on a topic, and the name before it."""

    quote: Span
    name: Span | None


def find_topics(lines: Sequence[Line]) -> Found:
    """Yield the quotes after consecutive topics of one speaker, as one passage."""
    topics = [None if line.boilerplate else _topic(line) for line in lines]
    end = 0
    for first, topic in enumerate(topics):
        if topic is None or first < end:
            continue
        others = takewhile(lambda one: one is not None and one.name is None, topics[first + 1 :])
        speech = (topic.quote, *(one.quote for one in others if one is not None))
        end = first + len(speech)
        if topic.name is not None:
            named = Passage("block", speech, topic.name, topic.name, error_probability=_ERROR_PROBABILITY)
            yield Run(first, end), named, None
        elif len(speech) >= _MIN_TOPICS and first and _ANNOUNCES.search(lines[first - 1].text):
            above = lines[first - 1].paragraph.span
            introduced = Passage(
                "block", speech, part="introduced", error_probability=_ERROR_PROBABILITY, introduction=above
            )
            yield Run(first, end), introduced, None


def _topic(line: Line) -> Topic | None:
    match = _TOPIC.match(line.text)
    if match is None:
        return None
    quote = Span(line.span.start + match.start("quote"), line.span.start + match.end("quote"))
    if match["name"] is None:
        return Topic(quote, None)
    label = read_label_line(match["name"], line.span.start)
    return None if label is None or label.name is None or label.kind != "name" else Topic(quote, label.name)
