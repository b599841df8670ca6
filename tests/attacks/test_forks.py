"""Workers forked from a master with a loaded model: none of them hangs, however many there are."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree
from threading import Event

import pytest

from benchmarks.varied_texts import varied_text
from service.parsing.packs import MANIFEST, embedded_folder
from service.server.resources import cores
from tests.attacks.raw import ask
from tests.attacks.server import Server, serving
from tests.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model]
TEXT = {"Content-Type": "text/plain"}
WORKERS = str(cores())  # one thread each, so that the model is loaded before the fork
KILLS = 6


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the model pack."""
    return copytree(embedded_folder(), tmp_path_factory.mktemp("model") / "pack")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, pack: Path) -> Iterator[Server]:
    """A server that has loaded the model of `pack` before the fork, shared by the tests of this file."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(
        log, model=True, PULLQUOTE_MODEL=str(pack), PULLQUOTE_WORKERS=WORKERS, PULLQUOTE_WAIT_SECONDS="240"
    ) as started:
        yield started


def post(server: Server, number: int) -> int:
    return ask(server.port, "POST", "/quotes", varied_text(number, characters=600).encode(), TEXT).status


def private_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000


def reload(server: Server) -> None:
    before = server.metric("pullquote_reloads_total")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: server.metric("pullquote_reloads_total") == before + 1)


def test_master_forks_with_one_thread_and_shares_the_model(server: Server, server_with: Callable[..., Server]) -> None:
    assert len(os.listdir(f"/proc/{server.process.pid}/task")) == 1
    wait_until(lambda: server.metric("pullquote_workers_ready") == cores())
    assert post(server, 1) == 200
    apart = server_with(model=True, PULLQUOTE_WORKERS=WORKERS, PULLQUOTE_PRELOAD="no")
    wait_until(lambda: apart.metric("pullquote_workers_ready") == cores())
    assert post(apart, 1) == 200
    for shared, alone in zip(server.workers(), apart.workers(), strict=True):
        assert private_megabytes(shared) < private_megabytes(alone) / 2


def test_repeatedly_killed_workers_are_replaced(server: Server) -> None:
    over = Event()

    def ask_all_the_time(client: int) -> set[int]:
        seen = set()
        while not over.is_set():
            try:
                seen.add(post(server, time.monotonic_ns() + client))
            except OSError:  # the worker has just been killed
                seen.add(0)
        return seen

    with ThreadPoolExecutor(2) as pool:
        seen = [pool.submit(ask_all_the_time, client) for client in range(2)]
        for number in range(KILLS):
            workers = server.workers()
            os.kill(workers[number % len(workers)], signal.SIGKILL)
            wait_until(lambda workers=workers: len(set(server.workers()) - set(workers)) == 1)  # type: ignore[misc]
            assert post(server, number) in {200, 0}
        reload(server)
        over.set()
        assert set().union(*(one.result(PATIENCE) for one in seen)) <= {200, 0, 503}
    wait_until(lambda: server.metric("pullquote_workers_ready") == cores())
    for number in range(2 * cores()):
        assert post(server, number) == 200


def test_loaded_model_does_not_depend_on_its_files(server: Server, pack: Path) -> None:
    (pack / MANIFEST).write_text("damaged")
    workers = server.workers()
    os.kill(workers[0], signal.SIGKILL)
    wait_until(lambda: len(server.workers()) == cores() and workers[0] not in server.workers())
    wait_until(lambda: server.metric("pullquote_workers_ready") == cores())
    reload(server)
    assert post(server, 1) == 200
