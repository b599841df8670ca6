"""Truecase text in capitals for the parser: names get a capital letter, all other words are in lower case.

The parser's treebanks have hardly any text in capitals. The truecased text has exactly as many characters as the
original, so the same offsets apply to both.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.forms.lines import Line
from service.extraction.wordlists import known_bodies, nations, organization_words, person_words

_SHARE: Final = 0.6  # minimum share of capitals among the cased letters of an article in capitals
_FEWEST: Final = 12  # minimum number of cased letters of such an article
_WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\.?(?=\W|\Z)|[^\W_]+")
_SAYS: Final = frozenset("says said sees tells told adds warns calls urges denies confirms announces expects".split())
_FUNCTION_WORDS: Final = frozenset(
    """
    a an the of and or in on at to for from with by as is are was were be been has have had will would can could may
    might must not no its his her their our your my this that these those it he she they we you who what when where
    why how if than then up down over under after before into out off about against new all more most some many
    first last s t re ll ve d m still also only just very
    """.split()
)
_BETWEEN: Final = frozenset({" ", "'", "’"})  # characters between a title, or a possessive "S", and a name
_DATING: Final = frozenset("in since until by of late early this next last mid before after from".split())
_VOWELS: Final = re.compile("[AEIOUY]")


def in_capitals(text: str) -> bool:
    """Return whether the text as a whole is written in capitals."""
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return upper + lower >= _FEWEST and upper >= _SHARE * (upper + lower)


def is_in_capitals(line: str) -> bool:
    """Return whether a line has several capitals and no lower-case letter."""
    return line.isupper() and sum(map(str.isupper, line)) >= _FEWEST // 2


def truecase(text: str, lines: Sequence[Line]) -> str:
    """Return `text` with those of `lines` that are in capitals in lower case, except for likely names."""
    casing = _casing_elsewhere(lines)
    pieces, end = [], 0
    for line in lines:
        if is_in_capitals(line.text):
            pieces += [text[end : line.span.start], _truecase_line(line.text, casing)]
            end = line.span.end
    return "".join([*pieces, text[end:]])


def _casing_elsewhere(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return the spelling of each word inside the lines that are not in capitals, by its lower-case form."""
    casing: dict[str, str] = {}
    for line in lines:
        if not is_in_capitals(line.text):
            for match in list(_WORD.finditer(line.text))[1:]:
                casing[match[0].lower()] = match[0]
    return casing


def _truecase_line(line: str, casing: Mapping[str, str]) -> str:
    words = list(_WORD.finditer(line))
    lower = [match[0].lower().rstrip(".") for match in words]
    characters = list(line)
    for at, match in enumerate(words):
        truecased = _truecase_word(line, words, lower, at, casing)
        if len(truecased) == len(match[0]):
            characters[match.start() : match.end()] = truecased
    return "".join(characters)


def _truecase_word(
    line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int, casing: Mapping[str, str]
) -> str:
    """Return one word of a line in capitals, truecased."""
    word, lowered = words[at][0], lower[at]
    if lowered in casing:
        return casing[lowered] + word[len(casing[lowered]) :]
    if lowered in _bodies():
        return _bodies()[lowered] + word[len(lowered) :]
    if (
        "." in word[:-1]
        or word == "I"
        or (not _VOWELS.search(word) and len(word) > 1 and word.isalpha() and lowered not in _FUNCTION_WORDS)
    ):
        return word
    if lowered == "may" and at and lower[at - 1] in _DATING:
        return word[0] + word[1:].lower()
    if lowered in _FUNCTION_WORDS or lowered in _SAYS:
        return word.lower()
    capitalized = word[0] + word[1:].lower()
    people = person_words()
    if lowered in people.given or lowered in nations() or lowered in organization_words().calendar:
        return capitalized
    common = lowered in people.titles or lowered in people.roles or lowered in organization_words().heads
    if at == 0 or (not common and _is_name(line, words, lower, at)):
        return capitalized
    return word.lower()


def _is_name(line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int) -> bool:
    """Return whether an unknown word is a name: after a title or a given name, or before a reporting verb or colon."""
    people = person_words()
    before = lower[at - 1] if line[words[at - 1].end() : words[at].start()] in _BETWEEN else ""
    if before not in _FUNCTION_WORDS and (
        before in people.honorifics or before in people.given or before in people.titles or before in people.roles
    ):
        return (
            lower[at] not in cue_lexicon().verbs
            and lower[at] not in _SAYS
            and not lower[at].endswith(("s", "ed", "ing"))
        )
    if before == "s" and words[at - 1].start() > 0 and line[words[at - 1].start() - 1] in "'’":
        return line[words[at].end() : words[at].end() + 1] == ":" or (at + 1 < len(words) and lower[at + 1] in _SAYS)
    says = at + 1 < len(words) and lower[at + 1] in _SAYS and line[words[at].end() : words[at + 1].start()] == " "
    return says and not lower[at].endswith("s")


@cache
def _bodies() -> dict[str, str]:
    """Return the spelling of well-known names with several capitals, by their lower-case form: NATO, PayPal."""
    businesses, other_bodies = known_bodies()
    names = (name for name in sorted(businesses | other_bodies) if name.isalpha())
    return {name.lower(): name for name in names if sum(map(str.isupper, name)) > 1}
