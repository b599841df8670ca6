"""Memory and threads of this process, as the operating system reports them."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h


def share_memory() -> None:
    """Make all threads of this process share one malloc arena. Call this before they are started.

    By default, glibc gives many threads an arena each, and each arena stays as large as the largest article that its
    thread has read, so a worker grows for hours. Only one thread parses at a time, so sharing costs no waiting. With
    other C libraries, which have no such arenas, this does nothing.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Return freed memory to the operating system, where the C library can."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_bytes() -> int:
    """Return the resident memory of this process in bytes; 0 if the system does not report it."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def threads_of_this_process() -> int:
    """Return the number of this process's threads, including those of libraries; 0 if the system does not report it."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 0
