"""Word lists for persons, organizations and documents, read from the files in `lexicon/`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Gender = Literal["male", "female"]

_MEDIA: Final = "# media,"  # heading in bodies.txt before the names of news media
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
    singular_they: frozenset[str]
    fields: frozenset[str]
    descriptive: frozenset[str]
    nicknames: dict[str, frozenset[str]]
    given: dict[str, Gender]
    given_too: frozenset[str]
    family_first: frozenset[str]
    family_before_two: frozenset[str]
    gerunds: frozenset[str]
    offices: frozenset[str]
    in_letters: dict[str, str]

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
    clubs: frozenset[str]
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
    male, female = words_in(names["male"]["names"]), words_in(names["female"]["names"])
    same: dict[str, frozenset[str]] = {}
    for row in table["same"]["rows"].splitlines():
        for word in row.split():
            same[word] = same.get(word, frozenset()) | words_in(row)
    given: dict[str, Gender] = dict.fromkeys(male - female, "male")
    given |= dict.fromkeys(female - male, "female")
    return PersonWords(
        honorifics=_gendered(table["honorific"]),
        titles=words_in(table["title"]["words"]),
        roles=_gendered(table["role"]),
        same=same,
        broader={word: words_in(row) for word, row in table["broader"].items()},
        generic=words_in(table["generic"]["words"]),
        kin=words_in(table["kin"]["words"]),
        family=words_in(table["family"]["words"]),
        letters=words_in(table["letters"]["words"]),
        epithets=words_in(table["epithet"]["words"]),
        participants=words_in(table["participant"]["words"]),
        singular_they=words_in(table["singular_they"]["words"]),
        fields=words_in(table["field"]["words"]),
        descriptive=words_in(table["descriptive"]["words"]),
        nicknames={short: words_in(row) for short, row in table["nickname"].items()},
        given=given,
        given_too=words_in(names["family_first"]["given_too"]),
        family_first=words_in(names["family_first"]["names"]),
        family_before_two=words_in(names["family_first"]["before_two_given"]),
        gerunds=words_in(table["gerund"]["words"]),
        offices=words_in(table["office"]["words"]),
        in_letters=dict(table["in_letters"]),
    )


@cache
def organization_words() -> OrganizationWords:
    """Read the words for organizations, groups and documents."""
    table = read_lexicon("organizations.toml")
    return OrganizationWords(
        heads=words_in(table["head"]["words"]),
        generic=words_in(table["generic"]["words"]),
        companies=words_in(table["company"]["words"]),
        teams=words_in(table["team"]["words"]),
        media=words_in(table["media"]["words"]),
        media_names=words_in(table["media"]["names"]),
        family={word: words_in(row) for word, row in table["family"].items()},
        named_by=words_in(table["named_by"]["words"]),
        mastheads=words_in(table["mastheads"]["words"]),
        clubs=words_in(table["club"]["words"]),
        metonyms=words_in(table["metonym"]["words"]) | frozenset(table["metonym"]["names"].split("|")),
        company_suffixes=words_in(table["company_suffix"]["words"]),
        collectives=words_in(table["collective"]["words"]),
        documents=words_in(table["document"]["words"]),
        calendar=words_in(table["calendar"]["words"]),
        body_endings=tuple(table["body_ending"]["words"].split()),
    )


@cache
def company_nouns() -> frozenset[str]:
    """Return the nouns that mark the name next to them as a company's or another organization's."""
    known = organization_words()
    return known.companies | known.named_by | known.media


@cache
def speaking_nouns() -> frozenset[str]:
    """Return the nouns for a body, a document or a person that can be a source."""
    known = organization_words()
    bodies = known.media | known.heads | known.documents | known.companies | known.collectives
    return bodies | person_words().roles.keys()


@cache
def title_words() -> frozenset[str]:
    """Return the titles, honorifics, roles and kinds of body that can come before a name."""
    known = person_words()
    return known.titles | known.roles.keys() | known.honorifics.keys() | organization_words().named_by


@cache
def known_bodies() -> tuple[frozenset[str], frozenset[str]]:
    """Read two sets of well-known names: businesses, and other bodies such as agencies and teams."""
    before, _, after = _read("bodies.txt").partition(_BODIES)
    return _names_in(before), _names_in(after)


def is_known_body(name: str) -> bool:
    """Return whether the name is that of a well-known business or another body."""
    return any(name in names for names in known_bodies())


@cache
def media_bodies() -> frozenset[str]:
    """Read the well-known names of news media, publishers and studios."""
    _, _, after = _read("bodies.txt").partition(_MEDIA)
    return _names_in("#" + after.partition("\n#")[0])  # up to the next heading


def _names_in(part: str) -> frozenset[str]:
    """Return the names in a part of `bodies.txt`."""
    lines = (line for line in part.splitlines() if line and not line.startswith("#"))
    return frozenset(name for line in lines for name in line.split("|"))


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


@cache
def word_list(table: str, name: str) -> frozenset[str]:
    """Read a list of `word_lists.toml`. Raises KeyError if there is none of this name."""
    return words_in(_word_lists()[table][name])


@cache
def _word_lists() -> dict[str, Any]:
    return read_lexicon("word_lists.toml")


def words_in(row: str) -> frozenset[str]:
    """Return the words of a row of a lexicon, which are separated by white space."""
    return frozenset(row.split())


def _gendered(table: dict[str, str]) -> dict[str, Gender | None]:
    genders: dict[str, Gender | None] = dict.fromkeys(table["neutral"].split())
    genders |= dict.fromkeys(table["male"].split(), "male")
    genders |= dict.fromkeys(table["female"].split(), "female")
    return genders
