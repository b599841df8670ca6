"""The everyday articles as training documents: marked as PolNeAR's are, with what an editor would call each item."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from service.article.paragraphs import read_article
from training.attribution.parses import Document, parsed

TURNS: Final = 3  # labelled turns that make a page an interview or a transcript


def everyday_documents(corpora: Path, work: Path) -> list[Document]:
    """The articles of `corpora`/everyday with their parses, by name. Raises FileNotFoundError without any."""
    paths = sorted((corpora / "everyday").glob("*.json"))
    if not paths:
        raise FileNotFoundError(f"{corpora / 'everyday'} has no article; --corpora names the folder that has it.")
    texts = [path.with_suffix(".txt").read_bytes().decode() for path in paths]
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    pages = parsed([read_article(text) for text in texts], work)
    return [
        Document(path.stem, page, list(_attributions(gold)), everyday=True, talk=is_talk(gold))
        for path, page, gold in zip(paths, pages, golds, strict=True)
    ]


def is_talk(gold: dict[str, Any]) -> bool:
    """Whether the page is an interview or a transcript."""
    turns = [one for one in gold["quotes"] if one.get("form") == "labelled-turn"]
    return len(turns) >= TURNS


def _attributions(gold: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in gold["quotes"]:
        yield {
            "content": one["content"],
            "cue": [one["cue"]] if one["cue"] else [],
            "source": [one["mention"]] if one["mention"] else [],
            "speech": one["class"] == "speech",
            "must": one["must"],
        }
