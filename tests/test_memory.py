"""All threads of a worker share one malloc arena."""

import ctypes
import subprocess
import sys

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
