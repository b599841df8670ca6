"""Resolution of sources: one speaker for each attribution, over the whole article."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.extraction.attribution.linear import probability, speaker_model
from service.extraction.noun_phrases import voice_of
from service.extraction.report import (
    MAX_FEATURES,
    Alternative,
    Attribution,
    Decision,
    NamedCandidate,
    Resolution,
    Rule,
    Source,
    Speaker,
    SpeakerIndex,
    SpeakerKind,
    UnresolvedCode,
)
from service.extraction.speakers.coordination import coordinated, together
from service.extraction.speakers.coreference import resolve_mention, resolve_mentions
from service.extraction.speakers.label_names import speakers_of_passages
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.names import described_as, tokens
from service.extraction.speakers.naming import SHARED_SURNAME
from service.extraction.speakers.questioners import questioners
from service.extraction.speakers.referents import Candidate, Coreference, Referent, ReferentIndex, ResolvedMention
from service.extraction.speakers.speaker_features import speaker_features
from service.extraction.wordlists import organization_words, word_list
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.tree import Parse, SentenceIndex

_CLEAR = 0.7  # share of the best of several people that a pronoun fits; with less, 6 of 9 were right
_UNCLEAR = 0.65  # maximum confidence then, and for a surname of two people in the story
_KINDS: dict[str, SpeakerKind] = {
    "person": "person",
    "organization": "organization",
    "place": "organization",
    "group": "group",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """The speaker of one attribution and the rule that found it.

    `speaker` is an index into `Cast.speakers`, or None with a reason. `confidence` is the probability that the speaker
    is right, None without a speaker; `candidates` are the referents that fit, best first.
    """

    speaker: SpeakerIndex | None
    resolution: Resolution
    unresolved: str | None
    rule: Rule
    code: UnresolvedCode | None = None
    confidence: float | None = None
    candidates: tuple[NamedCandidate, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """The speakers of an article, in order of their first attribution, and one `Resolved` per attribution."""

    speakers: tuple[Speaker, ...]
    resolved: tuple[Resolved, ...]


def resolve(
    article: Article,
    parse: Parse,
    attributions: Sequence[Attribution],
    deadline: Deadline = NO_DEADLINE,
    *,
    explain: bool = False,
) -> Cast:
    """Resolve the speaker of each attribution, in order.

    An attribution that continues another has the same speaker. One without a source, or whose source cannot be
    resolved, has none, and the reason is given. The result is deterministic. `Speaker.quotes` stay empty.
    With `explain`, each has its `decision`. Raises `OutOfTime` soon after the deadline.
    """
    coref, result, labelled = resolve_sources(article, parse, attributions, deadline)
    model = speaker_model()
    unclear = _unclear_pronouns(result)

    def confidence(at: int) -> float | None:
        one = result[at]
        if one.referent is None:
            return None
        known = labelled.get(at)
        if known is not None:
            return known
        predicted = probability(model.weighted_sum(features_of(coref, attributions, result, at)))
        if one.rule == SHARED_SURNAME:
            predicted = min(predicted, _UNCLEAR)
        return round(min(predicted, _UNCLEAR) if at in unclear else predicted, 3)

    quotes: dict[ReferentIndex, list[int]] = {}
    for at, each in enumerate(result):
        if each.referent is not None:
            quotes.setdefault(each.referent, []).append(at)
    numbers = {referent: SpeakerIndex(number) for number, referent in enumerate(quotes)}
    return Cast(
        speakers=tuple(_speaker(coref, referent, tuple(numbers)) for referent, numbers in quotes.items()),
        resolved=tuple(
            Resolved(
                speaker=numbers[one.referent] if one.referent is not None else None,
                resolution=one.resolution,
                unresolved=one.why,
                rule=Rule(f"speaker-{one.rule}", one.detail),
                code=one.code,
                confidence=confidence(at),
                candidates=_named(coref, one.candidates),
                decision=_decision(coref, one, {} if at in labelled else features_of(coref, attributions, result, at))
                if explain
                else None,
            )
            for at, one in enumerate(result)
        ),
    )


def resolve_sources(
    article: Article, parse: Parse, attributions: Sequence[Attribution], deadline: Deadline = NO_DEADLINE
) -> tuple[Coreference, list[ResolvedMention], dict[int, float]]:
    """Return the coreference of `article`, the resolved source of each attribution, in order, and the confidence of
    those that a label determined, by the index of their attribution."""
    coref = resolve_mentions(article, parse, attributions, deadline)
    labels = speakers_of_passages(coref)
    result: list[ResolvedMention] = []
    certain: dict[int, float] = {}
    for at, one in enumerate(attributions):
        label = None if one.passage is None or one.continues is not None else labels[one.passage]
        if one.source is None and label is not None:
            result.append(label.mention)
            certain[at] = label.confidence
        elif one.within is not None and _is_speaker_of_passage(coref, one):
            result.append(_continued(result[one.within]))
            certain[at] = certain.get(one.within, 1.0)
        elif one.source is not None:
            result.append(_source(coref, one.source))
        elif one.continues is not None and 0 <= one.continues < len(result):
            result.append(_continued(result[one.continues]))
        elif at > 0 and _is_participle_after(coref.parse, attributions[at - 1], one):
            result.append(_continued(result[at - 1]))
        else:
            result.append(ResolvedMention(None, "none", "no-source", "", "The sentence names no source.", "no-source"))
    for at, speaker, confidence in list(questioners(coref, attributions, result)):
        result[at], certain[at] = speaker, confidence
    return coref, [_as_named(coref, item) for item in result], certain


def _is_speaker_of_passage(coref: Coreference, attribution: Attribution) -> bool:
    """Return whether the source is "I", inside a turn, a block quote or a post: its speaker quotes himself."""
    source = attribution.source
    return source is not None and coref.article.slice(source.span).lower() == "i"


def _is_participle_after(parse: Parse, earlier: Attribution, attribution: Attribution) -> bool:
    """Return whether the sentence starts with a participle, just after `earlier`: "She said so. Adding: “…”"."""
    if attribution.cue is None or attribution.sentence - earlier.sentence not in {0, 1}:
        return False
    first = parse.sentences[attribution.sentence].words[0]
    return first.span == attribution.cue.span and first.xpos == "VBG"


def features_of(
    coref: Coreference, attributions: Sequence[Attribution], resolved: Sequence[ResolvedMention], number: int
) -> dict[str, float]:
    """Return the features of the confidence of attribution `number`.

    A continuation has those of the attribution it continues.
    """
    root = number
    while attributions[root].source is None and (before := attributions[root].continues) is not None and before < root:
        root = before
    source = attributions[root].source
    goes_on = attributions[number].rules if root != number else ()
    key = (source.sentence, source.head) if source is not None else None
    return speaker_features(coref, attributions[root], resolved[root], key, goes_on)


def _named(coref: Coreference, candidates: Sequence[Candidate]) -> tuple[NamedCandidate, ...]:
    """Return the candidates by name, each with its share."""
    shares = _shares(candidates)
    return tuple(
        NamedCandidate(coref.referents[one.referent].name, share) for one, share in zip(candidates, shares, strict=True)
    )


def _unclear_pronouns(resolved: Sequence[ResolvedMention]) -> set[int]:
    """Return the attributions whose pronoun fits several people, and the later ones that depend on such a choice: those
    by a pronoun for the same person, until a name or a description tells who spoke."""
    result: set[int] = set()
    doubtful: set[ReferentIndex] = set()
    for at, one in enumerate(resolved):
        if one.referent is None:
            continue
        if one.resolution in {"name", "alias", "description"}:
            doubtful.discard(one.referent)
        elif one.resolution == "pronoun":
            several = bool(one.candidates) and _shares(one.candidates)[0] < _CLEAR
            if several or one.referent in doubtful:
                doubtful.add(one.referent)
                result.add(at)
    return result


def _shares(candidates: Sequence[Candidate]) -> list[float]:
    """Return the scores of `candidates`, best first, normalized to a sum of 1."""
    weights = [math.exp(candidate.score - candidates[0].score) for candidate in candidates]
    total = sum(weights)
    return [weight / total for weight in weights]


def _decision(coref: Coreference, resolved: ResolvedMention, features: Mapping[str, float]) -> Decision:
    """Who was chosen, by which rule, the next best candidate, and what made the choice sure or unsure."""
    others = [
        coref.referents[candidate.referent].name
        for candidate in resolved.candidates
        if candidate.referent != resolved.referent
    ]
    winner = Alternative(None)
    if resolved.referent is not None:
        model = speaker_model()
        score = round(model.weighted_sum(features), 2)
        winner = Alternative(coref.referents[resolved.referent].name, score, model.top_features(features, MAX_FEATURES))
    return Decision("speaker", f"speaker-{resolved.rule}", winner, Alternative(others[0]) if others else None)


def _as_named(coref: Coreference, resolved: ResolvedMention) -> ResolvedMention:
    """Replace a described referent in `resolved` by the named one it was later identified with."""
    if resolved.referent in coref.identified:
        return replace(resolved, referent=coref.identified[resolved.referent])
    return resolved


def _continued(earlier: ResolvedMention) -> ResolvedMention:
    if earlier.referent is None:
        return ResolvedMention(None, "none", "continuation", "", earlier.why, earlier.code)
    return ResolvedMention(earlier.referent, "continuation", "continuation")


def _source(coref: Coreference, source: Source) -> ResolvedMention:
    """Resolve the words of `source`."""
    mention = coref.mentions.get((source.sentence, source.head)) or _enclosing_mention(coref, source)
    members = coordinated(coref, source)
    if not members and mention is not None and mention.kind == "document":
        voice = voice_of(coref.parse.sentences[source.sentence], mention.head)
        members = [] if voice is None else coordinated(coref, replace(source, head=voice))  # "reports from A and B"
    if members:
        return together(coref, source, [_at(coref, source.sentence, head) for head in members])
    result = resolve_mention(coref, mention) if mention is not None else None
    if result is None:
        return _unnamed(coref, source)
    if result.referent is None or result.resolution != "name":
        return result
    holds = _holds_name(coref, source, coref.referents[result.referent])
    return replace(result, resolution="name" if holds else "alias")


def _at(coref: Coreference, sentence: SentenceIndex, head: int) -> ResolvedMention | None:
    mention = coref.mentions.get((sentence, head))
    return resolve_mention(coref, mention) if mention is not None else None


def _enclosing_mention(coref: Coreference, source: Source) -> Mention | None:
    """Return the mention in `source` that contains the head as a part, such as a title before a name."""
    word = coref.parse.sentences[source.sentence].words[source.head]
    governor = coref.parse.sentences[source.sentence].words[word.head] if word.head >= 0 else word
    inside = word.upos == "PROPN" and source.span.contains(governor.span)
    return coref.mentions.get((source.sentence, word.head)) if inside else None


def _holds_name(coref: Coreference, source: Source, referent: Referent) -> bool:
    """Return whether the source contains the referent's fullest name."""
    phrase = tokens(coref.article.slice(source.span))
    name = tokens(referent.name)
    return any(phrase[at : at + len(name)] == name for at in range(len(phrase) - len(name) + 1))


def _unnamed(coref: Coreference, source: Source) -> ResolvedMention:
    """Resolve a source without a noun: "some", "one of them", "the 35-year-old"."""
    sentence = coref.parse.sentences[source.sentence]
    word = sentence.words[source.head]
    name = described_as(coref.article, sentence, source.span)
    if word.text.lower() in {"who", "what", "which"}:
        return ResolvedMention(None, "none", "question", name, f"“{word.text}” asks for the speaker.", "question")
    key = name.lower()
    if key not in coref.phrases:
        coref.phrases[key] = coref.add(
            "group" if word.text.lower() in word_list("speakers", "quantifiers") else "unknown", name
        ).number
    return ResolvedMention(coref.phrases[key], "description", "new-description", name)


def _speaker(coref: Coreference, number: ReferentIndex, quotes: tuple[int, ...]) -> Speaker:
    referent = coref.referents[number]
    own = [coref.attributions[at] for at in quotes]
    sources = sorted(
        {each.source.span for each in own if each.source is not None}
        | {each.label for each in own if each.source is None and each.label is not None}
    )
    names = [span for span in referent.names if not _covered(span, sources)]
    name = _display_name(coref, referent, sources)
    return Speaker(
        name=name,
        kind=_KINDS.get(referent.kind, "unknown"),
        description=referent.description,
        aliases=tuple(form for form in referent.forms if form != name),
        mentions=tuple(sorted([*sources, *names])),
    )


def _display_name(coref: Coreference, referent: Referent, sources: Sequence[Span]) -> str:
    """Return the fullest name, or the start of an organization's name, if `sources` use only that and the rest does not
    say what kind of organization it is: Audi, which makes the Audi e-tron."""
    full = tokens(referent.name)
    known = organization_words()
    endings = known.heads | known.company_suffixes | known.clubs | known.media
    endings |= word_list("names", "trades_of_companies")
    if referent.kind != "organization" or endings.intersection(full):
        return referent.name
    used = {" ".join(coref.article.slice(span).split()) for span in sources}
    short = [form for form in referent.forms if form in used and full[: len(tokens(form))] == tokens(form)]
    contained = any(referent.name in phrase for phrase in used)
    return short[0] if short and not contained else referent.name


def _covered(span: Span, sources: Sequence[Span]) -> bool:
    """Return whether one of the sorted `sources` contains `span`."""
    at = bisect_right(sources, span.start, key=lambda source: source.start) - 1
    return at >= 0 and sources[at].contains(span)
