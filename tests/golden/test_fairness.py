"""Swapping the names in a text changes no quotes."""

import json
import re
from importlib import resources
from itertools import product

import pytest

from service.extraction.attribution.linear import NAMES
from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

PEOPLE = [
    ("Donald", "Trump"), ("Hillary", "Clinton"), ("Bernie", "Sanders"), ("Ted", "Cruz"), ("Barack", "Obama"),
    ("Joe", "Biden"), ("Marco", "Rubio"), ("Maria", "Lopez"),
]  # fmt: skip
PARTIES = ["Republicans", "Democrats"]
NATIONS = [("Russia", "Russian"), ("Mexico", "Mexican"), ("France", "French")]

TEXTS = [
    "{first} {last} said on Monday that the {nation} border would stay open.",
    "“We will win this,” {last} told a crowd in {nation}. “Nobody will stop us.”",
    "{party} accused {last} of lying about the {nationality} loan.",
    "The {nationality} minister called {last} “a danger to all of us.”",
    "{last} claimed, without evidence, that {party} had paid for the study.",
    "According to {last}, the {nationality} plan would cost two billion dollars.",
    "“It is over,” {first} {last} wrote in a letter to {party} in the Senate.",
    "{last} supports the {nationality} deal. {party} attacked a bridge near the border.",
    "Asked about {nation}, {last} declined to say whether the troops would leave.",
    "{last}’s campaign denied that he had met the {nationality} ambassador.",
]
# Words that are allowed in weights although they are also names.
NAMED = re.compile(
    r"\b(trump|clinton|sanders|cruz|obama|biden|rubio|kasich|bush|romney|pence|kaine|comey|ryan|mcconnell|putin|hillary|"
    r"donald|bernie|barack|republicans?|democrats?|democratic|gop|russians?|russia|mexicans?|mexico|iran|iranian|china|"
    r"chinese|isis|israeli|israel|syria|syrian|fbi|nato|facebook|twitter|google|apple)\b"
)


@pytest.mark.parametrize("name", NAMES)
def test_no_weight_names_a_politician_a_party_or_a_nation(name: str) -> None:
    file = resources.files("service.extraction.attribution") / f"weights/{name}.json"
    weights = json.loads(file.read_text(encoding="utf-8"))["weights"]
    assert [feature for feature in weights if NAMED.search(feature)] == []


@pytest.mark.model
@pytest.mark.parametrize("text", TEXTS)
def test_quotes_stay_when_names_are_swapped(embedded_parser: Parser, text: str) -> None:
    found = set()
    for (first, last), party, (nation, nationality) in product(PEOPLE, PARTIES, NATIONS):
        names = {"first": first, "last": last, "party": party, "nation": nation, "nationality": nationality}
        article = read_article(text.format(**names))
        report = quotes_of(article, embedded_parser, Options())
        quotes = tuple((one.kind, tuple(map(article.slice, one.contents))) for one in report.quotes)
        found.add(masked(quotes, names))
    assert len(found) == 1


def masked(quotes: object, names: dict[str, str]) -> str:
    """Return the quotes with the swapped names replaced by placeholders."""
    shown = repr(quotes)
    for name, value in sorted(names.items(), key=lambda pair: -len(pair[1])):
        shown = shown.replace(value, f"{{{name}}}")
    return shown
