"""Short versions of the load test, the speed test over HTTP and the soak test, with the embedded model, as in CI."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import load, soak, speed, speed_http
from benchmarks.serving import Served, served


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    """A service with one worker and a short queue."""
    with served(PULLQUOTE_CACHE_ANSWERS="0", PULLQUOTE_WORKERS="1", PULLQUOTE_MAX_WAITING="1") as service:
        yield service


@pytest.mark.model
def test_busy_service_responds_correctly_or_rejects(service: Served) -> None:
    # Ten times the capacity is more than a short queue holds, even if other load lowered the measured capacity.
    capacity, levels = asyncio.run(load.measured(service.address, 1, 1, (1.0, 10.0)))
    once, ten = levels
    assert [level.faults for level in levels] == [[], []]
    assert capacity > 0
    assert once.right
    assert ten.right
    assert ten.refused
    assert len(ten.right) + len(ten.refused) == ten.sent
    assert ten.health
    assert "| 10 × " in load.page(capacity, levels, "1 core with 1 worker", 1)


@pytest.mark.model
def test_clients_send_requests_until_the_time_is_over(service: Served) -> None:
    texts = [text for text in speed.articles(Path("nowhere"), 1000) if len(text) < 3000][:2]
    seconds, answered = asyncio.run(speed_http.run_clients(service.address, texts, 2, 2))
    assert seconds >= 2
    assert len(answered) >= 2
    assert all(took > 0 and words > 0 for took, words in answered)
    assert "| 2       |" in speed_http.page({2: (seconds, answered)})


@pytest.mark.model
def test_killed_worker_loses_only_its_own_requests() -> None:
    with served(PULLQUOTE_WORKERS="2") as service:
        before = {worker.pid for worker in service.workers()}
        # Of 40 texts, two in the last quarter, after the kill, are pages, so that a page process is there at the end.
        result = asyncio.run(soak.soaked(service, soak.Soaked(40, clients=4)))
        after = {worker.pid for worker in service.workers()}
    assert soak.faults(result) == []
    assert result.read >= 40
    assert result.same == len(result.first) > 10
    assert result.killed_at is not None
    assert len(before & after) == 1
    assert result.memory[-1].largest > 0
    assert result.memory[-1].pages > 0
    assert f"{result.read} different texts" in soak.page(result)


def level(multiple: float, right: int, *faults: str) -> load.Level:
    return load.Level(multiple, right, [0.1] * right, [0.01], [], list(faults), [0.005] * 10, 10.0)


def test_lower_goodput_under_overload_is_reported() -> None:
    assert load.faults([level(1.0, 100), level(10.0, 90)]) == []
    (fault,) = load.faults([level(1.0, 100), level(10.0, 89)])
    assert fault.startswith("At 10 times the capacity, 8.90 articles/s succeed, at 1 times 10.00")


def test_wrong_responses_and_slow_health_are_reported() -> None:
    slow = level(10.0, 100, "500: oops")
    slow.health = [0.005] * 90 + [0.3] * 10
    assert load.faults([level(1.0, 100), slow]) == [
        "At 10 times: 500: oops",
        "At 10 times, /healthz took 300 ms; the limit is 100.",
    ]


def test_growing_memory_is_reported() -> None:
    def sample(read: int, largest: float) -> soak.Sample:
        return soak.Sample(read, largest, 2 * largest, 100.0)

    result = soak.Soaked(100, memory=[sample(12, 400.0), sample(50, 900.0), sample(97, 440.0)])
    assert soak.growth(result) == []
    result.memory[-1] = sample(97, 441.0)
    assert soak.growth(result) == ["A worker's memory grew from 400 to 441 MB: more than 10%."]
    result.memory[0] = result.memory[-1] = sample(97, 501.0)
    assert "A worker has 501 MB at the end; the limit is 500." in soak.growth(result)


def test_request_lost_before_the_kill_is_reported() -> None:
    result = soak.Soaked(100, killed_at=50.0, lost=[("a page: gone", 49.0, 51.0)])
    assert soak.faults(result) == []
    result.lost.append(("a page: gone", 51.0, 52.0))
    assert soak.faults(result) == ["Lost, and no worker was killed: a page: gone"]
