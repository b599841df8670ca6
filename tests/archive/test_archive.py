"""`pullquote archive` on one machine: every file type, faults of articles and of the machine, exit codes."""

import errno
import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.folder import block_file
from service.archive.storage import _copy, open_input
from service.archive.tables import quote_of
from service.errors import OutputError
from tests.archive.running import READ, REFUSED, archived, blocks_done, lines, names, rows, write_archive
from tests.commands.running import HELD, HUNGRY, KILL, ONCE, counts, holders, load_dying, served, started
from tests.doubles import ARTICLE
from tests.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("troubled")]


def test_archive_has_the_same_quotes_as_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_archive(tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    result = archived("in", "out", "--jobs", "2", "--block", "4")
    assert (result.stdout, result.stderr) == ("", f"{READ} read: {READ - 6} written, 0 skipped, 6 refused.\n")
    assert result.exit_code == 1

    articles = {row["article"]: row for row in rows(out, "articles")}
    assert len(articles) == READ
    assert {relative_path for relative_path, row in articles.items() if row["refused"]} == REFUSED
    assert articles["c.jsonl/000008"]["refused"].endswith("(SIGKILL).")
    assert "RuntimeError: broken" in articles["c.jsonl/000010"]["refused"]
    assert articles["d.parquet/000001"]["published_at"] == "2024-05-01"
    assert str(articles["d.parquet/000001"]["published_on"]) == "2024-05-01"
    assert json.loads(articles["d.parquet/000001"]["extra"]) == {"outlet": "Gazette"}
    assert json.loads(articles["c.jsonl/000002"]["extra"]) == {"desk": "not for us"}
    assert articles["c.jsonl/000002"]["id"] == "1"
    assert {str(row["warnings"]) for row in articles.values()} == {"[]"}

    report = json.loads(served(ARTICLE))
    for relative_path in ("a.txt", "c.jsonl/000001", "d.parquet/000003"):
        found = [row for row in rows(out, "quotes") if row["article"] == relative_path]
        assert [quote_of(row) for row in found] == report["quotes"]
        assert {row["speaker_name"] for row in found} == {"Ruth Alder"}
        assert [row["sentence_text"] for row in found] == ARTICLE.split("\n\n")
        about = [row for row in rows(out, "speakers") if row["article"] == relative_path]
        assert [{name: row[name] for name in report["speakers"][0]} for row in about] == report["speakers"]
    text = articles["below/b.html"]["text"]  # the text that a page's offsets refer to
    (content, *_) = next(row["contents"] for row in rows(out, "quotes") if row["article"] == "below/b.html")
    assert text[content["start"] : content["end"]] == content["text"]
    assert json.loads((out / "_SUCCESS").read_text())["refused"] == 6

    for path in (tmp_path / "in").iterdir():
        os.utime(path)  # a file that was touched is the same file
    again = archived("in", "out", "--jobs", "2", "--block", "4")
    assert counts(again.stderr) == (READ, 0, READ - 6, 6)
    assert again.exit_code == 1
    other = archived(tmp_path / "in", out, "--explain")
    assert other.exit_code == 3
    assert "(options; " in other.stderr


def test_resumed_run_repeats_only_interrupted_and_damaged_blocks(tmp_path: Path) -> None:
    out, held = tmp_path / "out", tmp_path / "held"
    texts = [ARTICLE] * 3 + [f"{ARTICLE}\n\n{HELD}{held} {number}" for number in range(3)]
    arguments = (str(lines(tmp_path / "in.jsonl", *texts)), str(out), "--block", "1", "--jobs", "1")
    process = started("archive", *arguments, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: holders(held) == 1 or process.poll() is not None)
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    held.touch()
    assert not (out / "_SUCCESS").exists()
    assert not (out / "_manifest.json").exists()
    assert blocks_done(out) == 3
    damaged = Path(block_file(str(out), 1))
    damaged.write_bytes(damaged.read_bytes()[:200])

    result = archived(*arguments)
    assert counts(result.stderr) == (6, 4, 2, 0)
    assert result.exit_code == 0
    assert json.loads((out / "_SUCCESS").read_text()) == {"articles": 6, "quotes": 12, "speakers": 6, "refused": 0}
    for number in (1, 2, 6):
        found = [quote_of(row) for row in rows(out, "quotes") if row["article"] == f"in.jsonl/{number:06}"]
        assert found == json.loads(served(texts[number - 1]))["quotes"]


def test_sigterm_stops_the_run_like_ctrl_c(tmp_path: Path) -> None:
    out, held = tmp_path / "out", tmp_path / "held"
    source = lines(tmp_path / "in.jsonl", ARTICLE, *[f"{ARTICLE}\n\n{HELD}{held} {number}" for number in range(2)])
    process = started("archive", str(source), str(out), "--block", "1", "--jobs", "2", stderr=subprocess.PIPE)
    # A process takes the third block after the first has been counted.
    wait_until(lambda: holders(held) == 2 or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert stderr.decode() == "Stopped. 1 read: 1 written, 0 skipped, 0 refused.\n"
    assert process.returncode == 130


def test_article_is_refused_for_memory_only_after_a_try_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.archive.article_rows.memory_bytes", lambda: 1)  # the limit is then 2 GB
    died = tmp_path / "died"
    source = lines(tmp_path / "in.jsonl", f"{ARTICLE}\n\n{ONCE}{died} it was.", HUNGRY, KILL, ARTICLE)
    result = archived(source, tmp_path / "out", "--jobs", "2", "--block", "1")
    assert died.exists()  # the process died once; alone, its article was processed
    assert counts(result.stderr) == (4, 2, 0, 2)
    assert result.exit_code == 1
    refused = {row["article"]: row["refused"] for row in rows(tmp_path / "out", "articles") if row["refused"]}
    assert "MemoryError" in refused["in.jsonl/000002"]
    assert "also alone and in a new process (SIGKILL)" in refused["in.jsonl/000003"]


def test_machine_without_memory_for_the_model_refuses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.archive.archive_run.load_parser", load_dying)
    result = archived(lines(tmp_path / "in.jsonl", ARTICLE), tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 4
    assert "died on a test article (SIGKILL)" in result.stderr
    assert "0 refused" in result.stderr


def refuse_one(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n")


def test_address_of_another_server_is_not_a_cluster(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=refuse_one, args=[server], daemon=True).start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        result = archived(lines(tmp_path / "in.jsonl", ARTICLE), tmp_path / "out", "--cluster", address)
    assert (result.exit_code, "something else listens there" in result.stderr) == (3, True)


def test_unreadable_metadata_refuses_no_article(tmp_path: Path) -> None:
    rows_of = [
        {"text": ARTICLE, "url": "", "published_at": "2020-01-01 12:00:00", "language": "en_US", "id": 7.0},
        {"text": ARTICLE, "url": "none", "title": ["A"], "published_at": "soon"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows_of), encoding="utf-8")
    assert archived(source, tmp_path / "out", "--jobs", "1").exit_code == 0
    first, second = rows(tmp_path / "out", "articles")
    assert (first["id"], first["language"], str(first["published_on"])) == ("7", "en-US", "2020-01-01")
    assert first["warnings"] == []
    assert [warning["code"] for warning in second["warnings"]] == ["metadata"] * 3


def failing(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> list[int]:
    """Make the disk fail for `path`, so many times. Returns the numbers of the failures."""
    failures: list[int] = []

    def opened(asked: str) -> BinaryIO:
        if asked == str(path) and len(failures) < times:
            failures.append(len(failures))
            raise OSError(errno.EIO, "Input/output error", asked)
        return open_input(asked)

    monkeypatch.setattr("service.archive.block_processing.open_input", opened)
    return failures


def test_disk_that_fails_twice_costs_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = lines(tmp_path / "in.jsonl", ARTICLE, ARTICLE)
    failures = failing(monkeypatch, source, 2)
    result = archived(source, tmp_path / "out", "--jobs", "1", "--block", "1")
    assert result.exit_code == 0
    assert len(failures) == 2
    assert socket.gethostname() in result.stderr
    assert "Input/output error" in next((tmp_path / "out" / "_log").iterdir()).read_text()


def test_block_that_fails_every_time_is_failed_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    bad, good = lines(source / "a.jsonl", ARTICLE, ARTICLE), lines(source / "b.jsonl", ARTICLE)
    failing(monkeypatch, bad, 3)
    result = archived(source, out, "--jobs", "1")
    assert result.exit_code == 4
    *_, named, summary = result.stderr.splitlines()
    assert named.count(f"Cannot read {bad}: Input/output error.") == 3
    written = "1 read: 1 written, 0 skipped, 0 refused. 2 articles in 1 blocks failed."
    assert summary == f"{written} Run the same command again to retry them."
    assert names(out) == [f"{good.name}/000001"]
    assert not (out / "_SUCCESS").exists()
    again = archived(source, out, "--jobs", "1")
    assert again.exit_code == 0
    assert counts(again.stderr) == (3, 2, 1, 0)
    assert (out / "_SUCCESS").exists()
    assert len(names(out)) == 3


def test_write_that_fails_twice_is_tried_a_third_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([OSError(errno.EIO, "Input/output error")] * 2)

    def copied(content: Any, file: Any) -> None:
        for failure in failures:
            raise failure
        _copy(content, file)

    monkeypatch.setattr("service.archive.storage._copy", copied)
    monkeypatch.setattr("service.archive.storage._PAUSES", (0.01, 0.01))
    assert archived(lines(tmp_path / "in.jsonl", ARTICLE), tmp_path / "out", "--jobs", "1").exit_code == 0


def test_machine_that_loses_its_output_gives_up_and_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = iter([None])  # the check before the first block
    monkeypatch.setattr("service.archive.archive_run.problem_here", lambda _: next(problems))
    for module in ("block_processing", "schedule"):
        monkeypatch.setattr(f"service.archive.{module}.problem_here", lambda _: "No space left on device")
    monkeypatch.setattr("service.archive.schedule.LocalEngine.patience", 0.1)
    source = lines(tmp_path / "in.jsonl", ARTICLE, ARTICLE)
    with monkeypatch.context() as full:
        full.setattr("service.archive.block_processing.write_block", full_disk)
        result = archived(source, tmp_path / "out", "--jobs", "1", "--block", "1")
    assert result.exit_code == 4
    assert "No space left on device" in result.stderr
    assert "2 articles in 2 blocks failed" in result.stderr
    problems = iter([None])
    assert archived(source, tmp_path / "out", "--jobs", "1", "--block", "1").exit_code == 0


def full_disk(*_: Any) -> None:
    raise OutputError("Cannot write: No space left on device.")


def test_bug_has_an_exit_code_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.archive.archive_run.blocks_of", None)
    result = archived(lines(tmp_path / "in.jsonl", ARTICLE), tmp_path / "out")
    assert result.exit_code == 70
    assert "TypeError" in result.stderr


def test_input_that_changed_needs_append(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    lines(source / "a.jsonl", ARTICLE, f"{ARTICLE}\n\nOld.")
    assert archived(source, out, "--jobs", "1").exit_code == 0
    lines(source / "a.jsonl", ARTICLE, f"{ARTICLE}\n\nNewer.")
    lines(source / "b.jsonl", ARTICLE)
    changed = archived(source, out, "--jobs", "1")
    assert changed.exit_code == 3
    assert "--append" in changed.stderr
    before = {row["article"]: row for row in rows(out, "articles")}
    added = archived(source, out, "--jobs", "1", "--append")
    assert counts(added.stderr) == (3, 2, 1, 0)
    assert added.exit_code == 0
    after = {row["article"]: row for row in rows(out, "articles")}
    assert list(after) == ["a.jsonl/000001", "a.jsonl/000002", "b.jsonl/000001"]
    assert after["a.jsonl/000001"] == before["a.jsonl/000001"]
    assert after["a.jsonl/000002"]["sha256"] != before["a.jsonl/000002"]["sha256"]
    elsewhere = archived(source / "b.jsonl", out, "--append")
    assert (elsewhere.exit_code, f"written from {source}," in elsewhere.stderr) == (3, True)
    assert counts(archived(source, out, "--jobs", "1", "--append").stderr) == (3, 0, 3, 0)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("{in}/nothing", "{out}"), 2),
        (("{in}", "{out}", "--part", "3/3"), 2),
        (("{in}", "{out}", "--part", "0/2", "--finish"), 2),
        (("{in}", "{in}/.."), 2),
        (("{in}", "{out}", "--finish"), 3),
        (("nosuch://a/b", "{out}"), 3),
        (("{in}", "/proc/archive"), 3),
        (("{in}", "{out}", "--cluster", "127.0.0.1:1"), 3),
        (("{in}", "{out}", "--cluster", "ray://127.0.0.1:1"), 3),
        (("{in}", "{out}", "--cluster", "nowhere"), 3),
    ],
)
def test_commands_that_cannot_be_carried_out_end_at_once(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    (tmp_path / "in").mkdir()
    lines(tmp_path / "in" / "a.jsonl", ARTICLE)
    places = {"in": tmp_path / "in", "out": tmp_path / "out"}
    result = archived(*(argument.format(**places) for argument in arguments))
    assert result.exit_code == code
    assert "Traceback" not in result.stderr


def test_rows_that_are_no_text_do_not_stop_the_others(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([ARTICLE.encode(), b"\xff\xff\xff", None], pa.binary())})
    pq.write_table(table, tmp_path / "a.parquet")
    result = archived(tmp_path / "a.parquet", tmp_path / "out", "--jobs", "1")
    assert counts(result.stderr) == (3, 1, 0, 2)
