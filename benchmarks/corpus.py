"""PolNeAR's articles, and Pullquote's reports in the form in which its scorer reads attributions.

The scorer is the one that the corpora come with (`eval/score.py`): a prediction finds a gold attribution when their
contents overlap by half (Dice, letters and digits), and is right when their sources touch.
"""

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service.extraction.report import Quote, Report

Attributions = list[dict[str, list[list[int]]]]
Score = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def documents(corpora: Path, split: str, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the documents of PolNeAR's `split`: {"id", "text", "attributions"}."""
    with (corpora / f"corpora/polnear/{split}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            yield json.loads(line)


def scorer(corpora: Path) -> Score:
    """The function `score(gold, predicted)` of the corpora's own scorer, both by document id."""
    spec = importlib.util.spec_from_file_location("polnear_score", corpora / "eval/score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"There is no scorer in {corpora / 'eval'}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Score = module.score
    return score


def as_attributions(report: Report) -> Attributions:
    """`report` as PolNeAR marks attributions: a quote that goes on without a cue belongs to the one it goes on from."""
    found: Attributions = []
    last_of: dict[int | None, dict[str, list[list[int]]]] = {}
    for quote in report.quotes:
        content = [list(span) for span in quote.contents]
        earlier = last_of.get(quote.speaker) if quote.resolution == "continuation" else None
        if earlier is not None:
            earlier["content"] += content
            continue
        found.append({"source": _one(quote, "mention"), "cue": _one(quote, "cue"), "content": content})
        if quote.speaker is not None:
            last_of[quote.speaker] = found[-1]
    return found


def _one(quote: Quote, part: str) -> list[list[int]]:
    if part == "cue":
        return [list(quote.cue.span)] if quote.cue is not None else []
    return [list(quote.mention)] if quote.mention is not None else []
