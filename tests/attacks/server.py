"""A real server to attack: gunicorn and its workers as `pullquote serve` starts them, on a loopback port.

The parser is a fast fake (`tests/servers.py`), unless `model` selects the embedded one.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.ports import free_port
from tests.attacks.raw import ask
from tests.conftest import ROOT
from tests.servers import ForkedServer, fork_server
from tests.waiting import PATIENCE, wait_until

_SERVE_MODEL: Final = """
import os
import service.server.launch
from service.settings import Settings

service.server.launch.serve(Settings.from_environment(os.environ))
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `process` is the master; `log_file` receives the standard error of all processes."""

    process: subprocess.Popen[bytes] | ForkedServer
    port: int
    log_file: Path

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return children(self.process.pid)

    def health(self) -> tuple[int, float]:
        """Return the status of `GET /healthz` and its latency in seconds."""
        began = time.monotonic()
        response = ask(self.port, "GET", "/healthz")
        return response.status, time.monotonic() - began

    def events(self) -> list[dict[str, Any]]:
        """Return the log so far: an entry for each complete JSON line."""
        lines = self.log_file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def metric(self, name: str) -> float:
        """Return the value of a metric, summed over its labels; `name` is as in `/metrics`."""
        lines = ask(self.port, "GET", "/metrics").body.decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@contextmanager
def serving(
    log_file: Path, *, model: bool = False, descriptors: int | None = None, **settings: str
) -> Iterator[Server]:
    """Run a server until the block ends. `settings` are environment variables; `descriptors` limits open files.

    Raises `AssertionError` if it is not ready in time or does not stop.
    """
    port = free_port()
    environ = {
        "PULLQUOTE_PORT": str(port), "PULLQUOTE_WORKERS": "1", "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"],
        **settings,
    }  # fmt: skip
    process: subprocess.Popen[bytes] | ForkedServer
    with log_file.open("ab") as log:
        if model:
            process = subprocess.Popen([sys.executable, "-c", _SERVE_MODEL], env=environ, stderr=log, cwd=ROOT)
        else:
            process = fork_server(environ, log.fileno(), descriptors=descriptors)
    server = Server(process, port, log_file)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def children(pid: int) -> list[int]:
    """Return the ids of the running child processes of `pid`."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def descriptors_of(pid: int) -> int:
    """Return the number of open descriptors of a process."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def processor_seconds(pid: int) -> float:
    """Return the CPU seconds of a process, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_until_ready(server: Server) -> None:
    def log() -> str:
        return server.log_file.read_text(encoding="utf-8")[-2000:]

    def ready() -> bool:
        assert server.process.poll() is None, f"The server has ended: {log()}"
        try:
            return ask(server.port, "GET", "/readyz").status == 200
        except OSError:
            return False

    wait_until(ready, log)
