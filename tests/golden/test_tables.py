"""Tables of invented texts with their expected quotes, speakers and statements, with the embedded model.

The expected results are in `constructions.toml`, `boundaries.toml`, `sources.toml`, `who_speaks.toml` and
`statements.toml`.
"""

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from service.extraction.report import Options, Quote, Report, Speaker, Statements
from service.extraction.rules.tree_repairs import repaired
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.parsing.tree import ROOT, Sentence, Word
from service.pipeline import answer, quotes_of

CONSTRUCTIONS: list[dict[str, Any]] = [
    case
    for name in ("constructions.toml", "boundaries.toml")
    for case in tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))["case"]
]

pytestmark = pytest.mark.model
SOURCES = Path(__file__).parent / "sources.toml"
SOURCE_CASES: list[dict[str, Any]] = tomllib.loads(SOURCES.read_text(encoding="utf-8"))["case"]
OPENING = {"that", "as", "to", "the", "a", "an", "mr", "ms", "dr", "mayor", "judge"}

SPEAKER_CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "who_speaks.toml").read_text(encoding="utf-8")
)["case"]

STATEMENTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "statements.toml").read_text(encoding="utf-8"))


def quote_row(article: Article, report: Report, quote: Quote) -> list[str]:
    row = [
        quote.kind,
        " | ".join(article.slice(span) for span in quote.contents),
        article.slice(quote.cue.span) if quote.cue else "",
        report.speakers[quote.speaker].name if quote.speaker is not None else "-",
        article.slice(quote.addressee) if quote.addressee else "",
        article.slice(quote.via) if quote.via else "",
        "negated" if quote.negated else "",
    ]
    while row[-1] == "":
        row.pop()
    return row


@pytest.mark.parametrize("case", CONSTRUCTIONS, ids=[case["name"] for case in CONSTRUCTIONS])
def test_construction_gives_the_expected_quotes(embedded_parser: Parser, case: dict[str, Any]) -> None:
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    assert [quote_row(article, report, quote) for quote in report.quotes] == case["quotes"]


@pytest.mark.parametrize("case", SOURCE_CASES, ids=[f"{case['kind']}: {case['text'][:60]}" for case in SOURCE_CASES])
def test_sentences_have_their_speakers(embedded_parser: Parser, case: dict[str, Any]) -> None:
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    wanted = case.get("quotes", [])
    unexpected = [shown(article, report, quote) for quote in report.quotes if not matches(article, report, quote, case)]
    missing = [
        one for one in wanted if not any(is_same(article, report, quote, one) for quote in chains(article, report))
    ]
    assert (unexpected, missing) == ([], [])


def chains(article: Article, report: Report) -> list[tuple[Quote, str]]:
    """Return each quote with its words, and with those of its continuations."""
    found = []
    for number, quote in enumerate(report.quotes):
        rest = [other for other in report.quotes if other.continues == number]
        spans = [span for one in (quote, *rest) for span in one.contents]
        found.append((quote, " ".join(article.slice(span) for span in spans)))
        found.append((quote, " ".join(article.slice(span) for span in quote.contents)))
    return found


def matches(article: Article, report: Report, quote: Quote, case: dict[str, Any]) -> bool:
    """Return whether the quote, or the chain it belongs to, is required or allowed by the case."""
    known = [*case.get("quotes", []), *case.get("maybe", [])]
    if quote.continues is not None:
        return True
    own = [pair for pair in chains(article, report) if pair[0] is quote]
    return any(is_same(article, report, pair, one) for pair in own for one in known)


def is_same(article: Article, report: Report, found: tuple[Quote, str], wanted: list[str]) -> bool:
    quote, text = found
    contents = {key(one) for one in wanted[0].split("||")}
    names = {key(one) if one.strip() != "-" else None for one in wanted[1].split("||")}
    if quote.speaker is None:
        return key(text) in contents and None in names
    speaker = report.speakers[quote.speaker]
    return key(text) in contents and bool(names & {key(name) for name in (speaker.name, *speaker.aliases)})


def key(text: str) -> str:
    """Normalize `text`: lower case, without quotation marks and optional leading words."""
    words = re.findall(r"\w+(?:[’'.-]\w+)*", text.replace("’", "'").lower())
    while len(words) > 1 and words[0] in OPENING:
        words = words[1:]
    return " ".join(words)


def shown(article: Article, report: Report, quote: Quote) -> str:
    speaker = report.speakers[quote.speaker].name if quote.speaker is not None else "-"
    return f"{' | '.join(article.slice(span) for span in quote.contents)} ← {speaker}"


def plain(name: str) -> str:
    return name.lower().replace("’", "'").removeprefix("the ")


def names(speaker: Speaker | None) -> set[str]:
    return {plain(name) for name in (speaker.name, *speaker.aliases)} if speaker else {"-"}


@pytest.mark.parametrize("case", SPEAKER_CASES, ids=[f"{case['kind']}: {case['text'][:40]}" for case in SPEAKER_CASES])
def test_texts_have_the_expected_speakers(embedded_parser: Parser, case: dict[str, Any]) -> None:
    article = read_article(case["text"])
    report = quotes_of(article, embedded_parser, Options())
    for words, who, *kind in case["said"]:
        quote = next(one for one in report.quotes if words in " ".join(map(article.slice, one.contents)))
        speaker = None if quote.speaker is None else report.speakers[quote.speaker]
        assert names(speaker) & {plain(name) for name in who.split("|")}, words
        assert speaker is None or not kind or speaker.kind == kind[0]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Kim Aldo met Alex Reyes. He said it was false. He later told reporters that he would appeal.", False),
        ("Kim Aldo met Alex Reyes. He said it was false. Aldo was calm. “Fine,” Aldo said. “I go,” he added.", True),
        ("Ann Cole met Ben Hart. He said it was false. He later told reporters that he would appeal.", True),
    ],
)
def test_pronoun_after_an_unclear_pronoun_is_unsure(embedded_parser: Parser, text: str, *, sure: bool) -> None:
    *_, last = quotes_of(read_article(text), embedded_parser, Options()).quotes
    assert last.resolution == "pronoun"
    assert last.speaker_confidence is not None
    assert (last.speaker_confidence > 0.65) is sure


@pytest.mark.parametrize("seed", range(4))
def test_texts_cut_at_any_word_get_an_answer(embedded_parser: Parser, seed: int) -> None:
    rng = random.Random(seed)
    words = [case["text"].split(" ") for case in CONSTRUCTIONS + SOURCE_CASES + SPEAKER_CASES][seed::4]
    cut = [" ".join(some[: rng.randint(1, len(some))]) for some in words]
    for texts in zip_longest(*[iter(cut)] * 40, fillvalue=""):
        answer(
            read_article("\n\n".join(texts)),
            embedded_parser,
            Options(statements="all", unattributed=True, explain=True),
        )


@pytest.mark.parametrize("seed", range(4))
def test_trees_cut_at_any_word_are_repaired(embedded_parser: Parser, seed: int) -> None:
    texts = [case["text"] for case in CONSTRUCTIONS + SOURCE_CASES + SPEAKER_CASES][seed::4]
    for some in zip_longest(*[iter(texts)] * 40, fillvalue=""):
        (parse,) = embedded_parser.parse([read_article("\n\n".join(some))])
        for sentence in parse.sentences:
            cuts = tuple(cut_tree(sentence.words[:count]) for count in range(1, len(sentence.words)))
            assert len(repaired(replace(parse, sentences=cuts)).sentences) == len(cuts)


def cut_tree(words: Sequence[Word]) -> Sentence:
    """Return a tree of `words`, the first ones of a sentence: those whose governor is missing depend on the first."""
    missing = [at for at, word in enumerate(words) if not 0 <= word.head < len(words)]
    root = missing[0]
    cut = {at: replace(words[at], head=root) for at in missing} | {root: replace(words[root], head=ROOT, deprel="root")}
    return Sentence(tuple(cut.get(at, word) for at, word in enumerate(words)))


def contents(parser: Parser, text: str, statements: Statements = "speech") -> list[str]:
    article = read_article(text)
    found = quotes_of(article, parser, Options(statements=statements)).quotes
    return [" ".join(article.slice(span).strip("“”,. ") for span in quote.contents) for quote in found]


@pytest.mark.parametrize("text", STATEMENTS["acts"])
def test_acts_are_not_statements(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("text", STATEMENTS["attitudes"])
def test_thoughts_and_plans_are_not_speech(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("text", STATEMENTS["narration"])
def test_own_words_of_the_author_are_left_out_by_default(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []
    assert len(contents(embedded_parser, text, statements="all")) == 1


@pytest.mark.parametrize("text", STATEMENTS["marks"])
def test_marks_alone_are_not_speech(embedded_parser: Parser, text: str) -> None:
    assert contents(embedded_parser, text) == []


@pytest.mark.parametrize("case", STATEMENTS["speech"], ids=[case["text"] for case in STATEMENTS["speech"]])
def test_same_verbs_report_speech(embedded_parser: Parser, case: dict[str, str]) -> None:
    assert any(case["content"] in found.removeprefix("that ") for found in contents(embedded_parser, case["text"]))
