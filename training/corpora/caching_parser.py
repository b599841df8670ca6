"""A parser with a cache in a folder: a second run over the same articles takes seconds, not minutes.

The file name is a digest of everything a parse depends on: the article, the model, the parsing code. The files contain
text of the articles and are pickles: keep the folder outside the repository, and do not load files of others.
"""

import hashlib
import os
import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.load import arithmetic_of, load_parser, pack_folder
from service.parsing.packs import MANIFEST
from service.parsing.parser import ModelInfo, Parser
from service.parsing.tree import Parse
from service.settings import Settings

PARSES: Final = Path(os.environ.get("PULLQUOTE_PARSES") or Path(gettempdir()) / "pullquote-parses")  # default folder
SOURCES: Final = Path(__file__).parents[2] / "service"


@lru_cache(maxsize=1)
def _loaded(settings: Settings) -> Parser:
    """Return the model of `settings`, which is loaded once for all parsers in this process."""
    return load_parser(settings)


class CachingParser:
    """Parses like the model of `settings`, using the cache. The model is loaded when it is first needed."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._folder = folder
        self._digest = hashlib.sha256(f"{settings.model} {arithmetic_of(settings).name}".encode())
        pack = pack_folder(settings)
        for source in (
            *([pack / MANIFEST] if pack is not None else []),
            *sorted((SOURCES / "parsing").rglob("*.py")),
            *sorted((SOURCES / "parsing/tokenization").glob("*.toml")),
            *sorted((SOURCES / "parsing/tokenization").glob("*.json")),
            SOURCES / "input" / "characters.py",
        ):
            self._digest.update(source.read_bytes())

    @property
    def _parser(self) -> Parser:
        return _loaded(self._settings)

    @property
    def model(self) -> ModelInfo:
        """The model of the cached parses."""
        return self._parser.model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order."""
        return [self._parse(article) for article in articles]

    def _parse(self, article: Article) -> Parse:
        digest = self._digest.copy()
        digest.update(repr((article.text, article.paragraphs)).encode())
        if article.skipped or article.spelling is not None:
            digest.update(repr((article.skipped, article.spelling)).encode())
        cache_file = self._folder / f"{digest.hexdigest()}.pickle"
        if cache_file.is_file():
            parse: Parse = pickle.loads(cache_file.read_bytes())
            return parse
        (parse,) = self._parser.parse([article])
        partial_file = cache_file.with_suffix(f".{os.getpid()}")
        partial_file.write_bytes(pickle.dumps(parse))
        partial_file.replace(cache_file)
        return parse
