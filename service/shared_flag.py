"""A yes or no that a process shares with those that it forks."""

from mmap import mmap
from typing import Final

_SET: Final = b"\1"


class SharedFlag:
    """False until any of the processes that share it has set it."""

    def __init__(self) -> None:
        self._byte = mmap(-1, 1)

    def __bool__(self) -> bool:
        return self._byte[:] == _SET

    def set(self) -> None:
        """Make it true for all of them."""
        self._byte[:] = _SET
