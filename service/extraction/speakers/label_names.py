"""The speakers of turns, block quotes and posts: to whom a label refers.

A surname, initials or a role in a label refer to the person whom the introduction, the headline, the byline or an
earlier label names in full. "A" and answers without a label belong to the only person introduced, "Q" to the person who
asks, according to the text. If several people fit, the label is unresolved.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

from service.extraction.speakers.name_kinds import Kind
from service.extraction.speakers.names import Fit, organization_fit, person_fit, tokens
from service.extraction.speakers.referents import Coreference, Referent, ReferentIndex, ResolvedMention
from service.extraction.wordlists import organization_words, person_words, word_list
from service.input.article import Passage, Span
from service.parsing.tree import SentenceIndex

_NAMED: Final = 0.97  # confidence of a label with a full name
_SHORT: Final = 0.95  # of a surname or initials of one person
_UNKNOWN: Final = 0.93  # of a short name that occurs only as a label
_ROLE: Final = 0.9  # of a role
_ONLY_GUEST: Final = 0.9
_MAIN_GUEST: Final = 0.7
_ASKS: Final = 0.75  # who the text says asked
_BYLINE: Final = 0.6
_NAMED_MORE_OFTEN: Final = 2.0  # times more often named in the introduction than anyone else
_LATEST: Final = 300  # referents compared with a label
_INITIALS: Final = re.compile(r"(?:[A-Z]\.? ?){2,4}")
_OURS: Final = frozenset({"our", "we", "us", "ours"})
_BYLINE_ABOVE: Final = re.compile(
    r"(?i:by|words(?: by|:)|text(?: by|:)|interview(?:ed)? by|interviewer:)\s+"
    r"(?P<name>[A-Z][\w'’-]+(?:\s[A-Z][\w.'’-]*){1,3})(?:,[^\n]*|\s[|•·–—-][^\n]*)?\Z"
)
_OF_PHOTO: Final = re.compile(r"\b(?:photo|photograph|picture|image|illustration)s?\b", re.I)
_BY: Final = re.compile(r"\s*(?:by|words:?|interview(?:ed)? by|from)\s+", re.I)


@dataclass(frozen=True, slots=True)
class LabelledSpeaker:
    """The speaker of a passage, and the probability that it is right (0 without a speaker)."""

    mention: ResolvedMention
    confidence: float = 0.0


_NOBODY: Final = LabelledSpeaker(
    ResolvedMention(None, "none", "no-source", "", "The sentence names no source.", "no-source")
)


def speakers_of_passages(coref: Coreference) -> list[LabelledSpeaker]:
    """Return the speaker of each of the article's passages, in order, and add those that are new to `coref`."""
    passages = coref.article.passages
    if not passages:
        return []
    _add_interviewer(coref)
    cast = _cast(coref, passages)
    labelled = {item.mention.referent for item in cast.values()}
    asking, answering = _by_role_in_talk(coref, passages, cast)
    host = asking or _host(coref, passages, labelled)
    guest = answering or _guest(coref, passages, labelled, host)
    result = []
    for passage in passages:
        if passage.name is not None:
            result.append(cast[_label_text(coref, passage.name)])
        elif passage.part in {"introduced", "unknown"}:
            result.append(_NOBODY)
        else:
            result.append(guest if passage.part == "guest" else host)
    return result


def _by_role_in_talk(
    coref: Coreference, passages: Iterable[Passage], cast: Mapping[str, LabelledSpeaker]
) -> tuple[LabelledSpeaker | None, LabelledSpeaker | None]:
    """Return who asks and who answers without a label, where labels name exactly one who asks and one who answers."""
    turns: dict[int, list[bool]] = {}
    for passage in passages:
        if passage.form == "turn" and passage.part == "named" and passage.name is not None:
            referent = cast[_label_text(coref, passage.name)].mention.referent
            if referent is not None:
                asked = coref.article.slice(passage.speech[-1]).rstrip('”"* ').endswith("?")
                turns.setdefault(referent, []).append(asked)
    asking = [one for one, asked in turns.items() if sum(asked) * 2 > len(asked)]
    answering = [
        one
        for one in turns
        if one not in asking and coref.referents[one].name.lower() not in word_list("speakers", "presenters")
    ]
    return (
        _chosen(coref.referents[asking[0]], _ASKS, "label-host") if len(asking) == 1 else None,
        _chosen(coref.referents[answering[0]], _ONLY_GUEST) if len(answering) == 1 else None,
    )


def _label_text(coref: Coreference, name: Span) -> str:
    return " ".join(coref.article.slice(name).split())


def _cast(coref: Coreference, passages: Iterable[Passage]) -> dict[str, LabelledSpeaker]:
    """Return the speaker of each label with a name, longest names first, so that a surname finds its full name."""
    names = dict.fromkeys(_label_text(coref, passage.name) for passage in passages if passage.name is not None)
    initials = frozenset(name for name in names if _is_initials(name))
    cast: dict[str, LabelledSpeaker] = {}
    in_labels: set[ReferentIndex] = set()
    for name in sorted(names, key=lambda item: (item in initials, -len(tokens(item)))):
        result = _resolved(coref, name, in_labels)
        cast[name] = result
        if result.mention.referent is not None:
            in_labels.add(result.mention.referent)
    return cast


def _is_initials(name: str) -> bool:
    return _INITIALS.fullmatch(name) is not None


def _resolved(coref: Coreference, name: str, in_labels: Set[ReferentIndex]) -> LabelledSpeaker:
    """Return the speaker of a label: a referent that the name fits, or a new one."""
    if _is_initials(name) and (one := _by_initials(coref, name, in_labels)) is not None:
        return _known(one, name, "initials", _SHORT)
    if _is_role(name):
        return _by_role(coref, name)
    fits = [(fit, referent) for referent in _referents(coref) if (fit := _fit(name, referent)) > Fit.NONE]
    for enough in (Fit.FULL, Fit.SURNAME, Fit.INNER):
        best = [one for fit, one in fits if fit >= enough]
        if len(best) > 1:
            best = [item for item in best if item.number in in_labels] or _introduced(coref, best) or best
        if len(best) == 1:
            confidence = _NAMED if len(tokens(name)) > 1 else _SHORT
            return _known(best[0], name, "label", confidence if enough >= Fit.SURNAME else _ROLE)
        if best:
            break
    kind: Kind = "organization" if _is_organization(coref, name) else "person"
    created = coref.add(kind, name, named=True)
    return LabelledSpeaker(
        ResolvedMention(created.number, "name", "label", name), _NAMED if len(tokens(name)) > 1 else _UNKNOWN
    )


def _known(referent: Referent, name: str, rule: str, confidence: float) -> LabelledSpeaker:
    full = tokens(name) == tokens(referent.name)
    if name not in referent.forms:
        referent.forms.append(name)
    if referent.kind == "unknown":
        referent.kind = "person"
    referent.named = True
    return LabelledSpeaker(ResolvedMention(referent.number, "name" if full else "alias", rule, name), confidence)


def _referents(coref: Coreference) -> list[Referent]:
    """Return the latest named referents of the article, and those that labels named before."""
    latest = islice(
        (
            referent
            for referent in reversed(coref.referents)
            if referent.named and referent.number not in coref.identified
        ),
        _LATEST,
    )
    return list(latest)[::-1]


def _fit(name: str, referent: Referent) -> Fit:
    """Return how well the name of a label fits a referent, whichever of the two is the fuller."""
    if referent.kind in {"person", "unknown"}:
        return max(referent.fits(name), min(person_fit(referent.name, name), Fit.SURNAME))
    if referent.kind == "place":
        return Fit.SAME if tokens(referent.name) == tokens(name) else Fit.NONE
    fit = max(organization_fit(name, referent.name), organization_fit(referent.name, name))
    return fit if fit >= Fit.SURNAME else Fit.NONE


def _introduced(coref: Coreference, referents: Sequence[Referent]) -> list[Referent]:
    """Return those of the referents that are named before the first passage."""
    start = _start_of_talk(coref)
    return [referent for referent in referents if any(name.start < start for name in referent.names)]


def _start_of_talk(coref: Coreference) -> int:
    """Return where the first turn begins, and the introduction ends; the end of the text where there are no turns."""
    turns = (passage.span.start for passage in coref.article.passages if passage.form == "turn")
    return next(turns, len(coref.article.text))


def _by_initials(coref: Coreference, name: str, in_labels: Set[ReferentIndex]) -> Referent | None:
    """Return the only referent whose initials the label has: one of the labels, else one of the introduction.

    Nobody if the introduction names two people of these initials and one of them has another label.
    """
    letters = re.sub(r"[^A-Z]", "", name).lower()
    fitting = [
        referent
        for referent in _referents(coref)
        if len(words := tokens(referent.name)) > 1
        and letters in {"".join(word[0] for word in words), words[0][0] + words[-1][0]}
    ]
    introduced = [item for item in _introduced(coref, fitting) if item.kind == "person"]
    if len(introduced) > 1 and any(item.number in in_labels for item in introduced):
        return None
    for some in ([item for item in fitting if item.number in in_labels], _introduced(coref, fitting), fitting):
        people = [item for item in some if item.kind == "person"] or some
        if len(people) == 1:
            return people[0]
        if people:
            return None
    return None


def _is_role(name: str) -> bool:
    """Return whether the label has nothing but words for offices and roles."""
    known = person_words()
    words = [word.rstrip(".") for word in name.lower().split() if word not in {"the", "of", "and"}]
    return bool(words) and all(word in known.titles or word in known.roles or word.isdigit() for word in words)


def _by_role(coref: Coreference, name: str) -> LabelledSpeaker:
    """Return the person whom the introduction gives the role, if it gives it to one; else the role itself."""
    role = name.lower().removeprefix("the ").split()[-1]
    holders = [item for item in _introduced(coref, _referents(coref)) if any(each.noun == role for each in item.roles)]
    if len(holders) == 1 and holders[0].kind == "person":
        return _known(holders[0], name, "label-role", _ROLE)
    key = f"({name.lower().removeprefix('the ')})"
    if key not in coref.phrases:
        coref.phrases[key] = coref.add("person", name).number
    return LabelledSpeaker(ResolvedMention(coref.phrases[key], "description", "label-role", name), _ROLE)


def _is_organization(coref: Coreference, name: str) -> bool:
    """Return whether the label is the name of a publication or another organization."""
    known = organization_words()
    lower = tokens(name)
    site = tokens(coref.article.site_name or "")
    return lower == site or (bool(lower) and (lower[-1] in known.media | known.heads | known.mastheads))


def _guest(
    coref: Coreference, passages: Sequence[Passage], labelled: Iterable[ReferentIndex | None], host: LabelledSpeaker
) -> LabelledSpeaker:
    """Return the person who answers: the only one introduced, else the one in the title or named most often."""
    if all(passage.part != "guest" for passage in passages):
        return LabelledSpeaker(ResolvedMention(None, "none", "label-guest"))
    byline = _byline(coref)
    people = [
        item
        for item in _introduced(coref, _referents(coref))
        if item.kind == "person" and not item.plural and item.number not in labelled
        and item.number != host.mention.referent and not (byline and person_fit(item.name, byline) >= Fit.SURNAME)
    ]  # fmt: skip
    if len(people) == 1:
        return _chosen(people[0], _ONLY_GUEST)
    title = tokens(coref.article.title or "")
    titled = [person for person in people if tokens(person.name)[-1] in title or _in_headline(coref, person)]
    if len(titled) == 1:
        return _chosen(titled[0], _ONLY_GUEST)
    start = _start_of_talk(coref)
    often = {person.number: sum(seen.span.start < start for seen in person.appearances) for person in people}
    ranked = sorted(people, key=lambda person: -often[person.number])
    if len(ranked) > 1 and often[ranked[0].number] >= _NAMED_MORE_OFTEN * often[ranked[1].number]:
        return _chosen(ranked[0], _MAIN_GUEST)
    why = "The introduction names more than one person." if people else "The introduction names no person."
    return LabelledSpeaker(
        ResolvedMention(None, "none", "label-guest", "", why, "ambiguous" if people else "no-antecedent")
    )


def _in_headline(coref: Coreference, referent: Referent) -> bool:
    return any(coref.in_headline(name.start) for name in referent.names)


def _chosen(referent: Referent, confidence: float, rule: str = "label-guest") -> LabelledSpeaker:
    return LabelledSpeaker(ResolvedMention(referent.number, "description", rule, referent.name), confidence)


def _host(coref: Coreference, passages: Sequence[Passage], labelled: Iterable[ReferentIndex | None]) -> LabelledSpeaker:
    """Return the person or publication who asks, if the introduction or the byline says who that is."""
    unknown = LabelledSpeaker(
        ResolvedMention(None, "none", "label-host", "", "The text does not say who asks the questions.", "no-source")
    )
    if all(passage.part != "host" for passage in passages) or coref.article.form == "live-blog":
        return unknown
    answering = {passage.label for passage in passages if passage.part == "named"}
    if len(answering) > 1 and coref.article.form == "transcript":
        return unknown  # a press conference: each question can be another reporter's
    asking = _who_asks(coref, _start_of_talk(coref), frozenset(labelled))
    if asking is not None:
        return _chosen(asking, _ASKS, "label-host")
    narrator = _narrator(coref, _start_of_talk(coref), frozenset(labelled))
    if narrator is not None:
        return _chosen(narrator, _BYLINE, "label-host")
    byline = _byline(coref)
    if byline:
        name = next((item for item in _referents(coref) if person_fit(item.name, byline) >= Fit.FULL), None)
        referent = name or coref.add("person", byline, named=True)
        return _chosen(referent, _BYLINE, "label-host")
    return unknown


def _byline(coref: Coreference) -> str:
    """Return the name in the byline, if it is one name."""
    whole = coref.article.byline or ""
    by = _BY.match(whole)
    name = (whole if by is None else whole[by.end() :]).strip()
    if _OF_PHOTO.search(whole):
        return ""
    return name if 1 < len(name.split()) <= 4 and not re.search(r"[,&]|\band\b", name) else ""


def _add_interviewer(coref: Coreference) -> None:
    """Add the person in a byline above the talk, which is not parsed, and whose label is "JR" or "Jane"."""
    byline = _byline_above(coref)
    if byline is None or any(person_fit(one.name, byline[0]) >= Fit.FULL for one in _referents(coref)):
        return
    coref.add("person", byline[0], named=True).names.append(byline[1])


def _byline_above(coref: Coreference) -> tuple[str, Span] | None:
    """Return the name in the only byline above the talk, "By Jane Roe", and where it is."""
    start = _start_of_talk(coref)
    lines = [one.span for one in coref.article.paragraphs if one.span.end <= start < len(coref.article.text)]
    matches = [(line.start, _BYLINE_ABOVE.match(coref.article.slice(line))) for line in lines]
    found = [(match["name"], Span(at + match.start("name"), at + match.end("name"))) for at, match in matches if match]
    return found[0] if len(found) == 1 else None


def _who_asks(coref: Coreference, start: int, labelled: frozenset[ReferentIndex | None]) -> Referent | None:
    """Return who asks by what the introduction says, if it is one named speaker.

    The subject of "interviewed", "questioned" or "asked", not "told us"; of two who "spoke", the publication.
    """
    result: dict[ReferentIndex, Referent] = {}
    for number, sentence in coref.parse.numbered():
        if sentence.span.start >= start:
            break
        for position, word in enumerate(sentence.words):
            if word.upos != "VERB" or word.lemma.lower() not in word_list("speakers", "asking") | word_list(
                "speakers", "talking"
            ):
                continue
            subject = _named_at(coref, number, sentence.child(position, "nsubj"))
            others = [
                _named_at(coref, number, child)
                for child in sentence.children(position)
                if sentence.words[child].relation in {"obj", "obl"}
            ]
            asks = subject
            if word.lemma.lower() in word_list("speakers", "talking"):
                asks = next(
                    (item for item in (subject, *others) if item is not None and item.kind == "organization"), None
                )
            if asks is not None and asks.named and asks.number not in labelled:
                result[asks.number] = asks
    return next(iter(result.values())) if len(result) == 1 else None


def _narrator(coref: Coreference, start: int, labelled: frozenset[ReferentIndex | None]) -> Referent | None:
    """Return the organization that says "our" of itself before `start`: "The Pier is glad to have our new …"."""
    result: dict[ReferentIndex, Referent] = {}
    opening = [(number, sentence) for number, sentence in coref.parse.numbered() if sentence.span.start < start]
    capitalized = {word.text for _, sentence in opening for word in sentence.words[1:] if word.text[:1].isupper()}
    for number, sentence in opening:
        if not any(word.text.lower() in _OURS for word in sentence.words):
            continue
        for position, word in enumerate(sentence.words):
            if word.relation != "nsubj":
                continue
            referent = _named_at(coref, number, position)
            named = referent is not None and referent.named
            if not named and word.text in capitalized:  # a name that is also a common noun
                referent = coref.add("organization", word.text, named=True)
            if referent is not None and referent.named and referent.kind not in {"person", "place"}:
                result[referent.number] = referent
    candidates = [item for item in result.values() if item.number not in labelled]
    return candidates[0] if len(candidates) == 1 else None


def _named_at(coref: Coreference, sentence: SentenceIndex, head: int | None) -> Referent | None:
    """Return the referent of the mention with this head, or None."""
    resolved = None if head is None else coref.resolutions.get((sentence, head))
    if resolved is None or resolved.referent is None:
        return None
    return coref.referents[coref.identified.get(resolved.referent, resolved.referent)]
