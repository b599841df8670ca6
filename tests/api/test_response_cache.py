"""The response cache: contents, eviction, and coalescing of concurrent requests."""

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest

from service.api.response_cache import ResponseCache
from service.errors import Busy
from tests.api.test_admission import wait_for


def never() -> str:
    raise AssertionError("it was made again")


class Held:
    """Computes a response once it is released."""

    def __init__(self) -> None:
        self.begun, self.end = Event(), Event()

    def compute(self) -> str:
        self.begun.set()
        assert self.end.wait(30)
        return "answer"

    def fail(self) -> str:
        raise ValueError(f"no luck with the {self.compute()}")


class Askers:
    """Threads that each request one response and record the result."""

    def __init__(self) -> None:
        self.got = list[bytes | Exception]()
        self._threads: list[Thread] = []

    def ask(self, responses: ResponseCache, compute: Callable[[], str]) -> None:
        def ask() -> None:
            try:
                self.got.append(responses.get_or_compute("a", compute))
            except Exception as error:
                self.got.append(error)

        self._threads.append(Thread(target=ask))
        self._threads[-1].start()

    def gone(self) -> list[bytes | Exception]:
        for thread in self._threads:
            thread.join(30)
        return self.got


def test_response_is_made_once_and_cached_in_utf_8() -> None:
    responses = ResponseCache(2, 100, 1)
    assert responses.get("a") is None
    assert responses.get_or_compute("a", lambda: "é") == "é".encode()
    assert responses.get_or_compute("a", never) == responses.get("a") == "é".encode()


def test_least_recently_used_is_evicted_first() -> None:
    responses = ResponseCache(2, 100, 1)
    for key in "ab":
        responses.get_or_compute(key, lambda: "answer")
    responses.get_or_compute("a", never)
    responses.get_or_compute("c", lambda: "answer")
    assert [key for key in "abc" if responses.get(key)] == ["a", "c"]


def test_enough_responses_are_evicted_to_free_the_bytes() -> None:
    responses = ResponseCache(10, 10, 1)
    for key in "abc":
        responses.get_or_compute(key, lambda: "xyz")
    responses.get_or_compute("d", lambda: "éé1")  # five bytes
    assert [key for key in "abcd" if responses.get(key)] == ["c", "d"]


def test_oversized_response_is_returned_and_evicts_nothing() -> None:
    responses = ResponseCache(10, 10, 1)
    responses.get_or_compute("a", lambda: "small")
    assert responses.get_or_compute("b", lambda: "x" * 11) == b"x" * 11
    assert (responses.get("a"), responses.get("b")) == (b"small", None)


@pytest.mark.parametrize(("max_entries", "max_bytes"), [(0, 100), (100, 0)])
def test_zero_disables_the_cache(max_entries: int, max_bytes: int) -> None:
    responses = ResponseCache(max_entries, max_bytes, 1)
    assert responses.get_or_compute("a", lambda: "answer") == b"answer"
    assert responses.get("a") is None


@pytest.mark.parametrize("max_entries", [0, 10])
def test_concurrent_identical_requests_are_coalesced(max_entries: int) -> None:
    responses, askers, held = ResponseCache(max_entries, 100, 30), Askers(), Held()
    askers.ask(responses, held.compute)
    assert held.begun.wait(30)
    for _ in range(9):
        askers.ask(responses, never)
    time.sleep(0.1)
    held.end.set()
    assert askers.gone() == [b"answer"] * 10


def test_waiters_for_a_failed_response_retry_themselves() -> None:
    responses, askers, held = ResponseCache(10, 100, 30), Askers(), Held()
    askers.ask(responses, held.fail)
    assert held.begun.wait(30)
    askers.ask(responses, lambda: "answer")
    time.sleep(0.1)
    held.end.set()
    failed, made = sorted(askers.gone(), key=lambda one: isinstance(one, bytes))
    assert (type(failed), made) == (ValueError, b"answer")


def test_waiting_too_long_for_another_request_is_busy() -> None:
    responses, askers, held = ResponseCache(10, 100, 0.05), Askers(), Held()
    askers.ask(responses, held.compute)
    assert held.begun.wait(30)
    askers.ask(responses, never)
    wait_for(lambda: bool(askers.got))
    (busy,) = askers.got
    assert isinstance(busy, Busy)
    assert "waited 0.05 seconds" in str(busy)
    held.end.set()
    assert askers.gone()[1] == b"answer"
