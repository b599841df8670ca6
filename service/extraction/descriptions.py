"""Whom a description means: "the office", "the spokeswoman", "a senior official", "U.S. officials"."""

import re

from service.article.article import Article, Span
from service.extraction.mentions import Kind, Mention
from service.extraction.names import tokens
from service.extraction.referents import Found, Reading, Referent, Role
from service.extraction.wordlists import nations, organization_words, person_words
from service.parsing.tree import Sentence

_LIMIT = 40  # referents looked at, the last first
_LEADING = re.compile(r"^(?:an?|the|another|some|this|that|these|those)\s+", re.IGNORECASE)
_RANKS = frozenset({"former", "vice", "deputy", "assistant", "acting", "first", "second", "third", "associate", "co"})


def described_as(article: Article, sentence: Sentence, span: Span) -> str:
    """The phrase at `span` as a name for somebody who has none: without article, line breaks, and the capital letter
    that only begins the sentence."""
    plain = " ".join(article.slice(span).split()).strip(" ,;:")
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
    definite = mention.determiner == "definite" or owner is not None
    alike = mention.determiner != "indefinite" and (mention.plural or mention.kind == "group" or not definite)
    if alike and key in reading.phrases:
        return Found(reading.phrases[key], "description", "same-description", name)
    if definite or (mention.determiner == "none" and not mention.plural and mention.kind == "person"):
        earlier = _antecedent(reading, mention, owner)
        if earlier is not None:
            return Found(earlier.number, "description", "definite-description", f"{name}: {earlier.name}")
    if key in reading.phrases and mention.determiner != "indefinite":
        return Found(reading.phrases[key], "description", "same-description", name)
    kind: Kind = mention.kind
    referent = reading.add(kind, name, gender=mention.gender, plural=mention.plural or kind == "group")
    referent.hold(Role(mention.role, mention.narrowed, owner))
    reading.phrases.setdefault(key, referent.number)
    return Found(referent.number, "description", "new-description", name)


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
    """How well the description fits: 3 by the same role, 2 by a narrower or a name's word, 1 by kind alone, 0 not."""
    if mention.plural != referent.plural and not (mention.kind == "group" and referent.kind == "group"):
        return 0
    if mention.gender and referent.gender and mention.gender != referent.gender:
        return 0
    role, people = mention.role, person_words()
    narrower = people.stand_for(role)
    strength = 0
    for held in referent.roles:
        if held.noun in narrower and _compatible(mention, owner, held, referent.named):
            strength = max(strength, 3 if held.noun == role else 2)
    if strength or mention.plural:
        return strength
    if mention.kind == "person":
        generic = role in people.generic and owner is None
        return 1 if generic and referent.kind == "person" and (referent.gender or not mention.gender) else 0
    if referent.kind in {"organization", "place", "unknown"}:
        return _organization_strength(mention, owner, referent)
    return 0


def _compatible(mention: Mention, owner: int | None, held: Role, named: bool) -> bool:
    """Whether what narrows the description contradicts the role: another country's, a deputy, somebody else's."""
    if owner is not None and held.owner is not None and owner != held.owner:
        return False
    if owner is not None and held.owner is None and (mention.role in person_words().kin or not named):
        return False
    mine, theirs = _countries(mention.narrowed), _countries(held.narrowed)
    if mine and theirs and not mine & theirs:
        return False
    return mention.narrowed & _RANKS <= held.narrowed


def _countries(words: frozenset[str]) -> set[str]:
    return {nations()[word] for word in words if word in nations()}


def _organization_strength(mention: Mention, owner: int | None, referent: Referent) -> int:
    """How well a noun for an organization fits a name: a word of it, a word it stands for, or any organization."""
    words = organization_words()
    named = {word for form in referent.forms for word in tokens(form)} if referent.named else set()
    if mention.kind != "organization" or owner is not None or _owned(mention):
        return 0
    family = words.family.get(mention.role, frozenset())
    if mention.role in words.media:
        family = family | words.media_names
    if mention.role in named or family & named:
        return 2
    if not referent.named or referent.kind == "place":
        return 0
    told = named & (words.heads | words.media_names)
    if mention.role in words.generic and referent.kind == "organization":
        return 1
    return (
        1 if mention.role in words.companies and (not told or told <= words.companies | words.company_suffixes) else 0
    )


def _owned(mention: Mention) -> bool:
    """Whether the description says itself which one: "the Israeli military", "the justice ministry"."""
    return bool(mention.narrowed - {"state", "news", "official", "whole", "entire", "very", "same", "u.s"})
