"""Turns, block quotes and posts with their speakers, read with the embedded model."""

import pytest

from service.extraction.report import Options, Report
from service.input.article import Article, ArticleMetadata
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

pytestmark = pytest.mark.model


def speakers(text: str, parser: Parser, options: Options | None = None, **about: str) -> list[tuple[str, str | None]]:
    """The form of each quote, and its speaker."""
    report = quotes_of(read_article(text, ArticleMetadata(**about)), parser, options or Options())
    return [
        (quote.form, None if quote.speaker is None else report.speakers[quote.speaker].name) for quote in report.quotes
    ]


INTRODUCED = """The engineer Imani Osei has left the harbour after nine years. She met us in a café.

Q: Why did you go?

A: I was tired. I wrote three letters, and nobody answered.

Q: And the pier?

A: I told them that it would fall."""

PANEL = """Three people talked to the Herald about the pier: the engineer Imani Osei, Mayor Lydia Frost and Paul Reeve.

Herald: Why did it fall?

Osei: The beams were soft.

FROST: Nobody told me.

Reeve: I did. I told you twice.

Mayor Frost said later that she was sorry."""

INITIALS = """Imani Osei, who built the pier, sat down with Lydia Frost of the Herald.

LYDIA FROST: Was it cold?

IMANI OSEI: It was. I could not feel my feet.

LF: Would you do it again?

IO: I would."""

GAGGLE = """Press Secretary Lydia Frost spoke to reporters at noon.

MS. FROST: Good afternoon. The first question goes to Paul Reeve of the Herald.

Q    Will you resign?

MS. FROST: I will not.

Q    Why not?

MS. FROST: Because I like it here."""

HEARING = """Paul Reeve is asking questions at the pier inquiry.

Reeve says the letters were not read. Lydia Frost, the mayor, says she never saw them.

Q: Who opened them?

Frost says a clerk did.

Q: Which clerk?

Frost says she does not know."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INTRODUCED, [("turn", None), ("turn", "Imani Osei"), ("turn", None), ("turn", "Imani Osei")]),
        (
            INITIALS,
            [("turn", "Lydia Frost"), ("turn", "Imani Osei"), ("turn", "Lydia Frost"), ("turn", "Imani Osei")],
        ),
        (
            GAGGLE,
            [
                ("turn", "Lydia Frost"),
                ("turn", "Paul Reeve"),
                ("turn", "Lydia Frost"),
                ("turn", None),
                ("turn", "Lydia Frost"),
            ],
        ),
        (
            "The harbour company said:\n\nWe are sorry. We will pay for it all.\n\nThe pier is shut.",
            [("block", "harbour company")],
        ),
        (
            "Mayor Lydia Frost posted this on Tuesday:\n\nI hope to walk on the pier again.\n\nThe pier is shut.",
            [("block", "Lydia Frost")],
        ),
        (
            "Asked by a clerk whether she knew, Mayor Lydia Frost replied:\n\nNo, I did not, and I told you so.\n\n"
            "The pier is shut.",
            [("block", "Lydia Frost")],
        ),
        (
            "Shortly after, Mayor Lydia Frost provided the following comment on the pier:\n\n“More of it will fall.”",
            [("block", "Lydia Frost")],
        ),
        (
            "Lydia Frost said she would not come back, whatever the doctors told her.\n\n> “I am happy here.”\n\n"
            "The pier is shut.",
            [("block", "Lydia Frost")],
        ),
        (
            "PRESENTER (LYDIA FROST): Good morning. The pier has gone.\n\nGUEST (IMANI OSEI): I had to swim.\n\n"
            "PRESENTER: Did nobody help?\n\nGUEST: My dog did.",
            [("turn", "LYDIA FROST"), ("turn", "IMANI OSEI"), ("turn", "LYDIA FROST"), ("turn", "IMANI OSEI")],
        ),
    ],
)
def test_passages_have_the_speakers_that_are_named(
    text: str, expected: list[tuple[str, str | None]], kept_parser: Parser
) -> None:
    assert [one for one in speakers(text, kept_parser) if one[0] != "prose"] == expected


def test_label_and_prose_mention_are_one_speaker(kept_parser: Parser) -> None:
    report = quotes_of(read_article(PANEL), kept_parser, Options())
    names = [speaker.name for speaker in report.speakers]
    assert {"Herald", "Imani Osei", "Lydia Frost", "Paul Reeve"} <= set(names)
    frost = report.speakers[names.index("Lydia Frost")]
    assert [report.quotes[number].form for number in frost.quotes] == ["turn", "prose"]


def test_questioner_of_a_hearing_is_the_person_who_does_not_answer(kept_parser: Parser) -> None:
    found = [speaker for form, speaker in speakers(HEARING, kept_parser) if form == "turn"]
    assert found == ["Paul Reeve", "Paul Reeve"]


def test_byline_names_the_interviewer(kept_parser: Parser) -> None:
    found = speakers(INTRODUCED, kept_parser, byline="By Ann Tait")
    assert found[0] == ("turn", "Ann Tait")


def test_nested_quotes_are_returned_on_request(kept_parser: Parser) -> None:
    article = read_article(INTRODUCED)
    assert all(quote.within is None for quote in quotes_of(article, kept_parser, Options()).quotes)
    report = quotes_of(article, kept_parser, Options(nested=True))
    nested = [quote for quote in report.quotes if quote.within is not None]
    assert [words(article, report, number) for number, quote in enumerate(report.quotes) if quote in nested] == [
        ("that it would fall", "Imani Osei")
    ]
    assert report.quotes[nested[0].within or 0].form == "turn"


def words(article: Article, report: Report, number: int) -> tuple[str, str | None]:
    quote = report.quotes[number]
    speaker = None if quote.speaker is None else report.speakers[quote.speaker].name
    return " ".join(article.slice(span) for span in quote.contents), speaker


def test_turns_are_direct_and_have_no_marks_and_no_cue(kept_parser: Parser) -> None:
    for quote in quotes_of(read_article(INTRODUCED), kept_parser, Options()).quotes:
        assert (quote.kind, quote.marks, quote.cue) == ("direct", (), None)


def test_form_prose_leaves_labels_to_the_rules_for_prose(kept_parser: Parser) -> None:
    assert all(form == "prose" for form, _ in speakers(INTRODUCED, kept_parser, Options(form="prose")))


@pytest.mark.parametrize(
    "text",
    [
        "Five people to watch\n\nPetra Holm: Who would bet against her?\n\nPaul Reeve: His next play opens in May.",
        "Ask Lydia\n\nDear Lydia: I hate my job.\n\nAries: You will meet someone who knows your name.",
    ],
)
def test_entries_of_a_list_are_no_quotes(text: str, kept_parser: Parser) -> None:
    assert speakers(text, kept_parser) == []
