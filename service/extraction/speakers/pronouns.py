"""Whom a pronoun means: the earlier referent of fitting gender and number that is most in mind, or nobody."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from service.extraction.speakers.mentions import Mention, Place
from service.extraction.speakers.referents import Appearance, Candidate, Coreference, Referent, ResolvedMention
from service.extraction.wordlists import Gender, person_words
from service.input.article import Span

AUTHOR: Final = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
READER: Final = frozenset({"you", "your", "yours", "yourself", "yourselves"})
HE: Final = frozenset({"he", "him", "his", "himself"})
SHE: Final = frozenset({"she", "her", "hers", "herself"})
IT: Final = frozenset({"it", "its", "itself"})
THEY: Final = frozenset({"they", "them", "their", "theirs", "themselves"})
RELATIVE: Final = frozenset({"who", "whom", "whose", "which", "that"})

_LIMIT: Final = 20  # referents looked at, the last first
_REACH: Final = 12  # sentences back
_LOOKED_AT: Final = 8  # places where a referent stands, the last first
_KEPT: Final = 5  # candidates
_TIE: Final = 0.1  # two whose scores are nearer than this fit equally
# What speaks for an antecedent, in points. Chosen one after another on GUM's coreference (train) and the tuned golden
# articles: `python -m benchmarks.coreference` shows what a change does.
_PLACE: Final[dict[Place, float]] = {
    "subject": 2.0,
    "aside": 0.4,
    "object": 0.8,
    "other": 0.3,
    "owner": 0.3,
    "modifier": -0.5,
}
_PER_SENTENCE: Final = 1.5  # taken off for each sentence back
_SOURCE: Final = 0.5  # somebody who has just been quoted
_SPEAKER: Final = 1.2  # the same, for a pronoun that is quoted itself: speakers go on speaking
_SAME_PARAGRAPH: Final = 1.3
_SAME_SUBJECT: Final = 1.4  # "Ortiz admitted she was late"
_SPOKE_ASIDE: Final = 1.0  # "Though the union said no, it agreed to talk"
_KNOWN: Final = 1.0  # one whose gender is known to agree
_MISTAKEN: Final = -0.5  # a name of no known gender or office: of "it" that speaks, a body
_KINDS: Final = {"organization": 1.0, "document": 0.5, "place": 0.0, "group": -1.0}  # of "it"
_SPEAKING_KINDS: Final = {"organization": 1.0, "document": 0.5, "place": -1.0, "group": -1.0}  # of "it" that speaks
_THEY_ORGANIZATION: Final = -1.0  # the union that "they" speak for
_THEY_ONE: Final = 1.0  # one person of no known gender who has just spoken: "a source said … they added"
_JUST: Final = 2  # sentences back
_UNNAMED: Final = 0.4  # taken off for one who is only described
_AGAIN: Final = 0.15  # for each time they appeared, up to _OFTEN
_OFTEN: Final = 8
_NAMED: Final = 2.0  # taken off for one whom the quote itself names
_ASKED: Final = 4.0  # one who was asked answers


_INNER_QUOTE: Final = re.compile(r"(?<!\w)[\"'‘“](?=\w)")  # opens within a quote


def personal(word: str) -> bool:
    """Whether `word` is a third-person pronoun that names somebody."""
    return word in HE or word in SHE or word in IT or word in THEY


def resolve_pronoun(
    coref: Coreference, mention: Mention, own: Iterable[Span] = (), excluded: frozenset[int] = frozenset()
) -> ResolvedMention:
    """Whom the pronoun at `mention` means.

    `own` are the contents that the pronoun's own cue reports, which name others than their speaker; `excluded` the
    referents that cannot be meant (who is told).
    """
    word = mention.role
    speaks = (mention.sentence, mention.head) in coref.sources
    fits = (
        (referent, _fit(word, referent, mention.sentence, speaks=speaks))
        for referent in coref.lately(_LIMIT)
        if referent.number not in excluded
    )
    scored = _scored(coref, mention, fits, tuple(own))
    if not scored:
        return ResolvedMention(None, "none", "pronoun", word, f"no earlier mention fits {word!r}", "no-antecedent")
    best = scored[0]
    rivals = [one for one in scored[1:] if best.score - one.score < _TIE]
    if rivals:
        return undecided(coref, "pronoun", word, scored, len(rivals) + 1)
    referent = coref.referents[best.referent]
    _learn(referent, word)
    detail = f"{word} means {referent.name}"
    return ResolvedMention(best.referent, "pronoun", "pronoun", detail, candidates=tuple(scored[:_KEPT]))


def undecided(coref: Coreference, rule: str, phrase: str, fitting: Sequence[Candidate], alike: int) -> ResolvedMention:
    """Nobody, because the first `alike` of those `fitting` fit `phrase` about equally well."""
    names = ", ".join(coref.referents[one.referent].name for one in fitting[: min(alike, 3)])
    why = f"more than one fits {phrase!r}: {names}"
    return ResolvedMention(None, "none", rule, phrase, why, "ambiguous", tuple(fitting[:_KEPT]))


def persons_in_mind(coref: Coreference, mention: Mention, excluded: frozenset[int] = frozenset()) -> list[Candidate]:
    """The persons of fitting gender who are in mind at `mention`, a description that says nothing else of whom it
    means, the most first; without those `excluded`."""
    numbers = coref.sources.get((mention.sentence, mention.head), ())
    own = tuple(span for number in numbers for span in coref.attributions[number].contents)
    fits = (
        (referent, 0.0 if referent.kind == "person" and not referent.plural and not opposed else None)
        for referent in coref.lately(_LIMIT)
        for opposed in (mention.gender and referent.gender and mention.gender != referent.gender,)
        if referent.number not in excluded
    )
    return _scored(coref, mention, fits, own)


def _scored(
    coref: Coreference, mention: Mention, fits: Iterable[tuple[Referent, float | None]], own: tuple[Span, ...]
) -> list[Candidate]:
    """The referents that fit, as far as they are in mind at `mention`, the most first."""
    scored = []
    for referent, fit in fits:
        mind = in_mind(coref, referent, mention, own) if fit is not None else None
        against = _named_within(referent, own, coref) if mind is not None else None
        if fit is None or mind is None or against is None:
            continue
        asked = _ASKED if referent.number == coref.asked else 0.0
        scored.append(Candidate(fit + asked + against + mind, referent.number))
    return sorted(scored, key=lambda one: (-one.score, one.referent))


def _fit(word: str, referent: Referent, sentence: int, *, speaks: bool = False) -> float | None:
    """How well gender, number and kind agree; None where they cannot. One whom the pronoun has `speaks` is who says
    something: no thing, but a body, even one that was taken for a person by its name alone."""
    if word in HE or word in SHE:
        wanted: Gender = "male" if word in HE else "female"
        if referent.kind not in {"person", "unknown"} or referent.plural:
            return None
        if referent.gender:
            return _KNOWN if referent.gender == wanted else None
        return 0.0 if referent.kind == "person" else -2.5
    if word in IT:
        if referent.plural or (referent.kind in {"unknown", "person"} and referent.gender):
            return None
        if referent.kind == "person":
            return _MISTAKEN if speaks and referent.named and not referent.roles else None
        kinds = _SPEAKING_KINDS if speaks else _KINDS
        return kinds.get(referent.kind, -1.5)
    if referent.kind == "group" or referent.plural:
        return 1.0
    if speaks and _spoke_unsexed(referent, sentence):
        return _THEY_ONE
    if referent.kind == "organization":
        return _THEY_ORGANIZATION
    return -3.0 if referent.kind in {"person", "place"} and not referent.gender else None


def _spoke_unsexed(referent: Referent, sentence: int) -> bool:
    """Whether one person spoke lately for whom English has no other pronoun than "they": a source, a spokesperson."""
    if referent.kind not in {"person", "unknown"} or referent.gender:
        return False
    unsexed = person_words().unsexed
    narrated = any(role.noun in unsexed for role in referent.roles)
    return narrated and any(
        seen.source and sentence - seen.sentence <= _JUST for seen in referent.appearances[-_LOOKED_AT:]
    )


def in_mind(coref: Coreference, referent: Referent, mention: Mention, own: tuple[Span, ...] = ()) -> float | None:
    """How much the referent is in mind at `mention`, None where it stands nowhere near before it in the same voice:
    what a quote says is not told by the article, and cannot be what the article's pronouns mean."""
    quoted = coref.quoted(mention.span.start)
    scores = []
    for appearance in islice(reversed(referent.appearances), _LOOKED_AT):
        if mention.sentence - appearance.sentence > _REACH:
            break
        before = appearance.span.start < mention.span.start and not any(span.contains(appearance.span) for span in own)
        if before and (quoted or not appearance.quoted):
            scores.append(_weight(coref, appearance, mention))
    if not scores:
        return None
    unnamed = 0.0 if referent.named else _UNNAMED
    return max(scores) - unnamed + _AGAIN * min(referent.narrated, _OFTEN)


def _named_within(referent: Referent, own: tuple[Span, ...], coref: Coreference) -> float | None:
    """What speaks against a referent whom the content of the pronoun's own quote calls by name, as its speaker seldom
    would; None where it cannot be meant. Between marks, speakers may repeat how they were spoken to: "He told me,
    'Frank, go home.'"."""
    named = [(span, name) for span in own for name in referent.names if span.contains(name)]
    if any(not coref.quoted(name.start) for _, name in named):
        return None
    plain = any(not _INNER_QUOTE.search(coref.article.text, span.start + 1, name.start + 1) for span, name in named)
    return -_NAMED if plain else 0.0


def _weight(coref: Coreference, seen: Appearance, mention: Mention) -> float:
    """How much the place where somebody was seen brings them to mind at `mention`: near, a subject, a source, in the
    same paragraph."""
    score = _PLACE[seen.place] - _PER_SENTENCE * min(mention.sentence - seen.sentence, _REACH)
    if seen.source:
        score += _SPEAKER if (mention.sentence, mention.head) in coref.sources else _SOURCE
    if seen.paragraph == coref.paragraph(mention.span.start):
        score += _SAME_PARAGRAPH
    if seen.sentence == mention.sentence and seen.place == "subject":
        score += _SAME_SUBJECT
    elif seen.sentence == mention.sentence and seen.place == "aside" and seen.source:
        score += _SPOKE_ASIDE
    return score


def _learn(referent: Referent, word: str) -> None:
    """Keep what a pronoun told: the gender of a person, or that a name is a body's and no person's."""
    if referent.kind == "person" and word in IT:
        referent.kind = "organization"
    if referent.gender is None and referent.kind in {"person", "unknown"} and (word in HE or word in SHE):
        referent.gender = "male" if word in HE else "female"
        referent.kind = "person"
