"""Quoted stretches that go on with an attribution, or that nobody spoke, and lines that name their speaker before a
colon."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from service.extraction.attribution.content_spans import joined, kind_of, marks_in, trimmed
from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.document import Document
from service.extraction.report import Attribution, Cue, Options, Rule, Source
from service.extraction.rules.uncued_spans import without_cue
from service.input.article import Span
from service.parsing.tree import Sentence

_LABELLED: Final = 0.7  # how sure what a label introduces is said by whom it names
_UNATTRIBUTED: Final = 0.2
_LABEL: Final = re.compile(r"(?P<label>[^\s:][^:\n]{0,60}?)\s?(?P<colon>:)\s+(?=\S)")
_LABEL_WORDS: Final = 7


def link(
    document: Document, attributions: list[Attribution], going_on: Mapping[int, int], options: Options
) -> list[Attribution]:
    """Return `attributions` with the quoted stretches that go on with one of them, and what labels introduce, in text
    order. `going_on` names such stretches by their numbers, and the place of the attribution that each goes on with.

    Stretches that stay without a speaker are added only for `options.unattributed`.
    """
    found = [*attributions, *labelled(document, attributions)]
    assignments = _owners(document, found)
    for index, quoted_span in enumerate(document.quoted_spans):
        if index in assignments:
            continue
        if index in going_on:
            number = going_on[index]
            if quoted_span.span.start < _place(found[number])[0]:
                found[number] = _with(document, found[number], quoted_span.span, "cue-behind")
            elif quoted_span.continues is not None and assignments.get(quoted_span.continues) == number:
                found[number] = _with(document, found[number], quoted_span.span, "reopened-paragraph")
            elif found[number].kind == "direct" and _follows_at_once(document, found[number], quoted_span.span):
                found[number] = _with(document, found[number], quoted_span.span, "same-turn")
            else:
                found.append(_free(document, quoted_span.span, "goes-on", found[number].score, continues=number))
            assignments[index] = number
        elif (alone := without_cue(document, index, found)) is not None:
            found.append(alone)
            assignments[index] = len(found) - 1
        elif options.unattributed:
            found.append(_free(document, quoted_span.span, "unattributed", _UNATTRIBUTED))
    return _in_order(found)


def labelled(document: Document, attributions: list[Attribution]) -> list[Attribution]:
    """What headlines of the form "X: …" and turns of the form "X: …" say, where no cue has taken it."""
    found = []
    told: dict[int, list[Span]] = {}  # what cues have taken, by paragraph
    for attribution in attributions:
        for span in attribution.contents:
            told.setdefault(document.paragraph_at(span.start), []).append(span)
    for number, paragraph in enumerate(document.article.paragraphs):
        line = document.article.slice(paragraph.span)
        match = _LABEL.match(line)
        if match is None:
            continue
        label = Span(paragraph.span.start, paragraph.span.start + match.end("label"))
        content = trimmed(document, Span(paragraph.span.start + match.end(), paragraph.span.end))
        index = document.sentence_at(label.start)
        if index is None or any(content.overlaps(span) for span in told.get(number, ())):
            continue
        sentence = document.parse.sentences[index]
        if document.paragraph_at(sentence.span.start) != number or document.quoted_span_at(label.start) is not None:
            continue
        head = _label_head(sentence, label, headline=paragraph.section == "headline")
        if head is None or len(document.article.slice(content).split()) < 2:
            continue
        colon = Span(paragraph.span.start + match.start("colon"), paragraph.span.start + match.end("colon"))
        found.append(
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
    return found


def _label_head(sentence: Sentence, label: Span, *, headline: bool) -> int | None:
    """The head of the words before the colon, where they are a name or a noun for those who speak."""
    inside = [p for p, word in enumerate(sentence.words) if label.contains(word.span)]
    if not inside or len(inside) > _LABEL_WORDS or any(sentence.words[p].upos in {"VERB", "AUX"} for p in inside):
        return None
    head = next((p for p in inside if sentence.words[p].head not in inside), inside[-1])
    words = [sentence.words[p] for p in inside]
    named = any(word.upos == "PROPN" for word in words)
    capitals = all(word.text.isupper() for word in words if word.text.isalpha())
    labels = cue_lexicon().labels
    role = any(word.lemma.lower() in labels or word.text.lower() in labels for word in words)
    if any(word.text.lower() in cue_lexicon().topics or word.text.isdigit() for word in words):
        return None
    if headline:
        return head if role or (named and len(inside) <= 3) else None
    return head if named and capitals and len(label) and len(words[0].text) > 1 else None


def _owners(document: Document, attributions: list[Attribution]) -> dict[int, int]:
    """For each stretch that an attribution's content takes in, the index of that attribution."""
    assignments: dict[int, int] = {}
    for number, attribution in enumerate(attributions):
        for span in attribution.contents:
            for quoted_span in document.quoted_spans_in(span):
                assignments.setdefault(quoted_span, number)
    return assignments


def _place(attribution: Attribution) -> tuple[int, int]:
    return attribution.contents[0].start, attribution.contents[-1].end


def _end(attribution: Attribution) -> int:
    cue_end = attribution.cue.span.end if attribution.cue is not None else 0
    return max(cue_end, attribution.contents[-1].end)


def _follows_at_once(document: Document, attribution: Attribution, span: Span) -> bool:
    """Whether nothing but the rest of the attribution's own sentence stands between it and `span`, in one paragraph."""
    sentence_end = document.parse.sentences[attribution.sentence].span.end
    last = max(_end(attribution), min(sentence_end, span.start))
    same = document.paragraph_at(attribution.contents[-1].start) == document.paragraph_at(span.start)
    return same and attribution.source is not None and not document.has_letters(last, span.start)


def _with(document: Document, attribution: Attribution, span: Span, rule: str) -> Attribution:
    """`attribution` with `span` added to what it reports."""
    contents = joined(document, (*attribution.contents, span))
    return replace(
        attribution,
        kind=kind_of(document, contents),
        contents=contents,
        marks=marks_in(document, contents),
        rules=(*attribution.rules, Rule(rule)),
    )


def _free(document: Document, span: Span, rule: str, score: float, continues: int | None = None) -> Attribution:
    return Attribution(
        kind="direct",
        contents=(span,),
        sentence=document.sentence_at(span.start) or 0,
        marks=(span,),
        continues=continues,
        score=score,
        rules=(Rule(rule),),
    )


def _in_order(attributions: list[Attribution]) -> list[Attribution]:
    """`attributions` in text order, `continues` renumbered with them."""
    order = sorted(range(len(attributions)), key=lambda number: _place(attributions[number]))
    place = {number: index for index, number in enumerate(order)}
    return [
        replace(attribution, continues=place[attribution.continues] if attribution.continues is not None else None)
        for attribution in (attributions[number] for number in order)
    ]
