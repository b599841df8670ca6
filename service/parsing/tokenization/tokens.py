"""Split text into tokens by regular expressions (UD English conventions, as EWT and GUM have them), and find the places
where a sentence can end. `abbreviations.toml` lists the abbreviations by kind.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, Literal, get_args

from service.input.characters import COMBINING, SOFT_HYPHEN, characters_in

AbbreviationKind = Literal[
    "titles",
    "places",
    "after_names",
    "organizations",
    "months",
    "days",
    "states",
    "streets",
    "numbers",
    "linking",
    "measures",
    "others",
]
_KINDS: Final[tuple[AbbreviationKind, ...]] = get_args(AbbreviationKind)


@cache
def abbreviations() -> dict[str, tuple[AbbreviationKind, ...]]:
    """Map each abbreviation, in each of its spellings and without its full stop, to its kinds."""
    result: dict[str, list[AbbreviationKind]] = {}
    for kind in _KINDS:
        for word in _list(kind):
            for spelling in _spellings(word):
                result.setdefault(spelling, []).append(kind)
    return {word: tuple(kinds) for word, kinds in result.items()}


@cache
def ambiguous() -> frozenset[str]:
    """Return the abbreviations that are also words, in each spelling."""
    return frozenset(spelling for word in _list("words") for spelling in _spellings(word))


@cache
def openers() -> frozenset[str]:
    """Return words that begin sentences but not names, in lower case."""
    return frozenset(_list("openers"))


@cache
def capitalized_openers() -> frozenset[str]:
    """Return words that are capitalized only at the start of a sentence: neither "I" nor parts of names (USA Today)."""
    return openers() - frozenset(_list("capitalized_anywhere"))


@cache
def reporting_forms() -> frozenset[str]:
    """Return forms of reporting verbs, in lower case; near a mark they are a feature of sentence ends."""
    return frozenset(_list("reporting_forms"))


def _spellings(word: str) -> tuple[str, ...]:
    return (word, word.upper(), word.capitalize()) if word.islower() else (word, word.upper())


def _list(name: str) -> list[str]:
    return _content()[name].split()


@cache
def _content() -> dict[str, str]:
    file = resources.files("service.parsing.tokenization") / "abbreviations.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


_LETTER: Final = r"[^\W\d_]"
_PREFIXES: Final = (
    "non|anti|pro|pre|post|mid|co|re|cross|multi|ex|sub|counter|semi|mini|inter|intra|neo|over|socio|psycho|arch|micro|"
    "ultra|mega|e|trans|geo|bi|quasi|pseudo|super"
)
_CAPITAL_PREFIXES: Final = "|".join(map(str.capitalize, _PREFIXES.split("|")))
_DOMAINS: Final = (
    "com|org|net|gov|edu|mil|info|io|tv|me|us|uk|ca|au|nz|ie|de|fr|eu|ru|cn|in|co|doc|docx|xls|xlsx|pdf|txt|jpg|png|"
    "gif|html|htm|zip|exe|ppt|url"
)
_UNITS: Final = (
    "am|pm|a\\.m|p\\.m|k|m|mn|bn|tn|mm|cm|km|kg|mg|g|ft|lb|lbs|oz|mph|kph|mi|hr|hrs|min|sec|yr|yrs|GB|MB|TB|GHz|MHz|kW|"
    "MW|MWh|C|F|p"
)
_ELIDED: Final = r"em|til|till|tis|twas|cause|bout|cuz|n|s|d|ll|re|ve|m|t|\d\ds?"

_ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s\"<>]*[^\s\"<>.,;:!?)'\]]"
    r"|(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
    rf"|(?<![\w@.-])[\w-]+(?:\.[\w-]+)*\.(?i:{_DOMAINS})(?:/[^\s\"<>]*[\w/])?(?![\w-]|\.\w)"
)
_AMPERSAND: Final = r"(?<![\w&])[A-Za-z]{1,3}&[A-Za-z]{1,3}(?![\w&])"
_MARKS: Final = r"--+|__+|==+|\*\*+|~~+|\+\++|\#\#+|''|<<|>>"
_FACES: Final = r"(?<!\S)(?:[:;=][-^o']?[)(\]\[DPpOo/\\|*3]+|<3|\^_\^)(?!\w)"


@cache
def token_pattern() -> re.Pattern[str]:
    """Return the compiled token pattern. A match's last group is `mark` or `dotted` if a sentence can end with it,
    `stop` if it includes a directly following full stop, `plural` if it includes an apostrophe after an s; else
    None."""
    combining = characters_in(*COMBINING)
    inner = rf"[\w{combining}{SOFT_HYPHEN}]"
    dotted = (
        r"(?:(?:Ph|Ed|Sc|Ll)\.D\.?|(?<!\w)"
        rf"(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?![\w'{combining}]))?|(?<!\w){_LETTER}\.{_LETTER}(?![\w'.{combining}]))"
    )
    number = (
        r"(?:1-)?(?:\d{3}-)?\d{3}-\d{4}(?![\w-])"
        r"|\d{1,4}-\d{1,2}-\d{1,4}(?![\w-])"
        r"|(?:\+|(?<![\w'])\.)?\d+(?:,\d{3}(?!\d)|[.:/]\d+)*(?:"
        rf"(?:st|nd|rd|th|ST|ND|RD|TH|s)(?!\w)|(?=(?:{_UNITS}|{_UNITS.upper()})(?!\w))|{inner}*)"
    )
    word = rf"(?:(?:{_PREFIXES}|{_CAPITAL_PREFIXES})-(?={_LETTER}))?{inner}+(?:'(?={_LETTER}){inner}+)*"
    return re.compile(
        rf"(?:{_ADDRESS}|{_FACES})"
        rf"|(?P<dotted>{dotted})"
        r"|(?<!\w)(?:US|[A-Z])\$"
        rf"|(?:[#@](?={_LETTER})\w+|(?:{number}|{_AMPERSAND})(?:'s(?!\w))?|(?<!\w)'(?:{_ELIDED})(?!\w)|{word})"
        rf"(?:(?P<plural>(?<=[sS])'(?![\w']))|(?P<stop>\.(?![.\w])))?"
        rf"|(?P<mark>\.{{2,}}|…\.?|[!?][!?.]*|[.:;])"
        rf"|{_MARKS}|[^\s][{combining}]*"
    )


MarkKind = Literal["mark", "aside", "bare", "dotted", "initial"] | AbbreviationKind
"""What a sentence can end with: a punctuation mark (. ! ? … : ;), an aside (a bracket, an address, an emoticon),
nothing at all before a capitalized word that begins sentences, dotted letters, an initial, or an abbreviation."""

_OPENING: Final = re.compile(r"(?<!\w)'(?=\w)")  # a single quotation mark, not an apostrophe
_ASIDE: Final = re.compile(r"\)$|[:;=].|\S+@\S|https?:|www\.")
_CAPITALIZED: Final = re.compile(r"\s+[\"'(]?([A-Z][\w'-]*)")
_NUMERAL: Final = re.compile(r"\s*#?\d")
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
        return _NUMERAL.match(text, last, end) is not None
    if kind == "states":
        return _PLACE.search(before) is not None
    if kind == "measures":
        return before.rstrip()[-1:].isdigit()
    if word == "al":
        return before.endswith("et ")
    following = _CAPITALIZED.match(text, last, end)
    return following is not None and following[1].lower() not in openers()
