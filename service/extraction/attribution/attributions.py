"""Find attributions: each likely cue with its content and source.

Linear models over features of the parse make every decision: which words are cues, what each cue reports, what its
source is, which cue reports each quoted span, and how confident the whole attribution is. Rules (`rules/`) correct
them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from service.extraction.attribution.confidence import confidence_features
from service.extraction.attribution.content_candidates import coordinated_with_cue
from service.extraction.attribution.content_spans import contents_of, kind_of, marks_in
from service.extraction.attribution.cues import denied, withheld
from service.extraction.attribution.decisions import decisions_of, trace_of
from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.linear import Models, probability, shipped_models
from service.extraction.attribution.proposals import Proposal, by_sentence, proposals_of
from service.extraction.attribution.reader_scores import LINEAR, reader_draft_features
from service.extraction.attribution.sources import as_source, find_addressee, find_via, is_citing, is_main
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.quotations.span_cues import Assignments, assign_cues
from service.extraction.report import Attribution, AttributionIndex, Cue, Rule, Statements
from service.extraction.rules.constructions import is_by_construction
from service.extraction.rules.embedded_questions import is_put_by_nobody
from service.extraction.rules.grammar import apply_rules
from service.extraction.rules.introductions import COLON
from service.extraction.rules.not_said import is_entry, is_topic, is_unreal
from service.extraction.rules.statements import (
    has_scare_quotes,
    is_act,
    is_consent,
    is_cut_off,
    is_naming,
    is_unsaid,
    shows,
)
from service.input.article import NO_DEADLINE, Deadline, Span
from service.parsing.tree import WordKey

_BY_CONSTRUCTION: Final = 0.6  # minimum probability of a report by construction; the models have seen too few
_UNLIKELY: Final = 0.3  # probability of speech, below which an attitude cue does not report later quoted sentences


@dataclass(frozen=True)
class Draft:
    """A proposal with its quoted spans, by index, and its probabilities.

    The spans `inner_spans` are part of the content, with words of the cue's sentence; the spans `later_spans` continue
    it. `confidence` is the probability that the draft is correct as a statement of any kind, `speech` that it is
    correct as speech; `values` are the feature values of both. `reader_features` are the reader's features, None
    without a reader.
    """

    proposal: Proposal
    inner_spans: tuple[QuotedSpanIndex, ...]
    later_spans: tuple[QuotedSpanIndex, ...]
    contents: tuple[Span, ...]
    values: dict[str, float]
    confidence: float
    speech: float
    reader_features: dict[str, float] | None = None

    def score(self, statements: Statements) -> float:
        """Return the probability that the draft is one of the requested `statements`."""
        return self.speech if statements == "speech" else self.confidence


def attributions_of(
    document: Document,
    minimum: float,
    deadline: Deadline = NO_DEADLINE,
    statements: Statements = "speech",
    *,
    explain: bool = False,
) -> tuple[list[Attribution], dict[QuotedSpanIndex, AttributionIndex]]:
    """Find the attributions of `document`.

    Args:
        document: The article with its parse and quoted spans.
        minimum: The minimum probability, as speech or as another statement.
        deadline: When to give up.
        statements: Which probability becomes the score.
        explain: Whether the attributions get their `decisions`.

    Returns:
        The attributions in text order; and, by index of quoted span, the index of the attribution that it continues.

    Raises:
        OutOfTime: The deadline has passed.
    """
    indices: dict[tuple[str, ...], AttributionIndex] = {}
    attributions: list[Attribution] = []
    continued: dict[QuotedSpanIndex, AttributionIndex] = {}
    drafts = drafts_of(document, shipped_models(), deadline)
    trace = trace_of(document, [draft.proposal for draft in drafts], shipped_models()) if explain else None
    likely = [
        draft for draft in drafts if max(draft.confidence, draft.speech) >= minimum and _can_be_quote(document, draft)
    ]
    for draft in without_vias(without_duplicates(likely)):
        attribution = to_attribution(document, draft, statements)
        if trace is not None:
            decisions = decisions_of(
                trace, draft.proposal, draft.contents, sorted((*draft.inner_spans, *draft.later_spans))
            )
            attribution = replace(attribution, decisions=decisions)
        index = indices.setdefault(_identity(document, attribution), AttributionIndex(len(attributions)))
        if index == len(attributions):
            attributions.append(attribution)
        if not _leaves_later_spans(draft, statements):
            continued |= dict.fromkeys(draft.later_spans, index)
    return attributions, continued


def _can_be_quote(document: Document, draft: Draft) -> bool:
    """Return whether no rule excludes the draft: it has content, is said by somebody, and is no topic or narrative."""
    view, cue = draft.proposal.view, draft.proposal.cue
    return (
        _has_content(document, draft)
        and not is_cut_off(draft.proposal, draft.contents)
        and not is_put_by_nobody(draft.proposal)
        and not is_unreal(view.sentence, cue)
        and not _is_narrative(draft)
        and (_is_introduced(draft.proposal) or not is_topic(view, cue))
        and not is_entry(view, cue)
    )


def _identity(document: Document, attribution: Attribution) -> tuple[str, ...]:
    """Return the key by which attributions are merged.

    In the body it is the position; elsewhere the text, so that a headline or caption that repeats another counts once.
    """
    place = attribution.contents[0].start
    if document.article.paragraphs[document.paragraph_at(place)].section == "body":
        return (str(place), str(attribution.cue and attribution.cue.span.start))
    cue = document.article.slice(attribution.cue.span) if attribution.cue is not None else ""
    return (*(document.article.slice(span) for span in attribution.contents), cue)


def _has_content(document: Document, draft: Draft) -> bool:
    """Return whether the content has other words than those of "she said no more"."""
    words = {word for span in draft.contents for word in document.article.slice(span).lower().split()}
    return bool(words - cue_lexicon().empty)


def _is_narrative(draft: Draft) -> bool:
    """Return whether the cue is not a reporting word, and its only content is quoted sentences after its own.

    For example: She shook her head. “It is gone.” The rules for spans without a cue find the speaker of those
    (`rules/uncued_spans.py`).
    """
    view, cue = draft.proposal.view, draft.proposal.cue
    other = view.cue(cue).cue_class == "other"
    return other and bool(draft.later_spans) and not draft.inner_spans


def _is_introduced(proposal: Proposal) -> bool:
    """Return whether a rule found that the words before the colon introduce the quotation, and are not a headline
    topic."""
    return proposal.has_rule(COLON)


def _leaves_later_spans(draft: Draft, statements: Statements) -> bool:
    """Return whether the quoted sentences after the cue's are not assigned to it: it reports no speech, or an unnamed
    person's question.

    For example: Una Bligh remembers the night well. “The street was orange.” Asked if it hurt, Bligh shrugged. “A bit.”
    """
    proposal = draft.proposal
    cue_class = proposal.view.cue(proposal.cue).cue_class
    asked = cue_class == "ask" and proposal.view.words[proposal.cue].upos == "VERB"
    if asked and proposal.source.best is None and not draft.inner_spans:
        return True
    if statements != "speech" or draft.inner_spans or cue_class in SPEECH:
        return False
    return draft.speech < _UNLIKELY


def without_duplicates(drafts: Sequence[Draft]) -> list[Draft]:
    """Drop each draft whose cue is not a reporting word where one in its subtree reports the same content.

    Also drop each whose cue phrase is another's too, with more content.

    For example, "hung up" in "hung up without saying who paid"; "comment" next to "refused to comment *on* whether …".
    """
    of_sentences: dict[int, list[Draft]] = {}
    for draft in drafts:
        of_sentences.setdefault(draft.proposal.view.index, []).append(draft)
    return [draft for draft in drafts if not _is_duplicate(draft, of_sentences[draft.proposal.view.index])]


def _is_duplicate(draft: Draft, drafts: Sequence[Draft]) -> bool:
    view, cue = draft.proposal.view, draft.proposal.cue
    if view.classes[cue] in SPEECH:
        return any(
            withheld(view.sentence, other.proposal.cue, cue_lexicon()) == cue
            and not draft.proposal.content.best & ~other.proposal.content.best
            for other in drafts
        )
    return any(
        other is not draft
        and other.contents == draft.contents
        and view.classes[other.proposal.cue] in SPEECH
        and view.subtrees[cue] >> other.proposal.cue & 1
        for other in drafts
    )


def without_vias(drafts: Sequence[Draft]) -> list[Draft]:
    """Drop the drafts that only name the via of another report.

    These are "citing X" in a sentence with another report, and "according to X" whose content is itself a report.
    """
    proposals = by_sentence(draft.proposal for draft in drafts)
    return [draft for draft in drafts if not _is_via(draft.proposal, proposals[draft.proposal.view.index])]


def _is_via(proposal: Proposal, proposals: Sequence[Proposal]) -> bool:
    sentence, view = proposal.view.sentence, proposal.view
    others = [other for other in proposals if other is not proposal]
    if is_citing(sentence, proposal.cue):
        return bool(others)
    return view.text_at(proposal.cue) == "according" and any(
        proposal.content.best >> other.cue & 1 and is_main(sentence, other.cue) and view.classes[other.cue] in SPEECH
        for other in others
    )


def drafts_of(document: Document, models: Models, deadline: Deadline = NO_DEADLINE) -> list[Draft]:
    """Build a draft of every proposal in `document`, in text order."""
    proposals = apply_rules(document, proposals_of(document, models, deadline))
    assignments = assign_cues(document, proposals, models.quoted_spans)
    return list(drafted(document, proposals, assignments, models))


def drafted(
    document: Document,
    proposals: Sequence[Proposal],
    assignments: Assignments,
    models: Models,
) -> Iterator[Draft]:
    """Yield each proposal as a draft, with its quoted spans from `assignments` and its probabilities by `models`."""
    spans_by_cue: dict[WordKey, list[QuotedSpanIndex]] = {}
    for number, assignment in assignments.items():
        if assignment.cue is not None:
            spans_by_cue.setdefault(assignment.cue, []).append(number)
    for proposal, neighbours in _with_neighbours(proposals):
        own = [number for number in spans_by_cue.get(proposal.key, []) if not _is_in_source(proposal, number)]
        inner_spans = _spans_in_content(document, proposal, own, assignments)
        contents = contents_of(document, proposal, inner_spans)
        values = confidence_features(proposal, neighbours, [assignments[number] for number in own], assignments)
        later_spans = tuple(number for number in own if number not in inner_spans)
        reader_features = None
        if document.parse.reader_output is not None:
            reader_features = _reader_features(proposal, inner_spans)
        unquoted = not own or (own == list(inner_spans) and has_scare_quotes(proposal))
        confidence, speech = _probabilities(proposal, values, reader_features, models, unquoted=unquoted)
        yield Draft(proposal, inner_spans, later_spans, contents, values, confidence, speech, reader_features)


def _probabilities(
    proposal: Proposal,
    values: Mapping[str, float],
    reader_features: Mapping[str, float] | None,
    models: Models,
    *,
    unquoted: bool,
) -> tuple[float, float]:
    """Return the probabilities that a proposal is a correct statement of any kind, and that it is correct as speech."""
    any_kind, as_speech = models.confidence.weighted_sum(values), models.speech.weighted_sum(values)
    if reader_features is not None and models.reader is not None:
        any_kind = models.reader.confidence.weighted_sum({**reader_features, LINEAR: any_kind})
        as_speech = models.reader.speech.weighted_sum({**reader_features, LINEAR: as_speech})
    confidence = probability(any_kind)
    if is_by_construction(proposal):
        confidence = max(confidence, _BY_CONSTRUCTION)
    if is_naming(proposal) or is_consent(proposal) or (unquoted and (is_act(proposal) or is_unsaid(proposal))):
        return confidence, 0.0
    speech = probability(as_speech)
    if proposal.rules or _is_withheld(proposal) or shows(proposal):
        speech = max(speech, confidence)  # constructions too rare in the training data of the speech model
    return confidence, speech


def _reader_features(proposal: Proposal, inner_spans: Sequence[QuotedSpanIndex]) -> dict[str, float]:
    """Return the reader's features of a proposal whose content includes the quoted spans `inner_spans`."""
    content = proposal.content.best
    for number in inner_spans:
        content |= proposal.view.quoted_spans.get(number, 0)
    view, cue, source = proposal.view, proposal.cue, proposal.source.best
    return reader_draft_features(view, cue, content, source) | {
        "final cue": proposal.cue_score,
        "final content": proposal.content.score,
        "final content margin": proposal.content.margin,
        "final source": proposal.source.score,
        "final source margin": proposal.source.margin,
    }


def _is_withheld(proposal: Proposal) -> bool:
    """Return whether the cue is one like "declined to say": of the class `plan`, but speech."""
    return withheld(proposal.view.sentence, proposal.cue, cue_lexicon()) is not None


def _with_neighbours(proposals: Sequence[Proposal]) -> Iterator[tuple[Proposal, list[Proposal]]]:
    """Yield each proposal with the other proposals of its sentence."""
    own = by_sentence(proposals)
    for proposal in proposals:
        yield proposal, [other for other in own[proposal.view.index] if other is not proposal]


def _spans_in_content(
    document: Document,
    proposal: Proposal,
    own: Sequence[QuotedSpanIndex],
    assignments: Assignments,
) -> tuple[QuotedSpanIndex, ...]:
    """Return the indices of the quoted spans that are part of the content.

    These are the proposal's own spans in the cue's sentence, the unassigned ones of which the content covers more than
    half, and, if the sentence has no content, the nearest of its own spans.
    """
    view, content = proposal.view, proposal.content.best
    inside = [number for number in own if number in view.quoted_spans]
    for number, words in view.quoted_spans.items():
        solid = words & view.solid
        unassigned = number in assignments and assignments[number].cue is None
        if unassigned and solid and 2 * (solid & content).bit_count() > solid.bit_count():
            inside.append(number)
    if not inside and not content and own:
        cue = view.words[proposal.cue].span
        inside = [min(own, key=lambda number: _distance(document.quoted_spans[number].span, cue))]
    return tuple(sorted(inside))


def _is_in_source(proposal: Proposal, number: QuotedSpanIndex) -> bool:
    """Return whether the quoted span is inside the source phrase, and the content is outside it.

    For example: Doug Hart, who lost 12 lbs. “and a shoe size”, says it helps.
    """
    view, source = proposal.view, proposal.source.best
    if source is None or number not in view.quoted_spans or view.subtrees[source] >> proposal.cue & 1:
        return False
    return not view.quoted_spans[number] & ~view.subtrees[source] and bool(
        proposal.content.best & ~view.subtrees[source]
    )


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end)


def to_attribution(document: Document, draft: Draft, statements: Statements) -> Attribution:
    """Convert `draft` to an attribution, with its probability as one of `statements` as the score."""
    proposal, contents = draft.proposal, draft.contents
    sentence, index = proposal.view.sentence, proposal.view.index
    cue = proposal.view.cue(proposal.cue)
    source = proposal.source.best
    if source is not None and denied(sentence, source):
        source = None
    span = Span(sentence.words[cue.words[0]].span.start, sentence.words[cue.words[-1]].span.end)
    return Attribution(
        kind=kind_of(document, contents),
        contents=contents,
        sentence=index,
        marks=marks_in(document, contents),
        cue=Cue(span, cue.lemma, cue.cue_class),
        source=as_source(sentence, index, source) if source is not None else None,
        addressee=find_addressee(sentence, cue, source, proposal.content.best),
        via=find_via(sentence, cue.head),
        negated=cue.negated,
        score=round(draft.score(statements), 3),
        rules=tuple(_rules(draft)),
    )


def _rules(draft: Draft) -> Iterator[Rule]:
    """Yield the decisions behind a draft, each with its log-odds."""
    proposal = draft.proposal
    words = proposal.view.words
    yield Rule("cue", f"{words[proposal.cue].text} {proposal.cue_score:+.1f}")
    source = "none" if proposal.source.best is None else words[proposal.source.best].text
    yield Rule("source", f"{source} {proposal.source.score:+.1f}")
    without = ", without the coordinated clause" if coordinated_with_cue(proposal.view, proposal.cue) else ""
    yield from proposal.rules
    yield Rule("content", f"{proposal.strategy}{without} {proposal.content.score:+.1f}")
    if draft.inner_spans or draft.later_spans:
        yield Rule("quoted-span", str(len(draft.inner_spans) + len(draft.later_spans)))
