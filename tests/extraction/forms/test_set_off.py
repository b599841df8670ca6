"""Statements, lists, block quotes, posts and sign-offs that the layout sets off from the prose."""

import pytest

from service.extraction.forms.recognition import with_form
from service.input.article import Article
from service.input.paragraphs import read_article, read_page_article
from service.input.web_page import read_page

BEFORE = "Engineers worked on the pier all night and the water fell by a metre before dawn."
AFTER = "The crews will stay until the end of the week, and the road to the north will stay shut."


def page(body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Pier fell</title></head><body><article><h1>Pier fell</h1>'
        f"<p>{BEFORE}</p>{body}<p>{AFTER}</p></article></body></html>"
    )


def passages_in(article: Article) -> list[tuple[str, str | None, str]]:
    """The form, the speaker's name and the words of each passage."""
    return [
        (
            one.form,
            article.slice(one.name) if one.name else None,
            " / ".join(" ".join(article.slice(span).split()) for span in one.speech),
        )
        for one in article.passages
    ]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        (
            "The harbour company said:\n\nWe are sorry. We will pay.\n\nThe pier is shut.",
            [("block", None, "We are sorry. We will pay.")],
        ),
        (
            "In her letter, Lydia Frost wrote:\n\nI was wrong.\n\nI ask you to forgive me.\n\nThe pier is shut.",
            [("block", None, "I was wrong. / I ask you to forgive me.")],
        ),
        (
            "The inspector also said:\n\n- The beams were soft\n- Nobody looked at them\n\nThe pier is shut.",
            [("block", None, "The beams were soft / Nobody looked at them")],
        ),
        (
            "Lydia Frost wrote to the town:\n\n> The pier fell.\n> Stay home.\n\nIt was printed on blue paper.",
            [("block", None, "The pier fell. / Stay home.")],
        ),
        (
            "Many people wrote about it.\n\nOur pier is gone. I cried. pic.example/x1\n\n"
            "— Imani Osei 🌊 (@imosei) March 9, 2021\n\nThe pier is shut.",
            [("post", "Imani Osei", "Our pier is gone. I cried. pic.example/x1")],
        ),
        (
            "Lydia Frost and Paul Reeve spoke.\n\nFrost on the beams: “They were soft.”\n\n"
            "On the mayor: “She never rang.”\n\nReeve on debt: “We left.”",
            [("block", "Frost", "“They were soft.” / “She never rang.”"), ("block", "Reeve", "“We left.”")],
        ),
        ("Frost spoke.\n\nOn the beams: “They were soft all year.”\n\nOn the mayor: “She never rang.”", []),
        ("Here is what she said.\n\nOn the beams: “They were soft all year.”", []),
        ("Lydia Frost spoke.\n\nThen, a day later on television: “They were soft all year.”", []),
        (
            "Lydia Frost, engineer\n“The beams were soft.”\n\nPaul Reeve\n“I cried.”\n“We all did.”",
            [("block", "Lydia Frost", "“The beams were soft.”"), ("block", "Paul Reeve", "“I cried.” / “We all did.”")],
        ),
        ("Songs of the year\n\nLydia Frost\n“The Long Road Home”\n\nPaul Reeve\n“Winter Songs”", []),
        ("Reflections on the sea: “The Long Road Home” is out in May.", []),
        (
            "Many people wrote.\n\nOur pier.\nOur beams.\n— Imani Osei (@imosei) March 9, 2021\n\nIt is shut.",
            [("post", "Imani Osei", "Our pier. / Our beams.")],
        ),
        (
            "Many people wrote.\n\nOur pier is gone — Imani Osei (@imosei) March 9, 2021\n\nIt is shut.",
            [("post", "Imani Osei", "Our pier is gone")],
        ),
        (
            "Letters\n\nI miss the pier. We swam there every day.\n\n— Paul Reeve, Northport\n\n"
            "I do not miss it at all. My dog fell in.\n\n— Lydia Frost, Southgate",
            [
                ("block", "Paul Reeve", "I miss the pier. We swam there every day."),
                ("block", "Lydia Frost", "I do not miss it at all. My dog fell in."),
            ],
        ),
        (
            "From Chairwoman Lydia Frost:\n\n“We lost it all.”",
            [("block", "Lydia Frost", "“We lost it all.”")],
        ),
        (
            "Statement from Chairwoman Lydia Frost:\n\nThe board met on Monday. It did not vote.",
            [("block", "Lydia Frost", "The board met on Monday. It did not vote.")],
        ),
        (
            "Lydia Frost (@lydiafrost): The pier is gone.\n\nNorthport Council (@northport): It will be rebuilt.",
            [
                ("post", "Lydia Frost", "The pier is gone."),
                ("post", "Northport Council", "It will be rebuilt."),
            ],
        ),
        (
            "The full letter:\n\nDear Mayor,\n\nWe ask you to meet us.\n\nIt is late.\n\n"
            "Yours sincerely,\nLydia Frost\nChair, Northport Anglers\n\nThe mayor did not reply.",
            [("block", "Lydia Frost", "We ask you to meet us. / It is late.")],
        ),
        (
            "Frost wrote to the staff:\n\nDear colleagues,\n\nI will leave. You know why.\n\nLydia\n\nIt rained.",
            [("block", None, "I will leave. You know why.")],
        ),
        (
            "Remarks by Mayor Lydia Frost at the opening of the pier\n\nThank you all. I came here as a child.\n\n"
            "We built this together.\n\nThe sea was kind.",
            [
                (
                    "block",
                    "Lydia Frost",
                    "Thank you all. I came here as a child. / We built this together. / The sea was kind.",
                )
            ],
        ),
        (
            "Dear readers,\n\nWe got it wrong.\n\nYou deserve better.\n\nLydia Frost\nEditor",
            [("block", "Lydia Frost", "We got it wrong. / You deserve better.")],
        ),
        (
            "Sir – I read that the pier will go. My family built it.\nLydia Frost\nNorthport\n\n"
            "Sir – It is ugly.\nPaul Reeve\nSouthgate",
            [
                ("block", "Lydia Frost", "I read that the pier will go. My family built it."),
                ("block", "Paul Reeve", "It is ugly."),
            ],
        ),
        (
            "Letters\n\nI miss the pier.\nLydia Frost, Northport\n\nI do not. My dog fell in.\nPaul Reeve, Southgate",
            [
                ("block", "Lydia Frost", "I miss the pier."),
                ("block", "Paul Reeve", "I do not. My dog fell in."),
            ],
        ),
        (
            "Your letters\n\nParking\n\nThe fares (May 3) are low. Book early.\n\nLydia Frost, Northport\n\n"
            "How sad. My mother built it.\n\nPaul Reeve\n\nSouthgate",
            [
                ("block", "Lydia Frost", "The fares (May 3) are low. Book early."),
                ("block", "Paul Reeve", "How sad. My mother built it."),
            ],
        ),
        ("Letters\n\nThe pier is shut.\n\nName and address supplied", []),
        ("The letters\n\nHe wrote ten letters.\n\nLydia Frost, Northport", []),
        (
            "Quotes of the week\n\n“I have never been happier.”\nLydia Frost, former mayor of Northport",
            [("block", "Lydia Frost", "“I have never been happier.”")],
        ),
        (
            "To the Editor:\n\nThe beams were soft.\n\nI told the council so.\n\nLydia Frost\nNorthport",
            [("block", "Lydia Frost", "The beams were soft. / I told the council so.")],
        ),
        (
            "Statement on the pier\n\nThe pier is shut. I am sorry.\n\nIt will open in May.\n\n"
            "Lydia Frost\nMayor of Northport",
            [("block", "Lydia Frost", "The pier is shut. I am sorry. / It will open in May.")],
        ),
        (
            "The mayor's statement in full:\n\nThe pier is shut.\n\nWe are sorry.\n\n"
            "Lydia Frost, Mayor of Northport\n\nThe council meets on Friday.",
            [("block", "Lydia Frost", "The pier is shut. / We are sorry.")],
        ),
        (
            "The mayor wrote on Monday:\n\nDear residents,\n\nThe pier is shut.\n\nI ask you to wait.\n\n"
            "Lydia Frost, Mayor of Northport",
            [("block", "Lydia Frost", "The pier is shut. / I ask you to wait.")],
        ),
        (
            "Here is her letter in full.\n\nTo all my neighbours:\n\nThe pier is shut.\n\nI am sorry.\n\n"
            "Lydia Frost\nChair, Northport Council",
            [("block", "Lydia Frost", "The pier is shut. / I am sorry.")],
        ),
    ],
)
def test_words_set_off_in_text_are_passages(text: str, passages: list[tuple[str, str | None, str]]) -> None:
    assert passages_in(with_form(read_article(text))) == passages


@pytest.mark.parametrize(
    ("body", "passages"),
    [
        (
            "<p>Lydia Frost, the engineer, said:</p>"
            "<blockquote><p>The beams were soft.</p><p>I told them.</p></blockquote>",
            [("block", None, "The beams were soft. / I told them.")],
        ),
        (
            "<blockquote><p>“The beams were soft.”</p><footer>— Lydia Frost, engineer</footer></blockquote>",
            [("block", "Lydia Frost", "“The beams were soft.”")],
        ),
        (
            "<blockquote><p>The beams were soft.</p><cite>Lydia Frost</cite></blockquote>",
            [("block", "Lydia Frost", "The beams were soft.")],
        ),
        (
            "<p>She wrote:</p><blockquote class='twitter-tweet'><p>Our pier is gone.</p>&mdash; Imani Osei (@imosei) "
            "<a href='https://x.example/1'>March 9, 2021</a></blockquote>",
            [("post", "Imani Osei", "Our pier is gone.")],
        ),
        (
            "<p>The inspector also said:</p><ul><li>The beams were soft</li><li>Nobody looked at them</li></ul>",
            [("block", None, "The beams were soft / Nobody looked at them")],
        ),
    ],
)
def test_words_set_off_in_pages_are_passages(body: str, passages: list[tuple[str, str | None, str]]) -> None:
    assert passages_in(with_form(read_page_article(read_page(page(body))))) == passages


def test_block_quote_that_repeats_the_article_is_introduced_by_nobody() -> None:
    body = (
        "<p>“The beams of the pier were soft, and nobody looked,” said Lydia Frost. She says men are cold.</p>"
        "<blockquote><p>The beams of the pier were soft</p></blockquote>"
    )
    assert passages_in(with_form(read_page_article(read_page(page(body))))) == []


@pytest.mark.parametrize(
    ("body", "turns"),
    [
        (
            "<p>The engineer Lydia Frost has left. We met her at home.</p><p><b>Why did you go?</b></p><p>I was tired. "
            "I want to sleep.</p><p><b>And the pier?</b></p><p>I never think of it.</p>",
            ["Why did you go?", "I was tired. I want to sleep.", "And the pier?", "I never think of it."],
        ),
        (
            "<p>The engineer Lydia Frost spoke to us in an interview.</p>"
            "<p><strong>Why did you go?</strong><br>I was tired.</p>"
            "<p><strong>And the pier?</strong><br>I never think of it.</p>",
            ["Why did you go?", "I was tired.", "And the pier?", "I never think of it."],
        ),
    ],
)
def test_questions_in_bold_begin_turns(body: str, turns: list[str]) -> None:
    article = with_form(read_page_article(read_page(page(body).replace(f"<p>{AFTER}</p>", ""))))
    assert [words for _, _, words in passages_in(article)] == turns
    assert article.form == "interview"


@pytest.mark.parametrize(
    "text",
    [
        "Here is what we know so far:\n\n- The pier fell\n- It was late",  # nobody speaks, which the parse shows
        "The company said:\n\nFrost said that the pier would be rebuilt in May.",
        "The pier fell on Monday.\n\n— Paul Reeve",  # a byline below
        "Recipe: a fish pie\n\n- two eggs\n- a fish",
        "Speech by Lydia Frost delights Northport\n\nI was there.\n\nWe laughed.",
        "Remarks by Lydia Frost at the pier\n\nI was there when the mayor said that she would go.\n\nWe laughed.",
        "Dear old pier, how we missed you.\n\nNobody came.\n\nLydia Frost",
        "“The wind took my hat.”\nLydia Frost/The Herald\n\nIt fell.",
        "Letter from Northport\n\nThe pier is shut. I miss it.\n\nIt was white.\n\nLydia Frost\nStaff Writer",
        "Statement on the pier\n\nThe mayor said that we are sorry.\n\nIt is shut.\n\nLydia Frost\nMayor of Northport",
        "Statement on the pier\n\nThe pier was shut.\n\nIt will open in May.\n\nLydia Frost\nMayor of Northport",
        "The pier is shut. I miss it.\n\nIt was white.\n\nLydia Frost\nMayor of Northport",
        "To the point:\n\nThe pier is shut. I miss it.\n\nRead more",
        "Sir, a play, opens on Friday.\n\nI was there.\n\nLydia Frost is Daisy.",
    ],
)
def test_prose_after_a_colon_or_before_a_name_is_no_signed_passage(text: str) -> None:
    assert [one for one in with_form(read_article(text)).passages if one.part != "introduced"] == []
