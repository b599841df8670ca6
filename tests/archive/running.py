"""`pullquote archive` with a parser without a model, and archives to run it on."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner, Result

from service.cli import main
from tests.archive.answered import rows
from tests.doubles import ARTICLE

PATIENCE: Final = 270.0  # seconds; a busy machine takes long to start processes


def archived(*arguments: str | Path) -> Result:
    """Run the command in this process; the model's parser is replaced (see the fixture `troubled`)."""
    return CliRunner().invoke(main, ["archive", *map(str, arguments)])


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def blocks_done(folder: Path) -> int:
    """Return the number of finished blocks of a run that has not ended."""
    return len(list(folder.glob("_run/blocks/block-*.parquet")))


def lines(path: Path, *texts: str) -> Path:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


# Sixty articles of our own, all different: each has a name, a verb and a subject.
_NAMES: Final = ("Ruth Alder", "Omar Vance", "Ines Holt", "Paul Renner", "Tess Quill")
_SUBJECTS: Final = ("the bridge", "the school", "the ferry", "the budget", "the harbour", "the museum")


def sixty() -> pa.Table:
    """Return sixty articles, of two years, with an outlet and a section."""
    count = range(60)
    said = [f"{_NAMES[at % 5]} said that {_SUBJECTS[at % 6]} is safe." for at in count]
    texts = [f"Notes on {_SUBJECTS[at % 6]}, part {at}.\n\n{said[at]}\n\n{ARTICLE}" for at in count]
    return pa.table({
        "id": [f"n{at:02}" for at in count],
        "text": texts,
        "published_at": [f"{2023 + at % 2}-05-{1 + at % 28:02}" for at in count],
        "outlet": [("Gazette", "Courier")[at % 2] for at in count],
        "section": [("local", "politics", "sport")[at % 3] for at in count],
    })  # fmt: skip


def write_sixty(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(sixty(), folder / "sixty.parquet", row_group_size=20)
    return folder


_PLACES: Final = ("article", "source", "fingerprint")  # they name the input, which engines read in different ways


def comparable(folder: Path) -> dict[str, Sequence[dict[str, Any]]]:
    """Return the rows of every table without what names the input's files, in a fixed order."""
    return {name: without_places(rows(folder, name)) for name in ("articles", "quotes", "speakers")}


def without_places(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = [{name: value for name, value in row.items() if name not in _PLACES} for row in found]
    return sorted(kept, key=lambda row: (row.get("article_id") or row["id"] or "", row["id"] or ""))
