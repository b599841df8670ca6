"""Resolution of epithets, which add information about someone just named: "the 35-year-old", "the Brazilian", "the care
worker"."""

import re
from typing import Final

from service.extraction.noun_phrases import DOER, is_aged
from service.extraction.speakers.ages import age_in, ages_of
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.pronouns import persons_by_salience, salience
from service.extraction.speakers.referents import Appearance, Candidate, Coreference, Referent, ReferentIndex
from service.extraction.wordlists import nations, person_words, word_list

_TIE: Final = 0.3  # candidates within this difference count as equal
_AHEAD: Final = 0.8  # required lead over the next candidate, if the epithet is not a general one
_NEAR: Final = 2  # maximum sentences back to where the referent spoke or was a subject
_MOST_NAMES: Final = 4  # names of a person examined for a nationality
_WINDOW: Final = 40  # code points before them
_FROM_COUNTRY: Final = re.compile(r",?\s(?:of|from)\s(?:the\s)?(?P<place>[A-Z][\w.]*(?:\s[A-Z]\w+)?)")
_OF_AGE: Final = 6.0  # score of the only person of the stated age
_OF_CHILDREN: Final = re.compile(r"(?:mum|mom|mother|dad|father|parent|grandmother|grandfather|gran|nan)[ -]of[ -]\w")


def named_by_epithet(
    coref: Coreference, mention: Mention, others: frozenset[ReferentIndex] = frozenset()
) -> list[Candidate]:
    """Return the named persons that the definite singular description at `mention` can refer to, best first.

    Returns an empty list if it is not an epithet, or if several persons are equally likely. `others` are excluded.

    General epithets ("the striker", "the 35-year-old") refer to the most salient person. Other nouns for a person ("the
    electrician") refer to that person only if they are clearly the most salient, mentioned nearby and have no office of
    their own. Nouns for a participant in the events ("the driver") are never epithets.
    """
    age = age_in(coref, mention)
    aged = [one for one in coref.referents if age is not None and age in ages_of(coref, one)]
    if len(aged) == 1 and aged[0].number not in others:
        return [Candidate(_OF_AGE + (salience(coref, aged[0], mention) or 0.0), aged[0].number)]
    known = _is_known_epithet(coref, mention)
    if not known and not _can_be_epithet(mention):
        return []
    scored = persons_by_salience(coref, mention, others)
    if age is not None:
        scored = [one for one in scored if ages_of(coref, coref.referents[one.referent]) <= {age}]
    topic = _spoken_about(coref, mention, scored[0].referent) if scored and known else None
    if topic is not None and topic not in others:
        return [Candidate(scored[0].score, topic)]
    if not scored or (len(scored) > 1 and scored[0].score - scored[1].score < (_TIE if known else _AHEAD)):
        return []
    meant = coref.referents[scored[0].referent]
    if not meant.named or (not known and not (_is_near(meant, mention) and not _holds_office(meant))):
        return []
    return scored


def _spoken_about(coref: Coreference, mention: Mention, speaker: ReferentIndex) -> ReferentIndex | None:
    """Return whom the last speaker spoke about: “He can play anywhere,” Hart said of *the defender*."""
    seen = [one for one in _appearances_before(coref.referents[speaker], mention) if one.source]
    if not seen or mention.sentence - seen[-1].sentence > 1:
        return None
    sentence = coref.parse.sentences[seen[-1].sentence]
    for at, word in enumerate(sentence.words):
        case = sentence.child(at, "case")
        of = case is not None and sentence.words[case].text.lower() in {"of", "about"}
        if case is None or not of or word.relation not in {"obl", "nmod"}:
            continue
        if sentence.words[case - 1].lemma.lower() not in word_list("speakers", "saying"):
            continue
        found = coref.resolutions.get((seen[-1].sentence, at))
        person = found is not None and found.referent is not None and coref.referents[found.referent].kind == "person"
        if found is not None and person and found.referent != speaker:
            return found.referent
    return None


def named_by_nationality(
    coref: Coreference, mention: Mention, others: frozenset[ReferentIndex] = frozenset()
) -> list[Candidate]:
    """Return the named persons that "the Swede" can refer to, best first; several if the text does not say which.

    A person introduced with this nationality comes first, and one with another nationality is left out. Of the others,
    it is the most salient one, unless the last sentence that names that one also names others, and none spoke there:
    "Sven Lind beat Karl Berg. The Swede said …".
    """
    country = nations().get(mention.role)
    if country is None:
        return []
    scored = [
        one
        for one in persons_by_salience(coref, mention, others)
        if coref.referents[one.referent].named and _country_of(coref, coref.referents[one.referent]) in {None, country}
    ]
    known = [one for one in scored if _country_of(coref, coref.referents[one.referent]) == country]
    if known or not scored:
        return known
    seen = _appearances_before(coref.referents[scored[0].referent], mention)
    if not seen or seen[-1].source:
        return scored[:1]
    named = {
        one
        for one in scored
        for last in _appearances_before(coref.referents[one.referent], mention)
        if last.form == "name" and last.sentence >= seen[-1].sentence
    }
    return [one for one in scored if one in named or one is scored[0]]


def _appearances_before(referent: Referent, mention: Mention) -> list[Appearance]:
    """Return the appearances of `referent` before the mention, outside quotation marks."""
    return [one for one in referent.appearances if one.span.start < mention.span.start and not one.quoted]


def _country_of(coref: Coreference, referent: Referent) -> str | None:
    """Return the country that the words around the person's names state: "Kenya's Ruth Keino", "Jonas Berg of Norway",
    "the French president, Luc Moreau"."""
    known, text, people = nations(), coref.article.text, person_words()
    for role in referent.roles:
        for word in (role.noun, *role.modifiers):
            if word.lower() in known:
                return known[word.lower()]
    for span in referent.names[:_MOST_NAMES]:
        after = _FROM_COUNTRY.match(text, span.end)
        if after is not None and (found := known.get(after["place"].lower())) is not None:
            return found
        before = text[max(0, span.start - _WINDOW) : span.start].rsplit("\n", 1)[-1]
        for word in [*text[span.start : span.end].split()[:1], *reversed(before.split())]:
            plain = re.sub(r"['’]s?\Z", "", word.lower())
            if plain in known:
                return known[plain]
            if word in before and plain not in people.roles and plain not in people.titles:
                break
    return None


def _is_known_epithet(coref: Coreference, mention: Mention) -> bool:
    """Return whether the description gives an age, nationality or children, or is a common epithet in news."""
    sentence = coref.parse.sentences[mention.sentence]
    before = [at for at in sentence.subtree(mention.head) if at <= mention.head]
    if any(is_aged(sentence, at) for at in before) or mention.role in person_words().epithets | nations().keys():
        return True
    if mention.kind == "person" and mention.role in word_list("speakers", "positions"):
        return True
    if mention.role in word_list("speakers", "honoured") and _names_prize(mention):
        return True
    after = coref.article.text[mention.span.start : mention.span.start + 40].lower()
    return _OF_CHILDREN.match(after) is not None


def _names_prize(mention: Mention) -> bool:
    """Return whether a modifier names a prize: "the *Oscar* winner"."""
    return any(word.lower() in word_list("speakers", "prizes") for word in mention.modifiers)


def _can_be_epithet(mention: Mention) -> bool:
    """Return whether the noun denotes a person but not a participant in the events."""
    person = mention.kind == "person" or (mention.kind == "unknown" and DOER.search(mention.role))
    if not person or "other" in mention.modifiers or any(word[:1].isupper() for word in mention.modifiers):
        return False  # "the Ohio teacher" needs no antecedent
    distinguished = {word for word in mention.modifiers if word.islower()} - person_words().descriptive
    trade = mention.role in word_list("speakers", "trades") and bool(distinguished)  # a care worker
    return trade or mention.role not in person_words().participants


def _is_near(referent: Referent, mention: Mention) -> bool:
    return any(
        mention.sentence - seen.sentence <= _NEAR and (seen.source or seen.function == "subject")
        for seen in referent.appearances[-8:]
    )


def _holds_office(referent: Referent) -> bool:
    people = person_words()
    return any(role.noun in people.participants and role.noun not in people.kin for role in referent.roles)
