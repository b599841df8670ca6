"""What this machine, or the container that the process runs in, has: cores and memory."""

import os
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")  # a container sees its own limits here, in the files of version 1 or 2


def cores(cgroups: Path = _CGROUPS) -> int:
    """How many cores this process may run on, and has the time of."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, period = _processor_time(cgroups)
    return max(min(allowed, quota // period), 1) if quota and period else allowed


def memory_bytes(cgroups: Path = _CGROUPS) -> int:
    """How much memory this process and its children may have together."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _number(cgroups / "memory.max") or _number(cgroups / "memory/memory.limit_in_bytes")
    return min(installed, limit) if limit else installed


def _processor_time(cgroups: Path) -> tuple[int, int]:
    """How much processor time there is in how much time, in microseconds; zeros where nothing limits it."""
    try:
        quota, period = (cgroups / "cpu.max").read_text(encoding="ascii").split()
        return (0, 0) if quota == "max" else (int(quota), int(period))
    except (OSError, ValueError):
        return _number(cgroups / "cpu/cpu.cfs_quota_us"), _number(cgroups / "cpu/cpu.cfs_period_us")


def _number(file: Path) -> int:
    """The number in the file; 0 where there is none, or nothing is limited."""
    try:
        return max(int(file.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return 0
