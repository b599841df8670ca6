"""The process that reads pages: its restrictions, its time limit and its recovery."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from service.input import page_process, page_reader
from service.input.html_blocks import Unreadable
from service.input.page_reader import PageReader, ReaderStopped
from service.input.web_page import read_page
from tests.conftest import ROOT
from tests.input.pages import NEWS
from tests.waiting import PATIENCE, wait_until

# Input for which a regular expression of trafilatura (for invalid JSON-LD) takes hours.
SLOW = "<html><head><script type='application/ld+json'>" + '"author"' * 200_000 + "</script></head><p>The mayor said."


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(seconds=30)


def test_a_page_is_read_as_it_is_without_the_process(reader: PageReader) -> None:
    assert reader.read(NEWS) == read_page(NEWS)


def test_a_refusal_comes_back_as_one(reader: PageReader) -> None:
    with pytest.raises(Unreadable, match="nested"):
        reader.read("<div>" * 250 + "x")


def test_what_no_encoding_can_hold_does_no_harm(reader: PageReader) -> None:
    assert reader.read(NEWS.replace("Sunday", "Sun\ud800day\n\x00\u2028")).text


def test_slow_page_is_refused_and_the_next_one_is_read() -> None:
    short = PageReader(seconds=2)
    with pytest.raises(Unreadable, match="the limit of 2 seconds"):
        short.read(SLOW)
    assert short.read(NEWS).text


def test_start_of_the_process_is_no_time_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reader, "_PROCESS", "tests.input.late_process")
    with pytest.raises(Unreadable, match="is a test"):
        PageReader(seconds=1).read(NEWS)


def test_process_that_does_not_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reader, "_PROCESS", "tests.input.late_process")
    monkeypatch.setattr(page_reader, "_START_SECONDS", 0.01)
    short = PageReader(seconds=30)
    with pytest.raises(ReaderStopped, match=r"did not start within 0\.01 seconds"):
        short.read(NEWS)
    monkeypatch.undo()
    assert short.read(NEWS).text


def test_process_killed_as_it_responds_gets_no_other_page(reader: PageReader, monkeypatch: pytest.MonkeyPatch) -> None:
    class TooLate(Timer):
        def cancel(self) -> None:
            self.function()
            super().cancel()

    reader.read(NEWS)
    with monkeypatch.context() as patch:
        patch.setattr(page_reader, "Timer", TooLate)
        assert reader.read(NEWS).text
    assert reader.read(NEWS).text


def test_a_process_that_has_died_is_replaced(reader: PageReader) -> None:
    reader.read(NEWS)
    process = reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert reader.read(NEWS).text


def test_the_process_ends_with_its_reader() -> None:
    short = PageReader(seconds=30)
    short.read(NEWS)
    process = short._process
    assert process is not None
    del short
    assert process.poll() is not None


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="descriptors are counted in Linux's /proc")
def test_20_pages_that_are_ended_leave_no_descriptor_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reader, "_PROCESS", "tests.input.silent_process")
    short = PageReader(seconds=0.01)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        with pytest.raises(Unreadable):
            short.read(NEWS)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_process_that_has_ended_itself_leaves_no_descriptor_open(reader: PageReader) -> None:
    reader.read(NEWS)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        reader.read(NEWS)
    assert len(os.listdir("/proc/self/fd")) == before


def test_page_process_ends_with_its_parent() -> None:
    script = """
import signal
from threading import Thread
from service.input.page_reader import PageReader, ReaderStopped
from tests.input.test_page_reader import NEWS, SLOW
reader = PageReader(seconds=100)
reader.read(NEWS)
print(reader._process.pid, flush=True)
Thread(target=reader.read, args=(SLOW,)).start()
signal.pause()
"""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environ, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        process = int(starter.stdout.readline())
        used = processor_time(process)
        while processor_time(process) < used + 0.5:  # the slow page has begun
            time.sleep(0.05)
        starter.kill()
    wait_until(lambda: not running(process))


def test_process_ends_if_its_parent_died_before_it_started() -> None:
    theirs, ours = os.pipe()
    os.close(ours)
    run = subprocess.run(
        [sys.executable, "-m", "service.input.page_process", "10", str(theirs)],
        cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[theirs], timeout=PATIENCE,
    )  # fmt: skip
    os.close(theirs)
    assert run.returncode == 0


def test_slow_page_is_aborted_even_if_no_one_waits() -> None:
    lines = json.dumps(NEWS) + "\n" + json.dumps(SLOW) + "\n"
    run = subprocess.run(
        [sys.executable, "-m", "service.input.page_process", "2"],
        cwd=ROOT, input=lines, stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert run.stdout.count("\n") == 2
    assert run.returncode == -signal.SIGXCPU


def test_the_limit_of_processor_time_is_each_page_s_own() -> None:
    page = "<html><body><article>" + "<p>The mayor said on Sunday that the wall will be rebuilt.</p>" * 1_000
    run = subprocess.run(
        [sys.executable, "-m", "service.input.page_process", "1"],
        cwd=ROOT, input=(json.dumps(page) + "\n") * 25, stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert (run.stdout.count("\n"), run.returncode) == (26, 0)


def processor_time(pid: int) -> float:
    """Return the CPU time of the process, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('news.example', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_the_process_cannot_leave_itself(attempt: str) -> None:
    script = (
        "import io, sys; sys.stdin = io.StringIO(); from service.input import page_process; page_process.main()\n"
        f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "\nrefused\n"


def test_the_process_answers_line_for_line() -> None:
    lines = json.dumps(NEWS) + "\n" + json.dumps("") + "\n"
    run = subprocess.run(
        [sys.executable, "-m", "service.input.page_process"],
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    ready, *answers = run.stdout.splitlines()
    first, second = map(json.loads, answers)
    assert ready == ""
    assert first["page"]["title"] == "Harbour wall will be rebuilt"
    assert second["unreadable"].startswith("has no article")


def test_page_that_breaks_the_reader_is_rejected_and_logged_without_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(html: str) -> None:
        raise ValueError(html)

    monkeypatch.setattr("service.input.page_process.read_page", broken)
    answer = page_process._response("zebra")
    monkeypatch.setattr("service.input.page_reader.PageReader._response", lambda *_: json.dumps(answer))
    with pytest.raises(Unreadable, match="or crashed the process"):
        PageReader(seconds=30).read("zebra")
    (record,) = caplog.records
    assert record.getMessage().startswith("Reading a page failed: ValueError at /")
    assert "zebra" not in record.getMessage() + "".join(capfd.readouterr())


def test_only_the_page_process_imports_trafilatura() -> None:
    for module, expected in (("service.server.launch", False), ("service.input.page_process", True)):
        program = f"import sys, {module}; sys.exit('trafilatura' in sys.modules)"
        run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
        assert (run.returncode == 1) is expected, module
