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

_MIN_SIMILARITY: Final = 0.75  # similarity of two words' letters, in order: Alder and Aldar, but not Alder and Adams
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
    """Return at most three speakers that `claim` may refer to; those who say the printed words come first.

    `known` are the speakers that match the claim, which are not suggested. An organization and its spokesperson are
    suggested for each other only if one of them says the printed words.
    """
    found = []
    for number, speaker in enumerate(report.speakers):
        likeness = None if number in known else _likeness(claim, article, speaker)
        if likeness is not None and (likeness != "spokesperson" or number in said_by):
            found.append(Suggestion(number, likeness))
    return tuple(sorted(found, key=lambda suggestion: suggestion.speaker not in said_by)[:_MOST])


def _likeness(claim: str, article: Article, speaker: Speaker) -> Likeness | None:
    words = _words(claim) if len(claim) <= _LONGEST else []
    forms = [_words(form) for form in (speaker.name, *speaker.aliases)]
    if words and any(_similarly_spelled(words, form) for form in forms):
        return "spelling"
    if words and speaker.kind != "organization" and any(_is_short_form(words, form) for form in forms):
        return "short-form"
    return "spokesperson" if _speaks_for(claim, article, speaker) else None


def _similarly_spelled(claim: list[str], form: list[str]) -> bool:
    """Return whether each word of the claim is a possible misspelling of a word of the name, including the surname."""
    best_matches = [
        max(((_ratio(word, name_word), name_word) for name_word in form), default=(0.0, "")) for word in claim
    ]
    if not best_matches or any(ratio < _MIN_SIMILARITY for ratio, _ in best_matches):
        return False
    name_words = [name_word for _, name_word in best_matches]
    return len(set(name_words)) == len(name_words) and (form[-1] in name_words or len(claim) > 1)


def _ratio(word: str, name_word: str) -> float:
    if word == name_word:
        return 1.0
    if min(len(word), len(name_word)) < _MIN_LETTERS or word[0] != name_word[0]:
        return 0.0
    return SequenceMatcher(None, word, name_word, autojunk=False).ratio()


def _is_short_form(claim: list[str], form: list[str]) -> bool:
    """Return whether the claim is the name with words cut to prefixes ("Tom B.", "Alex Brandt"), in order."""
    if len(claim) < 2 or len(claim) > len(form):
        return False
    unchanged = [word == name_word for word, name_word in zip(claim, form, strict=False)]
    return any(unchanged) and all(
        same or (name_word.startswith(word) and (len(word) == 1 or len(word) >= _MIN_LETTERS))
        for same, word, name_word in zip(unchanged, claim, form, strict=False)
    )


def _speaks_for(claim: str, article: Article, speaker: Speaker) -> bool:
    """Return whether one is an organization and the other its spokesperson: "the ministry", "the ministry's spokesman,
    Tom Brandt"."""
    phrases = [speaker.name, speaker.description or "", *(article.slice(span) for span in speaker.mentions)]
    speaker_words = {word for phrase in phrases for word in _plain_words(phrase)}
    claim_words = set(_plain_words(claim))
    if not claim_words or not speaker_words:
        return False
    spokespeople = lexicon().spokespeople
    if claim_words & spokespeople:
        body = claim_words - spokespeople - lexicon().function
        return bool(body) and not speaker_words & spokespeople and body <= speaker_words
    body = claim_words - lexicon().function
    return bool(speaker_words & spokespeople) and bool(body) and body <= speaker_words


def _words(name: str) -> list[str]:
    """Return the words of a name without titles, in lower case and without accents."""
    people = person_words()
    titles = people.titles | people.honorifics.keys() | {"the"}
    return [word for word in _plain_words(name) if word not in titles]


def _plain_words(phrase: str) -> Iterator[str]:
    for word in tokens(phrase):
        letters = unicodedata.normalize("NFKD", word.removesuffix("'s").removesuffix("s'"))
        bare = _NOT_LETTERS.sub("", "".join(character for character in letters if not unicodedata.combining(character)))
        if bare:
            yield bare
