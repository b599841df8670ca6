"""Rows of articles as a block has them, without a parser, and the tables of an archive as its manifest names them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.tables import answered_row, refused_row
from service.files.inputs import Refused

CUE = {"start": 8, "end": 12, "text": "said", "lemma": "say", "class": "say"}


def quote(number: int, text: str = "We lost a winter", **fields: Any) -> dict[str, Any]:
    span = {"start": 1, "end": 1 + len(text), "text": text}
    return {
        "id": f"q{number}", "kind": "direct", "text": f"“{text},”", "speaker": "s1", "contents": [span], "marks": [],
        "cue": CUE, "resolution": "name", "negated": False, "sentence": {"start": 0, "end": 30}, "paragraph": 0,
        "section": "body", "confidence": 0.9, "form": "spoken", **fields,
    }  # fmt: skip


def answered(name: str, *quotes: dict[str, Any], fingerprint: str = "f", **about: Any) -> dict[str, Any]:
    """Return the row of an article with these quotes, all of one speaker."""
    article = {"id": name, "published_at": None, "length": 30, "sha256": "0" * 64, **about}
    speaker: dict[str, Any] = {
        "id": "s1", "name": "Ruth Alder", "kind": "person", "description": None, "aliases": [], "mentions": [],
        "quotes": [],
    }  # fmt: skip
    report = {"article": article, "quotes": list(quotes), "speakers": [speaker], "warnings": []}
    row = answered_row(name, name, report, ["“We lost a winter,” she said."] * len(quotes), [])
    return row | {"fingerprint": fingerprint}


def refused(name: str) -> dict[str, Any]:
    return refused_row(name, Refused(name, "is empty."))


def table(folder: Path, name: str) -> pa.Table:
    """Return a table of the current snapshot."""
    entries = json.loads((folder / "_manifest.json").read_bytes())["tables"][name]
    return pa.concat_tables([pq.read_table(folder / entry["path"], partitioning=None) for entry in entries])


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the current snapshot, in the order of the articles."""
    found: list[dict[str, Any]] = table(folder, name).to_pylist()
    return sorted(found, key=lambda row: row["article"])


def names(folder: Path) -> Sequence[str]:
    return [row["article"] for row in rows(folder, "articles")]
