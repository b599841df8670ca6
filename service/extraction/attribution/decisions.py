"""Explain the decisions behind a quote: the winner, the runner-up and the features that weighed most.

Nothing is kept while an article is processed. Where an explanation is asked for, the alternatives of the quotes that
were found are scored a second time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from service.extraction.attribution.content_candidates import content_candidates
from service.extraction.attribution.content_features import content_features
from service.extraction.attribution.content_spans import runs
from service.extraction.attribution.cue_features import cue_features, may_be_cue
from service.extraction.attribution.linear import LinearModel, Models
from service.extraction.attribution.proposals import MIN_CUE_SCORE, Proposal, propose
from service.extraction.attribution.source_features import source_candidates, source_features
from service.extraction.attribution.sources import phrase_span
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.document import Document
from service.extraction.quotations.span_cues import Considered, CueAssignment, assign_cues
from service.extraction.quotations.span_features import nobody_features, span_cue_features
from service.extraction.report import MOST_FEATURES, Alternative, Decision, DecisionKind
from service.input.article import Span

Key = TypeVar("Key")

MODEL: Final = "model"
_COMPLETION: Final = "completion"  # propose(): the content without circumstances, with the clauses that belong to it
_ASIDE: Final = "aside"  # propose(): the name or role in ", replied the mayor,"
_PENDING: Final = "pending"  # proposals_in(): "has yet to say"
_ADJACENT: Final = "adjacent"  # assign_cues(): what stands directly next to the quoted span
_SAME_SPEECH: Final = "same-speech"  # assign_cues(): another part of the speech has the cue


@dataclass(frozen=True)
class Trace:
    """What an explanation needs of a document beyond the quote: its models, and the alternatives of quoted spans."""

    document: Document
    models: Models
    proposals: Mapping[tuple[int, int], Proposal]
    assignments: Mapping[int, CueAssignment]
    considered: Mapping[int, Considered]


def trace_of(document: Document, proposals: Sequence[Proposal], models: Models) -> Trace:
    """Assign the quoted spans of `document` to cues a second time, and keep what the model chose from."""
    considered: dict[int, Considered] = {}
    assignments = assign_cues(document, proposals, models.quoted_spans, considered)
    return Trace(document, models, {one.key: one for one in proposals}, assignments, considered)


def decisions_of(
    trace: Trace, proposal: Proposal, contents: Iterable[Span], quoted_spans: Iterable[int]
) -> tuple[Decision, ...]:
    """Return the decisions behind the quote that `proposal` became.

    `contents` are the quote's contents, `quoted_spans` the numbers of the quoted spans that were assigned to it.
    """
    return (
        _cue(trace, proposal),
        _content(trace, proposal, contents),
        _source(trace, proposal),
        *(_quoted_span(trace, number, proposal) for number in quoted_spans if number in trace.assignments),
    )


def _cue(trace: Trace, proposal: Proposal) -> Decision:
    """The cue, and the word of its sentence that is the next likeliest to be one."""
    view, model = proposal.view, trace.models.cues
    features = {position: cue_features(view, position) for position in _possible_cues(trace, proposal)}
    scores = {position: model.score(found) for position, found in features.items()}
    words = view.words
    winner = _alternative(model, words[proposal.cue].text, scores[proposal.cue], features[proposal.cue])
    others = sorted((-score, at) for at, score in scores.items() if at != proposal.cue and score >= MIN_CUE_SCORE)
    runner_up = None
    if others:
        at = others[0][1]
        runner_up = _alternative(model, words[at].text, scores[at], features[at])
    decided_by = MODEL if proposal.cue_score == scores[proposal.cue] else _rule(proposal, "cue", _PENDING)
    return Decision("cue", decided_by, winner, runner_up)


def _possible_cues(trace: Trace, proposal: Proposal) -> Iterator[int]:
    for position in range(len(proposal.view.words)):
        if position == proposal.cue or may_be_cue(proposal.view, position, trace.models.cues):
            yield position


def _content(trace: Trace, proposal: Proposal, contents: Iterable[Span]) -> Decision:
    """The content, and the candidate that the model liked next, or best where rules changed the content."""
    view, cue, model = proposal.view, proposal.cue, trace.models.contents
    candidates = content_candidates(view, cue)
    features = {words: content_features(view, cue, words, way) for words, way in candidates.items()}
    ranked = _ranked({words: model.score_distinct(found) for words, found in features.items()})
    final = " … ".join(trace.document.article.slice(span) for span in contents)
    best, best_score = ranked[0]
    if proposal.content.best == best:
        winner = _alternative(model, final, best_score, features[best])
        return Decision("content", MODEL, winner, _next(trace, proposal, ranked[1:], features))
    completed = propose(view, cue, proposal.cue_score, trace.models).content.best == proposal.content.best
    decided_by = _COMPLETION if completed else _rule(proposal, "content", _COMPLETION)
    return Decision("content", decided_by, Alternative(final), _next(trace, proposal, ranked, features))


def _next(
    trace: Trace,
    proposal: Proposal,
    ranked: Sequence[tuple[WordSet, float]],
    features: Mapping[WordSet, Sequence[str]],
) -> Alternative | None:
    if not ranked:
        return None
    words, score = ranked[0]
    spans = runs(proposal.view.sentence, list(positions(words)))
    text = " … ".join(trace.document.article.slice(span) for span in spans) or None
    return _alternative(trace.models.contents, text, score, features[words])


def _source(trace: Trace, proposal: Proposal) -> Decision:
    """The source, and the candidate that the model liked next, or best where a rule set the source."""
    view, cue, model = proposal.view, proposal.cue, trace.models.sources
    content = propose(view, cue, proposal.cue_score, trace.models).content.best
    features = {one: source_features(view, cue, one, content) for one in source_candidates(view, cue)}
    ranked = _ranked({one: model.score_distinct(found) for one, found in features.items()})

    def alternative(place: int) -> Alternative | None:
        if place >= len(ranked):
            return None
        head, score = ranked[place]
        return _alternative(model, _phrase(trace, proposal, head), score, features[head])

    best = alternative(0)
    if best is not None and proposal.source.best == ranked[0][0]:
        return Decision("source", MODEL, best, alternative(1))
    winner = Alternative(_phrase(trace, proposal, proposal.source.best))
    return Decision("source", _rule(proposal, "source", _ASIDE), winner, best)


def _phrase(trace: Trace, proposal: Proposal, head: int | None) -> str | None:
    return None if head is None else trace.document.article.slice(phrase_span(proposal.view.sentence, head))


def _quoted_span(trace: Trace, number: int, proposal: Proposal) -> Decision:
    """The cue that a quoted span was assigned to, and the one that the model liked next, or best."""
    model = trace.models.quoted_spans
    about = trace.document.article.slice(trace.document.quoted_spans[number].span)
    given = trace.assignments[number].cue
    considered = trace.considered.get(number)
    if considered is None:
        return Decision("quoted-span", _ADJACENT, Alternative(_cue_text(trace, given)), about=about)
    features: dict[tuple[int, int] | None, list[str]] = {
        None: list(nobody_features(considered.quotation, considered.earlier))
    }
    for near in considered.near:
        features[near.key] = list(span_cue_features(considered.quotation, near, considered.earlier, considered.near))
    ranked = _ranked({key: model.score(found) for key, found in features.items()})
    alternatives = [_alternative(model, _cue_text(trace, key), score, features[key]) for key, score in ranked[:2]]
    if ranked[0][0] == given:
        return Decision("quoted-span", MODEL, alternatives[0], alternatives[1] if len(ranked) > 1 else None, about)
    return Decision("quoted-span", _SAME_SPEECH, Alternative(_cue_text(trace, given)), alternatives[0], about)


def _cue_text(trace: Trace, key: tuple[int, int] | None) -> str | None:
    return None if key is None else trace.document.parse.sentences[key[0]].words[key[1]].text


def _rule(proposal: Proposal, kind: DecisionKind, default: str) -> str:
    """The name of the rule that decided this part of `proposal` last, or `default`."""
    return next((rule for part, rule in reversed(proposal.decided) if part == kind), default)


def _alternative(model: LinearModel, text: str | None, score: float, features: Iterable[str]) -> Alternative:
    return Alternative(text, round(score, 2), model.reasons(dict.fromkeys(features, 1.0), MOST_FEATURES))


def _ranked(scores: Mapping[Key, float]) -> list[tuple[Key, float]]:
    """The alternatives, best first; of two as good, the earlier."""
    return sorted(scores.items(), key=lambda pair: -pair[1])
