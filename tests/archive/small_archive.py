"""A small archive with every file type, including articles that cannot be processed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.commands.running import BREAK, KILL
from tests.doubles import ARTICLE, LOST, TOLD

READ = 16  # one line is blank
REFUSED = {"c.jsonl/000005", "c.jsonl/000008", "c.jsonl/000010", "d.parquet/000002", "e.parquet", "f.txt"}


def write_archive(folder: Path) -> Path:
    """Write the archive and return its folder."""
    below = folder / "below"
    below.mkdir(parents=True)
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / ".hidden.txt").write_text(ARTICLE, encoding="utf-8")
    (below / "b.html").write_text(f"<article><p>{TOLD}</p><p>{LOST}</p></article>", encoding="utf-8")
    lines: list[Any] = [{"text": ARTICLE, "id": number, "desk": "not for us"} for number in range(3)]
    lines += [{"text": ARTICLE, "published_at": "2024-05-04"}, "no article", {"text": ARTICLE}, None]
    lines += [{"text": KILL}, {"text": ARTICLE}, {"text": BREAK}]
    text = "".join("\n" if line is None else json.dumps(line) + "\n" for line in lines)
    (folder / "c.jsonl").write_text(text, encoding="utf-8")
    table = {
        "id": [1, 2, 3],
        "text": [ARTICLE, None, ARTICLE],
        "published_at": [date(2024, 5, number) for number in (1, 2, 3)],
        "embedding": [[0.5]] * 3,
        "outlet": ["Gazette"] * 3,
    }
    pq.write_table(pa.table(table), folder / "d.parquet", row_group_size=2)
    (folder / "e.parquet").write_text("no Parquet", encoding="utf-8")
    (folder / "f.txt").write_bytes(b"")
    return folder
