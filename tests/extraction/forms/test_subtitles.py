"""Subtitles, texts in capitals, alerts and live blogs."""

import pytest

from service.extraction.forms.recognition import with_form
from service.input.article import Article
from service.input.paragraphs import read_article

SRT = """1
00:00:01,000 --> 00:00:03,000
LYDIA FROST: Good evening.
I am at the pier.

2
00:00:03,500 --> 00:00:05,000
It fell at nine.

3
00:00:05,500 --> 00:00:07,000
[waves]

4
00:00:07,500 --> 00:00:09,000
>> IMANI OSEI: I told them <i>twice</i>.

5
00:00:09,500 --> 00:00:11,000
>> And who are you?
"""

VTT = """WEBVTT

NOTE made by hand

00:01.000 --> 00:03.000
<v Lydia Frost>Good evening.

00:03.500 --> 00:05.000
<v Lydia Frost>It fell at nine.</v>

00:05.500 --> 00:07.000
<v.loud Imani Osei>I told them.
"""


def passages_in(article: Article) -> list[tuple[str | None, str]]:
    """The name and the words of each passage."""
    return [
        (article.slice(one.name) if one.name else None, " / ".join(article.slice(span) for span in one.speech))
        for one in article.passages
    ]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            SRT,
            [
                ("LYDIA FROST", "Good evening. / I am at the pier. / It fell at nine."),
                ("IMANI OSEI", "I told them / twice"),
                (None, "And who are you?"),
            ],
        ),
        (
            "1\n00:00:01,000 --> 00:00:03,000\nOLD MAN: It is gone.\n\n2\n00:00:03,500 --> 00:00:05,000\n"
            "REPORTER: And now?\n\n3\n00:00:05,500 --> 00:00:07,000\nOLD MAN: We swim.\n",
            [("OLD MAN", "It is gone."), ("REPORTER", "And now?"), ("OLD MAN", "We swim.")],
        ),
        (VTT, [("Lydia Frost", "Good evening. / It fell at nine."), ("Imani Osei", "I told them.")]),
    ],
    ids=["SRT", "reporter", "WebVTT"],
)
def test_subtitles_have_the_turns_of_their_labels(text: str, turns: list[tuple[str | None, str]]) -> None:
    article = with_form(read_article(text))
    assert article.form == "subtitles"
    assert passages_in(article) == turns


def test_times_and_numbers_of_subtitles_are_furniture() -> None:
    article = with_form(read_article(SRT))
    body = [article.slice(one.span) for one in article.paragraphs if one.section == "body"]
    assert "LYDIA FROST: Good evening." in body
    assert not any("-->" in line or line.isdigit() for line in body)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("PIER TO REOPEN IN MAY -MAYOR", "Pier to reopen in May -mayor"),
        ("CENTRAL BANK'S ORLO: RATES REMAIN TOO HIGH", "Central bank's Orlo: rates remain too high"),
        ("MINISTER LYDIA FROST SAYS NATO WILL PAY", "Minister Lydia Frost says NATO will pay"),
        ("I WAS AT THE PIER, SAID PAUL REEVE", "I was at the pier, said Paul Reeve"),
    ],
)
def test_text_in_capitals_is_spelled_for_the_parser(text: str, spelling: str) -> None:
    article = with_form(read_article(text))
    assert article.spelling == spelling
    assert article.text == text


def test_lower_case_text_is_unchanged() -> None:
    assert with_form(read_article("The pier fell. NATO will pay for it, the minister said.")).spelling is None


@pytest.mark.parametrize(
    ("text", "alerts"),
    [
        ("PIER TO REOPEN IN MAY -MAYOR", [("MAYOR", "PIER TO REOPEN IN MAY")]),
        ("PORT STRIKE TO END FRIDAY - UNION OFFICIAL", [("UNION OFFICIAL", "PORT STRIKE TO END FRIDAY")]),
        ("POLICE: TWO MEN HELD AFTER RAID", [("POLICE", "TWO MEN HELD AFTER RAID")]),
        ("*BANK'S ORLO SAYS RATES STAY HIGH\n*ORLO: NO CUT THIS YEAR", [("ORLO", "NO CUT THIS YEAR")]),
        ("PORT TALKS TO RESUME THURSDAY: SOURCES", [("SOURCES", "PORT TALKS TO RESUME THURSDAY")]),
        ("OIL FALLS 3% - BIGGEST DROP SINCE MAY", []),
        ("NORTHPORT FIRE: MAN DIES AS FLATS BURN", []),
        ("MARKETS: SHARES FALL IN LATE TRADE", []),
        ("ROVERS 3 - UNITED 1 AFTER EXTRA TIME", []),
    ],
)
def test_alerts_name_their_source_after_a_dash_or_before_a_colon(text: str, alerts: list[tuple[str, str]]) -> None:
    assert passages_in(with_form(read_article(text))) == alerts


def test_times_of_posts_make_a_live_blog() -> None:
    posts = "\n\n".join(f"{hour}.35am\n\nThe mayor said that pier {hour} was shut." for hour in range(8, 12))
    assert with_form(read_article(posts)).form == "live-blog"
    assert with_form(read_article("The race began at 9.35am.\n\nIt ended at noon.")).form == "prose"
