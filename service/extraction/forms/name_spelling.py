"""Names that the parser takes for verbs: Edward *Said*, Port *Said*.

The parser reads another name of the same length in their place, so its trees are right and all offsets stay valid.
"""

import re
from functools import cache
from typing import Final

from service.extraction.forms.labels import reporting_forms
from service.extraction.wordlists import word_list

_TITLE_SHARE: Final = 0.2  # share of words in lower case, below which a line is in title case
_REACH: Final = 40  # code points searched for the word before
_LONG: Final = 4  # letters of a word that has a capital in title case
_LINE: Final = re.compile(r"[^\n]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_BEFORE: Final = re.compile(r"(?P<quote>[,.!?][”\"’']\s)?(?P<word>[^\W\d_][^\W\d_'’-]*)['’]?[ -]\Z")
_AFTER: Final = re.compile(r" (?P<word>[a-z]+)\b|['’]s? ")
_CLAUSE: Final = re.compile(r"[.,:;]")


def spelled_as_name(text: str) -> str | None:
    """Return `text` with other names for those that look like verbs, or None if there are none."""
    if _names_like_verbs().search(text) is None:
        return None
    places = [
        match
        for line in _LINE.finditer(text)
        if not _is_title(line[0])
        for match in _names_like_verbs().finditer(text, *line.span())
    ]
    named = {match.start() for match in places if _is_name(text, match)}
    if not named:
        return None
    characters = list(text)
    for match in places:
        if match.start() in named or _is_subject(text, match):
            characters[match.start() : match.end()] = _stand_ins()[match[0]]
    return "".join(characters)


def _is_title(line: str) -> bool:
    """Return whether the line is in title case, where verbs have a capital, too."""
    long = [word for word in _WORD.findall(line) if len(word) >= _LONG]
    return sum(map(str.islower, long)) < _TITLE_SHARE * len(long)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Return whether a name or a preposition precedes the word, or a verb that reports or helps follows it."""
    before = _BEFORE.search(text[max(0, match.start() - _REACH) : match.start()])
    after = _AFTER.match(text, match.end())
    if after is not None and (after["word"] in _finite() or after["word"] is None):
        return True
    if before is None:
        return False
    if before["word"][0].isupper():
        said = before["quote"] and _CLAUSE.match(text, match.end())  # “It is over,” Ann Said.
        return not said and before["word"].lower() not in word_list("forms", "capitals_function_words")
    return before["word"] in word_list("forms", "before_names") | word_list("names", "particles")


def _is_subject(text: str, match: re.Match[str]) -> bool:
    """Return whether a verb in the past tense follows the word."""
    after = _AFTER.match(text, match.end())
    return after is not None and after["word"] is not None and after["word"].endswith("ed")


@cache
def _stand_ins() -> dict[str, str]:
    words = (pair.split("=") for pair in word_list("forms", "names_like_verbs"))
    return {verb.capitalize(): name.capitalize() for verb, name in words}


@cache
def _names_like_verbs() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(_stand_ins()))})\b")


@cache
def _finite() -> frozenset[str]:
    """Return the auxiliaries, and the past and present forms of verbs that report."""
    return word_list("forms", "auxiliaries") | reporting_forms()
