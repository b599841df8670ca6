"""Who says what, sentence by sentence: each likely cue with its content and source, as learned choices give them.

Every decision is a linear model's over features of the parse (`learned/`): which words are cues, which words each
reports, who it names as its source, whose each quoted stretch is, and how sure all of that together is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.confidence import confidence_features
from service.extraction.attribution.content_candidates import coordinated_with_cue
from service.extraction.attribution.content_spans import joined, kind_of, marks_in, runs, trimmed
from service.extraction.attribution.cues import denied, withheld
from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.linear import LinearModel, Models, probability, shipped_models
from service.extraction.attribution.proposals import Proposal, proposals_of
from service.extraction.attribution.sources import as_source, find_addressee, find_via, is_citing, is_main, phrase
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.document import Document
from service.extraction.quotations.span_cues import CueAssignment, assign_cues
from service.extraction.report import Attribution, Cue, Rule, Statements
from service.extraction.rules.content_ends import outside_content
from service.extraction.rules.introductions import COLON
from service.extraction.rules.review import reviewed
from service.extraction.rules.statements import is_deed, is_naming, is_unsaid, shows
from service.extraction.rules.topics import is_topic
from service.extraction.rules.unreal import is_unreal
from service.input.article import NO_DEADLINE, Deadline, Span

_UNLIKELY: Final = 0.3  # how sure a cue of thoughts is as speech, at most, that no later quotation goes on with


@dataclass(frozen=True)
class Draft:
    """A proposal with the quoted stretches that are its own, by their numbers: `here` make its content, together with
    words of its sentence; `later` go on with it. `values` are what the two probabilities were weighed from: that the
    draft is right as a statement of any kind (`confidence`), and that it is right as speech (`speech`)."""

    proposal: Proposal
    here: tuple[int, ...]
    later: tuple[int, ...]
    contents: tuple[Span, ...]
    values: dict[str, float]
    confidence: float
    speech: float

    def sure(self, statements: Statements) -> float:
        """The probability that the draft is one of the `statements` that are asked for."""
        return self.speech if statements == "speech" else self.confidence


def attributions_of(
    document: Document, least: float, deadline: Deadline = NO_DEADLINE, statements: Statements = "speech"
) -> tuple[list[Attribution], dict[int, int]]:
    """The attributions that are at least as sure as `least`, as speech or as another statement, in text order; and for
    each quoted stretch that goes on with one of them, by its number, the place of that attribution in the list. How
    sure each is says its score, as one of `statements`."""
    found: dict[tuple[str, ...], int] = {}
    attributions: list[Attribution] = []
    going_on: dict[int, int] = {}
    drafts = drafts_of(document, shipped_models(), deadline)
    sure = [
        draft
        for draft in drafts
        if max(draft.confidence, draft.speech) >= least
        and _says_something(document, draft)
        and not is_unreal(draft.proposal.view.sentence, draft.proposal.cue)
        and not _tells_a_deed(draft)
        and (_is_introduced(draft.proposal) or not is_topic(draft.proposal.view, draft.proposal.cue))
    ]
    for draft in without_vias(without_doubles(sure)):
        attribution = write(document, draft, statements)
        place = found.setdefault(_identity(document, attribution), len(attributions))
        if place == len(attributions):
            attributions.append(attribution)
        if not _releases(draft, statements):
            going_on |= dict.fromkeys(draft.later, place)
    return attributions, going_on


def _identity(document: Document, attribution: Attribution) -> tuple[str, ...]:
    """What makes two attributions one: a headline or a caption that says again what another line said, or the place."""
    place = attribution.contents[0].start
    if document.article.paragraphs[document.paragraph_at(place)].section == "body":
        return (str(place), str(attribution.cue and attribution.cue.span.start))
    cue = document.article.slice(attribution.cue.span) if attribution.cue is not None else ""
    return (*(document.article.slice(span) for span in attribution.contents), cue)


def _says_something(document: Document, draft: Draft) -> bool:
    """Whether the draft has content, and not only words as those of "she said no more"."""
    words = {word for span in draft.contents for word in document.article.slice(span).lower().split()}
    return bool(words - cue_lexicon().empty)


def _tells_a_deed(draft: Draft) -> bool:
    """Whether the cue is no word of reporting, and has only quoted sentences that stand behind its own: "She shook her
    head. “It is gone.”". Whose those are, the subject tells (`narrated.py`)."""
    view, cue = draft.proposal.view, draft.proposal.cue
    other = view.cue(cue).cue_class == "other"
    return other and bool(draft.later) and not draft.here


def _is_introduced(proposal: Proposal) -> bool:
    """Whether a sentence, or somebody's "reply", introduces the quotation behind the colon: no topic of a headline."""
    return any(rule.name == COLON for rule in proposal.rules)


def _releases(draft: Draft, statements: Statements) -> bool:
    """Whether the quoted sentences behind that of the cue are left to the one the sentence tells of, because the cue
    reports no speech: "Una Bligh remembers the night well. “The street was orange.”"."""
    if statements != "speech" or draft.here or draft.proposal.view.cue(draft.proposal.cue).cue_class in SPEECH:
        return False
    return draft.speech < _UNLIKELY


def without_doubles(drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` less those of a word that is no reporting word, where a reporting word below it reports the same: "hung
    up without saying who paid"."""
    by_sentence: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_sentence.setdefault(draft.proposal.view.index, []).append(draft)
    return [draft for draft in drafts if not _is_double(draft, by_sentence[draft.proposal.view.index])]


def _is_double(draft: Draft, drafts: Sequence[Draft]) -> bool:
    view, cue = draft.proposal.view, draft.proposal.cue
    if view.classes[cue] in SPEECH:
        return False
    return any(
        other is not draft
        and other.contents == draft.contents
        and view.classes[other.proposal.cue] in SPEECH
        and view.subtrees[cue] >> other.proposal.cue & 1
        for other in drafts
    )


def without_vias(drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` less those that only say through whom another report came: "citing X" beside a report, "according to X"
    round a sentence that is itself a report."""
    by_sentence: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_sentence.setdefault(draft.proposal.view.index, []).append(draft)
    return [draft for draft in drafts if not _is_via(draft.proposal, by_sentence[draft.proposal.view.index])]


def _is_via(proposal: Proposal, drafts: Sequence[Draft]) -> bool:
    sentence, view = proposal.view.sentence, proposal.view
    others = [draft.proposal for draft in drafts if draft.proposal is not proposal]
    if is_citing(sentence, proposal.cue):
        return bool(others)
    return view.text_at(proposal.cue) == "according" and any(
        proposal.content.best >> other.cue & 1 and is_main(sentence, other.cue) and view.classes[other.cue] in SPEECH
        for other in others
    )


def drafts_of(document: Document, models: Models, deadline: Deadline = NO_DEADLINE) -> list[Draft]:
    """Every proposal with its stretches and its confidence, in text order."""
    proposals = reviewed(document, proposals_of(document, models, deadline))
    assignments = assign_cues(document, proposals, models.quoted_spans)
    return list(drafted(document, proposals, assignments, models.confidence, models.speech))


def drafted(
    document: Document,
    proposals: Sequence[Proposal],
    assignments: dict[int, CueAssignment],
    confidence: LinearModel,
    speech: LinearModel,
) -> Iterator[Draft]:
    """`proposals` with the stretches that `owners` gives them, and how sure they are."""
    owned: dict[tuple[int, int], list[int]] = {}
    for number, owner in assignments.items():
        if owner.cue is not None:
            owned.setdefault(owner.cue, []).append(number)
    for proposal, beside in _with_neighbours(proposals):
        own = [number for number in owned.get(proposal.key, []) if not _names_source(proposal, number)]
        here = _here(document, proposal, own, assignments)
        contents = contents_of(document, proposal, here)
        values = confidence_features(proposal, beside, [assignments[number] for number in own], assignments)
        later = tuple(number for number in own if number not in here)
        sure = probability(confidence.weigh(values))
        no_speech = is_naming(proposal) or (not own and (is_deed(proposal) or is_unsaid(proposal)))
        spoken = 0.0 if no_speech else probability(speech.weigh(values))
        if not no_speech and (proposal.rules or _is_withheld(proposal) or shows(proposal)):
            spoken = max(spoken, sure)  # constructions of which the everyday articles have too few
        yield Draft(proposal, here, later, contents, values, sure, spoken)


def _is_withheld(proposal: Proposal) -> bool:
    """Whether the cue is that of "declined to say": a word of plans, but speech."""
    return withheld(proposal.view.sentence, proposal.cue, cue_lexicon()) is not None


def _with_neighbours(proposals: Sequence[Proposal]) -> Iterator[tuple[Proposal, list[Proposal]]]:
    """Each proposal with the other proposals of its sentence."""
    by_sentence: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        by_sentence.setdefault(proposal.view.index, []).append(proposal)
    for proposal in proposals:
        yield proposal, [other for other in by_sentence[proposal.view.index] if other is not proposal]


def _here(
    document: Document, proposal: Proposal, own: Sequence[int], assignments: dict[int, CueAssignment]
) -> tuple[int, ...]:
    """The stretches that belong to the content itself: those of its own in the cue's sentence, those of nobody that the
    content covers by half, and, where the sentence holds no content, the nearest one of its own."""
    view, content = proposal.view, proposal.content.best
    inside = [number for number in own if number in view.quoted_spans]
    for number, words in view.quoted_spans.items():
        solid = words & view.solid
        nobodys = number in assignments and assignments[number].cue is None
        if nobodys and solid and 2 * (solid & content).bit_count() > solid.bit_count():
            inside.append(number)
    if not inside and not content and own:
        cue = view.words[proposal.cue].span
        inside = [min(own, key=lambda number: _distance(document.quoted_spans[number].span, cue))]
    return tuple(sorted(inside))


def _names_source(proposal: Proposal, number: int) -> bool:
    """Whether the stretch stands within the words for the source, beside a content outside them: "Doug Hart, who lost
    12 lbs. “and a shoe size”, says it helps"."""
    view, source = proposal.view, proposal.source.best
    if source is None or number not in view.quoted_spans or view.subtrees[source] >> proposal.cue & 1:
        return False
    return not view.quoted_spans[number] & ~view.subtrees[source] and bool(
        proposal.content.best & ~view.subtrees[source]
    )


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end)


def contents_of(document: Document, proposal: Proposal, quoted_spans: Sequence[int]) -> tuple[Span, ...]:
    """The spans of a proposal's content: the stretches whole, and its words in runs, without its source and without
    stretches that are not its own."""
    spans = [document.quoted_spans[number].span for number in quoted_spans]
    words = proposal.content.best
    if proposal.source.best is not None:
        words &= ~_as_words(phrase(proposal.view.sentence, proposal.source.best))
    words &= ~outside_content(proposal.view, proposal.cue, words)
    words &= ~_as_words(proposal.view.cue(proposal.cue).words)
    for run in runs(proposal.view.sentence, list(positions(words))):
        spans += _outside_others(document, run, quoted_spans)
    kept = (trimmed(document, span) for span in joined(document, spans))
    return tuple(span for span in kept if document.has_letters(*span))


def _as_words(places: Iterable[int]) -> WordSet:
    return sum(1 << place for place in set(places))


def _outside_others(document: Document, span: Span, own: Sequence[int]) -> Iterator[Span]:
    """`span` less the quoted stretches that are not its `own`."""
    start = span.start
    for number in document.quoted_spans_in(span):
        if number not in own:
            other = document.quoted_spans[number].span
            if start < other.start:
                yield Span(start, other.start)
            start = max(start, other.end)
    if start < span.end:
        yield Span(start, span.end)


def write(document: Document, draft: Draft, statements: Statements) -> Attribution:
    """`draft` as an attribution, as sure as it is as one of `statements`."""
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
        score=round(draft.sure(statements), 3),
        rules=tuple(_rules(draft)),
    )


def _rules(draft: Draft) -> Iterator[Rule]:
    """Which choices were made, and how sure each of them is (log-odds)."""
    proposal = draft.proposal
    words = proposal.view.words
    yield Rule("cue", f"{words[proposal.cue].text} {proposal.cue_score:+.1f}")
    source = "nobody" if proposal.source.best is None else words[proposal.source.best].text
    yield Rule("source", f"{source} {proposal.source.score:+.1f}")
    beside = ", without what is joined to the cue" if coordinated_with_cue(proposal.view, proposal.cue) else ""
    yield from proposal.rules
    yield Rule("content", f"{proposal.way}{beside} {proposal.content.score:+.1f}")
    if draft.here or draft.later:
        yield Rule("quoted-stretch", str(len(draft.here) + len(draft.later)))
