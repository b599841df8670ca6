"""Process blocks on a Ray cluster: one actor per core, on hosts that come and go."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from service.archive.archive_blocks import Block
from service.archive.block_processing import BlockProcessor, Order, Outcome, problem_here
from service.archive.schedule import Slot
from service.errors import ClusterLost, SettingsError

# Usage reports can be disabled only by environment variables, before Ray is imported.
_RAY: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
_ADDRESS_FILE: Final = Path("/tmp/ray/ray_current_cluster")  # where `ray start` writes the address for `auto`
_LOOK: Final = 2.0  # seconds between looks at the cluster's nodes
_CHECK_AGAIN: Final = 15.0  # seconds until a node that failed its check is checked again
_CONNECT: Final = 5.0  # seconds for a connection to the head
_LOST_AFTER: Final = 10  # failed connections in a row until the head counts as lost
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))  # and empty SETTINGS
_SETTINGS: Final = 4  # the type of the first frame that an HTTP/2 server, such as Ray's head, sends


class RayEngine:
    """One process per core of every node that passes its check, at most `jobs`. `tell` is called with each event."""

    patience: float = 300.0

    def __init__(self, order: Order, jobs: int | None, tell: Callable[[str], None]) -> None:
        import ray

        self._ray = ray
        self._jobs = jobs
        self._tell = tell
        self._order = ray.put(order)
        self._actor = ray.remote(num_cpus=1, max_restarts=0)(_Actor)
        self._check = ray.remote(num_cpus=0, max_retries=0)(_checked)
        self._nodes: dict[str, str] = {}  # the host's name of each node that is alive
        self._cores: dict[str, int] = {}
        self._checks: dict[Any, str] = {}  # a running check: its node
        self._aside: dict[str, float] = {}  # when to check a node again
        self._starting: dict[Any, tuple[Slot, Any]] = {}
        self._actors: dict[Slot, Any] = {}
        self._node_of: dict[Slot, str] = {}
        self._busy: dict[Any, Slot] = {}
        self._lost: list[Slot] = []
        self._numbers = 0
        self._looked = 0.0
        if jobs is not None:
            with suppress(Exception):  # only a cluster that scales by itself has it
                ray.autoscaler.sdk.request_resources(num_cpus=jobs)

    def slots(self) -> Sequence[Slot]:
        """Return the processes that are ready, after a look at the nodes."""
        if time.monotonic() - self._looked >= _LOOK:
            self._looked = time.monotonic()
            self._look()
        return tuple(self._actors)

    def submit(self, slot: Slot, block: Block) -> None:
        """Give `block` to a process."""
        self._busy[self._actors[slot].outcome.remote(block)] = slot

    def outcomes(self, seconds: float) -> Sequence[tuple[Slot, Outcome | None]]:
        """Wait for the next outcomes; checks and new processes are looked after meanwhile."""
        waiting = [*self._busy, *self._checks, *self._starting]
        if not waiting:
            time.sleep(seconds)
        ready, _ = self._ray.wait(waiting, num_returns=len(waiting), timeout=0) if waiting else ([], [])
        if waiting and not ready:
            ready, _ = self._ray.wait(waiting, num_returns=1, timeout=seconds)
        result: list[tuple[Slot, Outcome | None]] = []
        for reference in ready:
            if reference in self._checks:
                self._checked(self._checks.pop(reference), reference)
            elif reference in self._starting:
                self._started(reference)
            else:
                slot = self._busy.pop(reference)
                outcome = self._result(reference)
                if outcome is None:
                    self._drop(slot)
                result.append((slot, outcome))
        result += [(slot, None) for slot in self._lost]
        self._lost.clear()
        return result

    def set_aside(self, host: str, reason: str) -> None:
        """Give the host no blocks until it passes its check again; its processes are ended."""
        for node in [node for node, name in self._nodes.items() if name == host]:
            if node not in self._aside:
                self.note(f"{host} cannot process blocks; it is checked again every {_CHECK_AGAIN:g} s: {reason}")
            self._aside[node] = time.monotonic() + _CHECK_AGAIN
            self._end_actors(node)

    def note(self, text: str) -> None:
        """Report an event."""
        self._tell(text)

    def _look(self) -> None:
        alive = {
            node["NodeID"]: node for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1
        }
        for node in self._nodes.keys() - alive.keys():
            self.note(f"{self._nodes.pop(node)} left the cluster")
            self._aside.pop(node, None)
            self._cores.pop(node, None)
            self._end_actors(node)
        for node in alive.keys() - self._nodes.keys():
            self._nodes[node] = _host(alive[node])
            self._cores[node] = int(alive[node]["Resources"]["CPU"])
            self.note(f"{self._nodes[node]} joined with {self._cores[node]} cores")
            self._start_check(node)
        for node, when in self._aside.items():
            if time.monotonic() >= when and node not in self._checks.values():
                self._start_check(node)
        for node in self._nodes:
            if node not in self._aside and node not in self._checks.values():
                self._start_actors(node)

    def _start_check(self, node: str) -> None:
        self._checks[self._check.options(**self._on(node)).remote(self._order)] = node

    def _checked(self, node: str, reference: Any) -> None:
        if node not in self._nodes:
            return
        try:
            problem = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            problem = f"the check failed: {str(error).strip().splitlines()[-1]}"
        if problem is not None:
            self.set_aside(self._nodes[node], problem)
        else:
            if self._aside.pop(node, None) is not None:
                self.note(f"{self._nodes[node]} passes its check again")
            self._start_actors(node)

    def _start_actors(self, node: str) -> None:
        """Start the processes that a node lacks."""
        here = sum(there == node for there in self._node_of.values())
        for _ in range(self._cores[node] - here):
            if self._jobs is not None and len(self._node_of) >= self._jobs:
                return
            self._numbers += 1
            slot = Slot(self._nodes[node], self._numbers)
            actor = self._actor.options(**self._on(node)).remote(self._order)
            self._node_of[slot] = node
            self._starting[actor.ready.remote()] = (slot, actor)

    def _started(self, reference: Any) -> None:
        slot, actor = self._starting.pop(reference)
        if slot not in self._node_of:
            return  # its node is set aside, or gone
        try:
            self._ray.get(reference)
        except self._ray.exceptions.RayError:
            del self._node_of[slot]
        else:
            self._actors[slot] = actor

    def _end_actors(self, node: str) -> None:
        for slot in [slot for slot, there in self._node_of.items() if there == node]:
            actor = self._actors.get(slot)
            self._drop(slot)
            for reference in [reference for reference, busy in self._busy.items() if busy == slot]:
                del self._busy[reference]
                self._lost.append(slot)
            if actor is not None:
                self._ray.kill(actor)

    def _drop(self, slot: Slot) -> None:
        self._actors.pop(slot, None)
        self._node_of.pop(slot, None)

    def _result(self, reference: Any) -> Outcome | None:
        try:
            outcome: Outcome = self._ray.get(reference)
        except self._ray.exceptions.RayError:
            return None
        return outcome

    def _on(self, node: str) -> dict[str, Any]:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return {"scheduling_strategy": NodeAffinitySchedulingStrategy(node_id=node, soft=False)}

    def end(self) -> None:
        """End all processes."""
        for node in list(self._nodes):
            self._end_actors(node)


class _Actor:
    """A process on a node."""

    def __init__(self, order: Order) -> None:
        self._processor = BlockProcessor(order)

    def ready(self) -> bool:
        return True

    def outcome(self, block: Block) -> Outcome:
        return self._processor.outcome(block)


def _checked(order: Order) -> str | None:
    return problem_here(order)


def _host(node: dict[str, Any]) -> str:
    """Return the name of a node: its own, or its machine's, with the address."""
    address = str(node["NodeManagerAddress"])
    name = str(node.get("NodeName") or address)
    return f"{node['NodeManagerHostname'] if name == address else name} ({address})"


@contextmanager
def ray_cluster(address: str, log: Path, lost: Callable[[ClusterLost], None]) -> Iterator[None]:
    """Connect to the Ray cluster at `address`, `auto` for the one of this machine.

    What Ray and its processes print goes to the file `log`. `lost` is called, in a thread, when the head no longer
    responds; Ray itself waits for a minute, and then ends this process. Raises `SettingsError` if there is no cluster
    at the address.
    """
    head = _head_of(address)
    if head is not None and (problem := _problem_at(head)) is not None:
        raise SettingsError(f"No Ray cluster responds at {head}: {problem}.")
    os.environ.update(_RAY)
    over = Event()
    with _printed_to(log):
        import ray

        try:
            ray.init(address=address, log_to_driver=True)
        except (ConnectionError, ValueError, RuntimeError) as error:
            reason = f"Cannot use the Ray cluster at {address} ({error}). If it needs a token, set"
            raise SettingsError(f"{reason} RAY_AUTH_MODE and RAY_AUTH_TOKEN.") from None
        head = str(ray.get_runtime_context().gcs_address)
        Thread(target=_watch, args=(head, over, lost), daemon=True).start()
        try:
            yield
        except (ray.exceptions.RaySystemError, ConnectionError) as error:
            raise ClusterLost(f"The Ray cluster at {head} was lost ({error}).") from error
        finally:
            over.set()
            ray.shutdown()


def _head_of(address: str) -> str | None:
    """Return the head's host and port; None if only Ray can find it."""
    if address.startswith("ray://"):
        raise SettingsError(f"{address} is the address of a Ray client. Use the head's own: HOST:6379.")
    if address != "auto":
        if not address.rpartition(":")[2].isdigit() or ":" not in address:
            raise SettingsError(f"{address} is not the address of a Ray cluster: HOST:PORT, or auto.")
        return address
    with suppress(OSError):
        return _ADDRESS_FILE.read_text(encoding="utf-8").strip() or None
    return None


def _problem_at(head: str) -> str | None:
    """Return why the head at HOST:PORT does not respond as Ray's does, with HTTP/2; None if it does."""
    host, _, port = head.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _CONNECT) as connection:
            connection.sendall(_PREFACE)
            first = connection.recv(9)
    except OSError as error:
        return str(error)
    return None if len(first) >= _SETTINGS and first[3] == _SETTINGS else "something else listens there"


def _watch(head: str, over: Event, lost: Callable[[ClusterLost], None]) -> None:
    failed = 0
    while not over.wait(1):
        failed = failed + 1 if _problem_at(head) else 0
        if failed >= _LOST_AFTER:
            lost(ClusterLost(f"The Ray cluster at {head} was lost: its head no longer responds."))
            return


@contextmanager
def _printed_to(log: Path) -> Iterator[None]:
    """Write what is printed on standard output and error to `log`, also by libraries; `sys.stderr` still works here."""
    sys.stdout.flush()
    with (
        open(log, "a", buffering=1) as file,
        open(os.dup(2), "w", buffering=1) as error_stream,
        open(os.dup(1), "w") as out,
    ):
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            with redirect_stdout(file), redirect_stderr(error_stream):
                yield
        finally:
            os.dup2(out.fileno(), 1)
            os.dup2(error_stream.fileno(), 2)
