"""Fuzzing seeds and past findings keep the invariants; and a short run of each fuzzer."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.fuzzing.run import FOUND, TARGETS, Fuzzed, fuzz


def seeds_and_found(name: str) -> Iterator[bytes]:
    yield from import_module(f"tests.fuzzing.{name}").seeds()
    for path in sorted((FOUND / name).glob("[!.]*")):
        yield path.read_bytes()


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_past_findings_keep_the_promises(name: str) -> None:
    check: Callable[[bytes], None] = import_module(f"tests.fuzzing.{name}").check
    for data in seeds_and_found(name):
        check(data)


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed: it has no wheel for this machine")
class TestFuzzer:
    @pytest.mark.parametrize("name", TARGETS)
    def test_seconds_of_fuzzing_find_nothing(self, name: str, tmp_path: Path) -> None:
        result = fuzz(name, 4, tmp_path, tmp_path / "found")
        assert not result.broken, (result.summary, [path.read_bytes() for path in result.broken])
        # On a busy machine there may be no time for more than the seeds.
        assert result.runs >= len(set(import_module(f"tests.fuzzing.{name}").seeds())), result.summary

    def test_failing_input_is_stored(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = SimpleNamespace(seeds=lambda: iter([b"a"]), WORDS=("b",))
        monkeypatch.setattr("tests.fuzzing.run.import_module", lambda _: broken)
        result: Fuzzed = fuzz("broken", 120, tmp_path, tmp_path / "found")
        assert [path.read_bytes() for path in result.broken] == [b"b"], result.summary
