"""Metrics across workers: sums, dead workers, and unusable folders."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.server import metrics
from service.server.metrics import MetricsFolder
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE
from tests.test_server import ask, serving, wait_until_ready
from tests.waiting import PATIENCE, wait_until

JSON = {"Content-Type": "application/json"}
_LINE = r"[^\n]*"


def values_of(port: int) -> dict[str, float]:
    status, text = ask(port, "GET", "/metrics")
    assert status == 200
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[:1] != "#"}


def until(port: int, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    """Poll the metrics until `holds` is true of them, and return them."""
    found: dict[str, float] = {}

    def look() -> bool:
        found.update(values_of(port))
        return holds(found)

    wait_until(look, lambda: found)
    return found


def workers_of(master: int) -> list[int]:
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
    return [int(pid) for pid in children.split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the workers are found in Linux's /proc")
def test_workers_counts_are_summed_and_survive_a_kill(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    with serving(PULLQUOTE_WORKERS="2", PULLQUOTE_METRICS_DIR=str(folder)) as (process, port):
        wait_until_ready(port, process)
        until(port, lambda found: found["pullquote_workers_ready"] == 2)
        for _ in range(20):
            assert ask(port, "POST", "/quotes", json.dumps({"text": ARTICLE}), JSON)[0] == 200
        answered = 'pullquote_requests_total{method="POST",route="/quotes",status="200"}'
        found = until(port, lambda found: found[answered] == 20)  # counted just after the response arrives
        assert found["pullquote_workers"] == 2
        files = sorted(path.name for path in folder.iterdir())
        killed = workers_of(process.pid)[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in workers_of(process.pid) and len(workers_of(process.pid)) == 2)
        until(port, lambda found: found["pullquote_workers_ready"] == 2)
        # A request is counted as done just after its response arrives.
        found = until(port, lambda found: found["pullquote_requests_in_flight"] == 1)
        assert found['pullquote_requests_total{method="POST",route="/quotes",status="200"}'] == 20
        assert sorted(path.name for path in folder.iterdir()) == files  # the new worker has the old one's number


def test_temporary_folder_is_deleted_at_exit(tmp_path: Path) -> None:
    with serving(TMPDIR=str(tmp_path)) as (process, port):
        wait_until_ready(port, process)
        (folder,) = tmp_path.glob("pullquote-metrics-*")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert not folder.exists()


def test_only_an_earlier_run_s_metrics_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "counter_7.db").write_bytes(b"left")
    (tmp_path / "notes.txt").write_text("mine")
    folder = MetricsFolder.made_for(Settings(metrics_dir=tmp_path, workers=1))
    assert {path.name for path in tmp_path.iterdir()} == {
        "counter_0.db", "counter_master.db", "gauge_livemax_0.db", "gauge_livesum_0.db", "histogram_0.db", "in-use",
        "notes.txt",
    }  # fmt: skip
    assert folder.path == tmp_path


def test_two_servers_cannot_share_a_folder(tmp_path: Path) -> None:
    first = MetricsFolder.made_for(Settings(metrics_dir=tmp_path))
    with pytest.raises(SettingsError, match="PULLQUOTE_METRICS_DIR"):
        MetricsFolder.made_for(Settings(metrics_dir=tmp_path))
    del first


def test_abandoned_temporary_folders_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    killed, young, running = (MetricsFolder.made_for(Settings()) for _ in range(3))
    (tmp_path / "pullquote-metrics-of-somebody").mkdir()
    (tmp_path / "pullquote-metrics-link").symlink_to(tmp_path)
    os.close(killed._lock)
    os.close(young._lock)
    for folder in (killed.path, running.path, tmp_path / "pullquote-metrics-of-somebody", tmp_path):
        os.utime(folder, (0, 0))
    new = MetricsFolder.made_for(Settings())
    assert {path for path in tmp_path.iterdir() if path.is_dir() and not path.is_symlink()} == {
        young.path, running.path, new.path, tmp_path / "pullquote-metrics-of-somebody",
    }  # fmt: skip


def test_unwritable_folder_is_a_one_line_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "below"
    with pytest.raises(
        SettingsError, match=rf"\A{_LINE}{re.escape(str(tmp_path))}{_LINE}PULLQUOTE_METRICS_DIR{_LINE}\Z"
    ):
        MetricsFolder.made_for(Settings(metrics_dir=below))


def test_full_disk_is_a_one_line_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(SettingsError, match=rf"\A{_LINE}PULLQUOTE_METRICS_DIR{_LINE}1179 kB{_LINE}\Z"):
        MetricsFolder.made_for(Settings(metrics_dir=tmp_path, workers=2))


def test_unusable_folder_has_the_settings_exit_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environ = {"PULLQUOTE_METRICS_DIR": str(tmp_path / "file" / "below"), "PULLQUOTE_PORT": "8021", "PATH": ""}
    program = """
import service.server.launch
service.server.launch.check_model = service.server.launch.check_port = lambda settings: None
from service.cli import main
main(["serve"])
"""
    ended = subprocess.run([sys.executable, "-c", program], env=environ, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.count("\n")) == (3, 1)
    assert "PULLQUOTE_METRICS_DIR" in ended.stderr


EVERYTHING = """
import sys
from pathlib import Path
from service.server import metrics
from service.server.request_stats import RequestStats
from service.app import create_app
from service.settings import Settings
from tests.doubles import FakeParser

folder = Path(sys.argv[1])
metrics.reserve(folder, 0)
metrics.join(0)
app = create_app(Settings(), FakeParser(), folder)
exposed = app.extensions["pullquote"].metrics
anything = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "other"}
for route, methods in [*((rule.rule, rule.methods) for rule in app.url_map.iter_rules()), ("none", anything)]:
    for method in methods:
        for status in (404, 405, 400) if route == "none" else (200, 304, 401, 404, 406, 413, 415, 422, 500, 503):
            account = RequestStats("1", method, route, status)
            account.rejections.update([f"a_reason_with_a_long_name_{number}" for number in range(20)])
            account.quotes.update(["direct", "mixed", "indirect"])
            exposed.answered(account, 1)
for reason in ("idle", "full", "unsent", "no_descriptor"):
    exposed.connection_shed(reason)
exposed.accept_failed()
for stage in ("read", "wait", "article", "parse", "extract", "verify", "render"):
    with exposed.during(stage):
        pass
assert b"pullquote_requests_waiting" in exposed.text()
"""


def test_all_metrics_fit_in_the_preallocated_files(tmp_path: Path) -> None:
    environ = {metrics.FOLDER_VARIABLE: str(tmp_path)}
    subprocess.run([sys.executable, "-c", EVERYTHING, str(tmp_path)], env=environ, cwd=ROOT, check=True)
    assert {path.stat().st_size for path in tmp_path.glob("*.db")} == {metrics.BYTES_OF_A_FILE}


def test_worker_without_metrics_space_still_responds(tmp_path: Path) -> None:
    with serving(fault="no space", PULLQUOTE_METRICS_DIR=str(tmp_path)) as (process, port):
        wait_until_ready(port, process)
        assert ask(port, "POST", "/quotes", json.dumps({"text": ARTICLE}), JSON)[0] == 200
        assert ask(port, "GET", "/metrics")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr]
    assert [event["level"] for event in events if event.get("folder") == str(tmp_path)] == ["error"]
