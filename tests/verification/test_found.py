"""Real quotes are found in their own article, also with a changed word, and not in others."""

import json
import random
from pathlib import Path

import pytest

from service.extraction.report import Report
from service.input.article import Article
from service.verification.verify import Check, Claim, verify

OTHER_WORD = "xylophone"
QUOTES_OF_AN_ARTICLE = 3
FOUND_ELSEWHERE = 0.005
LONG_ENOUGH = 5  # words; shorter phrases can occur in another article: "the United States"


def articles(shared: Path) -> list[tuple[str, list[str]]]:
    """PolNeAR's development articles, with some of the gold contents of each."""
    chance = random.Random(1)
    found = []
    for line in (shared / "corpora" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        contents = [" ".join(row["text"][start:end] for start, end in one["content"]) for one in row["attributions"]]
        long = [content for content in contents if LONG_ENOUGH <= len(content.split()) <= 80]
        found.append((row["text"], chance.sample(long, min(QUOTES_OF_AN_ARTICLE, len(long)))))
    return found


def checks(text: str, quotes: list[str]) -> list[Check]:
    """Return the checks of `quotes` against `text`, without any known speaker."""
    return list(verify(Article(text), Report(), [Claim(quote) for quote in quotes]))


@pytest.mark.slow
def test_a_quote_of_another_article_is_not_found(shared: Path) -> None:
    read = articles(shared)
    found = []
    for number, (text, _) in enumerate(read):
        foreign = [quote for step in (1, 7, 30) for quote in read[(number + step) % len(read)][1]]
        found += checks(text, foreign)
    assert len(found) >= 500
    # Two articles can quote the same speech: "that she can't because she is being audited".
    assert sum(one.verdict != "not-found" for one in found) <= FOUND_ELSEWHERE * len(found)


@pytest.mark.slow
def test_quote_is_found_verbatim_and_with_one_changed_word(shared: Path) -> None:
    chance = random.Random(2)
    for text, quotes in articles(shared):
        for one in checks(text, quotes):
            assert one.occurrence, one.claim.text
        changed = []
        for quote in quotes:
            words = quote.split()
            words[chance.randrange(len(words))] = OTHER_WORD
            changed.append(" ".join(words))
        for one in checks(text, changed):
            assert one.wording == "altered", one.claim.text


@pytest.mark.growth
@pytest.mark.parametrize(("words", "printed"), [("a ", "a " * 300), ("we lost ", "lost we " * 150)])
def test_adversarial_text_takes_bounded_time(words: str, printed: str) -> None:
    # The largest allowed article, consisting only of matches, and the longest quote. pytest-timeout detects a hang.
    text = words * (200_000 // len(words))
    (one,) = checks(text, [printed])
    assert one.occurrence
    assert len(one.elsewhere) <= 4


@pytest.mark.growth
def test_text_of_punctuation_takes_bounded_time() -> None:
    for hostile in (". " * 100_000, "[" * 200_000, "…" * 200_000, "a[" * 100_000, "“" * 200_000, "-" * 200_000):
        checks(hostile, ["We lost a winter"])
        checks("We lost a winter.", [hostile[:50_000]] if not hostile.startswith("a") else [hostile[:600]])
