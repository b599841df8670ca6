"""Whom a pronoun means: the earlier referent of fitting gender and number that is most in mind, or nobody."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from service.article.article import Span
from service.extraction.mentions import Mention, Place
from service.extraction.referents import Appearance, Found, Reading, Referent
from service.extraction.wordlists import Gender

AUTHOR: Final = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
READER: Final = frozenset({"you", "your", "yours", "yourself", "yourselves"})
HE: Final = frozenset({"he", "him", "his", "himself"})
SHE: Final = frozenset({"she", "her", "hers", "herself"})
IT: Final = frozenset({"it", "its", "itself"})
THEY: Final = frozenset({"they", "them", "their", "theirs", "themselves"})
RELATIVE: Final = frozenset({"who", "whom", "whose", "which", "that"})

_LIMIT: Final = 20  # referents looked at, the last first
_REACH: Final = 12  # sentences back
_TIE: Final = 0.1  # two whose scores are nearer than this fit equally
# What speaks for an antecedent, in points. Chosen one after another on GUM's coreference (train) and the tuned golden
# articles: `python -m benchmarks.coreference` shows what a change does.
_PLACE: Final[dict[Place, float]] = {"subject": 2.0, "object": 0.8, "other": 0.3, "owner": 0.3, "modifier": -0.5}
_PER_SENTENCE: Final = 0.9  # taken off for each sentence back
_SOURCE: Final = 0.7  # somebody who has just been quoted
_SAME_PARAGRAPH: Final = 0.7
_SAME_SUBJECT: Final = 1.0  # "Ortiz admitted she was late"
_KNOWN: Final = 1.0  # one whose gender is known to agree
_THEY_ORGANIZATION: Final = -0.6  # the union that "they" speak for
_UNNAMED: Final = 0.75  # taken off for one who is only described
_AGAIN: Final = 0.2  # for each time they appeared, up to _OFTEN
_OFTEN: Final = 8
_NAMED: Final = 2.0  # taken off for one whom the quote itself names
_ASKED: Final = 4.0  # one who was asked answers


_INNER_QUOTE: Final = re.compile(r"(?<!\w)[\"'‘“](?=\w)")  # opens within a quote


class Scored(NamedTuple):
    """A referent, and how much it is in mind."""

    score: float
    referent: Referent


def personal(word: str) -> bool:
    """Whether `word` is a third-person pronoun that names somebody."""
    return word in HE or word in SHE or word in IT or word in THEY


def resolve_pronoun(
    reading: Reading, mention: Mention, own: Iterable[Span] = (), excluded: frozenset[int] = frozenset()
) -> Found:
    """Whom the pronoun at `mention` means.

    `own` are the contents that the pronoun's own cue reports, which name others than their speaker; `excluded` the
    referents that cannot be meant (who is told).
    """
    word = mention.role
    fits = ((referent, _fit(word, referent)) for referent in reading.lately(_LIMIT) if referent.number not in excluded)
    scored = _scored(reading, mention, fits, tuple(own))
    if not scored:
        return Found(None, "none", "pronoun", word, f"no earlier mention fits {word!r}")
    best = scored[0]
    rivals = [one for one in scored[1:] if best.score - one.score < _TIE]
    if rivals:
        names = ", ".join(one.referent.name for one in [best, *rivals][:3] if one.referent.forms)
        return Found(None, "none", "pronoun", word, f"more than one fits {word!r}: {names}")
    _learn(best.referent, word)
    return Found(best.referent.number, "pronoun", "pronoun", f"{word} means {best.referent.name}")


def person_in_mind(reading: Reading, mention: Mention) -> Referent | None:
    """The named person of fitting gender who is most in mind at `mention`, a description that says nothing else of whom
    it means; None where there is none near, or several are as near."""
    numbers = reading.sources.get((mention.sentence, mention.head), ())
    own = tuple(span for number in numbers for span in reading.attributions[number].contents)
    fits = (
        (referent, 0.0 if referent.kind == "person" and referent.named and not opposed else None)
        for referent in reading.lately(_LIMIT)
        for opposed in (mention.gender and referent.gender and mention.gender != referent.gender,)
    )
    scored = _scored(reading, mention, fits, own)
    if not scored or (len(scored) > 1 and scored[0].score - scored[1].score < _TIE):
        return None
    return scored[0].referent


def _scored(
    reading: Reading, mention: Mention, fits: Iterable[tuple[Referent, float | None]], own: tuple[Span, ...]
) -> list[Scored]:
    """The referents that fit, as far as they are in mind at `mention`, the most first."""
    quoted = reading.quoted(mention.span.start)
    scored = []
    for referent, fit in fits:
        seen = _last_seen(referent, mention, own, quoted) if fit is not None else None
        against = _named_within(referent, own, reading)
        if fit is None or seen is None or against is None:
            continue
        asked = _ASKED if referent.number == reading.asked else 0.0
        scored.append(Scored(fit + asked + against + _in_mind(reading, referent, seen, mention), referent))
    return sorted(scored, key=lambda one: (-one.score, one.referent.number))


def _fit(word: str, referent: Referent) -> float | None:
    """How well gender, number and kind agree; None where they cannot."""
    if word in HE or word in SHE:
        wanted: Gender = "male" if word in HE else "female"
        if referent.kind not in {"person", "unknown"} or referent.plural:
            return None
        if referent.gender:
            return _KNOWN if referent.gender == wanted else None
        return 0.0 if referent.kind == "person" else -2.5
    if word in IT:
        if referent.kind == "person" or referent.plural or (referent.kind == "unknown" and referent.gender):
            return None
        return {"organization": 1.0, "document": 0.5, "place": 0.0, "group": -1.0}.get(referent.kind, -1.5)
    if referent.kind == "group" or referent.plural:
        return 1.0
    if referent.kind == "organization":
        return _THEY_ORGANIZATION
    return -3.0 if referent.kind in {"person", "place"} and not referent.gender else None


def _last_seen(referent: Referent, mention: Mention, own: tuple[Span, ...], quoted: bool) -> Appearance | None:
    """The last place before `mention` where the referent stands in the same voice; what a quote says is not told by
    the article, and cannot be what the article's pronouns mean."""
    for appearance in reversed(referent.appearances):
        if appearance.span.start >= mention.span.start or any(span.contains(appearance.span) for span in own):
            continue
        if mention.sentence - appearance.sentence > _REACH:
            return None
        if quoted or not appearance.quoted:
            return appearance
    return None


def _named_within(referent: Referent, own: tuple[Span, ...], reading: Reading) -> float | None:
    """What speaks against a referent whom the content of the pronoun's own quote calls by name, as its speaker seldom
    would; None where it cannot be meant. Between marks, speakers may repeat how they were spoken to: "He told me,
    'Frank, go home.'"."""
    named = [(span, name) for span in own for name in referent.names if span.contains(name)]
    if any(not reading.quoted(name.start) for _, name in named):
        return None
    plain = any(not _INNER_QUOTE.search(reading.article.text, span.start + 1, name.start + 1) for span, name in named)
    return -_NAMED if plain else 0.0


def _in_mind(reading: Reading, referent: Referent, seen: Appearance, mention: Mention) -> float:
    """How much the referent is in mind at `mention`: near, a subject, a source, of the same paragraph, often named."""
    score = _PLACE[seen.place] - _PER_SENTENCE * min(mention.sentence - seen.sentence, _REACH)
    if seen.source:
        score += _SOURCE
    if seen.paragraph == reading.paragraph(mention.span.start):
        score += _SAME_PARAGRAPH
    if seen.sentence == mention.sentence and seen.place == "subject":
        score += _SAME_SUBJECT
    if not referent.named:
        score -= _UNNAMED
    return score + _AGAIN * min(referent.told, _OFTEN)


def _learn(referent: Referent, word: str) -> None:
    """Keep the gender that a pronoun told of a person."""
    if referent.gender is None and referent.kind in {"person", "unknown"} and (word in HE or word in SHE):
        referent.gender = "male" if word in HE else "female"
        referent.kind = "person"
