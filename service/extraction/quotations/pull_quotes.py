"""Pull quotes: blocks that say again what a quote of the text says. They are linked to it, and not counted twice.

A block set apart (by a page's markup, or because it holds nothing but a quote and at most a name) repeats a quote when
its words stand in that quote's, one after the other. Whoever spoke those spoke these.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.document import Document
from service.extraction.report import Quote, Rule
from service.input.article import Span

_MIN_WORDS: Final = 4  # words; fewer are said twice by chance
_MAX_LOOKED_AT: Final = 20  # quotes that begin alike, so that hostile text costs no more than its length
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’](?=\w)")
_NAME_AFTER: Final = re.compile(r"\W*[—–-][^.!?]{1,100}\W*")


def with_repeats(document: Document, quotes: Sequence[Quote]) -> list[Quote]:
    """Return `quotes`, in text order, with `repeats` where a block says one of them again.

    Quoted stretches that fill such a block, and that no quote has, become quotes too. A quote that repeats has the
    speaker of the one that it repeats.
    """
    apart = [_apart(document, quote) for quote in quotes]
    said = [_words(document, quote.contents) for quote in quotes]
    begun: dict[tuple[str, ...], list[int]] = {}
    for number, words in enumerate(said):
        if not apart[number]:
            for at in range(len(words) - _MIN_WORDS + 1):
                alike = begun.setdefault(words[at : at + _MIN_WORDS], [])
                if len(alike) < _MAX_LOOKED_AT and number not in alike[-1:]:
                    alike.append(number)

    def original(words: tuple[str, ...]) -> int | None:
        sought = f" {' '.join(words)} "
        return next((n for n in begun.get(words[:_MIN_WORDS], ()) if sought in f" {' '.join(said[n])} "), None)

    found = list(quotes)
    for number, quote in enumerate(quotes):
        first = original(said[number]) if apart[number] and len(said[number]) >= _MIN_WORDS else None
        if first is not None:
            found[number] = _repeating(quote, quotes[first], first)
    for span in _unclaimed(document, quotes):
        words = _words(document, (span,))
        first = original(words) if len(words) >= _MIN_WORDS else None
        if first is not None:
            found.append(_repeating(_quote_of(document, span), quotes[first], first))
    return _in_order(found)


def _apart(document: Document, quote: Quote) -> bool:
    """Whether the quote's paragraph is set apart, and not a turn of the text."""
    paragraph = document.article.paragraphs[quote.paragraph]
    if paragraph.section == "pullquote":
        return True
    contents = quote.contents
    whole = len({document.paragraph_at(span.start) for span in contents}) == 1 and quote.cue is None
    return (
        whole
        and not document.has_letters(paragraph.span.start, contents[0].start)
        and _ends_at(document, paragraph.span, contents[-1])
    )


def _ends_at(document: Document, paragraph: Span, content: Span) -> bool:
    """Whether nothing follows `content` in its paragraph but a dash and a name."""
    after = document.article.text[content.end : paragraph.end]
    return not document.has_letters(content.end, paragraph.end) or _NAME_AFTER.fullmatch(after) is not None


def _unclaimed(document: Document, quotes: Sequence[Quote]) -> list[Span]:
    """The quoted stretches that open a paragraph, fill it but for a name, and lie in no quote."""
    claimed = {index for quote in quotes for span in quote.contents for index in document.quoted_spans_in(span)}
    found = []
    for index, quoted_span in enumerate(document.quoted_spans):
        paragraph = document.article.paragraphs[quoted_span.paragraph]
        apart = paragraph.section == "pullquote" or (
            not document.has_letters(paragraph.span.start, quoted_span.span.start)
            and _ends_at(document, paragraph.span, quoted_span.span)
        )
        if apart and index not in claimed and paragraph.section != "furniture":
            found.append(quoted_span.span)
    return found


def _quote_of(document: Document, span: Span) -> Quote:
    number = document.sentence_at(span.start)
    paragraph = document.paragraph_at(span.start)
    sentence = document.parse.sentences[number].span if number is not None else span
    section = document.article.paragraphs[paragraph].section
    return Quote("direct", (span,), Span(*sentence), paragraph, section, marks=(span,))


def _repeating(quote: Quote, original: Quote, number: int) -> Quote:
    same = quote.speaker is not None and quote.speaker == original.speaker
    return replace(
        quote,
        speaker=original.speaker,
        resolution=quote.resolution if same else "none" if original.speaker is None else "continuation",
        unresolved=original.unresolved,
        unresolved_code=original.unresolved_code,
        speaker_confidence=original.speaker_confidence,
        candidates=original.candidates,
        confidence=original.confidence,
        explain=(*quote.explain, Rule("repeats")) if original.explain else (),
        repeats=number,
        continues=None,
    )


def _words(document: Document, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(
        word.casefold() for span in spans for word in _WORD.findall(_APOSTROPHE.sub("", document.article.slice(span)))
    )


def _in_order(quotes: list[Quote]) -> list[Quote]:
    """`quotes` in text order, what they repeat and go on from renumbered with them."""
    order = sorted(range(len(quotes)), key=lambda number: (quotes[number].contents[0], number))
    place: dict[int | None, int] = {number: index for index, number in enumerate(order)}
    return [
        replace(
            quotes[number], repeats=place.get(quotes[number].repeats), continues=place.get(quotes[number].continues)
        )
        for number in order
    ]
