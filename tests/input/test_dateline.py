import pytest

from service.input.paragraphs import dateline_end, read_article

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


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_ends_where_the_sentence_begins(dateline: str) -> None:
    assert dateline_end(dateline + "Talks began on Monday.", first=False) == len(dateline)


@pytest.mark.parametrize("text", NO_DATELINES)
def test_an_opening_that_is_no_dateline_is_left_alone(text: str) -> None:
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
