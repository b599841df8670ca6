"""The folder that the workers' metrics are in, from the server's start to its end, and whose place each file is."""

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

from service import metrics
from service.errors import SettingsError
from service.settings import Settings

_LOCK: Final = "in-use"
_PREFIX: Final = "pullquote-metrics-"
_YOUNG_SECONDS: Final = 60.0  # a folder that is younger can belong to a server that is about to lock it


class MetricsFolder:
    """`path` is the folder, which is removed at the end where it is `temporary`. `lock` is held until then."""

    def __init__(self, path: Path, temporary: bool, lock: int) -> None:
        self.path = path
        self._temporary = temporary
        self._lock = lock

    @classmethod
    def made_for(cls, settings: Settings) -> "MetricsFolder":
        """The folder that the settings name, made where it is not there and cleared of what an earlier run left in it.

        Raises `SettingsError` where it cannot be written, has no space, or is another server's.
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
                    f"The metrics folder {path} is another server's; give each its own with PULLQUOTE_METRICS_DIR."
                ) from None
            for left in path.glob("*.db"):
                left.unlink()
            metrics.reserve_for_master(path)
            for place in range(settings.workers):
                metrics.reserve(path, place)
        except OSError as error:
            kilobytes = (settings.workers * metrics.BYTES_OF_A_WORKER + metrics.BYTES_OF_A_FILE) // 1000
            raise SettingsError(
                f"Metrics cannot be kept in {error.filename or path}: {error.strerror}. Name a folder that can be "
                f"written and has {kilobytes} kB free with PULLQUOTE_METRICS_DIR."
            ) from None
        return cls(path, settings.metrics_dir is None, lock)

    @property
    def hooks(self) -> dict[str, Callable[..., Any]]:
        """What gunicorn calls when, by its names."""
        return {
            "pre_fork": self._seat, "post_fork": self._join, "child_exit": self._leave, "on_exit": self._remove,
        }  # fmt: skip

    def _seat(self, arbiter: Any, worker: Any) -> None:
        """Give the worker that is about to start the first place that nobody has."""
        taken = {other.place for other in arbiter.WORKERS.values()}
        worker.place = next(place for place in count() if place not in taken)

    def _join(self, _arbiter: Any, worker: Any) -> None:
        """In the worker, before it loads anything. Where there is no space it counts for itself, and answers."""
        try:
            metrics.reserve(self.path, worker.place)
        except OSError as error:
            structlog.get_logger().error("metrics of this worker are not kept", folder=str(self.path), exc_info=error)
        else:
            metrics.join(worker.place)

    def _leave(self, _arbiter: Any, worker: Any) -> None:
        metrics.leave(self.path, worker.place)

    def _remove(self, _arbiter: Any) -> None:
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove the temporary folders of this user's servers that were killed: those that nobody has locked any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another server removes it, or it is another user's
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
