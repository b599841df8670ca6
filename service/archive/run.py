"""Blocks answered on Ray Data: on the cores of this machine, or on a cluster's."""

import json
import logging
import os
import pickle
import secrets
import signal
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from tempfile import TemporaryDirectory
from typing import Any, Final

from service.archive.answering import BlockAnswering, Order
from service.archive.blocks import Block
from service.archive.folder import Done
from service.errors import ModelError, OutputError, SettingsError

# Ray is told by the environment alone, and before it is imported, that it is to report to nobody.
_RAY: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
_TRIES: Final = 3  # of a block; a block whose machine is lost, Ray itself gives to another
_MEMORY: Final = 100_000_000  # bytes for what is passed between processes: names of blocks, and counts


def answered(
    blocks: Sequence[Block], order: Order, jobs: int | None, cluster: str | None
) -> Generator[Done, None, None]:
    """What was written of `blocks`, in any order, as soon as it is; one that fails is tried again when all are through.

    Raises `SettingsError` where there is no such cluster, `ModelError`, or `OutputError`, in the end also where a block
    has failed each time.
    """
    with _ray(jobs, cluster) as processes:
        reasons = dict.fromkeys((block.number for block in blocks), "its process ended")
        for _ in range(_TRIES):
            todo = [block for block in blocks if block.number in reasons]
            for told in _round(todo, order, processes) if todo else ():
                if "stop" in told:
                    kind, reason = told["stop"]
                    raise OutputError(reason) if kind == OutputError.__name__ else ModelError(reason)
                if "done" in told:
                    del reasons[told["block"]]
                    yield Done(**told["done"])
                else:
                    reasons[told["block"]] = told["failed"]
    if reasons:
        number, reason = next(iter(reasons.items()))
        failed = f"{len(reasons)} of {len(blocks)} blocks could not be answered in {_TRIES} tries"
        raise OutputError(f"{failed} (block {number}: {reason}). The same command tries them again.")


def _round(blocks: Sequence[Block], order: Order, processes: int) -> Iterator[dict[str, Any]]:
    """What each process tells of each block."""
    import ray

    waiting = ray.data.from_items([{"block": pickle.dumps(block)} for block in blocks], override_num_blocks=len(blocks))
    answers = waiting.map_batches(
        BlockAnswering,
        fn_constructor_args=[order],
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(size=min(processes, len(blocks)), max_tasks_in_flight_per_actor=2),
    )
    for batch in answers.iter_batches(batch_size=None, prefetch_batches=0, batch_format="pyarrow"):
        yield from map(json.loads, batch.column("told").to_pylist())


@contextmanager
def _ray(jobs: int | None, cluster: str | None) -> Iterator[int]:
    """Ray, started here or found where `cluster` says; how many processes there may be at once.

    Raises `SettingsError` where there is none.
    """
    os.environ.update(_RAY)
    if cluster is None:  # a token that nobody else on this machine has, and that is written nowhere
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex())
    import ray
    from ray.data import DataContext

    here: dict[str, Any] = {"num_cpus": jobs, "include_dashboard": False, "object_store_memory": _MEMORY}
    with TemporaryDirectory(prefix="pullquote-", ignore_cleanup_errors=True) as session, _quiet():
        if cluster is None:
            ray.init(address="local", log_to_driver=False, _temp_dir=session, **here)
        else:
            try:
                ray.init(address=cluster, log_to_driver=False)
            except (ConnectionError, ValueError) as error:
                reason = (
                    f"No Ray cluster can be reached at {cluster} ({error}). Where it asks for a token, Ray takes it"
                )
                raise SettingsError(f"{reason} from the environment: RAY_AUTH_MODE, RAY_AUTH_TOKEN.") from None
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's way to say Ctrl-C
            for name in ("ray", "ray.data"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
            context = DataContext.get_current()
            context.enable_progress_bars = False
            context.print_on_execution_start = False
            context.max_errored_blocks = -1  # they are tried again
            yield jobs or int(ray.cluster_resources()["CPU"])
        finally:
            ray.shutdown()


@contextmanager
def _quiet() -> Iterator[None]:
    """Have nobody hear what Ray says on standard output and error, but what is said through `sys.stderr` here."""
    with open(os.devnull, "w") as nowhere, open(os.dup(2), "w", buffering=1) as ours:
        os.dup2(nowhere.fileno(), 2)
        try:
            with redirect_stdout(nowhere), redirect_stderr(ours):
                yield
        finally:
            os.dup2(ours.fileno(), 2)
