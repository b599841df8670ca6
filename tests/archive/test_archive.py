"""`pullquote archive` as a process: every file type, errors, a kill half-way, and comparison with the service."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray.data", reason="pullquote[archive] is not installed")

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.tables import SCHEMAS, quote_of
from tests.archive.small_archive import READ, REFUSED, write_archive
from tests.commands.running import SLOW, WAIT, command, served, started
from tests.conftest import ROOT
from tests.doubles import ARTICLE

PATIENCE = 270.0  # Ray takes seconds to start, or minutes on a busy machine
pytestmark = pytest.mark.timeout(900)


def archived(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("archive", *map(str, arguments)), cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        timeout=PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    read = [pq.read_table(file, partitioning=None) for file in sorted((folder / table).glob("*/*.parquet"))]
    found: list[dict[str, Any]] = pa.concat_tables(read).to_pylist()
    return found


def blocks_done(folder: Path) -> int:
    """Return the number of lines in the ledger."""
    ledger = folder / "_ledger.jsonl"
    return ledger.read_bytes().count(b"\n") if ledger.exists() else 0


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def test_archive_has_the_same_quotes_as_the_service(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = archived(write_archive(tmp_path / "in"), out, "--jobs", "2", "--block", "4")
    assert (result.stdout, result.stderr) == ("", f"{READ} read: {READ - 6} written, 0 skipped, 6 refused.\n")
    assert result.returncode == 1

    articles = {row["article"]: row for row in rows(out, "articles")}
    assert len(articles) == READ
    assert {relative_path for relative_path, row in articles.items() if row["refused"]} == REFUSED
    assert articles["c.jsonl/000008"]["refused"].endswith("(SIGKILL).")
    assert "RuntimeError: broken" in articles["c.jsonl/000010"]["refused"]
    assert articles["d.parquet/000001"]["published_at"] == "2024-05-01"
    assert json.loads(articles["c.jsonl/000002"]["extra"]) == {"desk": "not for us"}
    assert articles["c.jsonl/000002"]["id"] == "1"
    assert {str(row["warnings"]) for row in articles.values()} == {"[]"}

    report = json.loads(served(ARTICLE))
    for relative_path in ("a.txt", "c.jsonl/000001", "d.parquet/000003"):
        found = [row for row in rows(out, "quotes") if row["article"] == relative_path]
        assert [quote_of(row) for row in found] == report["quotes"]
        assert {row["speaker_name"] for row in found} == {"Ruth Alder"}
        told = [row for row in rows(out, "speakers") if row["article"] == relative_path]
        assert [{name: row[name] for name in report["speakers"][0]} for row in told] == report["speakers"]
    text = articles["below/b.html"]["text"]  # the text that a page's offsets refer to
    (content, *_) = next(row["contents"] for row in rows(out, "quotes") if row["article"] == "below/b.html")
    assert text[content["start"] : content["end"]] == content["text"]

    asked = duckdb.sql(f"""
        select count(distinct article), count(*) from '{out}/quotes/*/*.parquet' where speaker_name = 'Ruth Alder'
    """).fetchall()
    assert asked == [(READ - 6, 2 * (READ - 6))]
    assert json.loads((out / "_SUCCESS").read_text())["refused"] == 6
    for table, schema in SCHEMAS.items():
        for file in (out / table).glob("*/*.parquet"):
            assert pq.read_schema(file).equals(schema)

    again = archived(tmp_path / "in", out, "--jobs", "2", "--block", "4")
    assert again.stderr == f"{READ} read: 0 written, {READ - 6} skipped, 6 refused.\n"
    assert again.returncode == 1
    other = archived(tmp_path / "in", out, "--block", "4", "--explain")
    assert other.returncode == 3
    assert "(options; " in other.stderr


def test_resumed_run_repeats_only_interrupted_blocks(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    texts = [ARTICLE] * 3 + [f"{ARTICLE}\n\n{SLOW}"] * 3
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    arguments = (str(source), str(out), "--block", "1", "--jobs", "1")
    process = started("archive", *arguments, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: blocks_done(out) >= 3)
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = blocks_done(out)
    assert not (out / "_SUCCESS").exists()
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/*/block-00000[012].parquet")}
    assert len(before) == 9

    result = archived(*arguments)
    assert result.stderr == f"6 read: {6 - done} written, {done} skipped, 0 refused.\n"
    assert result.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads((out / "_SUCCESS").read_text()) == {"articles": 6, "quotes": 12, "speakers": 6, "refused": 0}
    for text in texts[0], texts[-1]:
        relative_path = f"in.jsonl/{texts.index(text) + 1:06}"
        found = [quote_of(row) for row in rows(out, "quotes") if row["article"] == relative_path]
        assert found == json.loads(served(text))["quotes"]


def test_sigterm_stops_the_run_like_ctrl_c(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in (ARTICLE, WAIT, WAIT, WAIT)), encoding="utf-8"
    )
    process = started("archive", str(source), str(out), "--block", "1", "--jobs", "2", stderr=subprocess.PIPE)
    wait_until(lambda: blocks_done(out) >= 1)  # whichever block Ray begins with, another is still open
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=PATIENCE)
    done = blocks_done(out)
    assert told.decode() == f"Stopped. {done} read: {done} written, 0 skipped, 0 refused.\n"
    assert process.returncode == 130
