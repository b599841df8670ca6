"""Extract an article's quotes and speakers from its parse: the whole method, one call per step."""

from collections.abc import Sequence
from dataclasses import replace

from service.extraction.attribution.attributions import attributions_of
from service.extraction.document import Document, build_document
from service.extraction.quotations.continuations import link
from service.extraction.quotations.pull_quotes import with_repeats
from service.extraction.report import (
    READ_FROM,
    UNNAMED_CONFIDENCE,
    Attribution,
    CueClass,
    Options,
    Quote,
    QuoteKind,
    Report,
)
from service.extraction.rules.statements import is_speech
from service.extraction.rules.tree_repairs import repaired
from service.extraction.speakers.resolve import Cast, Resolved, resolve
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.tree import Parse


def answer(document: Document, attributions: list[Attribution], cast: Cast, options: Options) -> Report:
    """The report over `attributions` and their resolved speakers that `options` ask for."""
    found = [
        quote_of(document, one, resolved, options) for one, resolved in zip(attributions, cast.resolved, strict=True)
    ]
    quotes = with_repeats(document, found)
    kept = [
        number
        for number, quote in enumerate(quotes)
        if quote.kind in options.kinds
        and _is_wanted(quote.kind, _class_of(quotes, number), options)
        and (quote.confidence >= options.min_confidence or _unattributed(quote))
        and (options.furniture or quote.section != "furniture")
    ]
    place: dict[int | None, int] = {number: index for index, number in enumerate(kept)}
    links = ((place.get(quotes[n].repeats), place.get(quotes[n].continues)) for n in kept)
    told = [replace(quotes[n], repeats=again, continues=on) for n, (again, on) in zip(kept, links, strict=True)]
    return _with_speakers(told, cast)


def _is_wanted(kind: QuoteKind, cue_class: CueClass | None, options: Options) -> bool:
    """Whether the options ask for quotes of this kind that a cue of this class reports; both choices must agree."""
    if options.statements == "speech" and not is_speech(kind, cue_class):
        return False
    return cue_class is None or cue_class in options.cue_classes


def _class_of(quotes: Sequence[Quote], number: int) -> CueClass | None:
    """The class of the cue that reports a quote, or the one that it goes on from or repeats; None without a cue."""
    one = quotes[number]
    one = one if one.repeats is None else quotes[one.repeats]
    while one.cue is None and one.continues is not None:  # always an earlier one
        one = quotes[one.continues]
    return None if one.cue is None else one.cue.cue_class


def _unattributed(quote: Quote) -> bool:
    """Whether the quote is a stretch that nobody spoke, which has been asked for as such."""
    return quote.cue is None and quote.continues is None and quote.repeats is None


def quote_of(document: Document, attribution: Attribution, resolved: Resolved, options: Options) -> Quote:
    """One attribution as a quote."""
    resolved = _if_sure(resolved, options.min_speaker_confidence)
    sentence = document.parse.sentences[attribution.sentence]
    paragraph = document.paragraph_at(attribution.contents[0].start)
    return Quote(
        kind=attribution.kind,
        contents=attribution.contents,
        sentence=Span(*sentence.span),
        paragraph=paragraph,
        section=document.article.paragraphs[paragraph].section,
        marks=attribution.marks,
        cue=attribution.cue,
        mention=attribution.source.span if attribution.source is not None else None,
        speaker=resolved.speaker,
        resolution=resolved.resolution,
        unresolved=resolved.unresolved,
        unresolved_code=resolved.code,
        speaker_confidence=resolved.confidence,
        candidates=resolved.candidates if options.explain else (),
        continues=attribution.continues,
        addressee=attribution.addressee,
        via=attribution.via,
        negated=attribution.negated,
        confidence=_confidence(attribution, resolved),
        explain=(*attribution.rules, resolved.rule) if options.explain else (),
    )


def _if_sure(resolved: Resolved, least: float) -> Resolved:
    """`resolved`, or nobody where its speaker is less sure than `least`."""
    if resolved.confidence is None or resolved.confidence >= least:
        return resolved
    why = f"the likeliest speaker has a confidence of {resolved.confidence:.2f}, less than {least:.2f}"
    return replace(resolved, speaker=None, resolution="none", unresolved=why, code="uncertain", confidence=None)


def _confidence(attribution: Attribution, resolved: Resolved) -> float:
    """How sure quote and speaker are together: as sure as the less sure of the two. A quote that should have a speaker
    and has none is never among the surest."""
    if resolved.speaker is None and attribution.cue is None and attribution.continues is None:
        return attribution.score
    return min(attribution.score, UNNAMED_CONFIDENCE if resolved.confidence is None else resolved.confidence)


def _with_speakers(quotes: list[Quote], cast: Cast) -> Report:
    """`quotes` with the speakers that they name, in order of first quote. What is said again counts once."""
    order = list(dict.fromkeys(quote.speaker for quote in quotes if quote.speaker is not None))
    spoken: dict[int, list[int]] = {old: [] for old in order}
    for number, quote in enumerate(quotes):
        if quote.speaker is not None and quote.repeats is None:
            spoken[quote.speaker].append(number)
    speakers = [replace(cast.speakers[old], quotes=tuple(spoken[old])) for old in order]
    renumbered = {old: new for new, old in enumerate(order)}
    return Report(
        quotes=tuple(
            replace(quote, speaker=renumbered[quote.speaker] if quote.speaker is not None else None) for quote in quotes
        ),
        speakers=tuple(speakers),
    )


def extract(article: Article, parse: Parse, options: Options, deadline: Deadline = NO_DEADLINE) -> Report:
    """Return who said what in `article`, as `parse` shows it; every span of the report is verbatim.

    Raises `OutOfTime` soon after the deadline.
    """
    parse = repaired(parse, deadline)
    document = build_document(article, parse)
    least = min(options.min_confidence, READ_FROM)
    attributions = link(document, *attributions_of(document, least, deadline, options.statements), options)
    cast = resolve(article, parse, attributions, deadline)
    return answer(document, attributions, cast, options)
