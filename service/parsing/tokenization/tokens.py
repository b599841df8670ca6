"""Rule-based tokenization, and the places where a sentence can end.

Whether a full stop belongs to the preceding word depends on the word ("Gov."), for some words on the context ("No. 5"),
and for initials on whether the sentence ends there ("J. K. Rowling", "plan B."). Initials keep their full stop here;
`sentences.py` splits it off at a sentence end.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from service.parsing.tokenization.abbreviations import (
    AbbreviationKind,
    abbreviations,
    ambiguous,
    capitalized_openers,
    openers,
)
from service.parsing.tokenization.patterns import token_pattern

MarkKind = Literal["mark", "aside", "bare", "dotted", "initial"] | AbbreviationKind
"""What a sentence can end with: a punctuation mark (. ! ? … : ;), an aside (a bracket, an address, an emoticon),
nothing at all before a capitalized word that begins sentences, dotted letters, an initial, or an abbreviation."""

_OPENING: Final = re.compile(r"(?<!\w)'(?=\w)")  # a single quotation mark, not an apostrophe
_ASIDE: Final = re.compile(r"\)$|[:;=].|\S+@\S|https?:|www\.")
_CAPITALIZED: Final = re.compile(r"\s+[\"'(]?([A-Z][\w'-]*)")
_NUMBER: Final = re.compile(r"\s*#?\d")
_PLACE: Final = re.compile(r"(?:[,(]\s?|-)$")  # "Boston, Mass.", "D-Mass."
_CONTEXT: Final = 4  # characters before a word


@dataclass(slots=True)
class Tokens:
    """The tokens of a piece of text: their starts and ends, and those that can end a sentence, with the reason."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    marks: list[tuple[int, MarkKind]] = field(default_factory=list)

    def add(self, start: int, end: int, kind: MarkKind | None = None) -> None:
        """Add a token; `kind` is set if a sentence can end with it."""
        if kind:
            self.marks.append((len(self.starts), kind))
        self.starts.append(start)
        self.ends.append(end)


def find_tokens(text: str, start: int, end: int) -> Tokens:
    """Return the tokens of `text[start:end]`. `text` has straight quotes and no line breaks."""
    tokens = Tokens()
    quoting = False  # after an opening single quotation mark
    for match in token_pattern().finditer(text, start, end):
        first, last = match.span()
        if text[first].isupper() and _opens_sentence(text, tokens, first, last):
            tokens.marks.append((len(tokens.starts) - 1, "bare"))
        match match.lastgroup:
            case None:
                if text[first] == "'" and last == first + 1:
                    quoting = _OPENING.match(text, first, end) is not None
                note = text[first] == "]" and text[first - 1].isdigit()  # [26]
                tokens.add(first, last, "aside" if note or _ASIDE.match(text, first, last) else None)
            case "mark":
                # ".DJI" is a name
                prefix = text[first] == "." and text[last : last + 1].isalnum() and text[first - 1 : first].isspace()
                tokens.add(first, last, None if prefix else "mark")
            case "dotted":
                linking = text[first : last - 1].lower() in abbreviations()
                tokens.add(first, last, "linking" if linking else "dotted")
            case "plural" if quoting:  # it closes the quotation
                quoting = False
                tokens.add(first, last - 1)
                tokens.add(last - 1, last)
            case "plural":
                tokens.add(first, last)
            case _:
                if kind := _abbreviation(text, first, last, start, end):
                    tokens.add(first, last, kind)
                else:
                    tokens.add(first, last - 1)
                    tokens.add(last - 1, last, "mark")
    return tokens


def _opens_sentence(text: str, tokens: Tokens, first: int, last: int) -> bool:
    """Return whether the capitalized word `text[first:last]` can begin a sentence although no mark precedes it."""
    if text[first:last].lower() not in capitalized_openers() or not tokens.starts or text[first - 1] != " ":
        return False
    before = len(tokens.starts) - 1
    word = text[tokens.starts[before] : tokens.ends[before]]
    marked = tokens.marks[-1][0] == before if tokens.marks else False
    return word.islower() and word[-1].isalpha() and not marked


def _abbreviation(text: str, first: int, last: int, start: int, end: int) -> MarkKind | None:
    """Return the kind of abbreviation of `text[first:last]`, including its full stop; None for a word."""
    word = text[first : last - 1]
    kinds = abbreviations().get(word)
    if not kinds:
        alone = first == start or not text[first - 1].isalnum()
        return "initial" if len(word) == 1 and word.isupper() and alone else None
    if word not in ambiguous():
        return kinds[0]
    before = text[max(start, first - _CONTEXT) : first]
    return next((kind for kind in kinds if _fits(kind, word, before, text, last, end)), None)


def _fits(kind: AbbreviationKind, word: str, before: str, text: str, last: int, end: int) -> bool:
    """Return whether an ambiguous word is an abbreviation in this context."""
    if kind in ("months", "days", "numbers"):
        return _NUMBER.match(text, last, end) is not None
    if kind == "states":
        return _PLACE.search(before) is not None
    if kind == "measures":
        return before.rstrip()[-1:].isdigit()
    if word == "al":
        return before.endswith("et ")
    following = _CAPITALIZED.match(text, last, end)
    return following is not None and following[1].lower() not in openers()
