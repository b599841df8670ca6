"""SIGHUP, which reloads the key file: whatever is wrong with it, the running workers stay."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree
from threading import Event

import pytest

from service.parsing.packs import embedded_folder
from service.server.callers import new_key
from tests.attacks.raw import ask
from tests.attacks.server import Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    """A file with one key, and the key."""
    secret, key = new_key("newsdesk")
    file = tmp_path / "keys"
    file.write_text(key.line + "\n")
    return file, secret


def status(server: Server, secret: str) -> int:
    headers = {"Content-Type": "text/plain", "Authorization": f"Bearer {secret}"}
    return ask(server.port, "POST", "/quotes", f"No comment {time.monotonic()}.".encode(), headers).status


def reloads(server: Server, outcome: str) -> float:
    lines = ask(server.port, "GET", "/metrics").body.decode().splitlines()
    prefix = f'pullquote_reloads_total{{outcome="{outcome}"}} '
    return sum(float(line.removeprefix(prefix)) for line in lines if line.startswith(prefix))


def refusals(server: Server) -> list[str]:
    event_name = "The reload failed. The running workers are kept."
    return [event["reason"] for event in server.events() if event["event"] == event_name]


MISTAKES = ["newsdesk pq_secret\n", "", "a\n", f"a {'0' * 64}\na {'1' * 64}\n", b"\xff\xfe", None]


def test_invalid_key_file_is_logged_and_the_old_keys_stay_valid(
    server_with: Callable[..., Server], keys: tuple[Path, str]
) -> None:
    file, secret = keys
    server = server_with(PULLQUOTE_KEYS_FILE=str(file), PULLQUOTE_METRICS_OPEN="yes")
    workers = server.workers()
    for number, mistake in enumerate(MISTAKES, start=1):
        if mistake is None:
            file.unlink()
        else:
            file.write_bytes(mistake if isinstance(mistake, bytes) else mistake.encode())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda number=number: reloads(server, "refused") == number)  # type: ignore[misc]
        assert (server.process.poll(), server.workers(), status(server, secret)) == (None, workers, 200)
    assert len(refusals(server)) == len(MISTAKES)
    assert "pq_secret" not in server.log_file.read_text()


def test_dead_worker_is_replaced_despite_an_invalid_key_file(
    server_with: Callable[..., Server], keys: tuple[Path, str]
) -> None:
    file, secret = keys
    server = server_with(PULLQUOTE_KEYS_FILE=str(file))
    file.write_text("a mistake\n")
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.workers() not in ([worker], []))
    assert status(server, secret) == 200


def test_key_file_can_be_corrected_without_losing_requests(
    server_with: Callable[..., Server], keys: tuple[Path, str]
) -> None:
    file, secret = keys
    server = server_with(PULLQUOTE_KEYS_FILE=str(file), PULLQUOTE_METRICS_OPEN="yes", PULLQUOTE_WORKERS="2")
    new_secret, key = new_key("other")
    over = Event()

    def ask_all_the_time() -> set[int]:
        seen = set()
        while not over.is_set():
            seen.add(status(server, secret))
        return seen

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(ask_all_the_time)
        both = file.read_text() + key.line + "\n"
        for text in ("a mistake\n", both, "a mistake\n", both):
            file.write_text(text)
            before = reloads(server, "done") + reloads(server, "refused")
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda before=before: reloads(server, "done") + reloads(server, "refused") > before)  # type: ignore[misc]
        over.set()
        assert seen.result() == {200}
    wait_until(lambda: len(server.workers()) == 2)
    assert (reloads(server, "done"), reloads(server, "refused")) == (2, 2)
    assert status(server, new_secret) == 200


def test_repeated_signals_leave_the_right_number_of_workers(
    server_with: Callable[..., Server], keys: tuple[Path, str]
) -> None:
    file, secret = keys
    server = server_with(PULLQUOTE_KEYS_FILE=str(file), PULLQUOTE_METRICS_OPEN="yes", PULLQUOTE_WORKERS="2")
    first = server.workers()
    for _ in range(5):
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
    wait_until(lambda: reloads(server, "done") >= 1)
    wait_until(lambda: len(server.workers()) == 2 and not set(first) & set(server.workers()))
    assert status(server, secret) == 200


def test_workers_ignore_signals_for_the_master(server_with: Callable[..., Server]) -> None:
    server = server_with()
    (worker,) = server.workers()
    for number in (signal.SIGHUP, signal.SIGUSR2):
        os.kill(worker, number)
    time.sleep(1)
    assert (server.workers(), server.health()[0]) == ([worker], 200)


@pytest.mark.model
def test_model_damaged_at_run_time_stops_no_worker(server_with: Callable[..., Server], tmp_path: Path) -> None:
    pack = copytree(embedded_folder(), tmp_path / "pack")
    server = server_with(model=True, PULLQUOTE_MODEL=str(pack), PULLQUOTE_WORKERS="2", PULLQUOTE_PRELOAD="no")
    wait_until(lambda: server.metric("pullquote_workers_ready") == 2)
    largest = max(pack.iterdir(), key=lambda file: file.stat().st_size)
    with largest.open("r+b") as file:
        file.seek(1000)
        file.write(b"\0damaged\0")
    workers = server.workers()
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: reloads(server, "refused") == 1)
    assert f"{largest.name} does not match its manifest" in refusals(server)[0]
    assert server.workers() == workers
    os.kill(workers[0], signal.SIGKILL)
    wait_until(
        lambda: any(
            event["event"].startswith("A worker could not start. It will be started") for event in server.events()
        )
    )
    assert (server.process.poll(), server.health()[0]) == (None, 200)
    assert ask(server.port, "POST", "/quotes", b"No comment.", {"Content-Type": "text/plain"}).status == 200
