"""Process blocks with Ray Data, on this machine's cores or on a cluster."""

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

from service.archive.archive_blocks import Block
from service.archive.block_processing import BlockProcessor, Order
from service.archive.folder import Done
from service.errors import ModelError, OutputError, SettingsError

# Usage reports can be disabled only by environment variables, before Ray is imported.
_RAY: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
_TRIES: Final = 3  # tries per block; Ray itself moves the blocks of a lost machine
_MEMORY: Final = 100_000_000  # bytes for what passes between processes: block names and counts


def answered(
    blocks: Sequence[Block], order: Order, jobs: int | None, cluster: str | None
) -> Generator[Done, None, None]:
    """Yield what was written of `blocks`, in order of completion. Failed blocks are retried after all others.

    Raises `SettingsError` if the cluster cannot be reached, `ModelError`, or `OutputError`, also if a block fails every
    time.
    """
    with _ray(jobs, cluster) as processes:
        reasons = dict.fromkeys((block.number for block in blocks), "its process died")
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
        failed = f"{len(reasons)} of {len(blocks)} blocks failed {_TRIES} times"
        raise OutputError(f"{failed} (block {number}: {reason}). Run the same command again to retry them.")


def _round(blocks: Sequence[Block], order: Order, processes: int) -> Iterator[dict[str, Any]]:
    """Yield the outcome of each block."""
    import ray

    waiting = ray.data.from_items([{"block": pickle.dumps(block)} for block in blocks], override_num_blocks=len(blocks))
    answers = waiting.map_batches(
        BlockProcessor,
        fn_constructor_args=[order],
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(size=min(processes, len(blocks)), max_tasks_in_flight_per_actor=2),
    )
    for batch in answers.iter_batches(batch_size=None, prefetch_batches=0, batch_format="pyarrow"):
        yield from map(json.loads, batch.column("outcome").to_pylist())


@contextmanager
def _ray(jobs: int | None, cluster: str | None) -> Iterator[int]:
    """Start Ray, or connect to `cluster`. Yields the maximum number of concurrent processes.

    Raises `SettingsError` if the cluster cannot be reached.
    """
    os.environ.update(_RAY)
    if cluster is None:  # a secret token, so that no one else on this machine can connect
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
                reason = f"Cannot reach a Ray cluster at {cluster} ({error}). If it needs a token, set"
                raise SettingsError(f"{reason} RAY_AUTH_MODE and RAY_AUTH_TOKEN.") from None
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # job schedulers send SIGTERM
            for name in ("ray", "ray.data"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
            context = DataContext.get_current()
            context.enable_progress_bars = False
            context.print_on_execution_start = False
            context.max_errored_blocks = -1  # failed blocks are retried
            yield jobs or int(ray.cluster_resources()["CPU"])
        finally:
            ray.shutdown()


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what Ray prints on standard output and error; `sys.stderr` still works here."""
    with open(os.devnull, "w") as nowhere, open(os.dup(2), "w", buffering=1) as ours:
        os.dup2(nowhere.fileno(), 2)
        try:
            with redirect_stdout(nowhere), redirect_stderr(ours):
                yield
        finally:
            os.dup2(ours.fileno(), 2)
