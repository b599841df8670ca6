"""The folder of the workers' metrics files, from the server's start to its end, and each worker's number in it."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import structlog

from service.errors import SettingsError
from service.server import metrics
from service.settings import Settings

_LOCK: Final = "in-use"
_PREFIX: Final = "pullquote-metrics-"
_YOUNG_SECONDS: Final = 60.0  # a newer folder can belong to a server that has not locked it yet


class MetricsFolder:
    """A locked metrics folder, deleted at exit if it is `temporary`. `lock` is a file descriptor, held until then."""

    def __init__(self, path: Path, temporary: bool, lock: int) -> None:
        self.path = path
        self._temporary = temporary
        self._lock = lock

    @classmethod
    def made_for(cls, settings: Settings) -> "MetricsFolder":
        """Create the metrics folder, or clear it of an earlier run's files.

        Raises `SettingsError` if it cannot be written, the disk is full, or another server uses it.
        """
        path = settings.metrics_dir
        try:
            if path is None:
                _remove_abandoned()
                path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            path.mkdir(parents=True, exist_ok=True)
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SettingsError(
                    f"The metrics folder {path} is in use by another server. Set PULLQUOTE_METRICS_DIR to a "
                    "different folder for each server."
                ) from None
            for left in path.glob("*.db"):
                left.unlink()
            metrics.reserve_for_master(path)
            for number in range(settings.workers):
                metrics.reserve(path, number)
        except OSError as error:
            kilobytes = (settings.workers * metrics.BYTES_OF_A_WORKER + metrics.BYTES_OF_A_FILE) // 1000
            raise SettingsError(
                f"Cannot store metrics in {error.filename or path}: {error.strerror}. Set "
                f"PULLQUOTE_METRICS_DIR to a writable folder with {kilobytes} kB free."
            ) from None
        return cls(path, settings.metrics_dir is None, lock)

    @property
    def hooks(self) -> dict[str, Callable[..., Any]]:
        """Gunicorn's server hooks, by name."""
        return {
            "pre_fork": self._assign, "post_fork": self._join, "child_exit": self._leave, "on_exit": self._remove,
        }  # fmt: skip

    def _assign(self, arbiter: Any, worker: Any) -> None:
        """Give a worker that is about to start the lowest free number."""
        taken = {other.number for other in arbiter.WORKERS.values()}
        worker.number = next(number for number in count() if number not in taken)

    def _join(self, _arbiter: Any, worker: Any) -> None:
        """Set up metrics in a worker, before it loads anything. If the disk is full, the worker runs with metrics of
        its own that are not exported."""
        try:
            metrics.reserve(self.path, worker.number)
        except OSError as error:
            structlog.get_logger().error(
                "the metrics of this worker cannot be stored", folder=str(self.path), exc_info=error
            )
        else:
            metrics.join(worker.number)

    def _leave(self, _arbiter: Any, worker: Any) -> None:
        metrics.leave(self.path, worker.number)

    def _remove(self, _arbiter: Any) -> None:
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned() -> None:
    """Delete the temporary folders of this user's servers that were killed: those without a lock."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another server deletes it, or it belongs to another user
            about = path.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                continue
            if time.time() - about.st_mtime < _YOUNG_SECONDS:
                continue
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(lock)
