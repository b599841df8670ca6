"""The schedule of blocks on machines that come, go and fail, without any machine: a test plays the engine."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

from service.archive.archive_blocks import Block
from service.archive.block_processing import Outcome
from service.archive.folder import Done, Failed
from service.archive.schedule import TRIES, Slot, scheduled
from service.files.inputs import Input

FILE = Input("/in/a.txt", "text", "a.txt")


def blocks(number: int) -> list[Block]:
    return [Block(at, (FILE,), 1) for at in range(number)]


def done(block: Block) -> Outcome:
    return Outcome(done=Done(block.number, 1, 0, 0, 0))


class Machines:
    """Hosts with two processes each. `behaviour` is called with the host, the block and the time in steps."""

    patience = 0.0

    def __init__(
        self, hosts: Sequence[str], behaviour: Callable[[str, Block, int], Outcome | None], **events: object
    ) -> None:
        self.hosts = list(hosts)
        self.behaviour = behaviour
        self.busy: dict[Slot, Block] = {}
        self.aside: dict[str, str] = {}
        self.notes: list[str] = []
        self.tries: Counter[tuple[str, int]] = Counter()
        self.at_step: dict[int, Callable[[], None]] = {}
        self.steps = count()

    def slots(self) -> Sequence[Slot]:
        return [Slot(host, number) for host in self.hosts if host not in self.aside for number in range(2)]

    def submit(self, slot: Slot, block: Block) -> None:
        assert slot not in self.busy
        self.busy[slot] = block
        self.tries[slot.host, block.number] += 1

    def outcomes(self, seconds: float) -> Sequence[tuple[Slot, Outcome | None]]:
        step = next(self.steps)
        self.at_step.pop(step, lambda: None)()
        found = []
        for slot, block in list(self.busy.items()):
            found.append((slot, self.behaviour(slot.host, block, step) if slot.host in self.hosts else None))
            del self.busy[slot]
        return found

    def set_aside(self, host: str, reason: str) -> None:
        self.aside[host] = reason

    def note(self, text: str) -> None:
        self.notes.append(text)


def outcome_of(machines: Machines, number: int) -> tuple[set[int], list[Failed]]:
    found = list(scheduled(blocks(number), machines))
    assert sorted(one.block for one in found) == list(range(number))
    return {one.block for one in found if isinstance(one, Done)}, [one for one in found if isinstance(one, Failed)]


def test_failed_machine_check_does_not_count_as_a_try() -> None:
    def behaviour(host: str, block: Block, _: int) -> Outcome:
        return Outcome(machine="/in is not mounted") if host == "b" else done(block)

    machines = Machines("abc", behaviour)
    assert outcome_of(machines, 20) == (set(range(20)), [])
    assert machines.aside == {"b": "/in is not mounted"}


def test_block_is_retried_on_other_hosts_before_it_fails() -> None:
    def behaviour(host: str, block: Block, _: int) -> Outcome:
        return Outcome(failed="disk") if block.number == 3 else done(block)

    machines = Machines("abc", behaviour)
    whole, failed = outcome_of(machines, 8)
    assert whole == set(range(8)) - {3}
    assert sorted(failed[0].reasons) == ["a: disk", "b: disk", "c: disk"]
    assert {host for host, number in machines.tries if number == 3} == set("abc")
    assert len(machines.notes) == TRIES


def test_single_host_gets_every_try() -> None:
    machines = Machines("a", lambda host, block, step: Outcome(failed="disk") if step < 2 else done(block))
    assert outcome_of(machines, 2) == ({0, 1}, [])
    assert machines.tries["a", 0] == 3


def test_host_on_which_blocks_fail_in_a_row_is_set_aside() -> None:
    machines = Machines("ab", lambda host, block, _: Outcome(failed="slow disk") if host == "b" else done(block))
    whole, failed = outcome_of(machines, 30)
    assert whole == set(range(30))
    assert not failed
    assert "slow disk" in machines.aside["b"]


def test_lost_host_does_not_count_as_a_try() -> None:
    machines = Machines("ab", lambda host, block, _: done(block))
    machines.at_step[0] = lambda: machines.hosts.remove("b")
    machines.at_step[3] = lambda: machines.hosts.append("d")
    assert outcome_of(machines, 30) == (set(range(30)), [])
    assert any(host == "d" for host, _ in machines.tries)


def test_block_that_loses_every_process_fails_in_the_end() -> None:
    machines = Machines("ab", lambda host, block, _: None if block.number == 1 else done(block))
    whole, (failed,) = outcome_of(machines, 4)
    assert whole == {0, 2, 3}
    assert len(failed.reasons) == TRIES
    assert all(reason.endswith("its process was lost") for reason in failed.reasons)


def test_without_any_machine_the_rest_fails_with_the_last_reason() -> None:
    machines = Machines("a", lambda host, block, step: done(block) if step == 0 else Outcome(machine="no space left"))
    whole, failed = outcome_of(machines, 6)
    assert whole == {0, 1}
    assert {one.reasons for one in failed} == {("a: no space left",)}


def test_no_machine_at_all_fails_every_block() -> None:
    _, failed = outcome_of(Machines("", lambda host, block, _: done(block)), 2)
    assert {one.reasons for one in failed} == {("no machine was available to process it",)}
