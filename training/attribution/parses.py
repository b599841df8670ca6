"""Articles with their parses, which are cached in the work folder."""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from service.extraction.document import Document, build_document
from service.extraction.rules.tree_repairs import repaired
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.settings import Settings
from training.corpora import news


@dataclass(frozen=True, eq=False)
class CorpusDocument:
    """An article with its gold attributions: {"source", "cue", "content"}, lists of [start, end).

    Those of an `everyday` article also have `speech`; `talk` marks an interview or a transcript.
    """

    id: str
    parsed: Document
    attributions: list[dict[str, Any]]
    everyday: bool = False
    talk: bool = False

    @property
    def text(self) -> str:
        """The article's text."""
        return self.parsed.article.text


def documents(
    corpora: Path, split: str, work: Path, limit: int | None = None, selected: Callable[[str], bool] = bool
) -> list[CorpusDocument]:
    """Return the documents of a split of PolNeAR whose id is `selected`, parsed by the model of PULLQUOTE_MODEL."""
    raw = [entry for entry in news.documents(news.polnear(corpora, split), limit) if selected(entry["id"])]
    result = parsed([read_article(entry["text"]) for entry in raw], work)
    return [CorpusDocument(entry["id"], one, entry["attributions"]) for entry, one in zip(raw, result, strict=True)]


def parsed(articles: Sequence[Article], work: Path, pack: Path | None = None) -> Iterator[Document]:
    """Yield the `articles`, parsed by `pack` (default: the model of PULLQUOTE_MODEL), with repaired trees as at run
    time. Parses are cached in `work`, so an interrupted run resumes."""
    work.mkdir(parents=True, exist_ok=True)
    parser: Parser | None = None
    for article in tqdm(articles, desc="parsing", unit="article", disable=None):
        cache_file = work / f"{hashlib.sha256(article.text.encode()).hexdigest()[:24]}.parse"
        if not cache_file.exists():
            model = os.environ if pack is None else {**os.environ, "PULLQUOTE_MODEL": str(pack)}
            parser = parser or load_parser(Settings.from_environment(model))
            (parse,) = parser.parse([article])
            cache_file.with_suffix(".part").write_bytes(pickle.dumps(parse))
            cache_file.with_suffix(".part").replace(cache_file)
        yield build_document(article, repaired(pickle.loads(cache_file.read_bytes())))
