"""Suggest speakers for a printed speaker who is not quoted under that name: "did you mean".

A suggestion is not a match: the attribution is unchanged, and an editor decides.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from service.extraction.report import Report, Speaker
from service.extraction.speakers.names import tokens
from service.extraction.wordlists import person_words
from service.input.article import Article
from service.verification.meaning import lexicon

Likeness = Literal["spelling", "short-form", "spokesperson"]

_ALIKE: Final = 0.75  # similarity of two words' letters, in order: Alder and Aldar, but not Alder and Adams
_MIN_LETTERS: Final = 3  # of words that are compared by spelling, or as prefixes
_LONGEST: Final = 60  # characters of a printed speaker compared by spelling, which bounds the time
_MOST: Final = 3  # suggestions per printed speaker
_NOT_LETTERS: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A speaker of the report whom the printed speaker may refer to, and the kind of similarity."""

    speaker: int
    likeness: Likeness


def suggest(
    claim: str, article: Article, report: Report, known: Collection[int], said_by: Collection[int | None]
) -> tuple[Suggestion, ...]:
    """Return at most three speakers whom `claim` may refer to; those who say the printed words come first.

    `known` are the speakers that match the claim, which are not suggested. An organization and its spokesperson are
    suggested for each other only if one of them says the printed words.
    """
    found = []
    for number, speaker in enumerate(report.speakers):
        likeness = None if number in known else _likeness(claim, article, speaker)
        if likeness is not None and (likeness != "spokesperson" or number in said_by):
            found.append(Suggestion(number, likeness))
    return tuple(sorted(found, key=lambda one: one.speaker not in said_by)[:_MOST])


def _likeness(claim: str, article: Article, speaker: Speaker) -> Likeness | None:
    words = _words(claim) if len(claim) <= _LONGEST else []
    forms = [_words(form) for form in (speaker.name, *speaker.aliases)]
    if words and any(_spelt_alike(words, form) for form in forms):
        return "spelling"
    if words and speaker.kind != "organization" and any(_shortened(words, form) for form in forms):
        return "short-form"
    return "spokesperson" if _speaks_for(claim, article, speaker) else None


def _spelt_alike(claim: list[str], form: list[str]) -> bool:
    """Return whether each word of the claim is a possible misspelling of a word of the name, including the surname."""
    pairs = [max(((_ratio(word, other), other) for other in form), default=(0.0, "")) for word in claim]
    if not pairs or any(ratio < _ALIKE for ratio, _ in pairs):
        return False
    others = [other for _, other in pairs]
    return len(set(others)) == len(others) and (form[-1] in others or len(claim) > 1)


def _ratio(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) < _MIN_LETTERS or word[0] != other[0]:
        return 0.0
    return SequenceMatcher(None, word, other, autojunk=False).ratio()


def _shortened(claim: list[str], form: list[str]) -> bool:
    """Return whether the claim is the name with words cut to prefixes ("Tom B.", "Alex Brandt"), in order."""
    if len(claim) < 2 or len(claim) > len(form):
        return False
    whole = [word == other for word, other in zip(claim, form, strict=False)]
    return any(whole) and all(
        same or (other.startswith(word) and (len(word) == 1 or len(word) >= _MIN_LETTERS))
        for same, word, other in zip(whole, claim, form, strict=False)
    )


def _speaks_for(claim: str, article: Article, speaker: Speaker) -> bool:
    """Return whether one is an organization and the other its spokesperson: "the ministry", "the ministry's spokesman,
    Tom Brandt"."""
    called = [speaker.name, speaker.description or "", *(article.slice(span) for span in speaker.mentions)]
    theirs = {word for phrase in called for word in _plain_words(phrase)}
    printed = set(_plain_words(claim))
    if not printed or not theirs:
        return False
    spokes = lexicon().spokespeople
    if printed & spokes:
        body = printed - spokes - lexicon().function
        return bool(body) and not theirs & spokes and body <= theirs
    body = printed - lexicon().function
    return bool(theirs & spokes) and bool(body) and body <= theirs


def _words(name: str) -> list[str]:
    """Return the words of a name without titles, in lower case and without accents."""
    known = person_words()
    titles = known.titles | known.honorifics.keys() | {"the"}
    return [word for word in _plain_words(name) if word not in titles]


def _plain_words(phrase: str) -> Iterator[str]:
    for word in tokens(phrase):
        letters = unicodedata.normalize("NFKD", word.removesuffix("'s").removesuffix("s'"))
        bare = _NOT_LETTERS.sub("", "".join(one for one in letters if not unicodedata.combining(one)))
        if bare:
            yield bare
