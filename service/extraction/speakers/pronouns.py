"""Pronoun resolution: a pronoun refers to the most salient earlier referent of matching gender and number."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from service.extraction.report import Attribution
from service.extraction.speakers.ages import ages_of
from service.extraction.speakers.mentions import GrammaticalFunction, Mention
from service.extraction.speakers.referents import (
    Appearance,
    Candidate,
    Coreference,
    Referent,
    ReferentIndex,
    ResolvedMention,
)
from service.extraction.wordlists import Gender, person_words, word_list
from service.input.article import Span
from service.parsing.tree import SentenceIndex

AUTHOR: Final = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
READER: Final = frozenset({"you", "your", "yours", "yourself", "yourselves"})
HE: Final = frozenset({"he", "him", "his", "himself"})
SHE: Final = frozenset({"she", "her", "hers", "herself"})
IT: Final = frozenset({"it", "its", "itself"})
THEY: Final = frozenset({"they", "them", "their", "theirs", "themselves"})

_LIMIT: Final = 20  # referents examined, most recent first
_REACH: Final = 12  # maximum distance in sentences
_MAX_APPEARANCES: Final = 8  # appearances examined per referent, most recent first
_MAX_CANDIDATES: Final = 5  # candidates
_TIE: Final = 0.1  # candidates within this difference count as equal
_CLEAR: Final = 2.0  # minimum lead over the next candidate from which the antecedent gets its gender
_EITHER: Final = 0.5  # maximum lead over somebody in the same sentence, if the genders of both are unknown
_MIN_SCORE: Final = -6.0  # minimum score of an antecedent
# Salience scores. Tuned one at a time on GUM's coreference (train) and the tuning set of the golden articles;
# `python -m benchmarks.coreference` measures the effect of a change.
_FUNCTION_SALIENCE: Final[dict[GrammaticalFunction, float]] = {
    "subject": 2.0,
    "aside": 0.4,
    "object": 0.8,
    "other": 0.3,
    "owner": 0.3,
    "modifier": -0.5,
}
_PER_SENTENCE: Final = 1.5  # subtracted per sentence of distance
_SOURCE: Final = 0.5  # the source of the previous quote
_SPEAKER: Final = 1.2  # the same, for a pronoun that is itself a source: speakers tend to continue
_TALKED_ABOUT: Final = 0.8  # subtracted for a mention in what another speaker said, for a pronoun that is a source
_ASKED_ABOUT: Final = 2.5  # the same in a question directly before: "I ask if Cole is ill. “No,” he says."
_QUESTION_OPENINGS: Final = frozenset({"if", "whether", "why", "how", "what", "when", "where", "who", "which"})
_SAME_PARAGRAPH: Final = 1.3
_SAME_SUBJECT: Final = 1.4  # "Ortiz admitted she was late"
_SPOKE_ASIDE: Final = 1.0  # "Though the union said no, it agreed to talk"
_KNOWN: Final = 1.0  # the gender is known and matches
_ACTED: Final = 0.8  # a person of unknown gender who was the subject of the sentence before, for a source
_MISTAKEN: Final = -0.5  # a name of unknown gender and office, for a speaking "it"; it can be an organization
_KINDS: Final = {"organization": 1.0, "document": 0.5, "place": 0.0, "group": -1.0}  # of "it"
_SPEAKING_KINDS: Final = {"organization": 1.0, "document": 0.5, "place": -1.0, "group": -1.0}  # of "it" that speaks
_THEY_ORGANIZATION: Final = -1.0  # an organization as the antecedent of "they"
_THEY_ONE: Final = 1.0  # one person of unknown gender who spoke recently: "a source said … they added"
_RECENT: Final = 2  # maximum distance in sentences
_UNNAMED: Final = 0.4  # subtracted for an unnamed referent
_PER_APPEARANCE: Final = 0.15  # per appearance, up to _OFTEN
_OFTEN: Final = 8
_NAMED: Final = 2.0  # subtracted for a referent named in the quote itself
_ASKED: Final = 4.0  # the person asked in the previous sentence
_NAMED_APART: Final = 2  # paragraphs from the last name of somebody mentioned in passing
_IN_PASSING: Final = 4  # most appearances of a person who is only mentioned in passing
_MAIN_NAMES: Final = 4  # least number of names of the main person of an article, and times those of the other


_INNER_QUOTE: Final = re.compile(r"(?<!\w)[\"'‘“](?=\w)")  # opening mark of a nested quote


def personal(word: str) -> bool:
    """Return whether `word` is a third-person pronoun that can refer to a speaker."""
    return word in HE or word in SHE or word in IT or word in THEY


def resolve_pronoun(
    coref: Coreference, mention: Mention, own: Sequence[Span] = (), excluded: frozenset[ReferentIndex] = frozenset()
) -> ResolvedMention:
    """Resolve the pronoun at `mention`.

    `own` are the contents reported by the pronoun's own cue; names in them are usually not the speaker. `excluded` are
    referents that are ruled out, such as the addressee.
    """
    word = mention.role
    speaks = (mention.sentence, mention.head) in coref.sources
    fits = (
        (referent, _fit_here(coref, mention, referent, speaks=speaks))
        for referent in coref.recently_mentioned(_LIMIT)
        if referent.number not in excluded
    )
    scored = _scored(coref, mention, fits, tuple(own))
    if not scored or scored[0].score < _MIN_SCORE:
        if speaks and word == "it" and (itself := _names_itself(coref, mention, own)) is not None:
            return ResolvedMention(itself.number, "pronoun", "pronoun", f"{word}: {itself.name}")
        return ResolvedMention(None, "none", "pronoun", word, f"No earlier mention fits “{word}”.", "no-antecedent")
    best = scored[0]
    main = _main_person(coref, mention, scored) if word in HE or word in SHE else None
    if main is not None:
        detail = f"{word}: {coref.referents[main.referent].name}"
        others = [item for item in scored if item is not main][: _MAX_CANDIDATES - 1]
        return ResolvedMention(main.referent, "pronoun", "main-person", detail, candidates=(main, *others))
    rivals = [item for item in scored[1:] if best.score - item.score < _TIE]
    if rivals:
        return undecided(coref, "pronoun", word, scored, len(rivals) + 1)
    if (namesakes := _namesakes(coref, mention, best)) and word in HE | SHE:
        return undecided(coref, "pronoun", word, [Candidate(best.score, one) for one in namesakes], len(namesakes))
    referent = coref.referents[best.referent]
    doubtful = _of_either(coref, mention, scored) if word in HE | SHE else None
    clear = len(scored) == 1 or best.score - scored[1].score >= _CLEAR
    rival = any(coref.referents[other.referent].gender for other in scored[1:])
    if word in IT or (clear and (speaks or not rival)):  # else it can mean the other, whose gender is known
        _record_agreement(referent, word)
    shown = doubtful or tuple(scored[:_MAX_CANDIDATES])
    return ResolvedMention(best.referent, "pronoun", "pronoun", f"{word}: {referent.name}", candidates=shown)


def _of_either(coref: Coreference, mention: Mention, scored: Sequence[Candidate]) -> tuple[Candidate, ...] | None:
    """Return the candidates with at most a small lead of the best, if it and the next one are people of unknown gender
    who were last named in the same sentence: "When Ferenc Molnar phoned Lili Gerber, *she* …"."""
    best, rivals = coref.referents[scored[0].referent], scored[1:]
    seen = {one.referent: _last_seen(coref.referents[one.referent], mention) for one in scored}
    alike = [
        one
        for one in rivals
        if (other := coref.referents[one.referent]).named and other.kind == "person" and other.gender is None
        if seen[one.referent] == seen[best.number]
    ]
    spoke = any(one.source and one.sentence == seen[best.number] for one in best.appearances)
    if not alike or spoke or best.gender is not None or best.kind != "person" or not best.named:
        return None
    near = Candidate(max(alike[0].score, scored[0].score - _EITHER), alike[0].referent)
    rest = [one for one in rivals if one is not alike[0]]
    return tuple(sorted([scored[0], near, *rest], key=lambda one: (-one.score, one.referent))[:_MAX_CANDIDATES])


def _last_seen(referent: Referent, mention: Mention) -> SentenceIndex | None:
    """Return the sentence in which the referent last appeared before the mention."""
    before = (one for one in reversed(referent.appearances) if one.span.start < mention.span.start)
    return next((one.sentence for one in before), None)


def _names_itself(coref: Coreference, mention: Mention, own: Iterable[Span]) -> Referent | None:
    """Return the body that is the subject of what it says, if the sentence names nobody else: "*Orbix* expects higher
    sales, it said"."""
    subjects = [
        coref.referents[found.referent]
        for head in range(mention.head)
        if (seen := coref.mentions.get((mention.sentence, head))) is not None and seen.function == "subject"
        if any(span.contains(seen.span) for span in own) and not coref.quoted(seen.span.start)
        if (found := coref.resolutions.get((mention.sentence, head))) is not None and found.referent is not None
    ]
    first = subjects[0] if len(subjects) == 1 else None
    return first if first is not None and _fit(mention.role, first, mention.sentence, speaks=True) is not None else None


def _fit_here(coref: Coreference, mention: Mention, referent: Referent, *, speaks: bool) -> float | None:
    """Score the agreement as `_fit`, and by the pronoun's verb and the referent's ages and earlier appearances."""
    word = mention.role
    fit = _fit(word, referent, mention.sentence, speaks=speaks)
    if (
        fit == 0.0
        and speaks
        and word not in IT
        and referent.named
        and _was_subject(referent, _first_sentence(coref, mention))
    ):
        return _ACTED
    if fit is None or word not in IT:
        return fit
    if referent.kind == "person" and ages_of(coref, referent):
        return None  # "Mia, 12, wrote a note. It said …"
    if speaks and is_read(coref, mention):
        readable = referent.kind == "document" or (referent.kind == "unknown" and not referent.named)
        return fit if readable else None
    return fit


def _first_sentence(coref: Coreference, mention: Mention) -> int:
    """Return the first sentence of the quote whose source is the pronoun, or its own if the quote follows."""
    numbers = coref.sources.get((mention.sentence, mention.head), ())
    starts = [span.start for number in numbers for span in coref.attributions[number].contents]
    first = int(mention.sentence)
    while first > 0 and starts and coref.parse.sentences[first - 1].span.end > min(starts):
        first -= 1
    return first


def _was_subject(referent: Referent, before: int) -> bool:
    """Return whether the referent is the subject of the sentence before: "Ferreira disagreed. “We won,” he said." """
    return any(
        seen.sentence == before - 1 and seen.function == "subject" and not seen.quoted
        for seen in referent.appearances[-_MAX_APPEARANCES:]
    )


def is_read(coref: Coreference, mention: Mention) -> bool:
    """Return whether the pronoun is the subject of "reads" or "read", so that it refers to a text."""
    words = coref.parse.sentences[mention.sentence].words
    head = words[mention.head].head
    return head >= 0 and words[head].lemma.lower() == "read"


def _namesakes(coref: Coreference, mention: Mention, best: Candidate) -> tuple[ReferentIndex, ...]:
    """Return the people whom the last subject of the paragraph can be, if it is an ambiguous name after the last
    mention of the best candidate: "*The elder Soros* gave money. He has said …"."""
    here, gender = coref.paragraph(mention.span.start), "male" if mention.role in HE else "female"
    since = max(seen.span.start for seen in coref.referents[best.referent].appearances)
    for key, namesakes in coref.ambiguous.items():
        name = coref.mentions[key]
        subject = name.function == "subject" and coref.paragraph(name.span.start) == here
        last = subject and since < name.span.start < mention.span.start and not coref.reported(name.span.start)
        if last and any(coref.referents[one].gender in {None, gender} for one in namesakes):
            return namesakes
    return ()


def _main_person(coref: Coreference, mention: Mention, scored: Sequence[Candidate]) -> Candidate | None:
    """Return the main person of the article, if the pronoun is nearer to someone who is only mentioned in passing.

    Example: an obituary resumes with "She" after a paragraph with what a friend of hers said.
    """
    nearest = coref.referents[scored[0].referent]
    here = coref.paragraph(mention.span.start)
    named = [coref.paragraph(span.start) for span in nearest.names if span.start < mention.span.start]
    if not named or here - max(named) < _NAMED_APART:
        return None
    main = max(scored, key=lambda item: len(coref.referents[item.referent].names))
    referent = coref.referents[main.referent]
    often = len(referent.names) >= _MAIN_NAMES * max(len(nearest.names), 1)
    return main if often and referent.gender is not None and nearest.narrated <= _IN_PASSING else None


def undecided(coref: Coreference, rule: str, phrase: str, fitting: Sequence[Candidate], alike: int) -> ResolvedMention:
    """Return an unresolved mention because the first `alike` candidates in `fitting` have nearly equal scores."""
    names = ", ".join(coref.referents[item.referent].name for item in fitting[: min(alike, 3)])
    why = f"Several antecedents fit “{phrase}”: {names}."
    return ResolvedMention(None, "none", rule, phrase, why, "ambiguous", tuple(fitting[:_MAX_CANDIDATES]))


def persons_by_salience(
    coref: Coreference, mention: Mention, excluded: frozenset[ReferentIndex] = frozenset()
) -> list[Candidate]:
    """Return the salient persons of matching gender at `mention`, most salient first.

    For descriptions that do not identify their referent. Referents in `excluded` are ruled out, and those that are only
    named before another noun: Ember in "an Ember actress".
    """
    numbers = coref.sources.get((mention.sentence, mention.head), ())
    own = tuple(span for number in numbers for span in coref.attributions[number].contents)
    fits = (
        (referent, 0.0 if referent.kind == "person" and not referent.plural and not opposed else None)
        for referent in coref.recently_mentioned(_LIMIT)
        for opposed in (mention.gender and referent.gender and mention.gender != referent.gender,)
        if referent.number not in excluded and any(seen.function != "modifier" for seen in referent.appearances)
    )
    return _scored(coref, mention, fits, own)


def _scored(
    coref: Coreference, mention: Mention, fits: Iterable[tuple[Referent, float | None]], own: tuple[Span, ...]
) -> list[Candidate]:
    """Return the candidates that fit, with their salience at `mention`, best first."""
    scored = []
    for referent, fit in fits:
        salient = salience(coref, referent, mention, own) if fit is not None else None
        penalty = _named_within(referent, own, coref) if salient is not None else None
        if fit is None or salient is None or penalty is None:
            continue
        asked = _ASKED if referent.number == coref.asked else 0.0
        scored.append(Candidate(fit + asked + penalty + salient, referent.number))
    return sorted(scored, key=lambda item: (-item.score, item.referent))


def _fit(word: str, referent: Referent, sentence: SentenceIndex, *, speaks: bool = False) -> float | None:
    """Score the agreement in gender, number and kind, or return None if they disagree.

    If `speaks`, the pronoun is a speaker: not a thing, but possibly an organization that was labelled a person by its
    name alone.
    """
    if word in HE or word in SHE:
        gender: Gender = "male" if word in HE else "female"
        if referent.kind not in {"person", "unknown"} or referent.plural:
            return None
        if referent.gender:
            return _KNOWN if referent.gender == gender else None
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
    if speaks and _spoke_with_unknown_gender(referent, sentence):
        return _THEY_ONE
    if referent.kind == "organization":
        return _THEY_ORGANIZATION
    return -3.0 if referent.kind in {"person", "place"} and not referent.gender else None


def _spoke_with_unknown_gender(referent: Referent, sentence: SentenceIndex) -> bool:
    """Return whether a person of unknown gender spoke recently, such as a source or a spokesperson ("they")."""
    called_they = word_list("speakers", "called_they")  # "a spokesman said … they added"
    unnamed = not referent.named and any(role.noun in called_they for role in referent.roles)
    if referent.kind not in {"person", "unknown"} or (referent.gender and not unnamed):
        return False
    fitting = person_words().singular_they | called_they
    return any(role.noun in fitting for role in referent.roles) and any(
        seen.source and sentence - seen.sentence <= _RECENT for seen in referent.appearances[-_MAX_APPEARANCES:]
    )


def salience(coref: Coreference, referent: Referent, mention: Mention, own: tuple[Span, ...] = ()) -> float | None:
    """Return the salience of the referent at `mention`, or None if it does not appear recently in the same voice.

    Pronouns in the narration do not refer to referents that were mentioned only inside quotes.
    """
    quoted = coref.quoted(mention.span.start)
    scores = []
    for appearance in islice(reversed(referent.appearances), _MAX_APPEARANCES):
        if mention.sentence - appearance.sentence > _REACH:
            break
        before = appearance.span.start < mention.span.start and not any(span.contains(appearance.span) for span in own)
        if before and (quoted or not appearance.quoted):
            scores.append(_weight(coref, appearance, mention))
    if not scores:
        return None
    unnamed = 0.0 if referent.named else _UNNAMED
    return max(scores) - unnamed + _PER_APPEARANCE * min(referent.narrated, _OFTEN)


def _named_within(referent: Referent, own: tuple[Span, ...], coref: Coreference) -> float | None:
    """Return the penalty for a referent named in the content of the pronoun's own quote, or None if it is ruled out.

    Speakers rarely name themselves. Inside quotation marks they can repeat how they were addressed: "He told me,
    'Frank, go home.'".
    """
    named = [(span, name) for span in own for name in referent.names if span.contains(name)]
    if any(not coref.quoted(name.start) for _, name in named):
        return None
    plain = any(not _INNER_QUOTE.search(coref.article.text, span.start + 1, name.start + 1) for span, name in named)
    return -_NAMED if plain else 0.0


def _weight(coref: Coreference, seen: Appearance, mention: Mention) -> float:
    """Return the salience that one appearance adds at `mention`, by distance, subject, source and paragraph."""
    spoke = (
        seen.source and seen.function == "aside" and seen.sentence != mention.sentence
    )  # ", while the union said no"
    score = _FUNCTION_SALIENCE["subject" if spoke else seen.function] - _PER_SENTENCE * min(
        mention.sentence - seen.sentence, _REACH
    )
    speaks = (mention.sentence, mention.head) in coref.sources
    elsewhere = seen.sentence != mention.sentence and not seen.source and coref.reported(seen.span.start)
    if speaks and elsewhere and mention.role in HE | SHE:
        score -= _ASKED_ABOUT if _is_asked_about(coref, seen, mention) else _TALKED_ABOUT
    if seen.source:
        score += _SPEAKER if speaks else _SOURCE
    if seen.paragraph == coref.paragraph(mention.span.start):
        score += _SAME_PARAGRAPH
    if seen.sentence == mention.sentence and seen.function == "subject":
        score += _SAME_SUBJECT
    elif seen.sentence == mention.sentence and seen.function == "aside" and seen.source:
        score += _SPOKE_ASIDE
    return score


def _is_asked_about(coref: Coreference, seen: Appearance, mention: Mention) -> bool:
    """Return whether the appearance is in a question that the sentence before the pronoun reports."""
    if mention.sentence - seen.sentence > _RECENT:
        return False
    about = (span for span in coref.questions if span.contains(seen.span))
    return any(coref.article.slice(span).partition(" ")[0].lower() in _QUESTION_OPENINGS for span in about)


def is_question(coref: Coreference, asked: Attribution) -> bool:
    """Return whether the content is a question, not a request: "asked *how long it takes*"."""
    first = coref.article.slice(asked.contents[0]).lstrip("“\"'‘").split(" ", 1)[0].lower() if asked.contents else ""
    ends = asked.contents and coref.article.slice(asked.contents[-1]).rstrip("”\"'’").endswith("?")
    return bool(ends) or (asked.cue is not None and asked.cue.cue_class == "ask" and first in _QUESTION_OPENINGS)


def _record_agreement(referent: Referent, word: str) -> None:
    """Record what the pronoun reveals: a person's gender, or that a name is an organization's."""
    if referent.kind == "person" and word in IT:
        referent.kind = "organization"
    if referent.gender is None and referent.kind in {"person", "unknown"} and (word in HE or word in SHE):
        referent.gender = "male" if word in HE else "female"
        referent.kind = "person"
