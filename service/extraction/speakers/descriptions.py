"""Resolution of descriptions: "the office", "the spokeswoman", "a senior official", "U.S. officials"."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from service.extraction.noun_phrases import DOER
from service.extraction.speakers.ages import age_in, is_of_other_age
from service.extraction.speakers.bodies import acts_for_another, is_medium, is_of_other_body, of_same_body
from service.extraction.speakers.epithets import named_by_epithet, named_by_nationality
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.name_kinds import Kind
from service.extraction.speakers.names import looks_like_acronym, tokens
from service.extraction.speakers.pronouns import salience, undecided
from service.extraction.speakers.referents import (
    Appearance,
    Candidate,
    Coreference,
    Referent,
    ReferentIndex,
    ResolvedMention,
    Role,
)
from service.extraction.wordlists import known_bodies, nations, organization_words, person_words, word_list

# Scores of how well a description fits: by a synonym of the role, or by the same word. Modifiers shared by both add to
# the score; a modifier not seen with the referent subtracts from it.
_SAME_ROLE = 3.0
_SAME_NOUN = 4.0
_SAME_WORD = 2.0  # word shared with a name: "the council", Wexley Council
_NARROWED = 1.0
_UNNARROWED = 2.5
_ELSEWHERE = 1.0  # subtracted if each has a modifier of its own: "a Velmart spokesman", "the company's spokesman"
_KNOWN_BUSINESS = 1.5  # "the company" for a known company
_UNKNOWN_BODY = 0.6  # for a name that could be a person's
_PER_FIT = 3.0  # salience points per point of fit
_FORGOTTEN = -6.0  # salience of a referent last named long ago
_TIE = 0.3  # candidates within this difference count as equal
_NEXT = 2  # sentences
_MAX_CANDIDATES = 5  # candidates
_LIMIT = 40  # referents examined, most recent first
_SEAT = re.compile(r"\b(\w+)-based\b")


class RelatedReferents(NamedTuple):
    """The referents that own a described referent (`owner`) and that it acts for (`affiliation`); None if not
    stated."""

    owner: ReferentIndex | None = None
    affiliation: ReferentIndex | None = None


def resolve_description(
    coref: Coreference,
    mention: Mention,
    name: str,
    related: RelatedReferents,
    others: frozenset[ReferentIndex] = frozenset(),
) -> ResolvedMention:
    """Resolve the common noun at `mention`.

    A definite phrase refers to the last referent it fits, an indefinite one to a new referent. Bare plurals and
    collectives with the same wording are one group. `name` is the display name of a new referent, `others` are the
    referents that are excluded.
    """
    key = name.lower().replace(".", "")
    same = (
        ResolvedMention(coref.phrases[key], "description", "same-description", name) if key in coref.phrases else None
    )
    headline = coref.in_headline(mention.span.start)  # headlines omit articles
    definite = mention.determiner == "definite" or related.owner is not None or (headline and mention.kind != "group")
    alike = mention.determiner != "indefinite" and (mention.plural or mention.kind == "group" or not definite)
    if alike and same is not None:
        return same
    if definite or (mention.determiner == "none" and not mention.plural and mention.kind == "person"):
        resolved = _by_role(coref, mention, name, related, others)
        if resolved is not None:
            return resolved
    if mention.determiner == "definite" and mention.owner is None and not mention.plural:
        resolved = _by_epithet(coref, mention, name, others)
        if resolved is not None:
            return resolved
    if same is not None and mention.determiner != "indefinite":
        return same
    return _new_referent(coref, mention, name, related, key)


def _by_role(
    coref: Coreference, mention: Mention, name: str, related: RelatedReferents, others: frozenset[ReferentIndex]
) -> ResolvedMention | None:
    """Resolve a definite phrase to the referent that it fits best; None if it fits no referent."""
    fitting = [one for one in _fitting(coref, mention, related) if one.referent not in others]
    fitting = of_same_body(coref, related.affiliation, fitting)
    tied = len([one for one in fitting if fitting[0].score - one.score < _TIE])
    if tied == 1 and (rivals := _rivals(coref, mention, related, fitting)):
        fitting, tied = list(rivals), len(rivals)
    if tied > 1:
        return undecided(coref, "definite-description", name, fitting, tied)
    return _resolved(coref, "definite-description", name, fitting) if fitting else None


def _by_epithet(
    coref: Coreference, mention: Mention, name: str, others: frozenset[ReferentIndex]
) -> ResolvedMention | None:
    """Resolve a definite phrase to a person of that nationality or nature: "the Brazilian", "the veteran"."""
    epithets = named_by_nationality(coref, mention, others)
    if len(epithets) > 1:
        return undecided(coref, "epithet", name, epithets, len(epithets))
    epithets = epithets or named_by_epithet(coref, mention, others)
    if not epithets or _elsewhere(mention, coref.referents[epithets[0].referent]):
        return None
    return _resolved(coref, "epithet", name, epithets)


def _resolved(coref: Coreference, rule: str, name: str, candidates: Sequence[Candidate]) -> ResolvedMention:
    """Return the first of the candidates as the referent of a description."""
    meant = coref.referents[candidates[0].referent]
    shown = tuple(candidates[:_MAX_CANDIDATES])
    return ResolvedMention(meant.number, "description", rule, f"{name}: {meant.name}", candidates=shown)


def _new_referent(
    coref: Coreference, mention: Mention, name: str, related: RelatedReferents, key: str
) -> ResolvedMention:
    """Add a referent that the description introduces."""
    kind: Kind = mention.kind
    if kind == "unknown" and DOER.search(mention.role):
        kind = "group" if mention.plural else "person"
    referent = coref.add(kind, name, gender=mention.gender, plural=mention.plural or kind == "group")
    if not _is_quantified(coref, mention):  # "Not every CEO is glum. The CEO of Vail …"
        referent.add_role(Role(mention.role, mention.modifiers, *related))
    coref.phrases.setdefault(key, referent.number)
    return ResolvedMention(referent.number, "description", "new-description", name)


def _is_quantified(coref: Coreference, mention: Mention) -> bool:
    """Return whether the phrase denotes nobody in particular: "every CEO", "no minister"."""
    sentence = coref.parse.sentences[mention.sentence]
    first = sentence.child(mention.head, "det")
    return first is not None and sentence.words[first].text.lower() in word_list("speakers", "quantifying")


def described_before(coref: Coreference, mention: Mention) -> ReferentIndex | None:
    """Return the last unnamed referent before `mention` that was described by the same noun."""
    for referent in coref.recently_mentioned(_LIMIT):
        described = not referent.named and referent.kind == "person"
        if described and _strength(coref, mention, RelatedReferents(), referent) >= _SAME_NOUN:
            return referent.number
    return None


def _fitting(coref: Coreference, mention: Mention, related: RelatedReferents) -> list[Candidate]:
    """Return the earlier referents that the description fits, best first, by fit and then by salience."""
    if "other" in mention.modifiers:
        return []  # "the other man" excludes the most salient man
    quoted = coref.quoted(mention.span.start)
    unnamed, age, found = mention.role in word_list("speakers", "anonymous"), age_in(coref, mention), []
    for referent in coref.recently_mentioned(_LIMIT):
        if is_of_other_age(referent, age):
            continue
        if unnamed and referent.named and referent.kind in {"person", "unknown"}:
            continue
        strength = _strength(coref, mention, related, referent) if quoted or referent.narrated else 0.0
        if strength:
            salient = salience(coref, referent, mention)
            found.append(Candidate(_PER_FIT * strength + (_FORGOTTEN if salient is None else salient), referent.number))
    return sorted(found, key=lambda one: (-one.score, one.referent))


def _rivals(
    coref: Coreference, mention: Mention, related: RelatedReferents, fitting: list[Candidate]
) -> tuple[Candidate, ...]:
    """Return the best candidate and those that fit the description just as well, if the last sentence that names the
    best one names them too, as holders of the same role.

    The description does not say which it means: "Company lawyer Ann Foss sat next to union lawyer Bo Reed. The lawyer
    said …". Returns nothing if there are none, or if only the best one has just spoken.
    """
    meant = coref.referents[fitting[0].referent]
    seen = _last_narrated(meant, mention)
    if mention.kind not in {"person", "organization"} or seen is None or not meant.named:
        return ()
    if any(one.source and one.sentence == seen.sentence for one in meant.appearances):
        return ()
    fit = _strength(coref, mention, related, meant)
    rivals = []
    for candidate in fitting[1:]:
        other = coref.referents[candidate.referent]
        near = _last_narrated(other, mention)
        if near is None or near.sentence != seen.sentence or not other.named:
            continue
        alike = any(role.noun == mention.role for role in other.roles)
        if mention.kind == "organization":  # an acronym of no known business is mostly an agency's
            in_passing = coref.article.text.endswith("(", 0, near.span.start)  # "(Reuters) — Holt Group is …"
            alike = not in_passing and (fit > 1 or not looks_like_acronym(other.forms[-1]))
        strength = _strength(coref, mention, related, other)
        office = person_words().titles.intersection(tokens(other.name))  # the Attorney General is no company
        by_kind = not office and 0 < strength < fit <= _KNOWN_BUSINESS and near.function in {"object", seen.function}
        if alike and (strength == fit or (mention.kind == "organization" and by_kind)):
            rivals.append(candidate)
    return (fitting[0], *rivals) if rivals else ()


def _last_narrated(referent: Referent, mention: Mention) -> Appearance | None:
    """Return the last appearance of `referent` before the mention, outside quotation marks."""
    before = (one for one in reversed(referent.appearances) if not one.quoted and one.span.start < mention.span.start)
    return next(before, None)


def _strength(coref: Coreference, mention: Mention, related: RelatedReferents, referent: Referent) -> float:
    """Return how well the description fits, or 0 if it does not."""
    if mention.plural and not referent.named and not any(role.noun == mention.role for role in referent.roles):
        return 0  # "the researchers" are not the "scientists" of another sentence
    if mention.plural != referent.plural and not (mention.kind == "group" and referent.kind == "group"):
        return 0
    if mention.gender and referent.gender and mention.gender != referent.gender:
        return 0
    people = person_words()
    spoken_of = people.stand_for(mention.role)
    strength = 0.0
    for existing in referent.roles:
        if existing.noun in spoken_of or _speaks_for_same(mention, related, existing):
            strength = max(strength, _role_strength(coref, mention, related, existing, named=referent.named))
    if strength or mention.plural or related.owner is not None:
        return strength
    if mention.kind == "person":
        generic = mention.role in people.generic and not mention.modifiers
        gender_fits = bool(referent.gender or not mention.gender) or _just_spoke(referent, mention)
        return int(generic and referent.kind == "person" and gender_fits)
    if mention.kind != "organization" or not referent.named:
        return 0
    if all(coref.article.text.endswith("(", 0, seen.span.start) for seen in referent.appearances):
        return 0  # the agency of a dateline, "(Reuters)"
    strength = _organization_strength(coref, mention, referent)
    ahead = coref.in_headline(mention.span.start) and referent.appearances[0].span.start > mention.span.end
    return 0 if ahead and strength < _SAME_WORD else strength  # a name that follows needs more than the same kind


def _speaks_for_same(mention: Mention, related: RelatedReferents, existing: Role) -> bool:
    """Return whether "the APC spokesman" can be somebody introduced as its publicity secretary or press officer."""
    speaking = word_list("speakers", "press_offices")
    if mention.role not in word_list("speakers", "spokespeople") or existing.noun not in speaking:
        return False
    if not word_list("speakers", "press_fields").intersection(word.lower() for word in existing.modifiers):
        return False
    bodies = {related.owner, related.affiliation} & {existing.owner, existing.affiliation} - {None}
    return bool(bodies) or bool(_proper(mention.modifiers) & _proper(existing.modifiers))


def _just_spoke(referent: Referent, mention: Mention) -> bool:
    """Return whether an unnamed person spoke in the sentence before: "A resident said … “We wait,” the woman said."""
    if referent.named:
        return False
    return any(seen.source and 0 < mention.sentence - seen.sentence <= _NEXT for seen in referent.appearances)


def _role_strength(
    coref: Coreference, mention: Mention, related: RelatedReferents, existing: Role, *, named: bool
) -> float:
    """Return how well a description fits a referent with this role, by its noun and its modifiers."""
    if _contradicts(mention, related.owner, existing, named) or acts_for_another(coref, related.affiliation, existing):
        return 0.0
    strength = _SAME_NOUN if existing.noun == mention.role else _SAME_ROLE
    own_words, existing_words = (
        _distinguishing(mention.modifiers, existing.noun),
        _distinguishing(existing.modifiers, mention.role),
    )
    if own_words & existing_words or mention.modifiers & existing.modifiers:
        return strength + _NARROWED
    further = own_words and any(word.islower() for word in mention.modifiers if word.lower() in own_words)
    if further and existing_words and _common(existing_words, existing.modifiers):
        return 0.0  # Oria's agriculture minister is not Oria's prime minister
    if related.affiliation is not None and related.affiliation == existing.affiliation:
        return strength + _NARROWED
    if further:
        other = _common(existing_words, existing.modifiers) or is_of_other_body(coref, own_words, existing)
        return 0.0 if other else strength - _UNNARROWED
    return strength - _ELSEWHERE if own_words and existing_words else strength


def _distinguishing(modifiers: frozenset[str], noun: str) -> set[str]:
    """Return the words, in lower case, that distinguish holders of a role: "fire" in "fire chief"."""
    people = person_words()
    words = {word.lower().rstrip(".") for word in modifiers}
    return words - people.descriptive - people.honorifics.keys() - {noun} - word_list("speakers", "ranks")


def _common(words: set[str], modifiers: frozenset[str]) -> bool:
    """Return whether one of the distinguishing `words` is a common noun or adjective, not a place or company name."""
    people = person_words()
    known = (
        people.titles | people.fields | people.gerunds | organization_words().heads | organization_words().collectives
    )
    return any(word in known or word in modifiers for word in words)


def _contradicts(mention: Mention, owner: ReferentIndex | None, existing: Role, named: bool) -> bool:
    """Return whether the description excludes a holder of this role by owner, place or rank."""
    others = existing.owner is not None or mention.role in person_words().kin or not named
    if owner is not None and owner not in {existing.owner, existing.affiliation} and others:
        return True
    own_words, existing_words = _proper(mention.modifiers), _proper(existing.modifiers)
    if own_words and existing_words and not own_words & existing_words:
        return True
    ranks, existing_ranks = ({word.lower() for word in words} for words in (mention.modifiers, existing.modifiers))
    lesser = existing_ranks & word_list("speakers", "lesser_ranks") - ranks and existing.noun in person_words().offices
    return bool(lesser) or not ranks & word_list("speakers", "ranks") <= existing_ranks


def _proper(modifiers: frozenset[str]) -> set[str]:
    """Return the names among the modifiers of a role, such as countries and cities, without titles."""
    known, people = nations(), person_words()
    others = people.titles | people.honorifics.keys() | word_list("speakers", "ranks")  # "First Lady"
    countries = {known[word.lower()] for word in modifiers if word.lower() in known}
    names = {word for word in modifiers if word[:1].isupper() and word.lower().rstrip(".") not in others}
    return countries or names


def _elsewhere(mention: Mention, referent: Referent) -> bool:
    """Return whether the description has another town or club than the referent: "the Norwood striker"."""
    own = {word for word in _proper(mention.modifiers) if word.lower() not in nations()}
    if mention.modifiers & {"former", "ex"}:
        return False  # "the former Ember actress" can be a Strand star now
    alike = [role for role in referent.roles if role.noun in person_words().stand_for(mention.role)]
    theirs = {word for role in alike for word in _proper(role.modifiers) if word.lower() not in nations()}
    return bool(own) and bool(theirs) and not own & theirs


def _of_nation(mention: Mention, referent: Referent) -> bool:
    """Return whether "the German company" can refer to a referent introduced as "German chipmaker Teldan"."""
    business, known = organization_words().companies, nations()
    stated = {word.lower() for word in mention.modifiers}
    if mention.role not in business or not stated or not all(word in known for word in stated):
        return False
    countries = {known[word] for word in stated}
    return any(
        role.noun in business and countries & {known.get(word.lower()) for word in role.modifiers}
        for role in referent.roles
    )


def _can_be_its_trade(coref: Coreference, trade: frozenset[str], referent: Referent) -> bool:
    """Return whether "the *drug* maker" can be the body: the only named one, which has no other trade here."""
    words = organization_words()
    if not all(word.islower() for word in trade) or any(role.noun in words.companies for role in referent.roles):
        return False
    bodies = [one for one in coref.referents if one.named and one.names and _can_be_body(one)]
    return bodies == [referent]


def _can_be_body(referent: Referent) -> bool:
    """Return whether the name is an organization's, or one word that shows no person: "*Merritt* cut its forecast"."""
    unknown = referent.kind in {"person", "unknown"} and not referent.gender and not referent.roles
    return referent.kind == "organization" or (unknown and len(tokens(referent.name)) == 1)


def _is_by_seat(coref: Coreference, mention: Mention) -> bool:
    """Return whether the phrase is "the Oslo-based company", in an article that gives no other company's seat."""
    if "based" not in mention.modifiers or mention.role not in organization_words().companies:
        return False
    places = mention.modifiers - {"based"} - set(nations().values())
    seats = {found[1] for found in _SEAT.finditer(coref.article.text)}
    return all(map(str.istitle, places)) and len(seats) == 1


def _organization_strength(coref: Coreference, mention: Mention, referent: Referent) -> float:
    """Return how well a noun for an organization fits a name: by a shared word, a related word, or only by kind."""
    if _of_nation(mention, referent):
        return _SAME_WORD
    words = organization_words()
    further = mention.modifiers - word_list("speakers", "general_modifiers")
    if _is_by_seat(coref, mention):
        further = frozenset()
    if further and not (mention.role in words.companies and _can_be_its_trade(coref, further, referent)):
        return 0  # "the Israeli military" needs no antecedent
    named = {word for form in referent.forms for word in tokens(form)}
    family = words.family.get(mention.role, frozenset())
    if mention.role in words.media:
        family = family | words.media_names
    if mention.role in named or family & named:
        return _SAME_WORD
    if mention.role in words.teams and any(role.noun in words.media for role in referent.roles):
        return 0  # the journal Cell Maps is not "the team"
    unknown = referent.kind == "person" and not referent.gender and not referent.roles and len(referent.forms) == 1
    if referent.kind != "organization" and not (unknown and len(named) == 1):
        return 0
    body_words = named & (words.heads | words.media_names)
    any_kind = words.companies | words.teams
    if mention.role in words.companies and is_medium(referent):  # those are companies too, but no "airline"
        return _UNKNOWN_BODY if mention.role in word_list("speakers", "any_businesses") else 0
    business = mention.role in any_kind and body_words <= any_kind | words.company_suffixes
    if any(role.noun in word_list("speakers", "no_companies") for role in referent.roles):
        return 0  # the union APK is not "the company"
    if business and mention.role in words.companies:
        businesses, others = known_bodies()
        if others.intersection(referent.forms):
            return 0
        business_like = bool(businesses.intersection(referent.forms) or named & words.company_suffixes)
        return _KNOWN_BUSINESS if business_like else _UNKNOWN_BODY if unknown else 1
    return int((mention.role in words.generic and not unknown) or business)
