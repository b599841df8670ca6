"""The everyday articles as training documents, annotated like PolNeAR, with an editor's category for each item."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from service.extraction.document import Document
from service.input.paragraphs import read_article
from training.attribution.folds import FOLDS, unseen_pack
from training.attribution.parses import CorpusDocument, parsed
from training.corpora.news import as_marked, marked_articles

TURNS: Final = 3  # number of labelled turns that make an article an interview or a transcript, as in `eval/everyday.py`


def everyday_documents(corpora: Path, work: Path) -> list[CorpusDocument]:
    """Return the articles of `corpora`/everyday with their parses, sorted by name.

    They are parsed by the packs in `work`/readers, if there are any (`training.train_reader`): each by the one whose
    reader has not seen it. Raises FileNotFoundError without articles.
    """
    articles = list(marked_articles(corpora))
    if not articles:
        raise FileNotFoundError(
            f"No articles found in {corpora / 'everyday'}. Set --corpora to the folder that contains it."
        )
    pages: dict[str, Document] = {}
    for part in range(FOLDS):
        own = articles[part::FOLDS]
        pack = unseen_pack(work, part)
        pages |= zip(
            [item.name for item in own], parsed([read_article(item.text) for item in own], work, pack), strict=True
        )
    return [
        CorpusDocument(
            name, pages[name], [_attribution(quote) for quote in quotes], everyday=True, talk=is_talk(quotes)
        )
        for name, _, quotes in articles
    ]


def is_talk(quotes: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the article is an interview or a transcript."""
    turns = [quote for quote in quotes if quote.get("form") == "labelled-turn"]
    return len(turns) >= TURNS


def _attribution(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {**as_marked(quote), "speech": quote["class"] == "speech"}
