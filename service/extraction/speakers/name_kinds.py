"""What a name or a noun denotes: a person, an organization, a place, a group or a document."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from service.extraction.noun_phrases import determiner, is_plural, role_of
from service.extraction.speakers.names import begins_with_saint, gender_of_name, looks_like_acronym
from service.extraction.wordlists import (
    company_nouns,
    is_known_body,
    nations,
    organization_words,
    person_words,
    word_list,
)
from service.parsing.tree import Entity, Sentence, Word

Kind = Literal["person", "organization", "place", "group", "document", "unknown"]

_INVENTED: Final = 7  # minimum length of an invented company name


class NameInSentence(NamedTuple):
    """A name in the phrase of `head`, as evidence of what it denotes.

    `run` has the positions of its first and last word, `text` its words without `titles`. `role` is the head of the
    phrase if that is a common noun, `company` the noun for a company before the name: "the *airline* Skyvel".
    `entities` are those of the recognizer around the name. If `genitive`, a possessive ending is part of it.
    """

    sentence: Sentence
    head: int
    run: tuple[int, int]
    text: str
    titles: tuple[str, ...]
    role: str
    company: str
    entities: Sequence[Entity]
    genitive: bool


def kind_of_name(name: NameInSentence, *, is_person: bool) -> Kind:
    """Return what a name denotes; `is_person` if the article shows that a place's name is a person's."""
    word = name.sentence.words[name.head]
    kind: Kind = "organization" if name.role in organization_words().named_by else _kind_of_words(name)
    if name.titles:
        return "person" if kind == "place" and is_person else kind
    if kind in {"person", "unknown"} and (name.genitive or _is_at_saint(word, name.text)):
        kind = "organization"  # "Macy’s said", "at St. Jude’s"
    elif kind == "place" and is_person:
        kind = "person"  # Jordan, after Jordan Leigh; "Jordan, 33, said"
    if not name.genitive:
        kind = _kind_in_context(name, kind)
    if name.company and kind in {"person", "unknown"}:
        kind = "organization"
    if kind == "person" and looks_like_acronym(name.text):
        kind = "unknown"  # recognizers often label agencies' acronyms as persons; but JFK is a person
    if is_plural(word) and name.text.endswith("s") and (kind == "unknown" or _is_people(word)):
        kind = "group"  # Republicans, Americans, whatever their entity label
    return kind


def kind_of_noun(role: str, *, plural: bool) -> Kind:
    """Return what a common noun denotes, from the word alone."""
    people, words = person_words(), organization_words()
    if role in words.collectives:
        return "group"
    if role in people.roles or role in people.epithets:
        return "group" if plural else "person"
    if role in words.heads or role in words.generic or role in words.companies:
        return "group" if plural else "organization"
    return "document" if role in words.documents else "unknown"


def _is_at_saint(word: Word, name: str) -> bool:
    """Return whether the name is of a place or body called after a saint: "at *St. Jude*"."""
    return word.relation in {"obl", "nmod"} and begins_with_saint(name)


def _kind_in_context(name: NameInSentence, kind: Kind) -> Kind:
    """Return the kind that the words around the name show, else `kind`: a person with a role in apposition, "*Serhii
    Radio*, a chemist, says"; a company whose shares are traded, "shares in *Tollgate Homes*"."""
    sentence, words = name.sentence, name.text.split()
    body = kind == "organization" and len(words) == 2
    if body and (_is_described(sentence, name.head) or _is_listed_with_people(sentence, name.head)):
        return "person"
    word, case = sentence.words[name.head], sentence.child(name.head, "case")
    of = word.relation == "nmod" and case is not None and sentence.words[case].text.lower() in {"in", "of"}
    if not of or sentence.words[word.head].lemma.lower() not in word_list("names", "traded"):
        return kind
    trade = words[-1].lower() in word_list("names", "trades_of_companies")
    return "organization" if trade or kind in {"person", "unknown"} else kind


def company_noun(sentence: Sentence, name: int) -> str:
    """Return the noun for a company or another organization directly before the name that begins at `name`, or ""."""
    position = name - 1
    if position < 0:
        return ""
    word = sentence.words[position]
    inside = word.relation in {"compound", "nmod", "flat"} and word.head > position
    apposed = _is_apposition(sentence, position)
    role, given = role_of(word), sentence.words[name].text.lower() in person_words().given
    begins = position == 0 and not given and role in word_list("names", "before_companies")
    if not (inside or apposed or begins) or not (word.text.islower() or begins):
        return ""
    return role if role in company_nouns() or (apposed and role in organization_words().heads) else ""


def _is_described(sentence: Sentence, head: int) -> bool:
    """Return whether the name at `head` has a role in apposition: "*Serhii Radio*, a chemistry researcher, says"."""
    for child in sentence.children(head):
        word = sentence.words[child]
        if word.relation == "appos" and child > head and word.text.islower() and not is_plural(word):
            indefinite = determiner(sentence, child) == "indefinite"
            if indefinite and role_of(word) in person_words().roles:
                return True
    return False


def _is_listed_with_people(sentence: Sentence, head: int) -> bool:
    """Return whether the name at `head` begins with a given name and is listed with people: "Mark Law and *Faith
    Church*"."""
    words, given = sentence.words, person_words().given
    top = words[head].head if words[head].relation == "conj" else head
    others = [at for at in (top, *sentence.children(top)) if at == top or words[at].relation == "conj"]
    named = {at: _first_of_two(sentence, at) for at in others if words[at].upos == "PROPN"}
    if head not in named or (words[named[head]].text.lower() not in given) or len(named) < len(others):
        return False
    return len(named) > 1 and all(words[first].text.lower() in given for first in named.values())


def _first_of_two(sentence: Sentence, head: int) -> int:
    """Return the position of the first word of the name at `head`."""
    return next((at for at in sentence.children(head) if sentence.words[at].relation == "compound"), head)


def _is_apposition(sentence: Sentence, position: int) -> bool:
    """Return whether the name directly after the noun at `position` is its apposition: "the airline Skyvel", but not
    "At the committee Diana Johnson"."""
    name = sentence.words[position + 1] if position + 1 < len(sentence.words) else None
    if name is None or name.text.lower() in person_words().given:
        return False
    return name.head == position and name.relation in {"appos", "flat"}


def _is_people(word: Word) -> bool:
    """Return whether the plural denotes people by nationality, party or religion: "Democrats", "Muslims"."""
    singular = word.text.lower().removesuffix("s")
    named = singular in nations() or singular in word_list("names", "believers")
    return named or role_of(word) in person_words().roles


def _kind_of_words(name: NameInSentence) -> Kind:
    """Return the kind that the words of a name show. Words that decide take precedence over the entity recognizer."""
    kinds = {entity.kind for entity in name.entities}
    lower = name.text.lower().removeprefix("the ")
    words = organization_words()
    parts = lower.replace(".", "").split()
    if not parts:
        return "unknown"
    if lower in nations() or lower.replace(".", "") in nations():
        return "place"
    if lower in words.metonyms or "&" in parts[1:-1]:
        return "organization"
    ends = parts.index("of") - 1 if "of" in parts[1:] else len(parts) - 1  # the Christian Association of Oria
    heads, end = words.heads, parts[ends]
    surname = kinds == {"person"} and len(end) == len("sa") and name.text.istitle()  # Rui De Sa is no S.A.
    if len(parts) > 1 and (end in heads or (end in words.company_suffixes and not surname) or parts[0] in heads):
        return "organization"
    if name.titles:
        return "person"
    if len(parts) > 1 and begins_with_saint(name.text) and (len(parts) > 2 or kinds != {"person"}):
        return "organization"  # a church, a hospital, a club: St. Jude’s
    if len(parts) > 1 and parts[0] in person_words().fields:
        return "organization"  # Health Canada
    if is_known_body(name.text.removeprefix("The ")) and lower not in person_words().given:
        return "organization"
    if gender_of_name(name.text):
        return "person"
    if kinds <= {"person"} and len(lower) >= _INVENTED and lower.endswith(words.body_endings) and lower.isalpha():
        return "organization"  # "Velmart", whatever its entity label
    for kind in ("person", "organization", "place"):
        if kinds == {kind}:
            return kind
    if "organization" in kinds:
        return "organization"
    return "unknown"
