"""A text as the words that are compared: the article's, and a printed quote's with its ellipses and brackets."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from service.article.article import Span
from service.article.characters import COMBINING, CURRENCY, INVISIBLE
from service.article.spelling import straighten

WordKind = Literal["word", "bracket"]

_SYMBOLS: Final = "%‰°&+=<>@#§"  # content, as letters are: 50% is not 50
_PICTURES: Final = "\u2600-\u26ff\u2763-\u2767\U0001f000-\U0001faff"  # emoji: who adds one, adds to what was said
_ELLIPSIS: Final = r"\[\s{0,3}(?:…|\.{2,6})\s{0,3}\]|\((?:…|\.{3})\)|…|\.{3,}|\.(?:[ \u00a0]\.){2,}"
# What no reader sees besides the characters of the category Cf: what Unicode calls default ignorable (variation
# selectors, fillers), control characters, the mark of an embedded object and noncharacters. Not the white space among
# them, nor U+0091 to U+0094, which are quotation marks of Windows-1252.
_UNSEEN: Final = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc\ufffe\uffff"
    "\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x90\x95-\x9f"
)
_LONGEST_BRACKET: Final = 200  # characters; what is longer is no editor's note
_DOTTED: Final = re.compile(r"(?<=[^\W\d_])\.")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_HIDDEN: Final = re.compile(f"[{INVISIBLE}{_UNSEEN}]+")
_LIGATURES: Final = re.compile("[\ufb00-\ufb06]")
_DOUBLE_MARKED: Final = re.compile('[“„«"][^“”„«»"]*[”»“"]')


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `form` is how it is compared: in small letters, its apostrophes straight, without dots (U.S.).

    A printed quote's words in square brackets are one word of the kind `bracket`, whose form is empty. A word of which
    a part is in brackets ("[W]e") is of that kind too, and its form is the whole word's.
    """

    span: Span
    form: str
    kind: WordKind = "word"


@dataclass(frozen=True, slots=True)
class Printed:
    """A quote as somebody wants to print it. `cuts` says before which of the words an ellipsis stands, and where.

    `claimed` are the words that it says are direct: those between double marks where only a part is, else all.
    """

    text: str
    words: tuple[Word, ...]
    cuts: dict[int, Span]
    claimed: frozenset[int]


def read_words(text: str) -> tuple[Word, ...]:
    """The words of an article, in order. Punctuation, spaces and marks lie between them."""
    pattern = _patterns()[0]
    return tuple(Word(Span(*found.span()), _form(found[0])) for found in pattern.finditer(text))


def read_printed(text: str, article: str) -> Printed:
    """The words, brackets and ellipses of a printed quote. Brackets that stand so in `article` are the speaker's words
    there, or its own editor's; they are no change and so no brackets here."""
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
    return Printed(text, tuple(words), cuts, inside or frozenset(range(len(words))))


def visible(text: str) -> str:
    """`text` without the characters that no reader sees: byte order marks, soft hyphens, controls and the like."""
    return _HIDDEN.sub("", text)


def plain(surface: str) -> str:
    """`surface` in one spelling of its marks and letters: straight, composed, without what is invisible."""
    if surface.isascii() and surface.isprintable():
        return surface
    whole = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), visible(surface))
    return straighten(unicodedata.normalize("NFC", whole)).replace("\u2212", "-")


def _form(surface: str) -> str:
    return _THOUSANDS.sub("", _DOTTED.sub("", plain(surface))).lower()


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds an article's words, and what finds a printed quote's with its brackets and ellipses."""
    letter = f"[^\\W_{COMBINING}]"
    inner = f"(?:{letter}|[{COMBINING}{INVISIBLE}{_UNSEEN}])"
    word = (
        rf"(?:(?<![\w)\]%])[-\u2212](?=\d))?\d+(?:[.,]\d+)+{inner}*"
        rf"|(?<![\w)\]%])[-\u2212]\d{inner}*"
        rf"|(?:[^\W\d_]\.)+[^\W\d_](?!{inner})\.?"
        rf"|{letter}{inner}*(?:['’ʼ＇]{letter}{inner}*)*"
        rf"|[{_SYMBOLS}{CURRENCY}{_PICTURES}]"
    )
    printed = (
        rf"(?P<ellipsis>{_ELLIPSIS})"
        rf"|(?P<glued>{letter}{inner}*\[{inner}+\]{inner}*|\[{inner}+\]{inner}+)"
        rf"|(?P<bracket>\[(?=[^\[\]]*[^\W_])[^\[\]]{{1,{_LONGEST_BRACKET}}}\])"
        rf"|{word}"
    )
    return re.compile(word), re.compile(printed)
