"""Word lists for persons, organizations and documents, read from the files in `lexicon/`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Gender = Literal["male", "female"]

_BODIES: Final = "# agencies, courts"  # heading in bodies.txt after which the names are not businesses


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Words for persons, in lower case, role nouns in the singular.

    `honorifics`, `roles` and `given` map a word to the gender that it implies, or None. `same` maps a role noun to its
    synonyms, `broader` to narrower role nouns. The sections of `people.toml` describe each list.
    """

    honorifics: dict[str, Gender | None]
    titles: frozenset[str]
    roles: dict[str, Gender | None]
    same: dict[str, frozenset[str]]
    broader: dict[str, frozenset[str]]
    generic: frozenset[str]
    kin: frozenset[str]
    family: frozenset[str]
    letters: frozenset[str]
    epithets: frozenset[str]
    participants: frozenset[str]
    unsexed: frozenset[str]
    fields: frozenset[str]
    descriptive: frozenset[str]
    nicknames: dict[str, frozenset[str]]
    given: dict[str, Gender]
    given_too: frozenset[str]
    family_first: frozenset[str]
    gerunds: frozenset[str]
    offices: frozenset[str]

    def stand_for(self, role: str) -> frozenset[str]:
        """Return the role nouns that `role` can refer to: itself, its synonyms and narrower nouns."""
        return frozenset({role}) | self.same.get(role, frozenset()) | self.broader.get(role, frozenset())


@dataclass(frozen=True, slots=True)
class OrganizationWords:
    """Words for organizations, groups and documents, in lower case and singular.

    The sections of `organizations.toml` describe each list.
    """

    heads: frozenset[str]
    generic: frozenset[str]
    companies: frozenset[str]
    teams: frozenset[str]
    media: frozenset[str]
    media_names: frozenset[str]
    family: dict[str, frozenset[str]]
    named_by: frozenset[str]
    mastheads: frozenset[str]
    metonyms: frozenset[str]
    company_suffixes: frozenset[str]
    collectives: frozenset[str]
    documents: frozenset[str]
    calendar: frozenset[str]
    body_endings: tuple[str, ...]


@cache
def person_words() -> PersonWords:
    """Read the words for persons."""
    table, names = read_lexicon("people.toml"), read_lexicon("given_names.toml")
    male, female = _words(names["male"]["names"]), _words(names["female"]["names"])
    same: dict[str, frozenset[str]] = {}
    for row in table["same"]["rows"].splitlines():
        for word in row.split():
            same[word] = same.get(word, frozenset()) | _words(row)
    given: dict[str, Gender] = dict.fromkeys(male - female, "male")
    given |= dict.fromkeys(female - male, "female")
    return PersonWords(
        honorifics=_gendered(table["honorific"]),
        titles=_words(table["title"]["words"]),
        roles=_gendered(table["role"]),
        same=same,
        broader={word: _words(row) for word, row in table["broader"].items()},
        generic=_words(table["generic"]["words"]),
        kin=_words(table["kin"]["words"]),
        family=_words(table["family"]["words"]),
        letters=_words(table["letters"]["words"]),
        epithets=_words(table["epithet"]["words"]),
        participants=_words(table["participant"]["words"]),
        unsexed=_words(table["unsexed"]["words"]),
        fields=_words(table["field"]["words"]),
        descriptive=_words(table["descriptive"]["words"]),
        nicknames={short: _words(row) for short, row in table["nickname"].items()},
        given=given,
        given_too=_words(names["family_first"]["given_too"]),
        family_first=_words(names["family_first"]["names"]),
        gerunds=_words(table["gerund"]["words"]),
        offices=_words(table["office"]["words"]),
    )


@cache
def organization_words() -> OrganizationWords:
    """Read the words for organizations, groups and documents."""
    table = read_lexicon("organizations.toml")
    return OrganizationWords(
        heads=_words(table["head"]["words"]),
        generic=_words(table["generic"]["words"]),
        companies=_words(table["company"]["words"]),
        teams=_words(table["team"]["words"]),
        media=_words(table["media"]["words"]),
        media_names=_words(table["media"]["names"]),
        family={word: _words(row) for word, row in table["family"].items()},
        named_by=_words(table["named_by"]["words"]),
        mastheads=_words(table["mastheads"]["words"]),
        metonyms=_words(table["metonym"]["words"]) | frozenset(table["metonym"]["names"].split("|")),
        company_suffixes=_words(table["company_suffix"]["words"]),
        collectives=_words(table["collective"]["words"]),
        documents=_words(table["document"]["words"]),
        calendar=_words(table["calendar"]["words"]),
        body_endings=tuple(table["body_ending"]["words"].split()),
    )


@cache
def known_bodies() -> tuple[frozenset[str], frozenset[str]]:
    """Read two sets of well-known names: businesses, and other bodies such as agencies and teams."""
    before, _, after = _read("bodies.txt").partition(_BODIES)
    businesses, others = (
        frozenset(name for line in part.splitlines() if line and not line.startswith("#") for name in line.split("|"))
        for part in (before, after)
    )
    return businesses, others


@cache
def nations() -> dict[str, str]:
    """Read the country that each name and adjective of a country refers to, in lower case."""
    countries: dict[str, str] = {}
    for line in _read("nations.txt").splitlines():
        if line and not line.startswith("#"):
            country, _, others = line.partition(": ")
            countries |= dict.fromkeys([country, *others.split("|")], country)
    return countries


def _read(name: str) -> str:
    return (resources.files("service.extraction") / "lexicon" / name).read_text(encoding="utf-8")


def read_lexicon(name: str) -> dict[str, Any]:
    """Read the TOML file `name` of `lexicon/`."""
    return tomllib.loads(_read(name))


def _words(row: str) -> frozenset[str]:
    return frozenset(row.split())


def _gendered(table: dict[str, str]) -> dict[str, Gender | None]:
    genders: dict[str, Gender | None] = dict.fromkeys(table["neutral"].split())
    genders |= dict.fromkeys(table["male"].split(), "male")
    genders |= dict.fromkeys(table["female"].split(), "female")
    return genders
