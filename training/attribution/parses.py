"""PolNeAR's articles with their parses, which are made once and kept in the work folder."""

import hashlib
import json
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from service.article.paragraphs import read_article
from service.extraction.page import Page, lay_out
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.parsing.tree import Parse
from service.settings import Settings


@dataclass(frozen=True, eq=False)
class Document:
    """One article with the attributions that a person marked: {"source", "cue", "content"}, lists of [start, end)."""

    id: str
    page: Page
    attributions: list[dict[str, list[list[int]]]]

    @property
    def text(self) -> str:
        """The article's text."""
        return self.page.article.text


def documents(corpora: Path, split: str, work: Path, limit: int | None = None) -> list[Document]:
    """The documents of a split, parsed by the model that PULLQUOTE_MODEL names; parses found in `work` are taken from
    there, so that an interrupted run goes on where it was."""
    path = corpora / f"corpora/polnear/{split}.jsonl"
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:limit]
    return [_document(one, parse) for one, parse in zip(raw, _parses(raw, work), strict=True)]


def _document(raw: dict[str, Any], parse: Parse) -> Document:
    return Document(raw["id"], lay_out(read_article(raw["text"]), parse), raw["attributions"])


def _parses(raw: list[dict[str, Any]], work: Path) -> Iterator[Parse]:
    work.mkdir(parents=True, exist_ok=True)
    parser: Parser | None = None
    for one in tqdm(raw, desc="parsing", unit="article", disable=None):
        kept = work / f"{hashlib.sha256(one['text'].encode()).hexdigest()[:24]}.parse"
        if not kept.exists():
            parser = parser or load_parser(Settings.from_environment(os.environ))
            (parse,) = parser.parse([read_article(one["text"])])
            kept.with_suffix(".part").write_bytes(pickle.dumps(parse))
            kept.with_suffix(".part").replace(kept)
        parse = pickle.loads(kept.read_bytes())
        yield parse
