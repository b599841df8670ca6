"""`pullquote extract` as a process, and with the embedded model."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemas.request import load_request
from service.files.outputs import LEDGER
from service.input.article import ArticleMetadata
from service.input.paragraphs import read_article
from service.output.rendering import to_json
from service.parsing.parser import Parser
from service.pipeline import answer
from tests.commands.running import HELD, KILL, command, counts, holders, reported, started, written
from tests.conftest import ROOT
from tests.doubles import ARTICLE
from tests.waiting import PATIENCE, wait_until


def finished(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("extract", *arguments), cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE
    )


def lines_of(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def _hear_ctrl_c() -> None:
    """Enable Ctrl-C as in a terminal: shells disable it for background processes, which the tests can be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def on_a_terminal(*arguments: str, stdout: int | None = None) -> str:
    """Return what a terminal receives from a command: its standard error, and its standard output if `stdout` is
    None."""
    ours, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "60", "NO_COLOR": "", "LINES": "20"}
    process = started("extract", *arguments, stdin=theirs, stdout=stdout or theirs, stderr=theirs, env=environ)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 1000):
            shown += part
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    assert process.wait(PATIENCE) == 0
    return shown.decode()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_jobs_do_not_change_the_output(jobs: str, tmp_path: Path) -> None:
    files = written(tmp_path, *(f"{number:02}.txt" for number in range(12)), text=ARTICLE)
    (tmp_path / "05.txt").write_bytes(b"")
    result = finished(str(tmp_path), "--jobs", jobs)
    ids = [json.loads(line)["article"]["id"] for line in result.stdout.splitlines()]
    assert ids == [str(file) for file in files if file.name != "05.txt"]
    assert reported(result.stderr) == ([f"{tmp_path}/05.txt"], (12, 11, 0, 1))
    assert result.returncode == 1


def test_article_that_kills_its_process_is_rejected(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "c.txt", "d.txt", text=ARTICLE)
    written(tmp_path, "b.txt", text=KILL)
    result = finished(str(tmp_path), "--jobs", "2")
    assert len(result.stdout.splitlines()) == 3
    assert reported(result.stderr) == ([f"{tmp_path}/b.txt"], (4, 3, 0, 1))
    assert "SIGKILL" in result.stderr


def test_closed_pipe_ends_the_run_quietly(tmp_path: Path) -> None:
    written(tmp_path, *(f"{number:03}.txt" for number in range(300)), text=ARTICLE)
    process = started("extract", str(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(PATIENCE) == 141


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_results_and_leaves_no_process(jobs: str, tmp_path: Path) -> None:
    written(tmp_path, "in/a.txt", "in/c.txt", text=ARTICLE)
    written(tmp_path, "in/a.html", text="<article><p>Mayor Ruth Alder told reporters that it will.</p></article>")
    out, held = tmp_path / "out", tmp_path / "held"
    (waits,) = written(tmp_path, "in/b.txt", text=f"{HELD}{held} it was.")
    arguments = (str(tmp_path / "in"), "--output", str(out), "--jobs", jobs)
    process = started("extract", *arguments, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=_hear_ctrl_c)
    wait_until(lambda: holders(held) == 1 and lines_of(out / LEDGER) == 2)
    time.sleep(0.3)  # the results are counted just after they are recorded
    os.killpg(process.pid, signal.SIGINT)  # to the whole process group, as a terminal does
    assert process.stderr is not None
    messages = process.stderr.read().decode()  # ends when the last process that could write has exited
    process.stderr.close()
    assert counts(messages) == (2, 2, 0, 0)
    assert process.wait(PATIENCE) == 130
    assert sorted(path.name for path in out.iterdir() if path.name[0] != ".") == ["a.html.jsonl", "a.txt.jsonl"]

    waits.write_text(ARTICLE, encoding="utf-8")
    assert counts(finished(*arguments).stderr) == (4, 2, 2, 0)


def test_concurrent_runs_cannot_share_a_folder(tmp_path: Path) -> None:
    out, held = tmp_path / "out", tmp_path / "held"
    written(tmp_path, "in/a.txt", text=f"{HELD}{held} it was.")
    arguments = (str(tmp_path / "in"), "--output", str(out))
    process = started("extract", *arguments, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: holders(held) == 1)
        result = finished(*arguments)
    finally:
        process.kill()
        process.wait()
    assert (result.returncode, str(out) in result.stderr) == (3, True)


def test_progress_bar_is_shown_on_a_terminal(tmp_path: Path) -> None:
    written(tmp_path, "in/a.txt", "in/b.txt", text=ARTICLE)
    shown = on_a_terminal(str(tmp_path / "in"), "--output", str(tmp_path / "out"))
    assert "━" in shown
    assert "2 articles" in shown
    assert "2 read: 2 written, 0 skipped, 0 refused." in shown
    with open(tmp_path / "elsewhere", "wb") as file:
        assert "━" in on_a_terminal(str(tmp_path / "in"), stdout=file.fileno())


def test_no_bar_if_results_go_to_the_terminal(tmp_path: Path) -> None:
    (file,) = written(tmp_path, "a.txt", text=ARTICLE)
    shown = on_a_terminal(str(file), "--format", "text")
    assert "━" not in shown
    assert "\x1b[1;36mRuth Alder" in shown


def test_help_needs_no_slow_imports() -> None:
    program = """
import sys
from click.testing import CliRunner
from service.cli import main
assert CliRunner().invoke(main, ["extract", "--help"]).exit_code == 0
found = {"torch", "stanza", "flask", "trafilatura", "rich", "marshmallow", "lxml"} & sys.modules.keys()
assert not found, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_processes_are_forks_of_one_without_threads() -> None:
    program = """
import os, sys
from importlib import import_module
from service.files.runs import _PRELOADED
for name in _PRELOADED:
    import_module(name)
found = {"torch", "stanza", "pyarrow"} & sys.modules.keys()
assert not found, found
assert len(os.listdir("/proc/self/task")) == 1
"""
    environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # numpy stops its threads before a fork
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env=environ)


@pytest.mark.model
def test_processes_give_the_service_s_responses(embedded_parser: Parser, tmp_path: Path) -> None:
    texts = {
        name: (ROOT / "tests/golden/articles" / name).read_text("utf-8")
        for name in ("dam_warning.txt", "lords_rent_bill.txt")
    }
    expected = ""
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        fields, options = load_request({"text": text, "id": name}, len(text))
        expected += (
            to_json(answer(read_article(fields.pop("text"), ArticleMetadata(**fields)), embedded_parser, options))
            + "\n"
        )
    command = [sys.executable, "-c", "from service.cli import main; main()", "extract", *texts, "--jobs", "2"]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PULLQUOTE_ARITHMETIC": "float32"},
    )
    assert result.returncode == 0, result.stderr
    assert counts(result.stderr) == (2, 2, 0, 0)
    assert result.stdout == expected
