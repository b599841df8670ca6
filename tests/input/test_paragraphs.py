"""Paragraphs of an article and their sections; datelines and leads."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.input.article import ArticleMetadata, Span
from service.input.characters import straighten, unwrap
from service.input.paragraphs import dateline_end, lead_end, read_article

WRAPPED = """The ferry did not sail on Monday, and nobody at the
harbour could say when it would. The captain had gone
home, taking the key, and his telephone was switched
off.

A notice on the gate said that the company was sorry,
and that tickets would be honoured on another day.
"""
# Pieces of scraped texts, in any order: furniture, quotation marks, unusual spaces and line ends.
CRUMBS = st.sampled_from(
    ["Related", "- ", "•", "\n", "By A B", "Home > ", "(Photo)", "é", "😀", "\ud800", "©", "{", "|", "1. ", "12:30",
     "\n\n", "\r\n", "\t", " ", "\u2028", "\u00a0", "\u200b", "“", "”", '"', "'",
     "MORE: x", "a", "He said no.", "The Way It Was In The Town", "\x00"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(CRUMBS, max_size=40).map("".join))
DATELINES = [
    "Coastwire.Net - ",
    "HarbourNews.com — ",
    "LONDON -- ",
    "SEOUL, South Korea (AP) — ",
    "SEOUL, Sept. 12 (Yonhap) -- ",
    "CONCORD, N.H. - ",
    "BOSTON —",
    "WELLBRIDGE, Ohio (AP) _ ",
    "WASHINGTON (Reuters) - ",
    "NEW YORK/PARIS — ",
    "New York (CNN) — ",
    "(CNN) -- ",
]
NO_DATELINES = [
    "The council met on Monday - and nobody came.",
    "NATO said it would stay.",
    "BENENSON: We were never asked.",
    "F-16 jets took off.",
    "Ortiz (who is 40) said no.",
    "U.S.-Russian talks begin.",
]
LEADS = [
    "Media caption ",
    "Image caption, ",
    "BREAKING ",
    "BREAKING NEWS ",
    "Breaking: ",
    "Video: ",
    "WATCH: ",
    "10:15 a.m. ",
    "09:15 GMT ",
    "10.30am: ",
    "14:05 — ",
    "Ana Ruiz / Reuters ",
]
NO_LEADS = [
    "Breaking the bank is not the plan.",
    "Live music is back.",
    "10:15 trains were late.",
    "UPDATE your browser.",
    "Video evidence was shown.",
    "Media captions are short.",
    "Ana Ruiz / Reuters reported it.",
]


def paragraphs_of(text: str) -> list[str]:
    article = read_article(text)
    return [article.slice(paragraph.span) for paragraph in article.paragraphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n\u200b", []),
        ("One.", ["One."]),
        ("  One. \n\n\n\tTwo. ", ["One.", "Two."]),
        ("One.\r\nTwo.\rThree.", ["One.", "Two.", "Three."]),
        ("One.\u2028Two.\u2029Three.", ["One.", "Two.", "Three."]),
        ("\ufeffOne.\u00a0\n\u00a0Two.", ["One.", "Two."]),
        ("• One\n  • Two\n- Three\n1. Four\n(b) Five", ["One", "Two", "Three", "Four", "Five"]),
        ("-One\n—\n2024. Six", ["-One", "—", "2024. Six"]),
        ("“One.\n“Two.”", ["“One.", "“Two.”"]),
        (
            "A line that was broken off in the middle of its\nsentence by a stray return.",
            ["A line that was broken off in the middle of its\nsentence by a stray return."],
        ),
        (
            "A line that stands before an address of ours and\nnews@crier.example",
            ["A line that stands before an address of ours and", "news@crier.example"],
        ),
    ],
)
def test_paragraphs_of_small_texts(text: str, expected: list[str]) -> None:
    assert paragraphs_of(text) == expected


def test_lines_wrapped_at_a_column_are_one_paragraph() -> None:
    assert [unwrap(paragraph) for paragraph in paragraphs_of(WRAPPED)] == [
        unwrap(paragraph.strip()) for paragraph in WRAPPED.strip().split("\n\n")
    ]


def test_lines_wrapped_with_carriage_returns_are_one_paragraph() -> None:
    assert len(paragraphs_of(WRAPPED.replace("\n", "\r\n"))) == 2


def test_wrapped_text_without_blank_lines_breaks_after_short_lines() -> None:
    assert len(paragraphs_of(WRAPPED.replace("\n\n", "\n"))) == 2


def test_one_paragraph_per_line_is_preserved() -> None:
    lines = [
        "The ferry did not sail on Monday, and nobody at the harbour could say when it would, if it ever did again.",
        "The captain had gone home.",
        "His telephone was switched off, and a notice on the gate said that the company was sorry for the trouble.",
    ]
    assert paragraphs_of("\n".join(lines)) == lines


def test_headlines_on_lines_of_their_own_are_not_joined() -> None:
    lines = [
        "Ferry fares to rise for the third time in one year",
        "Why the cat came back",
        "Goat found on town hall roof",
    ]
    assert paragraphs_of("\n".join(lines)) == lines


def test_article_keeps_the_fields_of_the_request() -> None:
    about = ArticleMetadata("7", "Ferry", "https://crier.example", "en", "2025-06-04")
    article = read_article(WRAPPED, about)
    assert article.text == WRAPPED
    assert (article.id, article.title, article.url) == ("7", "Ferry", "https://crier.example")
    assert (article.language, article.published_at) == ("en", "2025-06-04")


@given(TEXTS)
def test_paragraphs_are_in_order_do_not_overlap_and_have_no_blank_ends(text: str) -> None:
    end = 0
    for paragraph in read_article(text).paragraphs:
        assert end <= paragraph.span.start < paragraph.span.end <= len(text)
        assert (
            text[paragraph.span.start : paragraph.span.end].strip() == text[paragraph.span.start : paragraph.span.end]
        )
        end = paragraph.span.end


@given(TEXTS)
def test_no_letter_is_outside_every_paragraph_but_a_list_marker(text: str) -> None:
    article = read_article(text)
    gaps = [Span(0, 0), *(paragraph.span for paragraph in article.paragraphs), Span(len(text), len(text))]
    for left, right in pairwise(gaps):
        assert sum(map(str.isalnum, text[left.end : right.start])) <= 2


@given(TEXTS)
def test_straightening_and_unwrapping_keep_every_offset(text: str) -> None:
    assert len(straighten(text)) == len(unwrap(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "x\n",
        "- a\n",
        "Related\n",
        "(",
        " > ",
        "By A ",
        "\u200b\n",
        "a" * 50 + " ",
        "Read more about the town\n",
        ". \n\n",
    ],
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        read_article(unit * times)
        return time.process_time() - start

    # Four times the text; quadratic time would be sixteen times as long. Garbage collection can slow down single tries.
    assert any(seconds(4000) <= 12 * seconds(1000) + 0.2 for _ in range(5))


@pytest.mark.parametrize(
    "speech",
    [
        "“We lost the pier.\nWe cannot let a lorry on to it,” Ann Cole said.",
        'Ann Cole said: "We lost the pier.\nIt fell at noon.\nNobody was on it."',
    ],
)
def test_line_break_inside_marks_does_not_end_a_paragraph(speech: str) -> None:
    assert paragraphs_of(f"The sea was high.\n{speech}\nIt fell.") == ["The sea was high.", speech, "It fell."]


def test_quotation_mark_reopened_on_the_next_line_ends_a_paragraph() -> None:
    text = "“We lost the pier.\n“We saw it fall,” Ann Cole said."
    assert paragraphs_of(text) == ["“We lost the pier.", "“We saw it fall,” Ann Cole said."]


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_ends_where_the_sentence_begins(dateline: str) -> None:
    assert dateline_end(dateline + "Talks began on Monday.", first=False) == len(dateline)


@pytest.mark.parametrize("text", NO_DATELINES)
def test_opening_without_dateline_is_unchanged(text: str) -> None:
    assert dateline_end(text, first=True) == 0


def test_place_before_a_spaced_colon_is_a_dateline_only_at_the_start() -> None:
    assert dateline_end("Pyongyang : Talks began.", first=True) == len("Pyongyang : ")
    assert dateline_end("Pyongyang : Talks began.", first=False) == 0


def test_dateline_is_boilerplate_and_the_sentence_after_it_body() -> None:
    text = "Bridge closes for good\n\nLONDON -- The bridge over the river will close for good, the council said."
    article = read_article(text)
    assert [(article.slice(p.span), p.section) for p in article.paragraphs[1:]] == [
        ("LONDON --", "furniture"),
        ("The bridge over the river will close for good, the council said.", "body"),
    ]


def test_paragraph_with_the_dateline_of_an_agency_is_no_headline() -> None:
    article = read_article("WELLBRIDGE, Ohio (AP) _ Mayor says bridge is safe.\n\nIt opens in May, she said.")
    assert [one.section for one in article.paragraphs] == ["furniture", "body", "body"]


@pytest.mark.parametrize("lead", LEADS)
def test_a_page_label_ends_where_the_sentence_begins(lead: str) -> None:
    assert lead_end(lead + "Officials said the fire was out.") == len(lead)


@pytest.mark.parametrize("text", NO_LEADS)
def test_a_sentence_that_begins_like_a_label_is_left_alone(text: str) -> None:
    assert lead_end(text) == 0


def test_a_credit_between_two_sentences_is_boilerplate() -> None:
    text = (
        "Ruiz said: “We fell. “It was dark. (Photo: Lee Orr/PA) “We ran.” (Image: BBC) He saw (photo: mine) it twice."
    )
    article = read_article(text)
    assert [(article.slice(p.span), p.section) for p in article.paragraphs] == [
        ("Ruiz said: “We fell. “It was dark.", "body"),
        ("(Photo: Lee Orr/PA)", "furniture"),
        ("“We ran.”", "body"),
        ("(Image: BBC)", "furniture"),
        ("He saw (photo: mine) it twice.", "body"),
    ]


def test_a_label_is_furniture_and_its_sentence_is_not() -> None:
    article = read_article("Video: Nora Lund told the station the dam was safe")
    assert [(paragraph.section, article.slice(paragraph.span)) for paragraph in article.paragraphs] == [
        ("furniture", "Video:"),
        ("body", "Nora Lund told the station the dam was safe"),
    ]


def test_a_label_of_another_story_makes_its_line_furniture() -> None:
    article = read_article("The storm broke three boats.\n\nVideo: How the boats broke")
    assert [paragraph.section for paragraph in article.paragraphs] == ["body", "furniture"]
