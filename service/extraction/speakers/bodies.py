"""Bodies that people act for: is "the Nato spokesman" the spokesman of another body?"""

from collections.abc import Sequence, Set

from service.extraction.speakers.names import tokens
from service.extraction.speakers.referents import Candidate, Coreference, Referent, ReferentIndex, Role
from service.extraction.wordlists import media_bodies, organization_words


def acts_for_another(coref: Coreference, affiliation: ReferentIndex | None, existing: Role) -> bool:
    """Return whether two people act for bodies that are different in this article."""
    other = existing.affiliation
    if affiliation is None or affiliation == other:
        return False
    if other is None:
        return _is_of_kind_unlike(coref.referents[affiliation], existing)
    described = any(map(str.isupper, coref.referents[other].name))  # "the Islamist movement", unlike "the company"
    return coref.referents[affiliation].named and (coref.referents[other].named or described)


def _is_of_kind_unlike(body: Referent, existing: Role) -> bool:
    """Return whether the role is at a body of another kind: Nato's is not "a foreign ministry spokesman"."""
    words = organization_words()
    kinds = words.heads - words.companies - words.generic - words.teams - words.media
    at = {word.lower() for word in existing.modifiers} & kinds
    return body.named and bool(at) and at.isdisjoint(tokens(body.name))


def is_of_other_body(coref: Coreference, words: Set[str], existing: Role) -> bool:
    """Return whether the `words` of a description name another body than that of the role: "the ministry spokesman" is
    not "the movement's spokesman, Ali Amin"."""
    if existing.affiliation is None or not words & organization_words().heads:
        return False
    return words.isdisjoint(tokens(coref.referents[existing.affiliation].name))


def of_same_body(
    coref: Coreference, affiliation: ReferentIndex | None, fitting: Sequence[Candidate]
) -> list[Candidate]:
    """Return those of `fitting` who act for the body of the description, or all of them if none does."""
    bodies = [{role.affiliation for role in coref.referents[one.referent].roles} - {None} for one in fitting]
    same = [one for one, known in zip(fitting, bodies, strict=True) if affiliation in known]
    return same or list(fitting)


def is_medium(referent: Referent) -> bool:
    """Return whether the referent's name is that of a newspaper, an agency or another of the media."""
    named = {word for form in referent.forms for word in tokens(form)}
    return bool(named & organization_words().media_names) or not media_bodies().isdisjoint(referent.forms)
