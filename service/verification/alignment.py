"""Align a printed quote with the words of an article: which words are compared, and how they match best.

The alignment is the Smith–Waterman algorithm (1981) over words, with two changes. The whole quote is aligned while the
article's ends are free, so even the first word of a quote can be a changed one. And skipping article words has an
affine gap penalty (Gotoh 1982) that depends on the place: small where the article itself interrupts a speech, almost
zero where the printed quote has an ellipsis.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from service.input.article import Span
from service.input.characters import COMBINING, CURRENCY, INVISIBLE, characters_in, straighten

WordKind = Literal["word", "bracket"]

_SYMBOLS: Final = "%‰°&+=<>@#§"  # content, like letters: 50% is not 50
_EMOJI: Final = "\u2600-\u26ff\u2763-\u2767\U0001f000-\U0001faff"  # emoji: adding one changes what was said
_ELLIPSIS: Final = r"\[\s{0,3}(?:…|\.{2,6})\s{0,3}\]|\((?:…|\.{3})\)|…|\.{3,}|\.(?:[ \u00a0]\.){2,}"
# Invisible characters besides the category Cf: Unicode's default ignorables (variation selectors, fillers), control
# characters, the object replacement character and noncharacters. White space is excluded, as are U+0091 to U+0094,
# which are quotation marks of Windows-1252.
_OTHER_INVISIBLE: Final = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc\ufffe\uffff"
    "\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x90\x95-\x9f"
)
_MAX_BRACKET: Final = 200  # characters; anything longer is not an editor's note
_DOTTED: Final = re.compile(r"(?<=[^\W\d_])\.")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LIGATURES: Final = re.compile("[\ufb00-\ufb06]")
_DOUBLE_MARKED: Final = re.compile('[“„«"][^“”„«»"]*[”»“"]')


@dataclass(frozen=True, slots=True)
class Word:
    """A word. `form` is its normalized form: lower case, straight apostrophes, no dots (U.S.).

    Text in square brackets in a printed quote is a single word of kind `bracket` with an empty form. A word that is
    partly in brackets ("[W]e") is a `bracket` too, with the form of the whole word.
    """

    span: Span
    form: str
    kind: WordKind = "word"


@dataclass(frozen=True, slots=True)
class PrintedQuote:
    """A printed quote. `cuts` maps the index of a word to the span of the ellipsis before it.

    `claimed` are the words presented as direct speech: those between double quotation marks if only a part is quoted,
    else all.
    """

    text: str
    words: tuple[Word, ...]
    cuts: dict[int, Span]
    claimed: frozenset[int]


def read_words(text: str) -> tuple[Word, ...]:
    """Return the words of an article, in order, without the punctuation and spaces between them."""
    pattern = _patterns()[0]
    return tuple(Word(Span(*result.span()), _form(result[0])) for result in pattern.finditer(text))


def read_printed(text: str, article: str) -> PrintedQuote:
    """Return the words, brackets and ellipses of a printed quote. Brackets that occur literally in `article` are not
    treated as brackets."""
    words: list[Word] = []
    cuts: dict[int, Span] = {}
    for result in _patterns()[1].finditer(text):
        span = Span(*result.span())
        if result["ellipsis"]:
            cuts.setdefault(len(words), span)
        elif (result["glued"] or result["bracket"]) and result[0] in article:
            words += (
                Word(Span(*inner.span()), _form(inner[0])) for inner in _patterns()[0].finditer(text, *result.span())
            )
        elif result["glued"]:
            words.append(Word(span, _form(re.sub(r"[\[\]]", "", result[0])), "bracket"))
        elif result["bracket"]:
            words.append(Word(span, "", "bracket"))
        else:
            words.append(Word(span, _form(result[0])))
    marked = [Span(*result.span()) for result in _DOUBLE_MARKED.finditer(text)]
    inside = frozenset(at for at, word in enumerate(words) if any(span.contains(word.span) for span in marked))
    return PrintedQuote(text, tuple(words), cuts, inside or frozenset(range(len(words))))


def visible(text: str) -> str:
    """Return `text` without invisible characters: byte order marks, soft hyphens, control characters and the like."""
    return _hidden().sub("", text)


def plain(surface: str) -> str:
    """Normalize `surface`: straight quotes, composed characters, no invisible ones."""
    if surface.isascii() and surface.isprintable():
        return surface
    expanded = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), visible(surface))
    return straighten(unicodedata.normalize("NFC", expanded)).replace("\u2212", "-")


def _form(surface: str) -> str:
    return _THOUSANDS.sub("", _DOTTED.sub("", plain(surface))).lower()


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(f"[{characters_in(*INVISIBLE)}{_OTHER_INVISIBLE}]+")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns for an article's words, and for a printed quote's words, brackets and ellipses."""
    combining, invisible, currency = characters_in(*COMBINING), characters_in(*INVISIBLE), characters_in(*CURRENCY)
    letter = f"[^\\W_{combining}]"
    inner = f"(?:{letter}|[{combining}{invisible}{_OTHER_INVISIBLE}])"
    word = (
        rf"(?:(?<![\w)\]%])[-\u2212](?=\d))?\d+(?:[.,]\d+)+{inner}*"
        rf"|(?<![\w)\]%])[-\u2212]\d{inner}*"
        rf"|(?:[^\W\d_]\.)+[^\W\d_](?!{inner})\.?"
        rf"|{letter}{inner}*(?:['’ʼ＇]{letter}{inner}*)*"
        rf"|[{_SYMBOLS}{currency}{_EMOJI}]"
    )
    printed = (
        rf"(?P<ellipsis>{_ELLIPSIS})"
        rf"|(?P<glued>{letter}{inner}*\[{inner}+\]{inner}*|\[{inner}+\]{inner}+)"
        rf"|(?P<bracket>\[(?=[^\[\]]*[^\W_])[^\[\]]{{1,{_MAX_BRACKET}}}\])"
        rf"|{word}"
    )
    return re.compile(word), re.compile(printed)


_FloatArray = NDArray[np.float64]

_CHANGED: Final = 1.0  # substitution of a word
_ADDED: Final = 1.05  # insertion of a word; slightly more than a substitution, which is preferred at the end
_ACROSS: Final = 0.6  # added to a substitution across a sentence boundary
_NARRATED: Final = 0.5  # added to a substitution of a word outside all quotes
_OPENED: Final = 1.0  # opening a gap of skipped words
_OPENED_BETWEEN: Final = 0.2  # ... between two spoken spans
_LEFT_OUT: Final = 0.03  # each skipped word
_CUT: Final = 0.1  # the same where the printed quote has an ellipsis
_LEFT_OUT_IN_CUT: Final = 0.001
_BRACKETED: Final = 0.1  # a bracket that replaces no word, or more than one
_LEFT_OUT_IN_BRACKET: Final = 0.3  # each further word that it replaces
_BONUS: Final = 0.5  # maximum total bonus for the prior: less than any change costs, it breaks ties of equal wordings
_MAX_ENDS: Final = 64  # maximum number of end positions traced back
_INSERTION, _GAP, _GAP_START = 1, 2, 4  # how a cell was reached: by an insertion, by a gap, or where a gap can start


@dataclass(frozen=True, slots=True)
class AlignmentTarget:
    """The article's words to align with: an id for each word form, and properties of each position.

    `spoken`: the word is quoted; `segment`: it is the first of a spoken span; `sentence`: it begins a sentence;
    `prior`: how likely the words are the printed quote's, from 0 to 1, before comparing them.
    """

    forms: NDArray[np.int64]
    spoken: NDArray[np.bool_]
    segment: NDArray[np.bool_]
    sentence: NDArray[np.bool_]
    prior: _FloatArray


@dataclass(frozen=True, slots=True)
class Row:
    """A printed word: the id of its form (-1: not in the article), its weight, whether it is a bracket, which can
    replace any words, and whether an ellipsis follows it."""

    form: int
    weight: float
    bracket: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each printed word, the index of the aligned article word or None; and the score: 1 is a word-for-word match,
    0 or less is chance."""

    positions: tuple[int | None, ...]
    score: float


def align(rows: Sequence[Row], target: AlignmentTarget) -> list[Alignment]:
    """Return the best alignment, then equally good ones that share no word with an earlier one.

    Returns an empty list if either side has no words, or only words of weight 0. Of equally good alignments, the
    first in the text comes first. Takes time proportional to rows × article words.
    """
    total_weight = sum(row.weight for row in rows)
    if not total_weight or not len(target.forms):
        return []
    steps, last = _fill(rows, target)
    best = float(last.max())
    ends = np.flatnonzero(last >= best - _BONUS)
    ends = ends[np.argsort(-last[ends], kind="stable")][:_MAX_ENDS]
    result: list[Alignment] = []
    used_positions: set[int] = set()
    for end in ends.tolist():
        positions = tuple(_trace(steps, end))
        aligned = {position for position in positions if position is not None}
        if aligned and not aligned & used_positions:
            used_positions |= aligned
            result.append(Alignment(positions, float(last[end]) / total_weight))
    return result


def _fill(rows: Sequence[Row], target: AlignmentTarget) -> tuple[NDArray[np.int8], _FloatArray]:
    """Fill the dynamic-programming table (printed words × article words). Returns the backpointers [rows, words + 1]
    and the scores of the last row."""
    size = len(target.forms)
    bonus = target.prior * (_BONUS / len(rows))
    starts_sentence = target.sentence
    ends_sentence = np.append(target.sentence[1:], True)
    narrated = np.where(target.spoken, 0.0, _NARRATED)
    gap_opening = np.append(_OPENED, np.where(_between(target), _OPENED_BETWEEN, _OPENED))
    gap_extension = np.append(0.0, np.cumsum(_LEFT_OUT + _OPENED * (target.segment & target.spoken)))
    ranks = np.arange(size + 1, dtype=np.float64)
    steps = np.zeros((len(rows), size + 1), dtype=np.int8)
    scores: _FloatArray = np.zeros(size + 1)
    for number, row in enumerate(rows):
        mismatch_cost = narrated + (0.0 if row.bracket else _CHANGED)
        if number:
            mismatch_cost = mismatch_cost + _ACROSS * starts_sentence
        if number + 1 < len(rows):
            mismatch_cost = mismatch_cost + _ACROSS * ends_sentence
        substituted = np.where(target.forms == row.form, row.weight + bonus, -mismatch_cost)
        from_diagonal = np.append(-np.inf, scores[:-1] + substituted)
        from_above = scores - (_BRACKETED if row.bracket else _ADDED)
        steps[number] = np.where(from_above > from_diagonal, _INSERTION, 0)
        scores = np.maximum(from_above, from_diagonal)
        if number + 1 == len(rows):
            break
        if row.cut:
            extension, opening = ranks * _LEFT_OUT_IN_CUT, np.full(size + 1, _CUT)
        elif row.bracket:
            extension, opening = ranks * _LEFT_OUT_IN_BRACKET, np.full(size + 1, _BRACKETED)
        else:
            extension, opening = gap_extension, gap_opening
        gap_start = scores - opening + extension
        best_start = np.maximum.accumulate(gap_start)
        after_gap = np.append(-np.inf, best_start[:-1] - extension[1:])
        steps[number] |= np.where(after_gap > scores, _GAP, 0).astype(np.int8)
        steps[number] |= np.where(gap_start >= best_start, _GAP_START, 0).astype(np.int8)
        scores = np.maximum(scores, after_gap)
    return steps, scores


def _between(target: AlignmentTarget) -> NDArray[np.bool_]:
    """Return which words are the last of a spoken span, after which the article itself interrupts the speech."""
    after: NDArray[np.bool_] = np.append(~target.spoken[1:] | target.segment[1:], True)
    return target.spoken & after


def _trace(steps: NDArray[np.int8], end: int) -> Iterator[int | None]:
    """Trace back the alignment that ends with article word `end - 1`. Returns the article word aligned with each
    printed word, in order."""
    positions: list[int | None] = []
    at = end
    for number in range(len(steps) - 1, -1, -1):
        if number < len(steps) - 1 and steps[number, at] & _GAP:
            at -= 1
            while not steps[number, at] & _GAP_START:
                at -= 1
        if steps[number, at] & _INSERTION:
            positions.append(None)
        else:
            at -= 1
            positions.append(at)
    return reversed(positions)
