"""Match the claimed speaker of a printed quote to the article's speakers: by name, title and name, acronym or
description."""

import re
from collections.abc import Iterator
from typing import Final

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

_APPOSITION: Final = re.compile(r"\s*[,(;].*", re.DOTALL)
_JOINED: Final = re.compile(r",? and |, ")
_AFTER_HEAD: Final = frozenset({"of", "for", "at", "in", "from", "with", "to", "on", "who", "by"})
_EMPTY: Final = frozenset({"a", "an", "the", "of", "for", "at", "in", "from", "and", "s", "his", "her", "their", "its"})
_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "i", "we", "you", "who"})
_LONGEST: Final = 30  # longest claim considered, in words


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
    words = name.split()[:_LONGEST]
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
    heads = {found for phrase in phrases for found in _heads(phrase)}
    return not heads.isdisjoint(person_words().stand_for(head)) and modifiers <= words_of_phrases


def _description(claim: str) -> tuple[str, frozenset[str]]:
    """Return the head noun of a description and its modifiers: "the city's engineer"."""
    words = tokens(" ".join(claim.split()[:_LONGEST]))
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
