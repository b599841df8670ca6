"""News with annotated attributions, PolNeAR and the everyday articles, and the scorer that comes with them.

The scorer (`eval/score.py`): a prediction matches a gold attribution if their contents overlap by half (Dice, over
letters and digits), and is correct if their sources overlap. It is used unchanged; single attributions are judged with
its functions.
"""

import importlib.util
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple, Protocol, cast

CORPORA: Final = Path(os.environ.get("PULLQUOTE_CORPORA") or Path(__file__).parents[3] / "shared")

Spans = list[list[int]]
Attribution = dict[str, Spans]  # "source", "cue", "content"
CorpusDocument = dict[str, Any]  # "id", "text", "attributions"


class Scorer(Protocol):
    """The functions of `eval/score.py` that are used here; it documents them."""

    def score(self, gold: dict[str, Any], predicted: dict[str, Any]) -> dict[str, Any]:
        """Return the figures of all documents, by document id."""
        ...

    def letters(self, text: str, spans: Spans) -> set[int]:
        """Return the offsets of the letters and digits in `spans`."""
        ...

    def match(self, gold_letters: Sequence[set[int]], predicted_letters: Sequence[set[int]]) -> dict[int, int]:
        """Match predictions to gold attributions."""
        ...

    def same_source(self, gold: Attribution, predicted: Attribution) -> bool:
        """Return whether two sources share a character, or are both missing."""
        ...


def scorer(corpora: Path) -> Scorer:
    """Load the scorer from `corpora`. Raises FileNotFoundError without one."""
    return cast(Scorer, runner(corpora / "eval/score.py"))


def runner(path: Path) -> ModuleType:
    """Import the script `path` of the corpora folder as a module. Raises FileNotFoundError if it is missing."""
    spec = importlib.util.spec_from_file_location(f"corpora_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"{path} does not exist. Set --corpora to the folder that has it.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def polnear(corpora: Path, split: str) -> Path:
    """Return the file of PolNeAR's `split` (dev or train)."""
    return corpora / f"corpora/polnear/{split}.jsonl"


def documents(path: Path, limit: int | None = None) -> Iterator[CorpusDocument]:
    """Yield the first `limit` documents of a JSONL file, each {"id", "text", "attributions"}."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, islice(lines, limit))


class MarkedArticle(NamedTuple):
    """An everyday article: its name, its text, and its gold quotes."""

    name: str
    text: str
    quotes: list[dict[str, Any]]


def marked_articles(corpora: Path) -> Iterator[MarkedArticle]:
    """Yield the everyday articles, sorted by name."""
    for path in sorted((corpora / "everyday").glob("*.json")):
        quotes = json.loads(path.read_text(encoding="utf-8"))["quotes"]
        yield MarkedArticle(path.stem, path.with_suffix(".txt").read_bytes().decode(), quotes)


def everyday(corpora: Path) -> Iterator[CorpusDocument]:
    """Yield the everyday articles in the format of PolNeAR's documents."""
    for name, text, quotes in marked_articles(corpora):
        yield {"id": name, "text": text, "attributions": [as_marked(quote) for quote in quotes]}


def as_marked(quote: Mapping[str, Any]) -> Attribution:
    """Convert a quote of an everyday article to the format of PolNeAR's attributions."""
    return {
        "source": [quote["mention"]] if quote["mention"] else [],
        "cue": [quote["cue"]] if quote["cue"] else [],
        "content": quote["content"],
    }


def publisher(document: CorpusDocument) -> str:
    """Return the document's publisher, the prefix of PolNeAR's ids ("nyt_2016-09-12_…")."""
    name, _, remainder = str(document["id"]).partition("_")
    return name if remainder else "unknown"
