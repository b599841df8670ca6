"""From the words that name a source to one speaker each, over the whole article."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.article.article import Article, Span
from service.deadline import NO_DEADLINE, Deadline
from service.extraction.attribution import Attribution, Source
from service.extraction.coordination import coordinated, together
from service.extraction.descriptions import described_as
from service.extraction.learned.linear import probability, speaker_model
from service.extraction.mentions import Mention
from service.extraction.names import tokens
from service.extraction.reading import read, settle
from service.extraction.referents import Candidate, Found, Reading, Referent
from service.extraction.report import NamedCandidate, Resolution, Rule, Speaker, SpeakerKind, UnresolvedCode
from service.extraction.speaker_features import speaker_features
from service.parsing.tree import Parse

_MANY = frozenset({"some", "many", "others", "both", "all", "few", "several", "most", "those", "none"})
_KINDS: dict[str, SpeakerKind] = {
    "person": "person",
    "organization": "organization",
    "place": "organization",
    "group": "group",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who said one attribution: an index into `Cast.speakers`, or None and why; and the rule that made it out.

    `confidence` is how sure the speaker is, None without one; `candidates` those who fitted, the best first.
    """

    speaker: int | None
    resolution: Resolution
    unresolved: str | None
    rule: Rule
    code: UnresolvedCode | None = None
    confidence: float | None = None
    candidates: tuple[NamedCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """The speakers of an article, in order of their first attribution, and one `Resolved` for each attribution."""

    speakers: tuple[Speaker, ...]
    resolved: tuple[Resolved, ...]


def resolve(
    article: Article, parse: Parse, attributions: Sequence[Attribution], deadline: Deadline = NO_DEADLINE
) -> Cast:
    """Who said each of `attributions`, in order. The same article, parse and attributions give the same cast.

    `Speaker.quotes` are indices into `attributions`. An attribution that continues another has its speaker; one that
    names nobody, or somebody who cannot be told, has none, and says why. Raises `OutOfTime` soon after the deadline.
    """
    reading, found = found_in(article, parse, attributions, deadline)
    model = speaker_model()
    quotes: dict[int, list[int]] = {}
    for at, each in enumerate(found):
        if each.referent is not None:
            quotes.setdefault(each.referent, []).append(at)
    numbers = {referent: number for number, referent in enumerate(quotes)}
    return Cast(
        speakers=tuple(_speaker(reading, referent, tuple(mine)) for referent, mine in quotes.items()),
        resolved=tuple(
            Resolved(
                speaker=numbers[one.referent] if one.referent is not None else None,
                resolution=one.resolution,
                unresolved=one.why,
                rule=Rule(f"speaker-{one.rule}", one.detail),
                code=one.code,
                confidence=None
                if one.referent is None
                else round(probability(model.weigh(features_of(reading, attributions, found, at))), 3),
                candidates=_named(reading, one.candidates),
            )
            for at, one in enumerate(found)
        ),
    )


def found_in(
    article: Article, parse: Parse, attributions: Sequence[Attribution], deadline: Deadline = NO_DEADLINE
) -> tuple[Reading, list[Found]]:
    """The reading of `article`, and whom each of `attributions` has for a source, in order."""
    reading = read(article, parse, attributions, deadline)
    found: list[Found] = []
    for one in attributions:
        if one.source is not None:
            found.append(_source(reading, one.source))
        elif one.continues is not None and 0 <= one.continues < len(found):
            found.append(_continued(found[one.continues], one.continues))
        else:
            found.append(Found(None, "none", "no-source", "", "no source is named", "no-source"))
    return reading, [_as_named(reading, one) for one in found]


def features_of(
    reading: Reading, attributions: Sequence[Attribution], found: Sequence[Found], number: int
) -> dict[str, float]:
    """What the confidence of the speaker of attribution `number` is learned from: its own resolution, or that of the
    attribution that it goes on from."""
    root = number
    while attributions[root].source is None and (before := attributions[root].continues) is not None and before < root:
        root = before
    source = attributions[root].source
    goes_on = attributions[number].rules if root != number else ()
    key = (source.sentence, source.head) if source is not None else None
    return speaker_features(reading, attributions[root], found[root], key, goes_on)


def _named(reading: Reading, candidates: Sequence[Candidate]) -> tuple[NamedCandidate, ...]:
    """The candidates by name, their points as shares that add up to 1."""
    if not candidates:
        return ()
    weights = [math.exp(one.score - candidates[0].score) for one in candidates]
    whole = sum(weights)
    return tuple(
        NamedCandidate(reading.referents[one.referent].name, weight / whole)
        for one, weight in zip(candidates, weights, strict=True)
    )


def _as_named(reading: Reading, found: Found) -> Found:
    """`found` with the one whom the article names later, where it described them first."""
    if found.referent in reading.same:
        return replace(found, referent=reading.same[found.referent])
    return found


def _continued(earlier: Found, number: int) -> Found:
    if earlier.referent is None:
        return Found(None, "none", "continuation", f"of {number}", earlier.why, earlier.code)
    return Found(earlier.referent, "continuation", "continuation", f"of {number}")


def _source(reading: Reading, source: Source) -> Found:
    """Whom the words of `source` mean."""
    members = coordinated(reading, source)
    if members:
        return together(reading, source, [_at(reading, source.sentence, head) for head in members])
    mention = reading.mentions.get((source.sentence, source.head)) or _above(reading, source)
    found = settle(reading, mention) if mention is not None else None
    if found is None:
        return _unnamed(reading, source)
    if found.referent is None or found.resolution != "name":
        return found
    holds = _holds_name(reading, source, reading.referents[found.referent])
    return replace(found, resolution="name" if holds else "alias")


def _at(reading: Reading, sentence: int, head: int) -> Found | None:
    mention = reading.mentions.get((sentence, head))
    return settle(reading, mention) if mention is not None else None


def _above(reading: Reading, source: Source) -> Mention | None:
    """The phrase in `source` of which its head is only a part, as a title before a name is."""
    word = reading.parse.sentences[source.sentence].words[source.head]
    governor = reading.parse.sentences[source.sentence].words[word.head] if word.head >= 0 else word
    inside = word.upos == "PROPN" and source.span.contains(governor.span)
    return reading.mentions.get((source.sentence, word.head)) if inside else None


def _holds_name(reading: Reading, source: Source, referent: Referent) -> bool:
    """Whether the source calls the referent by the fullest name, whatever else it says."""
    phrase = tokens(reading.article.slice(source.span))
    name = tokens(referent.name)
    return any(phrase[at : at + len(name)] == name for at in range(len(phrase) - len(name) + 1))


def _unnamed(reading: Reading, source: Source) -> Found:
    """Somebody called by words that are no noun: "some", "one of them", "the 35-year-old"."""
    sentence = reading.parse.sentences[source.sentence]
    word = sentence.words[source.head]
    name = described_as(reading.article, sentence, source.span)
    if word.text.lower() in {"who", "what", "which"}:
        return Found(None, "none", "question", name, f"{word.text!r} asks who it is", "question")
    key = name.lower()
    if key not in reading.phrases:
        reading.phrases[key] = reading.add("group" if word.text.lower() in _MANY else "unknown", name).number
    return Found(reading.phrases[key], "description", "new-description", name)


def _speaker(reading: Reading, number: int, quotes: tuple[int, ...]) -> Speaker:
    referent = reading.referents[number]
    sources = sorted({one.span for at in quotes if (one := reading.attributions[at].source) is not None})
    names = [span for span in referent.names if not _covered(span, sources)]
    name = referent.name
    return Speaker(
        name=name,
        kind=_KINDS.get(referent.kind, "unknown"),
        description=referent.description,
        aliases=tuple(form for form in referent.forms if form != name),
        mentions=tuple(sorted([*sources, *names])),
        quotes=quotes,
    )


def _covered(span: Span, sources: Sequence[Span]) -> bool:
    """Whether one of the sorted `sources` holds `span`."""
    at = bisect_right(sources, span.start, key=lambda source: source.start) - 1
    return at >= 0 and sources[at].contains(span)
