"""Explain the decisions behind a quote: the winner, the runner-up and the features with the largest contributions.

Nothing is kept while an article is processed. Where an explanation is asked for, the alternatives of the quotes that
were found are scored a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.content_spans import runs
from service.extraction.attribution.cue_features import cue_features
from service.extraction.attribution.linear import LinearModel, Models, ReaderModels
from service.extraction.attribution.proposals import (
    MIN_CUE_SCORE,
    Proposal,
    Scored,
    completed_content,
    contents_of_cue,
    reader_models,
    scored_contents,
    scored_cues,
    scored_sources,
)
from service.extraction.attribution.reader_scores import LINEAR
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.source_features import source_features
from service.extraction.attribution.sources import phrase_span
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.quotations.span_cues import Considered, CueAssignment, assign_cues
from service.extraction.quotations.span_features import no_cue_features, span_cue_features
from service.extraction.report import MAX_FEATURES, Alternative, Decision, DecisionKind, Weight
from service.input.article import Span
from service.parsing.tree import WordKey

Key = TypeVar("Key")

MODEL: Final = "model"
_NO_MODEL: Final = LinearModel(0.0, {})
_WITHOUT_READER: Final = ReaderModels(_NO_MODEL, _NO_MODEL, _NO_MODEL, _NO_MODEL, _NO_MODEL)
_COMPLETION: Final = (
    "completion"  # completed_content(): the content without circumstances, with the clauses that belong to it
)
_ASIDE: Final = "aside"  # proposals._source(): the name or role in ", replied the mayor,"
_PENDING: Final = "pending"  # proposals_in(): "has yet to say"
_ADJACENT: Final = "adjacent"  # assign_cues(): what stands directly next to the quoted span
_SAME_SPEECH: Final = "same-speech"  # assign_cues(): another part of the speech has the cue


@dataclass(frozen=True)
class Trace:
    """What an explanation needs of a document beyond the quote: its models, and the alternatives of quoted spans."""

    document: Document
    models: Models
    assignments: Mapping[QuotedSpanIndex, CueAssignment]
    considered: Mapping[QuotedSpanIndex, Considered]


def trace_of(document: Document, proposals: Sequence[Proposal], models: Models) -> Trace:
    """Assign the quoted spans of `document` to cues a second time, and keep what the model chose from."""
    considered: dict[QuotedSpanIndex, Considered] = {}
    assignments = assign_cues(document, proposals, models.quoted_spans, considered)
    return Trace(document, models, assignments, considered)


def decisions_of(
    trace: Trace, proposal: Proposal, contents: Iterable[Span], quoted_spans: Iterable[QuotedSpanIndex]
) -> tuple[Decision, ...]:
    """Return the decisions behind the quote that `proposal` became.

    `contents` are the quote's contents, `quoted_spans` the indices of the quoted spans that were assigned to it.
    """
    view, cue, models = proposal.view, proposal.cue, trace.models
    batch, candidates = SentenceBatch([view]), contents_of_cue(view, cue, models)
    (scored,) = scored_contents(batch, [(view, cue)], [candidates], models)
    completed = completed_content(view, cue, scored.choice().best)
    return (
        _cue(trace, batch, proposal),
        _content(trace, proposal, contents, candidates, scored, completed),
        _source(trace, batch, proposal, completed),
        *(_quoted_span(trace, number) for number in quoted_spans if number in trace.assignments),
    )


def _cue(trace: Trace, batch: SentenceBatch, proposal: Proposal) -> Decision:
    """The cue; the runner-up is the next likeliest cue of the sentence."""
    view, models = proposal.view, trace.models
    (cues,) = scored_cues(batch, models)
    features_of = cues.reader_features or [{} for _ in cues.candidates]
    scored = dict(zip(cues.candidates, zip(cues.scores, features_of, strict=True), strict=True))

    def features(at: int) -> list[str]:
        (result,) = cue_features(batch, np.array([batch.start(view) + at]))
        return result

    scored.setdefault(proposal.cue, (models.cues.score(features(proposal.cue)), {}))
    with_reader = reader_models(view, models) or _WITHOUT_READER

    def alternative(at: int) -> Alternative:
        score, reader_features = scored[at]
        top_features = _top_features(models.cues, features(at), with_reader.cues, reader_features)
        return Alternative(view.words[at].text, round(score, 2), top_features)

    others = sorted((-score, at) for at, (score, _) in scored.items() if at != proposal.cue and score >= MIN_CUE_SCORE)
    decided_by = MODEL if proposal.cue_score == scored[proposal.cue][0] else _rule(proposal, "cue", _PENDING)
    return Decision("cue", decided_by, alternative(proposal.cue), alternative(others[0][1]) if others else None)


def _content(
    trace: Trace,
    proposal: Proposal,
    contents: Iterable[Span],
    candidates: Mapping[WordSet, str],
    scored: Scored[WordSet],
    completed: WordSet,
) -> Decision:
    """The content; the runner-up is the model's second choice, or its first if rules changed the content."""
    view, cue, models = proposal.view, proposal.cue, trace.models
    with_reader = reader_models(view, models) or _WITHOUT_READER

    def alternative(index: int, text: str | None) -> Alternative:
        words = scored.candidates[index]
        (features,) = content_features(view, cue, {words: candidates[words]})
        top_features = _top_features(models.contents, features, with_reader.contents, _reader_features(scored, index))
        return Alternative(text, round(scored.scores[index], 2), top_features)

    def following(index: int) -> Alternative | None:
        if index >= len(ranked):
            return None
        spans = runs(view.sentence, list(positions(scored.candidates[ranked[index]])))
        return alternative(ranked[index], " … ".join(map(trace.document.article.slice, spans)) or None)

    ranked = _ranking(scored.scores)
    final = " … ".join(trace.document.article.slice(span) for span in contents)
    if proposal.content.best == scored.candidates[ranked[0]]:
        return Decision("content", MODEL, alternative(ranked[0], final), following(1))
    decided_by = _COMPLETION if completed == proposal.content.best else _rule(proposal, "content", _COMPLETION)
    return Decision("content", decided_by, Alternative(final), following(0))


def _source(trace: Trace, batch: SentenceBatch, proposal: Proposal, content: WordSet) -> Decision:
    """The source; the runner-up is the model's second choice, or its first if a rule set the source."""
    view, cue, models = proposal.view, proposal.cue, trace.models
    (scored,) = scored_sources(batch, [(view, cue)], [content], models)
    with_reader = reader_models(view, models) or _WITHOUT_READER
    ranked = _ranking(scored.scores)

    def alternative(index: int) -> Alternative | None:
        if index >= len(ranked):
            return None
        head = scored.candidates[ranked[index]]
        (features,) = source_features(view, cue, [head], content)
        reader_features = _reader_features(scored, ranked[index])
        top_features = _top_features(models.sources, features, with_reader.sources, reader_features)
        return Alternative(_phrase(trace, proposal, head), round(scored.scores[ranked[index]], 2), top_features)

    best = alternative(0)
    if best is not None and proposal.source.best == scored.candidates[ranked[0]]:
        return Decision("source", MODEL, best, alternative(1))
    winner = Alternative(_phrase(trace, proposal, proposal.source.best))
    return Decision("source", _rule(proposal, "source", _ASIDE), winner, best)


def _phrase(trace: Trace, proposal: Proposal, head: int | None) -> str | None:
    return None if head is None else trace.document.article.slice(phrase_span(proposal.view.sentence, head))


def _quoted_span(trace: Trace, number: QuotedSpanIndex) -> Decision:
    """The cue that a quoted span was assigned to; the runner-up is the model's second choice, or its first if a rule
    decided."""
    model = trace.models.quoted_spans
    about = trace.document.article.slice(trace.document.quoted_spans[number].span)
    given = trace.assignments[number].cue
    considered = trace.considered.get(number)
    if considered is None:
        return Decision("quoted-span", _ADJACENT, Alternative(_cue_text(trace, given)), about=about)
    features: dict[WordKey | None, list[str]] = {None: list(no_cue_features(considered.quotation, considered.earlier))}
    for near in considered.near:
        features[near.key] = list(span_cue_features(considered.quotation, near, considered.earlier, considered.near))
    ranked = _ranked({key: model.score(result) for key, result in features.items()})
    alternatives = [_alternative(model, _cue_text(trace, key), score, features[key]) for key, score in ranked[:2]]
    if ranked[0][0] == given:
        return Decision("quoted-span", MODEL, alternatives[0], alternatives[1] if len(ranked) > 1 else None, about)
    return Decision("quoted-span", _SAME_SPEECH, Alternative(_cue_text(trace, given)), alternatives[0], about)


def _cue_text(trace: Trace, key: WordKey | None) -> str | None:
    return None if key is None else trace.document.parse.sentences[key[0]].words[key[1]].text


def _rule(proposal: Proposal, kind: DecisionKind, default: str) -> str:
    """The name of the rule that decided this part of `proposal` last, or `default`."""
    return next((rule for part, rule in reversed(proposal.decided) if part == kind), default)


def _alternative(model: LinearModel, text: str | None, score: float, features: Iterable[str]) -> Alternative:
    return Alternative(text, round(score, 2), model.top_features(dict.fromkeys(features, 1.0), MAX_FEATURES))


def _top_features(
    linear: LinearModel, features: Iterable[str], with_reader: LinearModel, reader_features: Mapping[str, float]
) -> tuple[Weight, ...]:
    """Return the largest contributions among the features of the first model and, if there are any, the reader's."""
    result = linear.top_features(dict.fromkeys(features, 1.0), MAX_FEATURES)
    if reader_features:
        share = with_reader.weights.get(LINEAR, 0.0)  # of the first model's score in the sum
        result = tuple(Weight(item.feature, round(item.weight * share, 3)) for item in result)
        own = with_reader.top_features(
            {name: value for name, value in reader_features.items() if name != LINEAR}, MAX_FEATURES
        )
        result += tuple(Weight(f"reader: {item.feature}", item.weight) for item in own)
    heaviest = sorted(result, key=lambda item: (-abs(item.weight), item.feature))[:MAX_FEATURES]
    return tuple(weight for weight in heaviest if weight.weight)


def _reader_features(scored: Scored[Key], index: int) -> Mapping[str, float]:
    return scored.reader_features[index] if scored.reader_features else {}


def _ranking(scores: Sequence[float]) -> list[int]:
    """The places of the candidates, best first; of two as good, the earlier."""
    return sorted(range(len(scores)), key=lambda index: -scores[index])


def _ranked(scores: Mapping[Key, float]) -> list[tuple[Key, float]]:
    """The alternatives, best first; of two as good, the earlier."""
    return sorted(scores.items(), key=lambda pair: -pair[1])
