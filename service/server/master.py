"""gunicorn's master process, changed so that a failed reload leaves the running workers in place.

Differences from gunicorn's `Arbiter`:

- On SIGHUP, the key file and the model are checked first. If one of them is invalid, nothing changes.
- New workers start next to the old ones, which are stopped once all new workers are ready. If a new worker cannot
  start, the new ones are stopped instead.
"""

import signal
from typing import Any

import structlog
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from service.errors import PullquoteError
from service.server.metrics import MasterMetrics


class Master(Arbiter):  # type: ignore[misc]
    """The master process. `app` is a `service.server.launch.Server`."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.metrics = MasterMetrics()
        self._keys_before = app.keys  # the keys of the running workers
        self._old: list[Any] = []  # workers to stop when the new ones are ready
        self._new: list[Any] = []
        self._given_up: list[Any] = []  # new workers that are being stopped

    def reload(self) -> None:
        """Handle SIGHUP: start new workers with the current keys of the file."""
        try:
            keys = self.app.checked()
        except Exception as error:
            self._refuse(str(error) if isinstance(error, PullquoteError) else type(error).__name__)
            return
        self._give_up()  # those of an earlier signal that are not ready yet
        self._keys_before, self.app.keys = self.app.keys, keys
        self._old = [worker for worker in self.WORKERS.values() if worker not in self._given_up]
        for _ in range(self.num_workers):
            self.spawn_worker()
        self._new = [worker for worker in self.WORKERS.values() if worker not in self._old + self._given_up]

    def manage_workers(self) -> None:
        """Start missing workers and stop surplus ones."""
        if self._new:
            self._exchange()
        self._given_up = [worker for worker in self._given_up if worker.pid in self.WORKERS]
        for worker in self._given_up:  # again: a worker that has just been forked does not handle the signal yet
            self.kill_worker(worker.pid, signal.SIGTERM)
        if not self._new and not self._given_up:
            super().manage_workers()

    def _exchange(self) -> None:
        """Stop the old workers once all new ones are ready, or the new ones if one cannot start."""
        waited_for = [worker for worker in self._new if not worker.ready]
        if not waited_for:
            for worker in self._old:
                if worker.pid in self.WORKERS:
                    worker.relieved.set()
                    self.kill_worker(worker.pid, signal.SIGTERM)
            self._old, self._new = [], []
            self.metrics.reloaded("done")
        elif any(worker.pid not in self.WORKERS for worker in waited_for):
            self._give_up()
            self._refuse("A new worker could not start.")

    def _give_up(self) -> None:
        """Stop the new workers; the old ones keep running with their keys."""
        if not self._new:
            return
        for worker in self._new:
            if worker.pid in self.WORKERS:
                self._given_up.append(worker)
                worker.relieved.set()
                self.kill_worker(worker.pid, signal.SIGTERM)
        self._old, self._new = [], []
        self.app.keys = self._keys_before

    def _refuse(self, reason: str) -> None:
        structlog.get_logger().error("The reload failed. The running workers are kept.", reason=reason)
        self.metrics.reloaded("refused")
