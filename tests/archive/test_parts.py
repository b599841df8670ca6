"""An archive in parts, each a process as in an Indexed Job, finished by another; and one function for all engines."""

import json
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from pullquote.arrow import answer_batch, answer_batches
from service.archive.tables import ANSWERS, SCHEMAS, tables_of
from tests.archive.running import archived, comparable, lines, sixty, without_places, write_sixty
from tests.commands.running import KILL, counts, load_troubled, started
from tests.doubles import ARTICLE
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("troubled")]


def test_parts_in_three_processes_equal_one_run(tmp_path: Path) -> None:
    source, out = write_sixty(tmp_path / "in"), tmp_path / "out"
    command = ("archive", str(source), str(out), "--block", "7", "--jobs", "1")
    parts = [started(*command, "--part", f"{part}/3", stderr=subprocess.PIPE) for part in (0, 2)]
    outputs = [part.communicate(timeout=PATIENCE)[1].decode() for part in parts]
    assert [part.returncode for part in parts] == [0, 0], outputs
    assert [count.split()[0] for count in outputs] == ["21", "18"]  # of nine blocks, divided at row groups

    early = archived(*command[1:3], "--block", "7", "--finish")
    assert early.exit_code == 4
    assert "run its part" in early.stderr
    assert not (out / "_manifest.json").exists()

    assert archived(*command[1:], "--part", "1/3").exit_code == 0
    assert not (out / "_SUCCESS").exists()
    finished = archived(*command[1:3], "--block", "7", "--finish")
    assert counts(finished.stderr) == (60, 0, 60, 0)
    assert finished.exit_code == 0
    assert archived(source, tmp_path / "whole", "--jobs", "2").exit_code == 0
    assert comparable(out) == comparable(tmp_path / "whole")


def test_parts_must_agree_on_blocks_and_input(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    lines(source / "a.jsonl", ARTICLE, ARTICLE)
    assert archived(source, out, "--part", "0/2", "--block", "1", "--jobs", "1").exit_code == 0
    other = archived(source, out, "--part", "1/2", "--block", "2", "--jobs", "1")
    assert (other.exit_code, "different block" in other.stderr) == (3, True)
    lines(source / "b.jsonl", ARTICLE)
    other = archived(source, out, "--part", "1/2", "--block", "1", "--jobs", "1")
    assert (other.exit_code, "different input" in other.stderr) == (3, True)


def test_refusals_fail_the_finish_and_not_the_part(tmp_path: Path) -> None:
    source, out = lines(tmp_path / "a.jsonl", ARTICLE, "", KILL), tmp_path / "out"
    assert archived(source, out, "--part", "0/1", "--jobs", "1").exit_code == 0
    assert archived(source, out, "--finish").exit_code == 1


def test_answer_batch_gives_the_tables_of_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", load_troubled)
    tables = answer_batch(sixty().slice(0, 10))
    assert {name: table.schema for name, table in tables.items()} == SCHEMAS
    pq.write_table(sixty().slice(0, 10), tmp_path / "ten.parquet")
    assert archived(tmp_path / "ten.parquet", tmp_path / "out", "--jobs", "1").exit_code == 0
    assert {name: without_places(table.to_pylist()) for name, table in tables.items()} == comparable(tmp_path / "out")
    assert tables["articles"].column("article").to_pylist() == [f"n{at:02}" for at in range(10)]


def test_answer_batch_names_articles_by_column_id_or_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", load_troubled)
    table = pa.table({"article": ["x", None, None], "body": [ARTICLE, KILL, ARTICLE], "id": ["1", "2", None]})
    (answers,) = answer_batches(table.to_batches(), fields={"text": "body"}, options={"kinds": ["indirect"]})
    assert answers.schema == ANSWERS
    tables = tables_of(pa.Table.from_batches([answers]))
    assert tables["articles"].column("article").to_pylist() == ["x", "2", "000003"]
    assert tables["articles"].column("id").to_pylist() == ["1", None, "000003"]
    assert [refused is None for refused in tables["articles"].column("refused").to_pylist()] == [True, False, True]
    assert set(tables["quotes"].column("kind").to_pylist()) == {"indirect"}
    assert json.dumps(tables["articles"].column("extra").to_pylist()) == "[null, null, null]"
