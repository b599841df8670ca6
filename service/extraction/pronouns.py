"""Whom a pronoun means: the earlier referent of fitting gender and number that is most in mind, or nobody."""

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
_TIE: Final = 0.25  # two whose scores are nearer than this fit equally
# What speaks for an antecedent, in points. Tried on the news, interviews and lives in GUM: he and she 50 right, 9 wrong
# and 3 left open in its news; none of these moves that by more than a few when it is halved or doubled.
_PLACE: Final[dict[Place, float]] = {"subject": 2.0, "object": 0.8, "other": 0.3, "owner": 0.3, "modifier": -0.5}
_PER_SENTENCE: Final = 0.7  # taken off for each sentence back
_SOURCE: Final = 1.5  # somebody who has just been quoted
_SAME_PARAGRAPH: Final = 0.7
_SAME_SUBJECT: Final = 1.0  # "Ortiz admitted she was late"
_UNNAMED: Final = 0.75  # taken off for one who is only described
_AGAIN: Final = 0.2  # for each time they appeared, up to _OFTEN
_OFTEN: Final = 8
_ASKED: Final = 4.0  # one who was asked answers


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
    own = tuple(own)
    quoted = reading.quoted(mention.span.start)
    scored = []
    for referent in reading.lately(_LIMIT):
        fit = _fit(word, referent)
        if fit is None or referent.number in excluded:
            continue
        seen = _last_seen(referent, mention, own, quoted)
        if seen is None or _named_within(referent, own, reading):
            continue
        score = fit + _in_mind(reading, referent, seen, mention)
        scored.append(Scored(score + (_ASKED if referent.number == reading.asked else 0.0), referent))
    if not scored:
        return Found(None, "none", "pronoun", word, f"no earlier mention fits {word!r}")
    scored.sort(key=lambda one: (-one.score, one.referent.number))
    best = scored[0]
    rivals = [one for one in scored[1:] if best.score - one.score < _TIE]
    if rivals:
        names = ", ".join(one.referent.name for one in [best, *rivals][:3] if one.referent.forms)
        return Found(None, "none", "pronoun", word, f"more than one fits {word!r}: {names}")
    _learn(best.referent, word)
    return Found(best.referent.number, "pronoun", "pronoun", f"{word} means {best.referent.name}")


def _fit(word: str, referent: Referent) -> float | None:
    """How well gender, number and kind agree; None where they cannot."""
    if word in HE or word in SHE:
        wanted: Gender = "male" if word in HE else "female"
        if referent.kind not in {"person", "unknown"} or referent.plural:
            return None
        if referent.gender:
            return 1.0 if referent.gender == wanted else None
        return 0.0 if referent.kind == "person" else -2.5
    if word in IT:
        if referent.kind == "person" or referent.plural or (referent.kind == "unknown" and referent.gender):
            return None
        return {"organization": 1.0, "document": 0.5, "place": 0.0, "group": -1.0}.get(referent.kind, -1.5)
    if referent.kind == "group" or referent.plural:
        return 1.0
    if referent.kind == "organization":
        return -1.2
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


def _named_within(referent: Referent, own: tuple[Span, ...], reading: Reading) -> bool:
    """Whether the content of the pronoun's own quote calls the referent by name, as its speaker would not."""
    if not own or not referent.named:
        return False
    return any(
        span.contains(appearance.span)
        for appearance in referent.appearances[-6:]
        for span in own
        if appearance.form == "name" and not reading.quoted(appearance.span.start)
    )


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
