"""Split a text into the words to compare: the article's, and a printed quote's with its ellipses and brackets."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

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
_LONGEST_BRACKET: Final = 200  # characters; anything longer is not an editor's note
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
    return tuple(Word(Span(*found.span()), _form(found[0])) for found in pattern.finditer(text))


def read_printed(text: str, article: str) -> PrintedQuote:
    """Return the words, brackets and ellipses of a printed quote. Brackets that occur literally in `article` are not
    treated as brackets."""
    words: list[Word] = []
    cuts: dict[int, Span] = {}
    for found in _patterns()[1].finditer(text):
        span = Span(*found.span())
        if found["ellipsis"]:
            cuts.setdefault(len(words), span)
        elif (found["glued"] or found["bracket"]) and found[0] in article:
            words += (
                Word(Span(*inner.span()), _form(inner[0])) for inner in _patterns()[0].finditer(text, *found.span())
            )
        elif found["glued"]:
            words.append(Word(span, _form(re.sub(r"[\[\]]", "", found[0])), "bracket"))
        elif found["bracket"]:
            words.append(Word(span, "", "bracket"))
        else:
            words.append(Word(span, _form(found[0])))
    marked = [Span(*found.span()) for found in _DOUBLE_MARKED.finditer(text)]
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
        rf"|(?P<bracket>\[(?=[^\[\]]*[^\W_])[^\[\]]{{1,{_LONGEST_BRACKET}}}\])"
        rf"|{word}"
    )
    return re.compile(word), re.compile(printed)
