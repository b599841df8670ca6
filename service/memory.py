"""Where a worker's threads keep their memory: in one place, so that what one has freed another can use."""

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h


def share_memory() -> None:
    """Have the C library serve all threads of this process from one arena; call it before they are started.

    Otherwise glibc gives many of them one of their own, and each keeps room for the largest article that its thread has
    read: a worker grows for hours. Only one thread parses at a time, so they do not wait for each other here. Other C
    libraries have no such arenas, and nothing is done.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
