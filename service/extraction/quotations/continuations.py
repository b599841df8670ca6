"""Quoted spans that continue an attribution or have no speaker, and lines of the form "Speaker: …"."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from service.extraction.attribution.content_spans import joined, kind_of, marks_in, trimmed
from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.report import Attribution, AttributionIndex, Cue, Options, Rule, Source
from service.extraction.rules.uncued_spans import without_cue
from service.extraction.tags import VERBS
from service.input.article import Span
from service.parsing.tree import FIRST_SENTENCE, Sentence

_LABELLED: Final = 0.7  # score of a content after a label
_UNATTRIBUTED: Final = 0.2
_LABEL: Final = re.compile(r"(?P<label>[^\s:][^:\n]{0,60}?)\s?(?P<colon>:)\s+(?=\S)")
_LABEL_WORDS: Final = 7
_SOURCED: Final = re.compile(r"(?P<quote>[“\"‘'].+[”\"’'])\s?(?P<colon>:)\s(?P<label>[A-Z][^:!?“”\"]{1,50})")


def link(
    document: Document,
    attributions: list[Attribution],
    continued: Mapping[QuotedSpanIndex, AttributionIndex],
    options: Options,
) -> list[Attribution]:
    """Add to `attributions` the quoted spans that continue one of them, and the contents that labels introduce.

    Args:
        document: The article with its quoted spans.
        attributions: The attributions that have a cue.
        continued: For each quoted span that continues an attribution, by its index, the index of that attribution.
        options: With `unattributed`, quoted spans without a speaker are added too.

    Returns:
        All attributions in text order, with `continues` renumbered.
    """
    result = [*attributions, *labelled(document, attributions)]
    assignments = _assignments_of(document, result)
    for index, quoted_span in document.numbered_spans():
        if index in assignments:
            continue
        if index in continued:
            number = continued[index]
            if quoted_span.span.start < _bounds(result[number])[0]:
                result[number] = _with(document, result[number], quoted_span.span, "cue-after")
            elif quoted_span.continues is not None and assignments.get(quoted_span.continues) == number:
                result[number] = _with(document, result[number], quoted_span.span, "reopened-paragraph")
            elif result[number].kind == "direct" and _follows_at_once(document, result[number], quoted_span.span):
                result[number] = _with(document, result[number], quoted_span.span, "same-turn")
            else:
                result.append(_uncued(document, quoted_span.span, "continued", result[number].score, continues=number))
            assignments[index] = number
        elif (alone := without_cue(document, index, result)) is not None:
            result.append(alone)
            assignments[index] = AttributionIndex(len(result) - 1)
        elif options.unattributed:
            result.append(_uncued(document, quoted_span.span, "unattributed", _UNATTRIBUTED))
    return _in_order(result)


def labelled(document: Document, attributions: list[Attribution]) -> list[Attribution]:
    """Return the attributions of headlines and transcript lines of the form "X: …" that no cue reports."""
    result = []
    reported: dict[int, list[Span]] = {}  # contents that have a cue, by paragraph
    for attribution in attributions:
        for span in attribution.contents:
            reported.setdefault(document.paragraph_at(span.start), []).append(span)
    for number, paragraph in enumerate(document.article.paragraphs):
        line = document.article.slice(paragraph.span)
        if (sourced := _sourced_heading(document, paragraph.span, line)) is not None:
            result.append(sourced)
            continue
        match = _LABEL.match(line)
        if match is None:
            continue
        label = Span(paragraph.span.start, paragraph.span.start + match.end("label"))
        content = trimmed(document, Span(paragraph.span.start + match.end(), paragraph.span.end))
        index = document.sentence_at(label.start)
        if index is None or any(content.overlaps(span) for span in reported.get(number, ())):
            continue
        sentence = document.parse.sentences[index]
        if document.paragraph_at(sentence.span.start) != number or document.quoted_span_at(label.start) is not None:
            continue
        head = _label_head(sentence, label, headline=paragraph.section == "headline")
        if head is None or len(document.article.slice(content).split()) < 2:
            continue
        colon = Span(paragraph.span.start + match.start("colon"), paragraph.span.start + match.end("colon"))
        result.append(
            Attribution(
                kind=kind_of(document, (content,)),
                contents=(content,),
                sentence=index,
                marks=marks_in(document, (content,)),
                cue=Cue(colon, ":", "say"),
                source=Source(label, index, head),
                score=_LABELLED,
                rules=(Rule("label", document.article.slice(label)),),
            )
        )
    return result


def _sourced_heading(document: Document, paragraph: Span, line: str) -> Attribution | None:
    """Return the quote of a heading that ends with its source: “‘A solid report’: Hill Economics”."""
    match = _SOURCED.fullmatch(line)
    if match is None or line.endswith("."):
        return None
    at = paragraph.start
    quote, colon, label = (Span(at + match.start(part), at + match.end(part)) for part in ("quote", "colon", "label"))
    index, number = document.sentence_at(label.start), document.quoted_span_at(quote.start)
    if index is None or number is None or document.quoted_spans[number].span.end != quote.end:
        return None
    sentence = document.parse.sentences[index]
    inside = [p for p, word in enumerate(sentence.words) if label.contains(word.span)]
    if not inside or len(inside) > _LABEL_WORDS or any(sentence.words[p].upos in VERBS for p in inside):
        return None
    head = next((p for p in inside if sentence.words[p].head not in inside), inside[-1])
    if sentence.words[head].upos != "PROPN":
        return None
    return Attribution(
        kind="direct",
        contents=(quote,),
        sentence=index,
        marks=(quote,),
        cue=Cue(colon, ":", "say"),
        source=Source(label, index, head),
        score=_LABELLED,
        rules=(Rule("heading-source", document.article.slice(label)),),
    )


def _label_head(sentence: Sentence, label: Span, *, headline: bool) -> int | None:
    """Return the head of the words before the colon, or None where they name no speaker."""
    inside = [p for p, word in enumerate(sentence.words) if label.contains(word.span)]
    if not inside or len(inside) > _LABEL_WORDS or any(sentence.words[p].upos in VERBS for p in inside):
        return None
    head = next((p for p in inside if sentence.words[p].head not in inside), inside[-1])
    words = [sentence.words[p] for p in inside]
    named = any(word.upos == "PROPN" for word in words)
    capitals = all(word.text.isupper() for word in words if word.text.isalpha())
    labels = cue_lexicon().labels
    role = any(word.lemma.lower() in labels or word.text.lower() in labels for word in words)
    if cue_lexicon().is_topic([word.text.lower() for word in words if word.upos != "PUNCT"] or [""]):
        return None
    if headline:
        return head if role or (named and len(inside) <= 3) else None
    return head if named and capitals and len(label) and len(words[0].text) > 1 else None


def _assignments_of(document: Document, attributions: list[Attribution]) -> dict[QuotedSpanIndex, AttributionIndex]:
    """Map each quoted span inside a content to the index of its attribution."""
    assignments: dict[QuotedSpanIndex, AttributionIndex] = {}
    for number, attribution in enumerate(attributions):
        for span in attribution.contents:
            for quoted_span in document.quoted_spans_in(span):
                assignments.setdefault(quoted_span, AttributionIndex(number))
    return assignments


def _bounds(attribution: Attribution) -> tuple[int, int]:
    return attribution.contents[0].start, attribution.contents[-1].end


def _end(attribution: Attribution) -> int:
    cue_end = attribution.cue.span.end if attribution.cue is not None else 0
    return max(cue_end, attribution.contents[-1].end)


def _follows_at_once(document: Document, attribution: Attribution, span: Span) -> bool:
    """Return whether only the rest of the attribution's sentence separates it from `span`, in the same paragraph."""
    sentence_end = document.parse.sentences[attribution.sentence].span.end
    last = max(_end(attribution), min(sentence_end, span.start))
    same = document.paragraph_at(attribution.contents[-1].start) == document.paragraph_at(span.start)
    return same and attribution.source is not None and not document.has_letters(last, span.start)


def _with(document: Document, attribution: Attribution, span: Span, rule: str) -> Attribution:
    """Return `attribution` with `span` added to its contents."""
    contents = joined(document, (*attribution.contents, span))
    return replace(
        attribution,
        kind=kind_of(document, contents),
        contents=contents,
        marks=marks_in(document, contents),
        rules=(*attribution.rules, Rule(rule)),
    )


def _uncued(
    document: Document, span: Span, rule: str, score: float, continues: AttributionIndex | None = None
) -> Attribution:
    return Attribution(
        kind="direct",
        contents=(span,),
        sentence=document.sentence_at(span.start) or FIRST_SENTENCE,
        marks=(span,),
        continues=continues,
        score=score,
        rules=(Rule(rule),),
    )


def _in_order(attributions: list[Attribution]) -> list[Attribution]:
    """Return `attributions` in text order, with `continues` renumbered."""
    order = sorted(range(len(attributions)), key=lambda number: _bounds(attributions[number]))
    new_index = {AttributionIndex(number): AttributionIndex(index) for index, number in enumerate(order)}
    return [
        replace(attribution, continues=new_index[attribution.continues] if attribution.continues is not None else None)
        for attribution in (attributions[number] for number in order)
    ]
