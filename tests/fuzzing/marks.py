"""Invariants of the quotation mark scanner for any text."""

from collections.abc import Iterator

from service.extraction.quotations.marks import Marks, find_marks
from service.input.paragraphs import read_article
from tests.fuzzing.seeds import golden_texts, paragraphs_of

WORDS = ("“", "”", "‘", "’", '"', "'", "„", "«", "»", "``", "''", "\n\n", "“‘", "’”", "?”", ".", "—", "n't", "s’ ")


def seeds() -> Iterator[bytes]:
    """Yield the fuzzer's seeds: texts, and paragraphs with marks."""
    for text in golden_texts():
        yield text.encode()
        yield from (paragraph.encode() for paragraph in paragraphs_of(text) if "“" in paragraph or '"' in paragraph)


def check(data: bytes) -> None:
    """Fail if the scanner raises, or its spans violate the contract of `find_marks`."""
    article = read_article(data.decode("utf-8", "ignore"))
    found = find_marks(article)
    assert found == find_marks(article)
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    outer_end = 0
    for number, one in enumerate(found):
        paragraph = article.paragraphs[one.paragraph]
        assert paragraph.span.contains(one.span), "a quoted span leaves its paragraph"
        assert one.span.contains(one.inner)
        assert any(map(str.isalnum, article.slice(one.inner))), "a quoted span has no word"
        assert article.slice(one.inner) == article.slice(one.inner).strip()
        if one.nested_in is None:
            assert one.span.start >= outer_end, "two outermost quoted spans overlap"
            outer_end = one.span.end
        else:
            assert one.nested_in < number
            assert found[one.nested_in].span.contains(one.span), "a nested quoted span leaves the one around it"
        if one.continues is not None:
            assert one.continues < number
            assert found[one.continues].paragraph < one.paragraph
    marks = Marks(found)
    for number, one in enumerate(found):
        if one.nested_in is None:
            assert marks.at(one.span.start) == marks.at(one.span.end - 1) == number
            assert number in marks.overlapping(one.span)
            assert marks.chain(number)[-1] == number
