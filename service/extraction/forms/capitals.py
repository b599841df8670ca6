"""Spell text in capitals as the parser knows it: names with a capital, all other words without.

The parser's treebanks have hardly any text in capitals. The spelling has exactly as many characters as the text, so
that offsets into it are offsets into the text.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.forms.lines import Line
from service.extraction.wordlists import known_bodies, nations, organization_words, person_words

_SHARE: Final = 0.6  # share of cased letters that are capitals, in an article that is written in them
_FEWEST: Final = 12  # cased letters of such an article
_WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\.?(?=\W|\Z)|[^\W_]+")
_SAYS: Final = frozenset("says said sees tells told adds warns calls urges denies confirms announces expects".split())
_SMALL: Final = frozenset(
    """
    a an the of and or in on at to for from with by as is are was were be been has have had will would can could may
    might must not no its his her their our your my this that these those it he she they we you who what when where
    why how if than then up down over under after before into out off about against new all more most some many
    first last s t re ll ve d m still also only just very
    """.split()
)
_BETWEEN: Final = frozenset({" ", "'", "’"})  # characters between a title, or the "S" of an owner, and a name
_DATING: Final = frozenset("in since until by of late early this next last mid before after from".split())
_VOWELS: Final = re.compile("[AEIOUY]")


def in_capitals(text: str) -> bool:
    """Return whether the text as a whole is written in capitals."""
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return upper + lower >= _FEWEST and upper >= _SHARE * (upper + lower)


def is_in_capitals(line: str) -> bool:
    """Return whether a line has no small letter, and several capitals."""
    return line.isupper() and sum(map(str.isupper, line)) >= _FEWEST // 2


def spelling_of(text: str, lines: Sequence[Line]) -> str:
    """Return `text` with the `lines` that are in capitals in small letters, except for what are likely names."""
    known = _spelled_elsewhere(lines)
    pieces, end = [], 0
    for line in lines:
        if is_in_capitals(line.text):
            pieces += [text[end : line.span.start], _spelled(line.text, known)]
            end = line.span.end
    return "".join([*pieces, text[end:]])


def _spelled_elsewhere(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return the spelling of each word inside the lines that are not in capitals, by its small letters."""
    found: dict[str, str] = {}
    for line in lines:
        if not is_in_capitals(line.text):
            for match in list(_WORD.finditer(line.text))[1:]:
                found[match[0].lower()] = match[0]
    return found


def _spelled(line: str, known: Mapping[str, str]) -> str:
    words = list(_WORD.finditer(line))
    lower = [match[0].lower().rstrip(".") for match in words]
    letters = list(line)
    for at, match in enumerate(words):
        spelled = _word(line, words, lower, at, known)
        if len(spelled) == len(match[0]):
            letters[match.start() : match.end()] = spelled
    return "".join(letters)


def _word(line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int, known: Mapping[str, str]) -> str:
    """Return the spelling of one word of a line in capitals."""
    word, small = words[at][0], lower[at]
    if small in known:
        return known[small] + word[len(known[small]) :]
    if small in _bodies():
        return _bodies()[small] + word[len(small) :]
    if (
        "." in word[:-1]
        or word == "I"
        or (not _VOWELS.search(word) and len(word) > 1 and word.isalpha() and small not in _SMALL)
    ):
        return word
    if small == "may" and at and lower[at - 1] in _DATING:
        return word[0] + word[1:].lower()
    if small in _SMALL or small in _SAYS:
        return word.lower()
    titled = word[0] + word[1:].lower()
    people = person_words()
    if small in people.given or small in nations() or small in organization_words().calendar:
        return titled
    common = small in people.titles or small in people.roles or small in organization_words().heads
    if at == 0 or (not common and _is_name(line, words, lower, at)):
        return titled
    return word.lower()


def _is_name(line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int) -> bool:
    """Return whether the words next to an unknown word show that it is a name.

    They are a title or a given name before it, or a verb of saying or a colon after it.
    """
    people = person_words()
    before = lower[at - 1] if line[words[at - 1].end() : words[at].start()] in _BETWEEN else ""
    if before not in _SMALL and (
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
    """Return the spelling of well-known names with several capitals, by their small letters: NATO, PayPal."""
    businesses, others = known_bodies()
    names = (name for name in sorted(businesses | others) if name.isalpha())
    return {name.lower(): name for name in names if sum(map(str.isupper, name)) > 1}
