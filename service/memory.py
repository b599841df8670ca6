"""What the system says of this process: its memory, where its threads keep it, and how many threads there are."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h


def share_memory() -> None:
    """Have the C library serve all threads of this process from one arena; call it before they are started.

    Otherwise glibc gives many of them one of their own, and each keeps room for the largest article that its thread has
    read: a worker grows for hours. Only one thread parses at a time, so they do not wait for each other here. Other C
    libraries have no such arenas, and nothing is done.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Have the C library hand what is freed back to the system, where it can."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_bytes() -> int:
    """How much memory this process has; 0 where the system does not say."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def threads_of_this_process() -> int:
    """How many threads this process has, those of libraries among them; 0 where the system does not say."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 0
