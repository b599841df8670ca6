"""The text of a page as a reader sees it."""

import pytest

from service.input.html_blocks import HtmlBlock, html_blocks, parse_html
from service.input.web_page import read_page


def texts(html: str) -> list[str]:
    return [block.text for block in html_blocks(parse_html(f"<body>{html}</body>"))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>One<p>Two", ["One", "Two"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("<p>One\n   two\tthree</p>", ["One two three"]),
        ("<p>Hyper<b>link</b>ed <i>text</i>.</p>", ["Hyperlinked text."]),
        ("<p><b>One</b><i> two</i></p>", ["One two"]),
        ("<p>Q: Why?<br>A: Because.</p>", ["Q: Why?\nA: Because."]),
        ("<p>One<br><br/>Two<br> <br>Three</p>", ["One", "Two", "Three"]),
        ("<pre>One\n  two</pre>", ["One\ntwo"]),
        ("<p>&ldquo;R&amp;D,&rdquo; she said&mdash;&#8216;no&#x2019;.</p>", ["“R&D,” she said—‘no’."]),
        ("<p>&#xD800;&#0;&#x110000; &unknown; a&nbspb</p>", ["��� &unknown; a\u00a0b"]),
        ("<p>gov&shy;ern\u200bment\ufeff\u2060</p>", ["government"]),
        ("<p>wo\u200drd 👩\u200d👧</p>", ["word 👩\u200d👧"]),
        ("<p>\ue001 icon</p>", ["icon"]),
        ("<p><q>We <q>lost</q> it</q>, he said.</p>", ["“We ‘lost’ it”, he said."]),
        ("<p><q>“We lost”</q> <q>'no'</q></p>", ["“We lost” “'no'”"]),
        ("<table><tr><td>One<table><tr><td>Two<td>Three</table>Four</table>", ["One", "Two\tThree", "Four"]),
        ("<p>One<script>two()</script><style>p{}</style><!-- no --> three</p>", ["One three"]),
        ("<p>One<span hidden>no</span><i aria-hidden=true>x</i><b style='display: none'>y</b> two</p>", ["One two"]),
        ("<p>One<span class='icon sr-only'>opens in a new tab</span> two</p>", ["One two"]),
        ("<svg><text>no</text></svg><noscript>no</noscript><template>no</template><p>yes</p>", ["yes"]),
        ("<amp-ad><div>no</div></amp-ad><amp-img alt=no></amp-img><p>yes</p>", ["yes"]),
        ("<p>—</p><p> </p><p>&nbsp;</p>", []),
        ("<p>a < b and b > a", ["a < b and b > a"]),
    ],
)
def test_text_is_what_a_reader_sees(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<h1>Wall</h1>", "headline"),
        ("<h2>Wall</h2>", "heading"),
        ("<p>Wall</p>", "text"),
        ("<ul><li><p>Wall</p></li></ul>", "item"),
        ("<figure><figcaption>Wall</figcaption></figure>", "caption"),
        ("<div class='wp-caption'><p class='wp-caption-text'>Wall</p></div>", "caption"),
        ("<div class='media has-caption'>Wall</div>", "text"),
        ("<aside>Wall</aside>", "aside"),
        ("<aside class='pullquote'><p>Wall</p></aside>", "pullquote"),
        ("<blockquote class='article__pull-quote'><p>Wall</p></blockquote>", "pullquote"),
        ("<figure class='wp-block-pullquote'><figcaption>Wall</figcaption></figure>", "pullquote"),
        ("<blockquote>Wall</blockquote>", "text"),
    ],
)
def test_markup_says_what_a_block_is(html: str, kind: str) -> None:
    assert html_blocks(parse_html(html)) == [HtmlBlock("Wall", kind)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("<td>1</td><td>Nora Lund</td><td>5,040</td>", [("row", "1\tNora Lund\t5,040")]),
        ("<th>Place</th>\n <th>Name</th>", [("row", "Place\tName")]),
        ("<td><p>1</p></td><td><b>Nora</b> Lund</td>", [("row", "1\tNora Lund")]),
        ("<td><p>1</p><p>2</p></td><td>Nora</td>", [("text", "1"), ("text", "2"), ("text", "Nora")]),
        ("<td>One<br>line</td><td>Two</td>", [("text", "One\nline"), ("text", "Two")]),
        ("<td></td><td>Layout</td>", [("text", "Layout")]),
        (f"<td>Menu</td><td>{'word ' * 40}</td>", [("text", "Menu"), ("text", ("word " * 40).strip())]),
    ],
)
def test_short_cells_of_a_table_are_a_row_and_a_layout_is_not(row: str, expected: list[tuple[str, str]]) -> None:
    blocks = html_blocks(parse_html(f"<table><tr>{row}</tr></table>"))
    assert [(block.kind, block.text) for block in blocks] == expected


def test_block_that_is_a_link_differs_from_one_that_contains_one() -> None:
    blocks = html_blocks(parse_html("<p><a href=x>All</a> </p><p><a href=x>Not</a> all</p>"))
    assert [block.linked for block in blocks] == [True, False]


def test_characters_invalid_in_xml_do_not_lose_the_article() -> None:
    page = read_page("<html><body><article><p>The mayor said \x01that it closes.</p>\x1f</article></body></html>")
    assert page.text == "The mayor said that it closes."
