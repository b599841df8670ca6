"""Whose turn it is: one at a time, in the order of coming, and a batch no more often than anybody else."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Thread

import pytest

from service.api.admission import MOST_RECEIVED, Turns
from service.errors import Busy


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError


class Callers:
    """Threads that each wait for a turn and write their name down when they have it."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.order = turns, list[str]()
        self._threads: list[Thread] = []

    def come(self, name: str, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Have one more wait, and return when it does."""
        already = len(self.turns._line._waiting)

        def take() -> None:
            with turn():
                self.order.append(name)

        self._threads.append(Thread(target=take))
        self._threads[-1].start()
        wait_for(lambda: len(self.turns._line._waiting) > already)

    def gone(self) -> None:
        for thread in self._threads:
            thread.join(30)


def test_turns_go_to_who_has_waited_longest() -> None:
    turns = Turns(8, 30, 1, 30)
    callers = Callers(turns)
    with turns.turn():
        for name in "abcde":
            callers.come(name, turns.turn)
        assert callers.order == []
    callers.gone()
    assert callers.order == list("abcde")


def test_a_batch_goes_to_the_end_of_the_line_after_each_article() -> None:
    turns = Turns(8, 30, 1, 30)
    callers = Callers(turns)
    with turns.batch():
        with turns.turn_in_place():
            callers.come("a request that came meanwhile", turns.turn)
        with turns.turn_in_place():  # at once after the first: a plain lock would let it in again before the request
            callers.order.append("the batch's second article")
    callers.gone()
    assert callers.order == ["a request that came meanwhile", "the batch's second article"]


def test_who_has_waited_the_seconds_is_busy_and_loses_the_place() -> None:
    turns = Turns(8, 0.05, 1, 0.05)
    with turns.turn():
        for turn in (turns.turn, turns.turn_in_place):
            with pytest.raises(Busy, match=r"has waited 0\.05 seconds"), turn():
                pass
        assert not turns._line._waiting
    with turns.turn():
        pass


def test_batches_are_counted_apart_from_requests() -> None:
    turns = Turns(0, 1, 2, 1)
    with ExitStack() as batches:
        for _ in range(2):
            batches.enter_context(turns.batch())
        with pytest.raises(Busy, match="2 batches are being answered"), turns.batch():
            pass
        with turns.turn():
            pass
    with turns.batch():
        pass


def test_many_threads_never_share_a_turn_and_none_is_lost() -> None:
    turns = Turns(64, 30, 1, 30)
    inside, most, taken = 0, 0, 0

    def take_often() -> None:
        nonlocal inside, most, taken
        for _ in range(50):
            with turns.turn_in_place():
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                taken += 1
                inside -= 1

    threads = [Thread(target=take_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (most, taken) == (1, 400)


def test_waits_that_end_as_the_turn_comes_lose_no_turn() -> None:
    turns = Turns(64, 0.0005, 1, 0.0005)  # most waits end about when the turn comes
    taken = refused = 0

    def take_often() -> None:
        nonlocal taken, refused
        for _ in range(200):
            try:
                with turns.turn_in_place():
                    time.sleep(0.0003)
                    taken += 1
            except Busy:
                refused += 1

    threads = [Thread(target=take_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert taken
    assert taken + refused == 800
    with turns.turn():  # the line is free: nobody left with the turn
        pass


def test_a_refusal_says_when_those_who_wait_now_have_probably_had_their_turns() -> None:
    turns = Turns(1, 30, 1, 30)
    callers = Callers(turns)
    for _ in range(40):
        with turns.turn():
            pass
    with turns.turn():
        callers.come("somebody", turns.turn)
        with pytest.raises(Busy) as quick, turns.place():
            pass
        turns._mean = 4.0  # seconds
        with pytest.raises(Busy) as slow, turns.place():
            pass
        turns._mean = 400.0
        with pytest.raises(Busy) as slower, turns.place():
            pass
    callers.gone()
    assert [one.value.retry_after for one in (quick, slow, slower)] == [1, 8, 60]


def test_no_more_bodies_are_received_at_once_than_may_be() -> None:
    turns = Turns(1, 30, 1, 30)
    with ExitStack() as received:
        for _ in range(MOST_RECEIVED):
            received.enter_context(turns.receiving())
        with pytest.raises(Busy, match=f"{MOST_RECEIVED} requests are being received"), turns.receiving():
            pass
    with turns.receiving():
        pass
