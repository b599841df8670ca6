"""The response cache: contents, eviction, and coalescing of concurrent requests."""

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest

from service.api.kept_answers import KeptAnswers
from service.errors import Busy
from tests.api.test_admission import wait_for


def never() -> str:
    raise AssertionError("it was made again")


class Held:
    """Makes a response once it is released."""

    def __init__(self) -> None:
        self.begun, self.end = Event(), Event()

    def make(self) -> str:
        self.begun.set()
        assert self.end.wait(30)
        return "answer"

    def fail(self) -> str:
        raise ValueError(f"no luck with the {self.make()}")


class Askers:
    """Threads that each request one response and record the result."""

    def __init__(self) -> None:
        self.got = list[bytes | Exception]()
        self._threads: list[Thread] = []

    def ask(self, answers: KeptAnswers, make: Callable[[], str]) -> None:
        def ask() -> None:
            try:
                self.got.append(answers.get_or_make("a", make))
            except Exception as error:
                self.got.append(error)

        self._threads.append(Thread(target=ask))
        self._threads[-1].start()

    def gone(self) -> list[bytes | Exception]:
        for thread in self._threads:
            thread.join(30)
        return self.got


def test_response_is_made_once_and_cached_in_utf_8() -> None:
    answers = KeptAnswers(2, 100, 1)
    assert answers.get("a") is None
    assert answers.get_or_make("a", lambda: "é") == "é".encode()
    assert answers.get_or_make("a", never) == answers.get("a") == "é".encode()


def test_least_recently_used_is_evicted_first() -> None:
    answers = KeptAnswers(2, 100, 1)
    for key in "ab":
        answers.get_or_make(key, lambda: "answer")
    answers.get_or_make("a", never)
    answers.get_or_make("c", lambda: "answer")
    assert [key for key in "abc" if answers.get(key)] == ["a", "c"]


def test_enough_responses_are_evicted_to_free_the_bytes() -> None:
    answers = KeptAnswers(10, 10, 1)
    for key in "abc":
        answers.get_or_make(key, lambda: "xyz")
    answers.get_or_make("d", lambda: "éé1")  # five bytes
    assert [key for key in "abcd" if answers.get(key)] == ["c", "d"]


def test_oversized_response_is_returned_and_evicts_nothing() -> None:
    answers = KeptAnswers(10, 10, 1)
    answers.get_or_make("a", lambda: "small")
    assert answers.get_or_make("b", lambda: "x" * 11) == b"x" * 11
    assert (answers.get("a"), answers.get("b")) == (b"small", None)


@pytest.mark.parametrize(("most", "most_bytes"), [(0, 100), (100, 0)])
def test_zero_disables_the_cache(most: int, most_bytes: int) -> None:
    answers = KeptAnswers(most, most_bytes, 1)
    assert answers.get_or_make("a", lambda: "answer") == b"answer"
    assert answers.get("a") is None


@pytest.mark.parametrize("most", [0, 10])
def test_concurrent_identical_requests_are_coalesced(most: int) -> None:
    answers, askers, held = KeptAnswers(most, 100, 30), Askers(), Held()
    askers.ask(answers, held.make)
    assert held.begun.wait(30)
    for _ in range(9):
        askers.ask(answers, never)
    time.sleep(0.1)
    held.end.set()
    assert askers.gone() == [b"answer"] * 10


def test_waiters_for_a_failed_response_retry_themselves() -> None:
    answers, askers, held = KeptAnswers(10, 100, 30), Askers(), Held()
    askers.ask(answers, held.fail)
    assert held.begun.wait(30)
    askers.ask(answers, lambda: "answer")
    time.sleep(0.1)
    held.end.set()
    failed, made = sorted(askers.gone(), key=lambda one: isinstance(one, bytes))
    assert (type(failed), made) == (ValueError, b"answer")


def test_waiting_too_long_for_another_request_is_busy() -> None:
    answers, askers, held = KeptAnswers(10, 100, 0.05), Askers(), Held()
    askers.ask(answers, held.make)
    assert held.begun.wait(30)
    askers.ask(answers, never)
    wait_for(lambda: bool(askers.got))
    (busy,) = askers.got
    assert isinstance(busy, Busy)
    assert "waited 0.05 seconds" in str(busy)
    held.end.set()
    assert askers.gone()[1] == b"answer"
