"""Threads of a worker share one malloc arena; its model is not searched for garbage; it returns freed memory."""

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from service.server import resources
from service.server.resources import MemoryWatch
from tests.conftest import ROOT

_COUNT = """
import ctypes, sys, tempfile
from threading import Barrier, Thread
from service.server.resources import share_memory

if "shared" in sys.argv:
    share_memory()
together = Barrier(9)

def hold() -> None:
    held = [bytes(2_000) for _ in range(50)]
    together.wait()
    together.wait()
    del held

threads = [Thread(target=hold) for _ in range(8)]
for thread in threads:
    thread.start()
together.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
together.wait()
"""


def arenas(*arguments: str) -> int:
    command = [sys.executable, "-c", _COUNT, *arguments]
    return int(subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library is not glibc")
def test_threads_share_one_malloc_arena() -> None:
    assert arenas() > 1
    assert arenas("shared") == 1


_LOAD = """
import gc, sys
import service.server.launch as launch
from service.server.metrics import MetricsFolder
from service.settings import Settings
from tests.doubles import FakeParser

launch.load_parser = lambda settings: FakeParser()
settings = Settings.from_environment({"PULLQUOTE_METRICS_DIR": sys.argv[1]})
server = launch.Server(settings, MetricsFolder.made_for(settings), None)
launch.Master(server)  # sets the environment of the metrics
if "shared" in sys.argv:
    server._load_to_share()
app = server.load()
print(gc.get_freeze_count() > 0, gc.get_threshold()[0])
"""


@pytest.mark.parametrize("arguments", [["shared"], []], ids=["shared", "own"])
def test_model_is_not_searched_for_garbage(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-c", _LOAD, str(tmp_path / "metrics"), *arguments]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, text=True)
    assert done.stdout.splitlines()[-1:] == ["True 10000"], done.stderr


@pytest.mark.parametrize(
    ("sizes", "seconds", "returned"),
    [
        ([300, 339, 300, 339], 60, 0),  # an article's own memory
        ([300, 350, 310, 320], 1, 1),  # a long article
        ([300, 350, 345, 380], 1, 1),  # little could be returned, and it was not long ago
        ([300, 350, 345, 380, 345], 10, 2),
        ([300, 350, 345, 386, 345], 1, 2),  # it has grown as much again
    ],
)
def test_worker_that_has_grown_returns_memory(
    sizes: list[int], seconds: float, returned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, now, calls = [size * 1_000_000 for size in sizes], [0.0], list[float]()
    monkeypatch.setattr(resources, "resident_bytes", lambda: left.pop(0))
    monkeypatch.setattr(resources, "give_back", lambda: calls.append(now[0]))
    monkeypatch.setattr(resources, "time", SimpleNamespace(monotonic=lambda: now[0]))
    watch = MemoryWatch(0)
    while left:
        now[0] += seconds
        watch.size()
    assert len(calls) == returned
