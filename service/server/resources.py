"""What the machine, container and operating system report: cores, memory, threads; and the memory of this process."""

import ctypes
import gc
import math
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")  # a container's own limits, in the files of cgroup version 1 or 2
# Freed memory is returned to the system when a worker has grown by this much, as after a long article. Mapping it again
# makes the next article up to a twentieth slower. With 64 MB, a worker had 520 MB after 5,000 texts; the limit is 500.
_GROWN_BYTES: Final = 40_000_000
_SECONDS_APART: Final = 10  # of two returns when it has grown since its start, but not since the last return
_MIN_ROOM: Final = 1.5  # times the memory once ready, so that no worker is replaced for its model's size


def cores(cgroups: Path = _CGROUPS) -> int:
    """Return the number of cores available to this process, at least 1, considering affinity and CPU quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, period = _processor_time(cgroups)
    return max(min(allowed, quota // period), 1) if quota and period else allowed


def memory_bytes(cgroups: Path = _CGROUPS) -> int:
    """Return the bytes of memory available to this process and its children."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _number(cgroups / "memory.max") or _number(cgroups / "memory/memory.limit_in_bytes")
    return min(installed, limit) if limit else installed


def _processor_time(cgroups: Path) -> tuple[int, int]:
    """Return the CPU quota and its period in microseconds; zeros without a limit."""
    try:
        quota, period = (cgroups / "cpu.max").read_text(encoding="ascii").split()
        return (0, 0) if quota == "max" else (int(quota), int(period))
    except (OSError, ValueError):
        return _number(cgroups / "cpu/cpu.cfs_quota_us"), _number(cgroups / "cpu/cpu.cfs_period_us")


def _number(file: Path) -> int:
    """Return the number in the file; 0 if there is none, or no limit."""
    try:
        return max(int(file.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return 0


_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h
_OBJECTS_BEFORE_COLLECTION: Final = 10_000  # Python's default of 700 takes about 3 µs per word


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


def freeze_memory() -> None:
    """Exclude all current objects, such as the model, from garbage collection, and collect less often from now on.

    Call this when everything is loaded. Articles leave few reference cycles, but make many objects.
    """
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)


def resident_bytes(process: int | str = "self") -> int:
    """Return the resident memory of a process, by default this one, in bytes; 0 if the system does not report it."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def threads_of_this_process() -> int:
    """Return the number of this process's threads, including those of libraries; 0 if the system does not report it."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 0


class MemoryWatch:
    """Watches the memory of this process from now on. `limit` is in bytes; `max_megabytes` 0 stands for none."""

    def __init__(self, max_megabytes: float) -> None:
        self._least = self._last = resident_bytes()  # the smallest size so far, and since memory was returned
        self._returned = time.monotonic()
        self.limit = max(max_megabytes * 1e6, self._least * _MIN_ROOM) if max_megabytes else math.inf

    def size(self) -> int:
        """Return the resident memory in bytes. If it has grown, freed memory is returned to the system first.

        Little can be returned while a long article is being processed, so this is repeated.
        """
        size = resident_bytes()
        again = time.monotonic() - self._returned >= _SECONDS_APART and size > self._least + _GROWN_BYTES
        if again or size > min(self.limit, self._last + _GROWN_BYTES):
            give_back()
            self._last = size = resident_bytes()
            self._returned = time.monotonic()
        self._last, self._least = min(self._last, size), min(self._least, size)
        return size
