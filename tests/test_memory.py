"""Threads of a worker share one malloc arena; its model is not searched for garbage."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

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
