"""A hand-made report with difficult content: quotes in parts, nested quotes, formulas, markup, no speaker."""

from typing import Final

from hypothesis import strategies as st

from service.extraction.report import Cue, Quote, QuoteIndex, Report, Speaker, SpeakerIndex
from service.input.article import Article, ArticleMetadata, Span
from service.input.paragraphs import read_article
from service.parsing.parser import ModelInfo
from tests.trees import span_of

TEXT: Final = (
    "“No,” said Ann <Example>, “never & nowhere.”\n\n"
    "Bob Sample said that Ann had answered “never” 🙂.\r\n\r\n"
    "The union denied that it would strike. =1+1, somebody wrote."
)
MODEL: Final = ModelInfo("made-up", "1")


def at(words: str, nth: int = 1) -> Span:
    return span_of(TEXT, words, nth)


def cue(words: str, lemma: str, nth: int = 1) -> Cue:
    return Cue(at(words, nth), lemma, "say")


SENTENCES: Final = [
    at("“No,” said Ann <Example>, “never & nowhere.”"),
    at("Bob Sample said that Ann had answered “never” 🙂."),
    at("The union denied that it would strike."),
    at("=1+1, somebody wrote."),
]
ARTICLE: Final = read_article(TEXT, ArticleMetadata(id="@a-1", title="A <title> & more", language="en-GB"))
PIECES: Final = Quote(
    "direct", (at("“No,”"), at("“never & nowhere.”")), SENTENCES[0], 0, "body",
    cue=cue("said", "say"), mention=at("Ann <Example>"), speaker=SpeakerIndex(0), resolution="name", confidence=0.87654,
)  # fmt: skip
OUTER: Final = Quote(
    "mixed", (at("that Ann had answered “never”"),), SENTENCES[1], 1, "body",
    cue=cue("said", "say", 2), mention=at("Bob Sample"), speaker=SpeakerIndex(1), resolution="name", confidence=0.75,
)  # fmt: skip
INNER: Final = Quote(
    "direct", (at("“never”"),), SENTENCES[1], 1, "body",
    cue=cue("answered", "answer"), mention=at("Ann", 2), speaker=SpeakerIndex(0), resolution="alias", confidence=0.5,
)  # fmt: skip
NEGATED: Final = Quote(
    "indirect", (at("that it would strike"),), SENTENCES[2], 2, "body",
    cue=cue("denied", "deny"), mention=at("The union"), speaker=SpeakerIndex(2), resolution="name",
    negated=True, confidence=0.6,
)  # fmt: skip
NOBODY: Final = Quote(
    "indirect", (at("=1+1"),), SENTENCES[3], 2, "body", cue=cue("wrote", "write"), mention=at("somebody"),
    unresolved="nobody is named", confidence=0.25,
)  # fmt: skip
REPORT: Final = Report(
    (PIECES, OUTER, INNER, NEGATED, NOBODY),
    (
        Speaker("Ann <Example>", "person", "an \"expert\"", ("Ann",), (at("Ann <Example>"), at("Ann", 2)),
                (QuoteIndex(0), QuoteIndex(2))),
        Speaker("Bob Sample", "person", mentions=(at("Bob Sample"),), quotes=(QuoteIndex(1),)),
        Speaker("The union", "group", mentions=(at("The union"),), quotes=(QuoteIndex(3),)),
    ),
)  # fmt: skip


@st.composite
def articles_and_reports(draw: st.DrawFn) -> tuple[Article, Report]:
    """Generate any text with quotes anywhere in it, overlapping each other and paragraph ends; no part is empty."""
    characters = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab<>&\"'=\n\r\0🙂"))
    text = draw(st.text(characters, min_size=1, max_size=40))
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places).filter(lambda ends: ends[0] != ends[1]), max_size=6))
    quotes = tuple(
        Quote(
            "direct",
            (Span(min(ends), max(ends)),),
            Span(0, len(text)),
            0,
            "body",
            speaker=SpeakerIndex(0),
            resolution="name",
        )
        for ends in spans
    )
    speakers = (
        (Speaker(draw(st.text(characters)), "person", quotes=tuple(map(QuoteIndex, range(len(quotes))))),)
        if quotes
        else ()
    )
    return read_article(text, ArticleMetadata(title=draw(st.none() | st.text(characters)))), Report(quotes, speakers)
