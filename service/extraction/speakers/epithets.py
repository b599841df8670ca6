"""Resolution of epithets, which add information about someone just named: "the 35-year-old", "the Brazilian", "the care
worker"."""

import re
from typing import Final

from service.extraction.noun_phrases import is_aged
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.name_runs import DOER
from service.extraction.speakers.pronouns import persons_by_salience
from service.extraction.speakers.referents import Candidate, Coreference, Referent
from service.extraction.wordlists import nations, person_words

_TIE: Final = 0.1  # candidates within this difference count as equal
_AHEAD: Final = 0.8  # required lead over the next candidate, if the epithet is not a general one
_NEAR: Final = 2  # maximum sentences back to where the referent spoke or was a subject
_OF_CHILDREN: Final = re.compile(r"(?:mum|mom|mother|dad|father|parent|grandmother|grandfather|gran|nan)[ -]of[ -]\w")


def named_by_epithet(coref: Coreference, mention: Mention, others: frozenset[int] = frozenset()) -> list[Candidate]:
    """Return the named persons that the definite singular description at `mention` can refer to, best first.

    Returns an empty list if it is no epithet, or if several persons are equally likely. `others` are excluded.

    General epithets ("the striker", "the 35-year-old") refer to the most salient person. Other nouns for a person ("the
    electrician") refer to that person only if they are clearly the most salient, mentioned nearby and have no office of
    their own. Nouns for a participant in the events ("the driver") are never epithets.
    """
    known = _is_known_epithet(coref, mention)
    if not known and not _can_be_epithet(mention):
        return []
    scored = persons_by_salience(coref, mention, others)
    if not scored or (len(scored) > 1 and scored[0].score - scored[1].score < (_TIE if known else _AHEAD)):
        return []
    meant = coref.referents[scored[0].referent]
    if not meant.named or (not known and not (_is_near(meant, mention) and not _holds_office(meant))):
        return []
    return scored


def _is_known_epithet(coref: Coreference, mention: Mention) -> bool:
    """Return whether the description gives an age, nationality or children, or is a common epithet in news."""
    sentence = coref.parse.sentences[mention.sentence]
    before = [at for at in sentence.subtree(mention.head) if at <= mention.head]
    if any(is_aged(sentence, at) for at in before) or mention.role in person_words().epithets | nations().keys():
        return True
    after = coref.article.text[mention.span.start : mention.span.start + 40].lower()
    return _OF_CHILDREN.match(after) is not None


def _can_be_epithet(mention: Mention) -> bool:
    """Return whether the noun denotes a person but not a participant in the events."""
    person = mention.kind == "person" or (mention.kind == "unknown" and DOER.search(mention.role))
    if not person or "other" in mention.narrowed or any(word[:1].isupper() for word in mention.narrowed):
        return False  # "the Ohio teacher" needs no antecedent
    trade = mention.role == "worker" and any(word.islower() for word in mention.narrowed)  # a care worker
    return trade or mention.role not in person_words().participants


def _is_near(referent: Referent, mention: Mention) -> bool:
    return any(
        mention.sentence - seen.sentence <= _NEAR and (seen.source or seen.place == "subject")
        for seen in referent.appearances[-8:]
    )


def _holds_office(referent: Referent) -> bool:
    people = person_words()
    return any(role.noun in people.participants and role.noun not in people.kin for role in referent.roles)
