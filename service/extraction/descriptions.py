"""Whom a description means: "the office", "the spokeswoman", "a senior official", "U.S. officials"."""

import re

from service.article.article import Article, Span
from service.extraction.mentions import Kind, Mention
from service.extraction.names import tokens
from service.extraction.noun_phrases import is_aged
from service.extraction.pronouns import person_in_mind
from service.extraction.referents import Found, Reading, Referent, Role
from service.extraction.wordlists import nations, organization_words, person_words
from service.parsing.tree import Sentence

_SAME_ROLE = 4
_LIMIT = 40  # referents looked at, the last first
_LEADING = re.compile(r"^(?:an?|the|another|some|this|that|these|those)\s+", re.IGNORECASE)
_EMPTY = frozenset({"state", "news", "official", "whole", "entire", "very", "same"})  # these tell no one apart
_DOER = re.compile(r"(?:er|or|ist|ian|ant|man|woman)s?$")  # what a source is called that no list has: objectors
_RANKS = frozenset({"former", "vice", "deputy", "assistant", "acting", "first", "second", "third", "associate", "co"})


def described_as(article: Article, sentence: Sentence, span: Span) -> str:
    """The phrase at `span` as a name for somebody who has none: without article, line breaks, and the capital letter
    that only begins the sentence."""
    whole = " ".join(article.slice(span).split())
    plain = whole.strip(" ,;:") or whole
    first = sentence.words[0]
    lower = first.text.lower()
    begins = span.start == first.span.start and first.text[1:].islower() and lower not in nations()
    if begins and (first.upos in {"NOUN", "DET", "PRON", "NUM"} or f" {lower} " in article.text):
        plain = plain[0].lower() + plain[1:]
    return _LEADING.sub("", plain) or plain


def resolve_description(reading: Reading, mention: Mention, name: str, owner: int | None) -> Found:
    """Whom the common noun at `mention` means; `name` is what the phrase would call
    somebody new, `owner` the referent whose it is.

    A definite phrase means the last referent that it fits, an indefinite one somebody new; bare plurals and collectives
    that read alike are one group.
    """
    key = name.lower().replace(".", "")
    headline = reading.in_headline(mention.span.start)  # where articles are left out
    definite = mention.determiner == "definite" or owner is not None or (headline and mention.kind != "group")
    alike = mention.determiner != "indefinite" and (mention.plural or mention.kind == "group" or not definite)
    if alike and key in reading.phrases:
        return Found(reading.phrases[key], "description", "same-description", name)
    if definite or (mention.determiner == "none" and not mention.plural and mention.kind == "person"):
        earlier = _antecedent(reading, mention, owner)
        if earlier is not None:
            return Found(earlier.number, "description", "definite-description", f"{name}: {earlier.name}")
    if mention.determiner == "definite" and _is_epithet(reading, mention):
        meant = person_in_mind(reading, mention)
        if meant is not None:
            return Found(meant.number, "description", "epithet", f"{name}: {meant.name}")
    if key in reading.phrases and mention.determiner != "indefinite":
        return Found(reading.phrases[key], "description", "same-description", name)
    kind: Kind = mention.kind
    if kind == "unknown" and _DOER.search(mention.role):
        kind = "group" if mention.plural else "person"
    referent = reading.add(kind, name, gender=mention.gender, plural=mention.plural or kind == "group")
    referent.hold(Role(mention.role, mention.narrowed, owner))
    reading.phrases.setdefault(key, referent.number)
    return Found(referent.number, "description", "new-description", name)


def _is_epithet(reading: Reading, mention: Mention) -> bool:
    """Whether the description only says more of somebody just named: "the 35-year-old", "the striker"."""
    if mention.kind != "person" or mention.plural or mention.owner is not None:
        return False
    sentence = reading.parse.sentences[mention.sentence]
    before = [at for at in sentence.subtree(mention.head) if at <= mention.head]
    return any(is_aged(sentence, at) for at in before) or mention.role in person_words().epithets


def described_before(reading: Reading, mention: Mention) -> int | None:
    """The last referent before `mention` that has no name and was described by the same noun."""
    for referent in reading.lately(_LIMIT):
        if not referent.named and referent.kind == "person" and _strength(mention, None, referent) > _SAME_ROLE - 1:
            return referent.number
    return None


def _antecedent(reading: Reading, mention: Mention, owner: int | None) -> Referent | None:
    """The last referent before `mention` that its noun fits best."""
    best: tuple[int, int] | None = None
    chosen = None
    quoted = reading.quoted(mention.span.start)
    for age, referent in enumerate(reading.lately(_LIMIT)):
        if not quoted and not referent.told:
            continue
        strength = _strength(mention, owner, referent)
        if strength and (best is None or (strength, -age) > best):
            best, chosen = (strength, -age), referent
    return chosen


def _strength(mention: Mention, owner: int | None, referent: Referent) -> int:
    """How well the description fits, the better the higher; 0 where it does not.

    By the same role 4, by a narrower one 3, and one more where both are narrowed by the same word; by a word of a
    name 2; by kind alone 1.
    """
    if mention.plural != referent.plural and not (mention.kind == "group" and referent.kind == "group"):
        return 0
    if mention.gender and referent.gender and mention.gender != referent.gender:
        return 0
    people = person_words()
    spoken_of = people.stand_for(mention.role)
    strength = 0
    for held in referent.roles:
        if held.noun in spoken_of and not _contradicts(mention, owner, held, referent.named):
            shared = mention.narrowed & held.narrowed
            strength = max(strength, _SAME_ROLE - 1 + (held.noun == mention.role) + bool(shared))
    if strength or mention.plural or owner is not None:
        return strength
    if mention.kind == "person":
        generic = mention.role in people.generic and not mention.narrowed
        return int(generic and referent.kind == "person" and bool(referent.gender or not mention.gender))
    return _organization_strength(mention, referent) if mention.kind == "organization" and referent.named else 0


def _contradicts(mention: Mention, owner: int | None, held: Role, named: bool) -> bool:
    """Whether the description cannot be of one who holds this role: somebody else's, another place's, a deputy's."""
    others = held.owner is not None or mention.role in person_words().kin or not named
    if owner is not None and owner != held.owner and others:
        return True
    mine, theirs = _proper(mention.narrowed), _proper(held.narrowed)
    if mine and theirs and not mine & theirs:
        return True
    ranks = {word.lower() for word in mention.narrowed} & _RANKS
    return not ranks <= {word.lower() for word in held.narrowed}


def _proper(narrowed: frozenset[str]) -> set[str]:
    """The names among the words that narrow a role: a country's, a city's, no titles."""
    known, titles = nations(), person_words().titles
    countries = {known[word.lower()] for word in narrowed if word.lower() in known}
    names = {word for word in narrowed if word[:1].isupper() and word.lower().rstrip(".") not in titles}
    return countries or names


def _organization_strength(mention: Mention, referent: Referent) -> int:
    """How well a noun for an organization fits a name: a word of it, a word it stands for, or any organization."""
    if mention.narrowed - _EMPTY:
        return 0  # "the Israeli military" says itself which one
    words = organization_words()
    named = {word for form in referent.forms for word in tokens(form)}
    family = words.family.get(mention.role, frozenset())
    if mention.role in words.media:
        family = family | words.media_names
    if mention.role in named or family & named:
        return 2
    if referent.kind != "organization":
        return 0
    told = named & (words.heads | words.media_names)
    any_kind = words.companies | words.teams
    business = mention.role in any_kind and told <= any_kind | words.company_suffixes
    return int(mention.role in words.generic or business)
