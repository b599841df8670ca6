"""The embedded parser agrees with Stanza's own pipeline on the same models.

Skipping parts of Stanza around its networks must not cost accuracy. docs/models.md has the figures.
"""

from typing import Final

import pytest

from service.input.article import Article
from service.parsing.tree import Parse
from tests.parsing.equality import both_parses, different, golden_articles

pytestmark = [pytest.mark.model, pytest.mark.slow]

MAX_DIFFERENT: Final = dict.fromkeys(["tags", "lemmas", "arcs", "entities"], 0.003) | {
    "sentences": 0.01,
    "words": 0.01,
}


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return golden_articles()


@pytest.fixture(scope="module")
def both(articles: list[Article]) -> list[tuple[Parse, Parse]]:
    return both_parses(articles)


@pytest.mark.parametrize("kind", MAX_DIFFERENT)
def test_embedded_parser_agrees_with_stanza_s_pipeline(both: list[tuple[Parse, Parse]], kind: str) -> None:
    missing, total = different(both)[kind]
    assert total > 300
    assert missing <= max(1, MAX_DIFFERENT[kind] * total), f"{missing} of {total} {kind} differ"


def test_user_models_keep_every_promise(both: list[tuple[Parse, Parse]], articles: list[Article]) -> None:
    for article, (stanza, _) in zip(articles, both, strict=True):
        for sentence in stanza.sentences:
            assert [word.head for word in sentence.words].count(-1) == 1
            assert all(word.text == article.slice(word.span) for word in sentence.words)
