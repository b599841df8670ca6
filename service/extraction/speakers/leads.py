"""Persons who are described in the first paragraph of an article and named in the next."""

import re
from typing import Final

from service.extraction.speakers.ages import ages_of
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.names import tokens
from service.extraction.speakers.referents import Coreference, Referent
from service.extraction.wordlists import person_words, word_list
from service.input.article import Span

_SOON: Final = 3  # paragraphs
_NEXT: Final = 2  # paragraphs to the one that names the speaker of the first
_AFTER_NAME: Final = re.compile(r",? (?:\d+, )?(?:a |from |of )[^.\n]{0,60}")
_OF_ANOTHER: Final = (" of a ", " of an ", " of the ", " of one ")


def identify_lead(coref: Coreference, mention: Mention) -> bool:
    """Identify the unnamed person of the first paragraph with the one who is named at the beginning of the next.

    "A mother of three said …" and "Ann Cole, 34, had …". The name must state an age.
    Returns whether there is such a person.
    """
    found = coref.resolutions.get((mention.sentence, mention.head))
    paragraph = coref.paragraph(mention.span.start)
    sections = [one.section for one in coref.article.paragraphs[:paragraph]]
    if found is None or found.referent is None or "body" not in sections:
        return False
    named, first = coref.referents[found.referent], sections.index("body")
    if not named.appearances:
        return False  # only in the credit of a photograph
    if mention.form != "name":
        return found.rule == "apposition" and _identify_later(coref, mention, named, first)
    if _identify_role(coref, mention, named, first) or _identify_speaker(coref, mention, named, first):
        return True
    if _identify_later(coref, mention, named, first):
        return True
    begins = not coref.article.text[coref.article.paragraphs[paragraph].span.start : mention.span.start].strip()
    new = min(named.names, default=mention.span).start >= coref.article.paragraphs[paragraph].span.start
    if named.kind != "person" or len(tokens(mention.name)) < 2 or not begins or not new or paragraph - first > 1:
        return False
    offices = word_list("speakers", "lead_roles")  # a coroner is not the person named with an age in the next paragraph
    leads = [one for one in coref.referents if _is_lead(coref, one, first)]
    leads = [one for one in leads if not {role.noun for role in one.roles} & offices]
    leads = [one for one in leads if any(seen.source for seen in one.appearances)] or leads
    agree = len(leads) == 1 and (leads[0].gender is None or named.gender in {None, leads[0].gender})
    if not agree or not ages_of(coref, named) or leads[0].number in coref.identified:
        return False
    _identify(coref, leads[0], named)
    _take_over(leads[0], named)
    return True


def _identify(coref: Coreference, lead: Referent, named: Referent) -> None:
    coref.identified[lead.number] = named.number
    coref.recent.pop(lead.number, None)


def _take_over(lead: Referent, named: Referent) -> None:
    """Add the gender and the roles of the unnamed person to the named one."""
    named.gender = named.gender or lead.gender
    for role in lead.roles:
        named.add_role(role)


def _identify_role(coref: Coreference, mention: Mention, named: Referent, first: int) -> bool:
    """Identify the unnamed holder of an office in the first paragraph with the only one who is named soon after.

    "A federal judge ruled …" and "District Judge Ana Ruiz said …".
    """
    body, roles = coref.article.paragraphs[first].span, word_list("speakers", "lead_roles")
    own = {role.noun for role in named.roles} & roles
    begins = min(named.names, default=mention.span).start
    if not own or named.kind != "person" or coref.paragraph(begins) - first > _SOON or begins < body.end:
        return False
    if any(one is not named and one.named and own & {role.noun for role in one.roles} for one in coref.referents):
        return False
    leads = [one for one in coref.referents if _is_lead(coref, one, first) and own & {role.noun for role in one.roles}]
    if len(leads) != 1 or leads[0].number in coref.identified or named.number in coref.identified.values():
        return False
    _identify(coref, leads[0], named)
    return True


def _identify_speaker(coref: Coreference, mention: Mention, named: Referent, first: int) -> bool:
    """Identify the unnamed speaker of the first paragraph with the one who begins the next, named in full and without
    an introduction, and speaks: "Oria's prime minister says …" and "Ranil Venn told parliament …"."""
    body, key = coref.article.paragraphs[first].span, (mention.sentence, mention.head)
    begins = coref.article.paragraphs[coref.paragraph(mention.span.start)].span.start
    new = min(named.names, default=mention.span).start == mention.span.start >= body.end
    opens = begins == mention.span.start and coref.paragraph(begins) - first <= _NEXT
    if not new or not opens or key not in coref.sources or named.kind not in {"person", "unknown"}:
        return False
    if named.roles or mention.determiner != "none" or len(tokens(mention.name)) < 2 or _is_introduced(coref, mention):
        return False
    speaking = [one for one in coref.referents if _speaks_in(one, first)]
    if len(speaking) != 1 or not _is_lead(coref, speaking[0], first) or speaking[0].number in coref.identified:
        return False
    lead = speaking[0]
    if not _is_described(coref, lead) or not any(role.noun in person_words().roles for role in lead.roles):
        return False
    if lead.gender is not None and named.gender is not None and lead.gender != named.gender:
        return False
    named.kind = "person"
    _identify(coref, lead, named)
    _take_over(lead, named)
    return True


def _identify_later(coref: Coreference, mention: Mention, named: Referent, first: int) -> bool:
    """Identify the unnamed speaker of the first paragraph with the first person who is named in the article, if both
    have the same place or role. The name is in full, and begins one of the next paragraphs or is a source there.

    "A Leeds man has said …", a paragraph about something else, and "Tom Harker, 52, from Leeds, was alone".
    """
    name = min(named.names, default=mention.span)
    here = coref.paragraph(name.start)
    opens = not coref.article.text[coref.article.paragraphs[here].span.start : name.start].strip()
    new = name.start >= coref.article.paragraphs[first].span.end and named.appearances[0].sentence == mention.sentence
    opens = opens or any(one.span.contains(name) and one.source for one in named.appearances)
    if not new or not opens or here - first > _SOON or named.kind != "person" or len(tokens(named.name)) < 2:
        return False
    if any(one.named and one is not named and one.kind == "person" for one in coref.referents):
        return False
    speaking = [one for one in coref.referents if _speaks_in(one, first)]
    if len(speaking) != 1 or speaking[0].number in coref.identified:
        return False
    lead = speaking[0]
    if lead.named or lead.kind != "person" or lead.plural or {role.noun for role in lead.roles} & person_words().kin:
        return False
    if lead.gender is not None and named.gender is not None and lead.gender != named.gender:
        return False
    if not _is_same(coref, name, named, lead):
        return False
    coref.identified[lead.number] = named.number
    named.gender = named.gender or lead.gender
    for role in lead.roles:
        named.add_role(role)
    coref.recent.pop(lead.number, None)
    return True


def _is_same(coref: Coreference, name: Span, named: Referent, lead: Referent) -> bool:
    """Return whether the words after the name, or its roles, repeat the description of the lead."""
    after = _AFTER_NAME.match(coref.article.text, name.end)
    stated = set(tokens(after[0])) if after is not None else set()
    places = {word.lower() for role in lead.roles for word in role.modifiers if word[:1].isupper()}
    if places & stated:
        sentence = coref.parse.sentences[named.appearances[0].sentence]
        return not word_list("speakers", "of_suspects").intersection(word.lemma.lower() for word in sentence.words)
    own, nouns = ({role.noun for role in one.roles} for one in (named, lead))
    return any(own & person_words().stand_for(noun) for noun in nouns - word_list("speakers", "unnamed_leads"))


def _speaks_in(referent: Referent, paragraph: int) -> bool:
    return any(seen.source and seen.paragraph == paragraph for seen in referent.appearances)


def _is_described(coref: Coreference, referent: Referent) -> bool:
    """Return whether the first description is definite or has an owner, a field or a place: not "a witness"."""
    seen = referent.appearances[0]
    heads = [one for one in coref.mentions.values() if one.sentence == seen.sentence and one.span == seen.span]
    return any(one.determiner != "indefinite" or one.modifiers or one.affiliation is not None for one in heads)


def _is_introduced(coref: Coreference, mention: Mention) -> bool:
    """Return whether an apposition follows the name: "Ana Ruiz, who leads the union, said"."""
    return coref.article.text[mention.span.end : mention.span.end + 1] == ","


def _is_lead(coref: Coreference, referent: Referent, paragraph: int) -> bool:
    """Return whether the referent is a person without a name who acts or speaks in the paragraph."""
    own = [one for one in referent.appearances if one.paragraph == paragraph and not one.quoted]
    if any(coref.article.text.startswith(_OF_ANOTHER, one.span.end) for one in own):
        return False  # "the mother of a woman who …": the name that follows can belong to either
    acts = any(one.function == "subject" or one.source for one in own)
    return acts and not referent.named and referent.kind in {"person", "unknown"} and not referent.plural
