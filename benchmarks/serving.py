"""Run the service for benchmarks: on a free local port, or in this process without a server.

The runners next to the corpora (`eval/everyday.py`, `cases/check.py`) post to a running service. In this process, the
parser caches its parses, so that a second run over the same articles takes seconds.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.pages import ROOT
from benchmarks.ports import free_port
from service.app import create_app
from service.settings import Settings
from training.corpora.caching_parser import PARSES, CachingParser

START_SECONDS = 270
Post = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]  # path and body; status and JSON


@dataclass(frozen=True)
class Served:
    """A running service: its address, and gunicorn's master process, whose children are the workers."""

    address: str
    process: psutil.Process

    def workers(self) -> list[psutil.Process]:
        """Return the running workers, oldest first."""
        return sorted(self.process.children(), key=lambda child: (child.create_time(), child.pid))


@contextmanager
def separate_cores() -> Iterator[tuple[list[int], list[int]]]:
    """Divide the cores between a service and its client, and pin this process to the client's inside the block.

    Otherwise the client's own load would slow the service. If there is only one core, both use it.
    """
    all_cores = sorted(os.sched_getaffinity(0))
    for_service, for_client = all_cores[: max(len(all_cores) // 2, 1)], all_cores[len(all_cores) // 2 :]
    os.sched_setaffinity(0, for_client)
    try:
        yield for_service, for_client
    finally:
        os.sched_setaffinity(0, all_cores)


@contextmanager
def served(cores: Collection[int] = (), **settings: str) -> Iterator[Served]:
    """Run the service with these settings (environment variables), on `cores` if any are given, inside the block.

    Its log is discarded.
    """
    port = free_port()
    environment = {**os.environ, "PULLQUOTE_PORT": str(port), "PULLQUOTE_LOG_LEVEL": "error", **settings}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield Served(address, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a worker is ready. Raises RuntimeError if the service does not start."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The service exited with code {process.returncode}. Start it by hand to see why.")
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"The service was not ready after {START_SECONDS} seconds.")


def poster(parses: Path | None = None, settings: Settings | None = None) -> Post:
    """Return a function that posts JSON to the application of `settings` and returns status and JSON.

    The embedded model's parses are cached in `parses` (default: a temporary folder).
    """
    settings = settings or Settings()
    app = create_app(settings, CachingParser(settings, parses or PARSES))
    app.extensions["pullquote"].ready.set()
    client = app.test_client()

    def post(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        response = client.post(path, json=body)
        return response.status_code, response.get_json(force=True)

    return post
