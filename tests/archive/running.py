"""A small archive, the processes that run over it, and its expected rows."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner, Result

from service.archive.tables import answered_row, refused_row
from service.cli import main
from service.files.inputs import Refused
from tests.commands.running import BREAK, KILL
from tests.doubles import ARTICLE, LOST, TOLD

CUE = {"start": 8, "end": 12, "text": "said", "lemma": "say", "class": "say"}
READ = 16  # one line is blank
REFUSED = {"c.jsonl/000005", "c.jsonl/000008", "c.jsonl/000010", "d.parquet/000002", "e.parquet", "f.txt"}


def archived(*arguments: str | Path) -> Result:
    """Run the command in this process; the model's parser is replaced (see the fixture `troubled`)."""
    return CliRunner().invoke(main, ["archive", *map(str, arguments)])


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
