"""Invariants of HTML input for any bytes: an article, or a reason why there is none."""

from collections.abc import Iterator
from contextlib import suppress

from service.input.decoding import decode_html
from service.input.html_blocks import Unreadable
from service.input.paragraphs import read_page_article
from service.input.web_page import read_page
from tests.input.cms_shapes import SHAPES
from tests.input.pages import NEWS, PARAGRAPHS, SITES, blocks_of, page

WORDS = (
    *("<p>", "</p>", "<br>", "<q>", "</q>", "<h1>", "<pre>", "<aside>", "<figcaption>", "<table><tr><td>", "<svg>"),
    *("<blockquote class=pullquote>", "<script type=application/ld+json>", '{"articleBody":"', "<meta charset=utf-16>"),
    *("&#x", "&amp;", "<![CDATA[", "<!--", "-->", "<template>", " hidden", " lang=de", "\ufeff", "<?xml "),
)


def seeds() -> Iterator[bytes]:
    """Yield the fuzzer's seeds: pages in the formats of the tests."""
    yield NEWS.encode()
    yield page("<aside><p>More</p></aside><pre>a\n\nb</pre><q>We <q>lost</q></q><table><tr><td>One</table>").encode(
        "utf-16"
    )
    yield from (shape(blocks_of(site)).encode() for shape in SHAPES.values() for site in SITES)
    yield f'<script type="application/ld+json">{{"articleBody": "{PARAGRAPHS[0]}"}}</script><p>x'.encode()


def check(data: bytes) -> None:
    """Fail if reading raises anything but `Unreadable`, or the article violates the contract of `read_page`."""
    html = decode_html(data)
    with suppress(Unreadable):
        found = read_page(html)
        assert found == read_page(html)
        article = read_page_article(found)
        assert article.text == found.text
        assert any(map(str.isalnum, found.text))
        end = -2
        for start, stop, *_ in found.markup:
            assert start == end + 2
            assert start < stop <= len(found.text)
            end = stop
        assert end == len(found.text)
        assert all(0 <= one.span.start < one.span.end <= len(article.text) for one in article.paragraphs)
