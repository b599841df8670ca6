"""A Ray cluster of several nodes on this machine: each a process of its own, that can be killed or lose a mount."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from benchmarks.ports import free_port
from tests.conftest import ROOT
from tests.waiting import wait_until

# A node that was killed counts as gone after five checks of half a second, not of three seconds; no node scales.
_HEAD: Final = (
    "--head", "--num-cpus=0", "--include-dashboard=false", "--no-monitor",
    '--system-config={"health_check_period_ms": 500}',
)  # fmt: skip
_COMMON: Final = ("--block", "--object-store-memory=100000000", "--disable-usage-stats", "--include-log-monitor=false")
_ENVIRON: Final = {
    "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0", "OMP_NUM_THREADS": "1",
    "RAY_worker_niceness": "0",  # else its processes wait for those of other tests
}  # fmt: skip


class Cluster:
    """Nodes by name. The head has no cores, and every other node one."""

    def __init__(self, folder: Path) -> None:
        port = free_port("127.0.0.2")
        self.address = f"127.0.0.2:{port}"
        self._hosts = count(2)  # each node has a loopback address of its own; Ray replaces 127.0.0.1
        self._folder = folder
        self._nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._start("head", *_HEAD, f"--port={port}", f"--temp-dir={folder}/ray")
        self._wait("head")

    def add(self, name: str, *, unmounted: Path | None = None) -> None:
        """Start a node in another folder, so that no relative path works. It sees the folder `unmounted` empty."""
        self._start(name, f"--address={self.address}", f"--node-name={name}", "--num-cpus=1", unmounted=unmounted)
        self._wait(name)  # nodes that start at once choose the same names for their sockets

    def mount(self, name: str, folder: Path) -> None:
        """Let the node see the folder again."""
        started = int(subprocess.run(
            ["pgrep", "-g", str(self._nodes[name].pid), "-f", "raylet/raylet"], check=True, capture_output=True
        ).stdout.split()[0])  # fmt: skip
        subprocess.run(["nsenter", f"--target={started}", "--mount", "umount", str(folder)], check=True)

    def kill(self, name: str) -> None:
        """Kill a node with all its processes."""
        node = self._nodes.pop(name)
        os.killpg(node.pid, signal.SIGKILL)
        node.wait()

    def end(self) -> None:
        for name in list(self._nodes):
            self.kill(name)

    def _start(self, name: str, *options: str, unmounted: Path | None = None) -> None:
        address = f"--node-ip-address=127.0.0.{next(self._hosts)}"
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", *_COMMON, address, *options]
        if unmounted is not None:
            hidden = f'mount -t tmpfs none {unmounted} && exec "$@"'
            command = ["unshare", "--mount", "sh", "-c", hidden, "sh", *command]
        environ = {**os.environ, **_ENVIRON, "TMPDIR": str(self._folder)}  # with the locks of its archives
        with open(self._folder / f"{name}.log", "wb") as log:
            self._nodes[name] = subprocess.Popen(
                command, cwd="/", stdout=log, stderr=log, start_new_session=True, env=environ
            )

    def _wait(self, name: str) -> None:
        log = self._folder / f"{name}.log"

        def printed() -> str:
            return log.read_text(errors="replace")

        wait_until(lambda: "Ray runtime started" in printed() or self._nodes[name].poll() is not None, printed)
        assert self._nodes[name].poll() is None, printed()


@contextmanager
def loopback_cluster() -> Iterator[Cluster]:
    """Start a head on the loopback address."""
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:  # short: sockets have long paths
        cluster = Cluster(Path(folder))
        try:
            yield cluster
        finally:
            cluster.end()


def needs_mounts() -> None:
    """Skip the test where this process may not have mounts of its own."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("this process cannot have mounts of its own (unshare --mount)")
