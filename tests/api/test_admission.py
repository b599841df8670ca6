"""Admission control: one article at a time, in order of arrival; batches queue like single requests."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Thread

import pytest

from service.api.admission import MAX_UPLOADS, AdmissionQueue
from service.errors import Busy
from tests.waiting import PATIENCE, wait_until


class Callers:
    """Threads that each wait for the slot and record their name when they get it."""

    def __init__(self, admission: AdmissionQueue) -> None:
        self.admission, self.order = admission, list[str]()
        self._threads: list[Thread] = []

    def come(self, name: str, slot: Callable[[], AbstractContextManager[None]]) -> None:
        """Start a thread that waits for the slot, and return once it is waiting."""
        already = len(self.admission._slot._waiting)

        def take() -> None:
            with slot():
                self.order.append(name)

        self._threads.append(Thread(target=take))
        self._threads[-1].start()
        wait_until(lambda: len(self.admission._slot._waiting) > already)

    def gone(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)


def test_slot_goes_to_the_longest_waiting_request() -> None:
    admission = AdmissionQueue(8, PATIENCE, 1, PATIENCE)
    callers = Callers(admission)
    with admission.slot():
        for name in "abcde":
            callers.come(name, admission.slot)
        assert callers.order == []
    callers.gone()
    assert callers.order == list("abcde")


def test_batch_goes_to_the_end_of_the_queue_after_each_article() -> None:
    admission = AdmissionQueue(8, PATIENCE, 1, PATIENCE)
    callers = Callers(admission)
    with admission.batch():
        with admission.slot_in_queue():
            callers.come("a request that came meanwhile", admission.slot)
        with (
            admission.slot_in_queue()
        ):  # again at once: a plain lock would let this thread in before the waiting request
            callers.order.append("the batch's second article")
    callers.gone()
    assert callers.order == ["a request that came meanwhile", "the batch's second article"]


def test_request_that_waits_too_long_is_rejected_and_leaves_the_queue() -> None:
    admission = AdmissionQueue(8, 0.05, 1, 0.05)
    with admission.slot():
        for slot in (admission.slot, admission.slot_in_queue):
            with pytest.raises(Busy, match=r"waited 0\.05 seconds"), slot():
                pass
        assert not admission._slot._waiting
    with admission.slot():
        pass


def test_batches_are_counted_separately_from_requests() -> None:
    admission = AdmissionQueue(0, 1, 2, 1)
    with ExitStack() as batches:
        for _ in range(2):
            batches.enter_context(admission.batch())
        with pytest.raises(Busy, match=r"batches in progress \(limit: 2\)"), admission.batch():
            pass
        with admission.slot():
            pass
    with admission.batch():
        pass


def test_threads_never_share_the_slot_and_none_is_lost() -> None:
    admission = AdmissionQueue(64, PATIENCE, 1, PATIENCE)
    inside, most, taken = 0, 0, 0

    def take_often() -> None:
        nonlocal inside, most, taken
        for _ in range(50):
            with admission.slot_in_queue():
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                taken += 1
                inside -= 1

    threads = [Thread(target=take_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (most, taken) == (1, 400)


def test_timeout_at_the_moment_of_the_grant_loses_no_slot() -> None:
    admission = AdmissionQueue(64, 0.0005, 1, 0.0005)  # most waits end at about the time of the grant
    taken = refused = 0

    def take_often() -> None:
        nonlocal taken, refused
        for _ in range(200):
            try:
                with admission.slot_in_queue():
                    time.sleep(0.0003)
                    taken += 1
            except Busy:
                refused += 1

    threads = [Thread(target=take_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert taken
    assert taken + refused == 800
    with admission.slot():  # the queue is empty: the slot was released
        pass


def test_retry_after_estimates_the_time_to_empty_the_queue() -> None:
    admission = AdmissionQueue(1, PATIENCE, 1, PATIENCE)
    callers = Callers(admission)
    for _ in range(40):
        with admission.slot():
            pass
    with admission.slot():
        callers.come("somebody", admission.slot)
        with pytest.raises(Busy) as quick, admission.queue_position():
            pass
        admission._mean = 4.0  # seconds
        with pytest.raises(Busy) as slow, admission.queue_position():
            pass
        admission._mean = 400.0
        with pytest.raises(Busy) as slower, admission.queue_position():
            pass
    callers.gone()
    assert [one.value.retry_after for one in (quick, slow, slower)] == [1, 8, 60]


def test_concurrent_uploads_are_limited() -> None:
    admission = AdmissionQueue(1, PATIENCE, 1, PATIENCE)
    with ExitStack() as received:
        for _ in range(MAX_UPLOADS):
            received.enter_context(admission.upload())
        with pytest.raises(Busy, match=f"limit: {MAX_UPLOADS}"), admission.upload():
            pass
    with admission.upload():
        pass
