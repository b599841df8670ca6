"""Pull quotes: blocks that repeat a quote of the article. They are linked to it and not counted twice.

A block is a pull quote if it is set apart (by the page's markup, or because it is nothing but a quote with at most a
name) and its words are a contiguous part of another quote. It gets the speaker of that quote.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.document import Document
from service.extraction.report import Quote, QuoteIndex, Rule
from service.input.article import Span

_MIN_WORDS: Final = 4  # words; shorter matches occur by chance
_MAX_SAME_START: Final = 20  # quotes with the same first words; a limit keeps the time linear on adversarial text
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’](?=\w)")
_NAME_AFTER: Final = re.compile(r"\W*[—–-][^.!?]{1,100}\W*")


def with_repeats(document: Document, quotes: Sequence[Quote]) -> list[Quote]:
    """Return `quotes` in text order, with `repeats` set for those that repeat another.

    A quoted span that fills a block of its own and repeats a quote becomes a quote too. A quote that repeats another
    has the same speaker.
    """
    set_apart = [_is_set_apart(document, quote) for quote in quotes]
    words_of = [_words(document, quote.contents) for quote in quotes]
    by_first_words: dict[tuple[str, ...], list[QuoteIndex]] = {}
    for number, words in enumerate(words_of):
        if not set_apart[number] and quotes[number].form != "post":
            for at in range(len(words) - _MIN_WORDS + 1):
                same_start = by_first_words.setdefault(words[at : at + _MIN_WORDS], [])
                if len(same_start) < _MAX_SAME_START and number not in same_start[-1:]:
                    same_start.append(QuoteIndex(number))

    def original(words: tuple[str, ...]) -> QuoteIndex | None:
        sought = f" {' '.join(words)} "
        return next(
            (n for n in by_first_words.get(words[:_MIN_WORDS], ()) if sought in f" {' '.join(words_of[n])} "), None
        )

    result = list(quotes)
    for number, quote in enumerate(quotes):
        first = original(words_of[number]) if set_apart[number] and len(words_of[number]) >= _MIN_WORDS else None
        if first is not None:
            result[number] = _repeating(quote, quotes[first], first)
    for span in _unclaimed(document, quotes):
        words = _words(document, (span,))
        first = original(words) if len(words) >= _MIN_WORDS else None
        if first is not None:
            result.append(_repeating(_quote_of(document, span), quotes[first], first))
    return _in_order(result)


def _is_set_apart(document: Document, quote: Quote) -> bool:
    """Return whether the quote is set apart from the running text: a pull quote by markup, or a paragraph of its
    own."""
    paragraph = document.article.paragraphs[quote.paragraph]
    if paragraph.section == "pullquote":
        return True
    contents = quote.contents
    alone = len({document.paragraph_at(span.start) for span in contents}) == 1 and quote.cue is None
    return (
        alone
        and not document.has_letters(paragraph.span.start, contents[0].start)
        and _ends_at(document, paragraph.span, contents[-1])
    )


def _ends_at(document: Document, paragraph: Span, content: Span) -> bool:
    """Return whether nothing follows `content` in its paragraph except a dash and a name."""
    after = document.article.text[content.end : paragraph.end]
    return not document.has_letters(content.end, paragraph.end) or _NAME_AFTER.fullmatch(after) is not None


def _unclaimed(document: Document, quotes: Sequence[Quote]) -> list[Span]:
    """Return the quoted spans that fill a paragraph, except for a name, and are part of no quote."""
    claimed = {index for quote in quotes for span in quote.contents for index in document.quoted_spans_in(span)}
    result = []
    for index, quoted_span in enumerate(document.quoted_spans):
        paragraph = document.article.paragraphs[quoted_span.paragraph]
        set_apart = paragraph.section == "pullquote" or (
            not document.has_letters(paragraph.span.start, quoted_span.span.start)
            and _ends_at(document, paragraph.span, quoted_span.span)
        )
        if set_apart and index not in claimed and paragraph.section != "furniture":
            result.append(quoted_span.span)
    return result


def _quote_of(document: Document, span: Span) -> Quote:
    number = document.sentence_at(span.start)
    paragraph = document.paragraph_at(span.start)
    sentence = document.parse.sentences[number].span if number is not None else span
    section = document.article.paragraphs[paragraph].section
    return Quote("direct", (span,), Span(*sentence), paragraph, section, marks=(span,))


def _repeating(quote: Quote, original: Quote, number: QuoteIndex) -> Quote:
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
    """Return `quotes` in text order, with `repeats` and `continues` renumbered."""
    order = sorted(
        range(len(quotes)),
        key=lambda number: (
            quotes[number].contents[0].start,
            quotes[number].form == "prose",
            quotes[number].contents[0],
            number,
        ),
    )
    new_index: dict[int | None, QuoteIndex] = {number: QuoteIndex(index) for index, number in enumerate(order)}
    return [
        replace(
            quotes[number],
            repeats=new_index.get(quotes[number].repeats),
            continues=new_index.get(quotes[number].continues),
            within=new_index.get(quotes[number].within),
        )
        for number in order
    ]
