"""Match the claimed speaker of a printed quote to the article's speakers: by name, title and name, acronym or
description.

A speaker who is not quoted under the printed name is suggested ("did you mean"). A suggestion is not a match: the
attribution is unchanged, and an editor decides.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from service.extraction.report import Report, Speaker
from service.extraction.speakers.names import (
    Fit,
    gender_of_name,
    looks_like_acronym,
    organization_fit,
    person_fit,
    tokens,
)
from service.extraction.wordlists import nations, person_words
from service.input.article import Article
from service.verification.meaning import lexicon

Likeness = Literal["spelling", "short-form", "spokesperson"]

_MIN_SIMILARITY: Final = 0.75  # similarity of two words' letters, in order: Alder and Aldar, but not Alder and Adams
_MIN_LETTERS: Final = 3  # of words that are compared by spelling, or as prefixes
_MAX_CHARACTERS: Final = 60  # characters of a printed speaker compared by spelling, which bounds the time
_MAX_SUGGESTIONS: Final = 3  # suggestions per printed speaker
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
    result = []
    for number, speaker in enumerate(report.speakers):
        likeness = None if number in known else _likeness(claim, article, speaker)
        if likeness is not None and (likeness != "spokesperson" or number in said_by):
            result.append(Suggestion(number, likeness))
    return tuple(sorted(result, key=lambda suggestion: suggestion.speaker not in said_by)[:_MAX_SUGGESTIONS])


def _likeness(claim: str, article: Article, speaker: Speaker) -> Likeness | None:
    words = _words(claim) if len(claim) <= _MAX_CHARACTERS else []
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


_APPOSITION: Final = re.compile(r"\s*[,(;].*", re.DOTALL)
_JOINED: Final = re.compile(r",? and |, ")
_AFTER_HEAD: Final = frozenset({"of", "for", "at", "in", "from", "with", "to", "on", "who", "by"})
_EMPTY: Final = frozenset({"a", "an", "the", "of", "for", "at", "in", "from", "and", "s", "his", "her", "their", "its"})
_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "i", "we", "you", "who"})
_MAX_WORDS: Final = 30  # longest claim considered, in words


def matching_speakers(claim: str, article: Article, report: Report) -> frozenset[int]:
    """Return the indices of the report's speakers that match `claim` best; empty if none does. Names are compared with
    names and aliases, descriptions with how the article describes the speaker."""
    fits = [max(_name_fits(claim, speaker), default=Fit.NONE) for speaker in report.speakers]
    best = max(fits, default=Fit.NONE)
    if best > Fit.NONE:
        return frozenset(number for number, fit in enumerate(fits) if fit == best)
    return frozenset(n for n, speaker in enumerate(report.speakers) if _described(claim, article, speaker))


def _name_fits(claim: str, speaker: Speaker) -> Iterator[Fit]:
    """Yield how well the claim fits each form of the speaker's name. A given name alone is the weakest fit."""
    forms = [speaker.name, *speaker.aliases]
    if speaker.kind == "group":
        forms += _JOINED.split(speaker.name)
    for name in _names(claim):
        for form in forms:
            if speaker.kind != "person":
                yield max(organization_fit(name, form), _acronym_fit(name, form), _country_fit(name, form))
            if speaker.kind != "organization" and not _genders_conflict(claim, form):
                yield person_fit(name, form)
                if len(tokens(name)) > 1 and len(tokens(form)) > 1:
                    yield person_fit(form, name)  # the article has fewer of the names than the claim


def _names(claim: str) -> Iterator[str]:
    """Yield the possible names in `claim`, after any titles: "Maine Gov. Janet Mills" gives "Janet Mills" and
    "Mills"."""
    name = _APPOSITION.sub("", claim) or claim
    words = name.split()[:_MAX_WORDS]
    yield " ".join(words)
    people = person_words()
    titles = people.titles | people.roles.keys() | people.honorifics.keys()
    titled = [at for at, word in enumerate(words) if word.lower().rstrip(".,") in titles]
    for at in range(titled[0] + 1 if titled else len(words), len(words)):
        if words[at][0].isupper() and words[at].lower().rstrip(".,") not in titles:
            yield " ".join(words[at:])


def _acronym_fit(name: str, form: str) -> Fit:
    """Compare an acronym with a long form, whichever of the two is claimed."""
    if looks_like_acronym(form) and not looks_like_acronym(name):
        return min(organization_fit(form, name), Fit.FULL)
    return Fit.NONE


def _country_fit(name: str, form: str) -> Fit:
    """Return `FULL` if both are names of the same country: the U.S., the United States."""
    country, other_country = (nations().get(" ".join(tokens(text))) for text in (name, form))
    return Fit.FULL if country and country == other_country else Fit.NONE


def _genders_conflict(claim: str, form: str) -> bool:
    """Return whether the claim's honorific is Mr. but the name is a woman's, or the reverse."""
    honorific = person_words().honorifics.get(claim.split()[0].lower().rstrip(".")) if claim.split() else None
    gender = gender_of_name(form)
    return bool(honorific and gender and honorific != gender)


def _described(claim: str, article: Article, speaker: Speaker) -> bool:
    """Return whether the article describes the speaker as the claim does: by the same noun and all of its modifiers."""
    head, modifiers = _description(claim)
    if not head:
        return False
    phrases = [speaker.name, speaker.description or "", *(article.slice(span) for span in speaker.mentions)]
    words_of_phrases = {word.removesuffix("'s") for phrase in phrases for word in tokens(phrase)}
    heads = {result for phrase in phrases for result in _heads(phrase)}
    return not heads.isdisjoint(person_words().stand_for(head)) and modifiers <= words_of_phrases


def _description(claim: str) -> tuple[str, frozenset[str]]:
    """Return the head noun of a description and its modifiers: "the city's engineer"."""
    words = tokens(" ".join(claim.split()[:_MAX_WORDS]))
    if not words or words[0] in _PRONOUNS:
        return "", frozenset()
    head = next(_heads(claim), words[-1])
    return head, frozenset(word.removesuffix("'s") for word in words) - _EMPTY - {head}


def _heads(phrase: str) -> Iterator[str]:
    """Yield the possible head nouns of `phrase`: the last word before each preposition, and every role noun."""
    roles = person_words().roles.keys() | person_words().titles
    for part in re.split(r"[,(;]", phrase):
        words = tokens(part)
        end = next((at for at, word in enumerate(words) if at and word in _AFTER_HEAD), len(words))
        if words and words[end - 1] not in _PRONOUNS:
            yield words[end - 1]
        yield from (word for word in words[:end] if word in roles)
