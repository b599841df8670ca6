"""Features for assigning a quoted span to one of the cues near it, or to none.

The cue can be in the sentence of the span, in the next or in an earlier one, or be the cue of the span before.
Feature names are keys of `attribution/weights/quoted_spans.json`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import bucket
from service.extraction.document import Document
from service.extraction.quotations.marks import QuotedSpanIndex
from service.input.article import Span
from service.parsing.tree import SentenceIndex, WordKey

_FAR: Final = 400  # code points


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted span `number` of a document, with its context.

    `first` and `last` are the indices of its sentences. `before` and `after` are the characters next to it (`¶` at the
    edge of a paragraph), `ends` is its last character.
    """

    number: QuotedSpanIndex
    span: Span
    first: SentenceIndex
    last: SentenceIndex
    words: int
    before: str
    after: str
    ends: str
    capital: bool
    titled: bool
    opens: bool
    fills: bool
    paragraph: int
    section: str
    reopened: bool
    closed: bool
    style: str
    leads: bool = True  # no word of its sentence comes before it

    @property
    def starts_sentence(self) -> bool:
        """Whether the span can begin a sentence."""
        return self.capital and self.before in set(".!?:…”\"'’)¶^")


def quotations_of(document: Document) -> list[Quotation]:
    """Return the quoted spans of `document`, in text order, without any before its first sentence."""
    return [result for number, _ in document.numbered_spans() if (result := _quotation(document, number)) is not None]


def _quotation(document: Document, number: QuotedSpanIndex) -> Quotation | None:
    quoted_span = document.quoted_spans[number]
    span, text = quoted_span.span, document.article.text
    first, last = document.sentence_at(span.start), document.sentence_at(span.end - 1)
    if first is None or last is None:
        return None
    while first < last and document.parse.sentences[first].span.end <= span.start:
        first = SentenceIndex(first + 1)  # the opening mark can belong to the sentence before
    words = document.article.slice(quoted_span.inner).split()
    index = document.paragraph_at(span.start)
    paragraph = document.article.paragraphs[index]
    inner = document.article.slice(quoted_span.inner)
    opens = not document.has_letters(paragraph.span.start, span.start)
    return Quotation(
        number=number,
        span=span,
        first=first,
        last=last,
        words=len(words),
        before="¶" if document.opens_line(span.start) else document.before(span.start)[-1:] or "^",
        after=_after(text[span.end : span.end + 80].lstrip(" ")[:1]),
        ends="letter" if inner[-1:].isalnum() else inner[-1:],
        capital=inner[:1].isupper() or not inner[:1].isalpha(),
        titled=len(words) > 1 and sum(word[:1].isupper() for word in words) > 0.8 * len(words),
        opens=opens,
        fills=opens and not document.has_letters(span.end, paragraph.span.end),
        paragraph=index,
        section=paragraph.section,
        reopened=quoted_span.continues is not None,
        closed=quoted_span.closed,
        style=quoted_span.style,
        leads=not document.has_letters(document.parse.sentences[first].span.start, span.start),
    )


def _after(character: str) -> str:
    if character in {"", "\n"}:
        return "¶"
    return character if not character.isalnum() else "lower" if character.islower() else "Upper"


@dataclass(frozen=True, slots=True)
class AssignedSpan:
    """The last quoted span that was assigned a cue, with the key of that cue."""

    quotation: Quotation
    cue: WordKey


def no_cue_features(quotation: Quotation, earlier: AssignedSpan | None) -> Iterator[str]:
    """Yield the features of a span that no cue reports, such as a title, scare quotes or a nickname."""
    size = bucket(quotation.words)
    capital = "capitalized" if quotation.capital else "lower-case"
    yield "no cue"
    yield f"no cue words={size}"
    yield f"no cue before={quotation.before}"
    yield f"no cue after={quotation.after}"
    yield f"no cue ends={quotation.ends}"
    yield f"no cue {capital} words={size}"
    yield f"no cue titled={quotation.titled}"
    yield f"no cue opens={quotation.opens} fills={quotation.fills}"
    yield f"no cue section={quotation.section}"
    yield f"no cue style={quotation.style}"
    yield f"no cue {quotation.before}{quotation.ends} {capital}"
    yield f"no cue starts={quotation.starts_sentence} words={size}"
    yield f"no cue {'first' if earlier is None else 'later'}"


def span_cue_features(
    quotation: Quotation, proposal: Proposal, earlier: AssignedSpan | None, others: Sequence[Proposal]
) -> Iterator[str]:
    """Yield the features of the span as reported by the cue of `proposal`; `others` are all proposals near the span."""
    view, document, span = proposal.view, proposal.view.document, quotation.span
    lexeme, kind = view.lexemes[proposal.cue], view.classes[proposal.cue]
    cue = view.words[proposal.cue].span
    inside = span.start <= cue.start < span.end
    after = cue.start >= span.end
    place = f"{_distance(document, quotation, view.index)} {'inside' if inside else 'after' if after else 'before'}"
    gap = Span(span.end, cue.start) if after else Span(cue.end, span.start)
    score = str(max(-3, min(3, int(proposal.cue_score // 1))))
    apart = document.body_paragraph(document.paragraph_at(cue.start)) - document.body_paragraph(quotation.paragraph)
    paragraphs = max(-3, min(2, apart))
    yield f"{place}"
    yield f"{place} class={kind}"
    yield f"{place} {lexeme}"
    yield f"{place} score={score}"
    yield f"score={score}"
    yield f"{place} gap={bucket(0 if inside else _words_in(document, gap))}"
    yield f"{place} paragraphs={paragraphs}"
    yield from _coverage_features(quotation, proposal, place, score)
    yield f"{place} before={quotation.before}"
    yield f"{place} after={quotation.after}"
    yield f"{place} ends={quotation.ends}"
    yield f"{place} starts={quotation.starts_sentence} words={bucket(quotation.words)}"
    quoted_spans = 0 if inside else document.quoted_spans_between(*gap)
    rivals = 0 if inside else min(2, _rivals(proposal, gap, others))
    yield f"{place} spans between={min(3, quoted_spans)}"
    yield f"{'inside' if inside else 'after' if after else 'before'} competing={rivals}"
    yield f"{place} competing={rivals}"
    yield from _continuation_features(document, quotation, proposal, earlier, place, rivals)
    source = proposal.source.best
    if source is None:
        yield f"{place} no source"
    else:
        pronoun = "pronoun" if view.words[source].upos == "PRON" else "noun"
        yield f"{place} source {pronoun} {'before' if source < proposal.cue else 'after'} the cue"
    yield f"{place} {'early ' if proposal.cue < 3 else ''}ends {view.masked_at(len(view.words) - 1)}"
    yield f"{place} length={bucket(len(view.words))}"
    yield f"{place} rel={view.words[proposal.cue].deprel}"
    yield f"{place} tag={view.words[proposal.cue].xpos}"
    if inside:
        yield "cue inside"


def _distance(document: Document, quotation: Quotation, sentence: SentenceIndex) -> str:
    if sentence < quotation.first:
        return str(max(-4, min(-1, document.sentences_apart(quotation.first, sentence))))
    if sentence > quotation.last:
        return f"+{max(1, min(3, document.sentences_apart(quotation.last, sentence)))}"
    return "same"


def _words_in(document: Document, gap: Span) -> int:
    """Count the words in `gap`, of which at most `_FAR` code points are read so that the time is bounded."""
    return len(document.article.text[gap.start : min(gap.end, gap.start + _FAR)].split()) if gap.end > gap.start else 0


def _rivals(proposal: Proposal, gap: Span, others: Sequence[Proposal]) -> int:
    """Count the cues of similar or higher score between the cue and the span."""
    least = max(-1.0, proposal.cue_score - 1)
    return sum(
        other is not proposal
        and other.cue_score > least
        and gap.start <= other.view.words[other.cue].span.start < gap.end
        for other in others
    )


def _coverage_features(quotation: Quotation, proposal: Proposal, place: str, score: str) -> Iterator[str]:
    """Yield features of how far the content in the cue's sentence covers the span, and what else it covers."""
    view, content = proposal.view, proposal.content.best
    kind = view.classes[proposal.cue]
    own = view.words_in(quotation.span) & view.solid
    covered = "elsewhere" if not own else "all" if not own & ~content else "part" if own & content else "no"
    unquoted = bucket((content & ~view.quoted).bit_count())
    more = "and more" if content & view.quoted & ~own else ""
    yield f"covered={covered} {place}"
    yield f"covered={covered} score={score}"
    yield f"covered={covered} unquoted={unquoted} {more} {place}"
    yield f"covered={covered} unquoted={unquoted} content score={max(-3, min(3, int(proposal.content.score)))}"
    yield f"covered={covered} class={kind}"


def _continuation_features(
    document: Document, quotation: Quotation, proposal: Proposal, earlier: AssignedSpan | None, place: str, rivals: int
) -> Iterator[str]:
    """Yield features of whether the cue also reports the span before, which this one would continue."""
    if earlier is None:
        yield f"continues=no {place}"
        yield f"first {place}"
        return
    before = earlier.quotation
    paragraphs = min(2, document.body_paragraph(quotation.paragraph) - document.body_paragraph(before.paragraph))
    continues = earlier.cue == proposal.key
    yield f"continues={'yes' if continues else 'no'}"
    yield f"continues={'yes' if continues else 'no'} {place}"
    if not continues:
        yield f"other before {place}"
        yield f"other before {place} paragraphs={paragraphs}"
        return
    gap = bucket(_words_in(document, Span(before.span.end, quotation.span.start)))
    starts, words = quotation.starts_sentence, bucket(quotation.words)
    yield f"continues gap={gap}"
    yield f"continues gap={gap} paragraphs={paragraphs}"
    yield f"continues starts={starts} gap={gap} paragraphs={paragraphs}"
    yield f"continues opens={quotation.opens} fills={quotation.fills} paragraphs={paragraphs}"
    yield f"continues reopened={quotation.reopened} closed={before.closed}"
    yield f"continues words={words} starts={starts} paragraphs={paragraphs}"
    yield f"continues after={quotation.after} gap={gap} paragraphs={paragraphs}"
    yield f"continues competing={rivals} paragraphs={paragraphs}"
