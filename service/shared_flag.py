"""A boolean flag that a process shares with the processes it forks."""

from mmap import mmap
from typing import Final

_SET: Final = b"\1"


class SharedFlag:
    """False until any process that shares it sets it."""

    def __init__(self) -> None:
        self._byte = mmap(-1, 1)

    def __bool__(self) -> bool:
        return self._byte[:] == _SET

    def set(self) -> None:
        """Set the flag for all processes."""
        self._byte[:] = _SET
