import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from service.extraction.report import Quote, Report, Rule
from service.input.article import Article, InputWarning, Span
from service.output.transcript import to_text
from tests.output.reports import ARTICLE, REPORT, articles_and_reports

ESCAPE = re.compile("\x1b\\[[0-9;]*m")
SHOWN = """\
A <title> & more
5 quotes, 3 speakers

Ann <Example>, an "expert"
  “No,” “never & nowhere.”
    said · direct · 0.88
  “never”
    answered · as “Ann” · direct · 0.50

Bob Sample
  that Ann had answered “never”
    said · mixed · 0.75

The union
  that it would strike
    not said: denied · indirect · 0.60

Unknown speaker
  =1+1
    wrote · as “somebody” · indirect · 0.25 · nobody is named

"""


def test_quotes_are_grouped_by_speaker_unattributed_last() -> None:
    assert to_text(ARTICLE, REPORT) == SHOWN


def test_wrapped_lines_are_indented() -> None:
    shown = to_text(ARTICLE, REPORT, 20).splitlines()
    at = shown.index("  that Ann had")
    assert shown[at + 1] == "  answered “never”"


def test_speakers_have_colours_if_enabled() -> None:
    shown = to_text(ARTICLE, REPORT, styled=True, coloured=True)
    assert "\x1b[1;36mAnn <Example>" in shown
    assert "\x1b[1;35mBob Sample" in shown
    assert ESCAPE.sub("", shown) == SHOWN


def test_names_are_bold_without_colours() -> None:
    shown = to_text(ARTICLE, REPORT, styled=True)
    assert set(ESCAPE.findall(shown)) == {"\x1b[1m", "\x1b[2m", "\x1b[0m"}
    assert ESCAPE.sub("", shown) == SHOWN


def test_explained_quotes_show_their_rules() -> None:
    explained = replace(REPORT.quotes[0], explain=(Rule("subject", "Ann"), Rule("name", "")))
    shown = to_text(ARTICLE, replace(REPORT, quotes=(explained, *REPORT.quotes[1:])))
    assert "    said · direct · 0.88\n      subject: Ann\n      name\n" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("a\u202eb", "ab"),
        ("a\r\n\tb", "a b"),
        ("[red]a[/red] :smile:", "[red]a[/red] :smile:"),
    ],
    ids=["escape sequence", "C1 control", "direction turned round", "white space", "rich's own markup"],
)
def test_article_cannot_inject_escape_sequences(text: str, shown: str) -> None:
    article = Article(text, id=text)
    report = Report((Quote("direct", (article_span(text),), article_span(text), 0, "body"),))
    printed = to_text(article, report, styled=False)
    assert printed.splitlines()[0] == shown
    assert f"  {shown}\n" in printed


def article_span(text: str) -> Span:
    return Span(0, len(text))


@given(articles_and_reports(), st.integers(20, 60))
def test_lines_fit_the_width_without_trailing_space(printed: tuple[Article, Report], width: int) -> None:
    for line in to_text(*printed, width).split("\n"):
        assert cell_len(line) <= width
        assert line == line.rstrip()


def test_warnings_follow_the_counts() -> None:
    warned = replace(ARTICLE, warnings=(InputWarning("capitals", "100% of the letters are capitals."),))
    assert to_text(warned, REPORT).splitlines()[2] == "Warning: 100% of the letters are capitals."
    assert "Warning" not in to_text(ARTICLE, REPORT)
