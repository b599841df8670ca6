"""Parse the quotation marks of a paragraph: which open, which close, which are apostrophes or primes.

A dynamic program over the marks finds the interpretation with the lowest cost; the state is the stack of open quotes.
Marks round a nickname (Joe “The Hammer” Hart) are found by the words next to them.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from service.input.article import Span
from service.parsing.tree import Sentence

_MAX_WORDS: Final = 4


def nicknames(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the positions of the opening and closing mark of each nickname in `sentence`."""
    opened: int | None = None
    for position in sentence.quotation_marks:
        if opened is not None and _is_nickname(sentence, opened, position):
            yield opened, position
            opened = None
        else:
            opened = position


def through_nicknames(sentence: Sentence, positions: list[int]) -> list[int]:
    """Extend a name at `positions`, a contiguous run, over its nickname to the rest of the name."""
    first, last = positions[0], positions[-1]
    for before, after in nicknames(sentence):
        if last == before - 1 or last == after or first == after + 1:
            first, last = min(first, before - 1), max(last, after + 1)
    while first and _in_name(sentence, first) and _in_name(sentence, first - 1) and first < positions[0]:
        first -= 1
    while last + 1 < len(sentence.words) and last > positions[-1] and _in_name(sentence, last + 1):
        last += 1
    return list(range(first, last + 1))


def _is_nickname(sentence: Sentence, before: int, after: int) -> bool:
    inside = sentence.words[before + 1 : after]
    return (
        before > 0
        and after + 1 < len(sentence.words)
        and 0 < len(inside) <= _MAX_WORDS
        and all(word.upos != "PUNCT" for word in inside)
        and inside[-1].text[:1].isupper()
        and _in_name(sentence, before - 1)
        and _in_name(sentence, after + 1)
    )


def _in_name(sentence: Sentence, position: int) -> bool:
    word = sentence.words[position]
    return word.upos == "PROPN" and word.text[:1].isupper()


Action = Literal["open", "reopen", "close", "close unopened"]

DOUBLE: Final = "D"
SINGLE: Final = "S"
_DOUBLE_GLYPHS: Final = '“”„‟"″＂〝〞«»'
_SINGLE_GLYPHS: Final = "‘’‚‛'′＇`´‹›"
_RUN: Final = re.compile(f"[{_DOUBLE_GLYPHS}{_SINGLE_GLYPHS}]+")
_TOKEN: Final = re.compile(r"''|``|´´|’’|‘‘|.")
_SENTENCE_END: Final = re.compile(r"[.!?…]['’)\]]?\s+\Z")
_WORD_AFTER: Final = re.compile(r"[^\W_]+")
_WORD_BEFORE: Final = re.compile(r"[^\W_]{1,12}\Z")
_YEARS: Final = re.compile(r"\d0s|\d\d")
_DASHES: Final = "-‐‑‒–—―_/"
_OPENING: Final = "([{<"
_CLOSING: Final = ".,;:!?…%)]}>"

# Cost of (opening, closing) with a glyph that points the wrong way. Guillemets point either way, depending on language.
_GLYPH_COSTS: Final = {
    "“": (0.0, 1.5), "”": (1.5, 0.0), "„": (0.0, 2.5), "‟": (0.0, 1.5), "〝": (0.0, 1.5), "〞": (1.5, 0.0),
    "«": (0.0, 0.7), "»": (0.7, 0.0), "‹": (0.0, 0.7), "›": (0.7, 0.0), "″": (2.0, 1.0), "′": (2.0, 2.0),
    "‘": (0.0, 1.5), "’": (1.5, 0.0), "‚": (0.0, 2.5), "‛": (0.0, 1.5), "`": (0.0, 3.0), "``": (0.0, 3.0),
    "‘‘": (0.0, 1.5), "’’": (1.5, 0.0), "´": (0.8, 0.0), "´´": (0.8, 0.0),
}  # fmt: skip
# Cost of (opening, closing) between two neighbours: a gap (space or edge), a word, closing punctuation, a dash.
_NEIGHBOUR_COSTS: Final = {
    ("gap", "word"): (0.0, 2.0), ("gap", "gap"): (0.6, 0.6), ("gap", "closing"): (0.5, 0.5),
    ("gap", "dash"): (0.2, 1.0), ("word", "word"): (0.8, 0.8), ("word", "gap"): (2.0, 0.0),
    ("word", "closing"): (2.0, 0.0), ("word", "dash"): (2.0, 0.0), ("closing", "word"): (0.6, 0.6),
    ("closing", "gap"): (2.0, 0.0), ("closing", "closing"): (2.0, 0.0), ("closing", "dash"): (2.0, 0.0),
    ("dash", "word"): (0.1, 1.0), ("dash", "gap"): (1.5, 0.0), ("dash", "closing"): (2.0, 0.0),
    ("dash", "dash"): (0.6, 0.6),
}  # fmt: skip
_UNCLOSED: Final = {DOUBLE: 2.0, SINGLE: 3.0}
_UNOPENED: Final = {DOUBLE: 2.0, SINGLE: 4.0}
_UNCLOSED_BUT_REOPENED: Final = 0.2
_REOPENED_AFTER_SENTENCE: Final = 0.6  # paragraphs that were joined: said: "One. Two. "Three. Four."
_STILL_OPEN_AT_START: Final = 0.7
_NESTED_IN_ITS_OWN_KIND: Final = {True: 1.0, False: 3.0}  # key: whether the glyph has a direction
_DEPTHS: Final = frozenset({"D", "S", "DS", "SD", "DD", "DSD", "SDS", "DDS"})


class Mark(NamedTuple):
    """A quotation mark, with the cost of each interpretation, and whether it follows the end of a sentence."""

    span: Span
    kind: str
    opens: float
    closes: float
    neither: float
    directed: bool
    after_sentence: bool


@dataclass(frozen=True, slots=True)
class ParsedMarks:
    """The marks that quote, each with its action; `carried` is the kind of quote left open by the paragraph before."""

    marks: tuple[tuple[Mark, Action], ...]
    carried: str = ""


@cache
def lexicon(entry: str) -> frozenset[str]:
    """Read the words under `entry` in `marks.toml`, in lower case."""
    return frozenset(tomllib.loads(files(__package__).joinpath("marks.toml").read_text("utf-8"))[entry])


def ends_sentence(text: str, start: int, end: int) -> bool:
    """Return whether the text from `start` to `end` ends with a sentence and white space."""
    return _SENTENCE_END.search(text, max(start, end - 4), end) is not None


def starts_with_mark(text: str, span: Span, kind: str) -> bool:
    """Return whether the paragraph at `span` begins with a mark of `kind` that can open a quote."""
    glyphs = _DOUBLE_GLYPHS if kind == DOUBLE else _SINGLE_GLYPHS
    first, second = text[span.start : span.start + 1], text[span.start + 1 : span.start + 2]
    if kind == DOUBLE and first == second and first in ("'", "`", "‘"):
        return True
    return span.end - span.start > 1 and first in glyphs and (first in "«»" or not second.isspace())


def parse_marks(text: str, span: Span, *, carried: str = "", next_reopens: str = "") -> ParsedMarks:
    """Find the interpretation of the marks in `span` with the lowest cost.

    `carried` is the kind of quote that the paragraph before left open, `next_reopens` the kinds of mark that the next
    paragraph begins with; each is empty if there is none.
    """
    marks = _marks(text, span)
    costs = {"": 0.0}
    if carried:
        costs[carried] = _STILL_OPEN_AT_START
    steps: list[dict[str, tuple[str, Action | None]]] = []
    for mark in marks:
        best: dict[str, float] = {}
        step: dict[str, tuple[str, Action | None]] = {}
        for state, cost_so_far in costs.items():
            for after, cost, action in _choices(state, mark):
                total = cost_so_far + cost
                if total < best.get(after, float("inf")):
                    best[after] = total
                    step[after] = (state, action)
        costs = best
        steps.append(step)
    state = min(costs, key=lambda left: costs[left] + sum(_end_cost(kind, next_reopens) for kind in left))
    parsed: list[tuple[Mark, Action]] = []
    for mark, step in zip(reversed(marks), reversed(steps), strict=True):
        state, action = step[state]
        if action is not None:
            parsed.append((mark, action))
    return ParsedMarks(tuple(reversed(parsed)), carried=state)


def _end_cost(kind: str, next_reopens: str) -> float:
    return _UNCLOSED_BUT_REOPENED if kind in next_reopens else _UNCLOSED[kind]


def _choices(state: str, mark: Mark) -> list[tuple[str, float, Action | None]]:
    kind = mark.kind
    choices: list[tuple[str, float, Action | None]] = [(state, mark.neither, None)]
    if state + kind in _DEPTHS:
        nesting = _NESTED_IN_ITS_OWN_KIND[mark.directed] if kind in state else 0.0
        choices.append((state + kind, mark.opens + nesting, "open"))
    if state.endswith(kind):
        reopened = _REOPENED_AFTER_SENTENCE if mark.after_sentence and kind == DOUBLE else _UNCLOSED[kind]
        choices.append((state, mark.opens + reopened, "reopen"))
    if kind in state:
        outer, _, dropped = state.rpartition(kind)
        choices.append((outer, mark.closes + sum(_UNCLOSED[other] for other in dropped), "close"))
    elif not state:
        choices.append((state, mark.closes + _UNOPENED[kind], "close unopened"))
    return choices


def _marks(text: str, span: Span) -> list[Mark]:
    result: list[Mark] = []
    for run in _RUN.finditer(text, span.start, span.end):
        before = text[run.start() - 1] if run.start() > span.start else " "
        after = text[run.end()] if run.end() < span.end else " "
        left, right = _left(before), _right(after)
        for start, end in _split(run[0], run.start(), right):
            glyph = text[start:end]
            kind = DOUBLE if len(glyph) == 2 or glyph in _DOUBLE_GLYPHS else SINGLE
            alone = end - start == run.end() - run.start()
            if kind == SINGLE and alone and before.isalnum() and after.isalnum() and glyph not in "‹›":
                continue  # within a word, or between feet and inches
            opens, closes = _NEIGHBOUR_COSTS[left, right]
            for_opening, for_closing = _GLYPH_COSTS.get(glyph, (0.0, 0.0))
            opens, closes = opens + for_opening, closes + for_closing
            if kind == DOUBLE:
                neither = _neither_double(glyph, before, right)
            else:
                neither, more_open, more_closed = _apostrophe(text, span, Span(start, end), left, right)
                opens, closes = opens + 0.3 + more_open, closes + more_closed
            ended = ends_sentence(text, span.start, start)
            result.append(Mark(Span(start, end), kind, opens, closes, neither, glyph in _GLYPH_COSTS, ended))
    return result


def _split(run: str, offset: int, right: str) -> list[tuple[int, int]]:
    # ''' is '' + ' where it opens and ' + '' where it closes
    lead = 1 if right != "word" and len(run) % 2 and len(run) > 1 and set(run) == {"'"} else 0
    pieces = [(offset, offset + 1)] if lead else []
    return pieces + [(offset + m.start(), offset + m.end()) for m in _TOKEN.finditer(run, lead)]


def _left(character: str) -> str:
    if character.isspace() or character in _OPENING:
        return "gap"
    if character in _DASHES:
        return "dash"
    return "closing" if character in _CLOSING else "word"


def _right(character: str) -> str:
    if character.isspace():
        return "gap"
    if character in _DASHES or character in _OPENING:
        return "dash"
    return "closing" if character in _CLOSING else "word"


def _neither_double(glyph: str, before: str, right: str) -> float:
    if glyph == "″":
        return 0.0
    inches = before.isdigit() and right != "word"
    if glyph in "“”":
        return 1.5 if inches else 3.0
    return 0.6 if inches else 2.5


def _apostrophe(text: str, paragraph: Span, mark: Span, left: str, right: str) -> tuple[float, float, float]:
    """Return the cost of being an apostrophe, and what is added to the costs of opening and closing."""
    glyph = text[mark.start : mark.end]
    if glyph in "‹›":
        return 2.5, 0.0, 0.0
    if glyph == "′":
        return 0.0, 0.0, 0.0
    before = _WORD_BEFORE.search(text, max(paragraph.start, mark.start - 12), mark.start)
    after = _WORD_AFTER.match(text, mark.end, min(paragraph.end, mark.end + 12))
    if after and left != "word":
        word = after[0].lower()
        if word in lexicon("elided") or _YEARS.fullmatch(word):
            return 0.0, 0.8, 0.0
        return (0.3 if glyph == "’" else 2.0 if glyph == "‘" else 1.5), 0.0, 0.0
    if before and right != "word":
        word = before[0].lower()
        if word in lexicon("clipped"):
            return 0.0, 0.0, 0.5
        if word.isdigit():
            return 0.2, 0.0, 0.0
        if word[-1] in "sxz" or (word.endswith("in") and len(word) > 3):
            follower = text[mark.end + 1 : mark.end + 2]
            return 0.2, 0.0, 0.3 if right == "gap" and follower.islower() else 0.0
        return 1.5, 0.0, 0.0
    if before and after:
        return 0.3, 0.5, 0.5
    return (3.0 if left == "closing" else 1.0), 0.0, 0.0
