"""Extract quotes and speakers from an article and its parse: the steps of extraction in order."""

from collections.abc import Sequence
from dataclasses import replace

from service.extraction.attribution.attributions import attributions_of
from service.extraction.attribution.confidence import joint_confidence
from service.extraction.document import Document, build_document
from service.extraction.forms.spoken_passages import with_passages
from service.extraction.quotations.continuations import link
from service.extraction.quotations.pull_quotes import with_repeats
from service.extraction.report import (
    MIN_RESOLUTION_SCORE,
    Alternative,
    Attribution,
    AttributionIndex,
    CueClass,
    Decision,
    Options,
    Quote,
    QuoteIndex,
    QuoteKind,
    Report,
    SpeakerIndex,
)
from service.extraction.rules.statements import is_speech
from service.extraction.rules.tree_repairs import repaired
from service.extraction.speakers.resolve import Cast, Resolved, resolve
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.tree import Parse


def build_report(document: Document, attributions: list[Attribution], cast: Cast, options: Options) -> Report:
    """Build the report of `attributions` and their resolved speakers, filtered by `options`."""
    result = [
        quote_of(document, one, resolved, options) for one, resolved in zip(attributions, cast.resolved, strict=True)
    ]
    quotes = with_repeats(document, result)
    kept = [
        QuoteIndex(number)
        for number, quote in enumerate(quotes)
        if quote.kind in options.kinds
        and _is_requested(quote.kind, _class_of(quotes, number), options)
        and (options.statements == "all" or not _is_narration(quote))
        and (quote.confidence >= options.min_confidence or _is_unattributed(quote))
        and (options.furniture or quote.section != "furniture")
    ]
    new_index: dict[QuoteIndex | None, QuoteIndex] = {number: QuoteIndex(index) for index, number in enumerate(kept)}
    renumbered = [
        replace(
            quotes[n],
            repeats=new_index.get(quotes[n].repeats),
            continues=new_index.get(quotes[n].continues),
            within=new_index.get(quotes[n].within),
        )
        for n in kept
    ]
    return _with_speakers(renumbered, cast)


def _is_requested(kind: QuoteKind, cue_class: CueClass | None, options: Options) -> bool:
    """Return whether both `options.statements` and `options.cue_classes` admit this kind of quote with this class of
    cue."""
    if options.statements == "speech" and not is_speech(kind, cue_class):
        return False
    return cue_class is None or cue_class in options.cue_classes


def _is_narration(quote: Quote) -> bool:
    """Return whether the words are the author's own, or the reader's: "I asked whether …", "we call it “mad”", "you say
    …"."""
    return quote.unresolved_code in {"indirect": ("author", "addressee"), "mixed": ("author",)}.get(quote.kind, ())


def _class_of(quotes: Sequence[Quote], number: int) -> CueClass | None:
    """Return the cue class of a quote, or of the quote that it continues or repeats; None without a cue."""
    one = quotes[number]
    one = one if one.repeats is None else quotes[one.repeats]
    while one.cue is None and one.continues is not None:  # `continues` is always an earlier index, so this ends
        one = quotes[one.continues]
    return None if one.cue is None else one.cue.cue_class


def _is_unattributed(quote: Quote) -> bool:
    """Return whether the quote is a quoted span without a cue or speaker (`options.unattributed`)."""
    return quote.form == "prose" and quote.cue is None and quote.continues is None and quote.repeats is None


def quote_of(document: Document, attribution: Attribution, resolved: Resolved, options: Options) -> Quote:
    """Build a quote from an attribution and its resolved speaker."""
    resolved = _if_certain_enough(resolved, options.min_speaker_confidence)
    sentences = document.parse.sentences  # none where everything is boilerplate
    sentence = sentences[attribution.sentence].span if sentences else attribution.contents[0]
    paragraph = document.paragraph_at(attribution.contents[0].start)
    return Quote(
        kind=attribution.kind,
        contents=attribution.contents,
        sentence=Span(*sentence),
        paragraph=paragraph,
        section=document.article.paragraphs[paragraph].section,
        marks=attribution.marks,
        cue=attribution.cue,
        mention=attribution.source.span if attribution.source is not None else attribution.label,
        speaker=resolved.speaker,
        resolution=resolved.resolution,
        unresolved=resolved.unresolved,
        unresolved_code=resolved.code,
        speaker_confidence=resolved.confidence,
        candidates=resolved.candidates if options.explain else (),
        continues=_quote_index(attribution.continues),
        addressee=attribution.addressee,
        via=attribution.via,
        negated=attribution.negated,
        confidence=_confidence(attribution, resolved),
        explain=(*attribution.rules, resolved.rule) if options.explain else (),
        decisions=_decisions(document, attribution, resolved) if options.explain else (),
        form=attribution.form,
        within=_quote_index(attribution.within),
    )


def _quote_index(index: AttributionIndex | None) -> QuoteIndex | None:
    """Return the index of the quote built from an attribution: before quotes are filtered, both lists are parallel."""
    return None if index is None else QuoteIndex(index)


def _decisions(document: Document, attribution: Attribution, resolved: Resolved) -> tuple[Decision, ...]:
    """The decisions that led to a quote; where a rule made it without a model, the rule's."""
    made = attribution.decisions
    if not made and attribution.rules:
        cue = None if attribution.cue is None else document.article.slice(attribution.cue.span)
        made = (Decision("cue", attribution.rules[0].name, Alternative(cue)),)
    return made if resolved.decision is None else (*made, resolved.decision)


def _if_certain_enough(resolved: Resolved, minimum: float) -> Resolved:
    """Return `resolved`, without its speaker where the speaker's confidence is below `minimum`."""
    if resolved.confidence is None or resolved.confidence >= minimum:
        return resolved
    why = f"The likeliest speaker has a confidence of {resolved.confidence:.2f}; the minimum is {minimum:.2f}."
    decision = resolved.decision
    if decision is not None:
        decision = Decision("speaker", "min_speaker_confidence", Alternative(None), decision.winner)
    return replace(
        resolved, speaker=None, resolution="none", unresolved=why, code="uncertain", confidence=None, decision=decision
    )


def _confidence(attribution: Attribution, resolved: Resolved) -> float:
    """Return the confidence of the quote and, unless it is a quoted span without a cue or speaker, of its speaker."""
    unattributed = attribution.cue is None and attribution.continues is None and attribution.form == "prose"
    if resolved.speaker is None and unattributed:
        return attribution.score
    return joint_confidence(attribution.score, resolved.confidence)


def _with_speakers(quotes: list[Quote], cast: Cast) -> Report:
    """Build the report of `quotes`, with their speakers in order of first quote. Pull quotes are not counted."""
    order = list(dict.fromkeys(quote.speaker for quote in quotes if quote.speaker is not None))
    spoken: dict[SpeakerIndex, list[QuoteIndex]] = {old: [] for old in order}
    for number, quote in enumerate(quotes):
        if quote.speaker is not None and quote.repeats is None:
            spoken[quote.speaker].append(QuoteIndex(number))
    speakers = [replace(cast.speakers[old], quotes=tuple(spoken[old])) for old in order]
    renumbered = {old: SpeakerIndex(new) for new, old in enumerate(order)}
    return Report(
        quotes=tuple(
            replace(quote, speaker=renumbered[quote.speaker] if quote.speaker is not None else None) for quote in quotes
        ),
        speakers=tuple(speakers),
    )


def extract(article: Article, parse: Parse, options: Options, deadline: Deadline = NO_DEADLINE) -> Report:
    """Extract the quotes of `article` and their speakers.

    Args:
        article: The text, with its paragraphs and sections.
        parse: Sentences, dependency trees and entities of the same text.
        options: Which quotes to return, and in what detail.
        deadline: When to give up.

    Returns:
        The report. Every span is verbatim: offsets are code points in `article.text`.

    Raises:
        OutOfTime: Soon after the deadline has passed.
    """
    parse = repaired(parse, deadline)
    document = build_document(article, parse)
    minimum = min(options.min_confidence, MIN_RESOLUTION_SCORE)
    result = attributions_of(document, minimum, deadline, options.statements, explain=options.explain)
    attributions = with_passages(document, link(document, *result, options), nested=options.nested)
    cast = resolve(article, parse, attributions, deadline, explain=options.explain)
    return build_report(document, attributions, cast, options)
