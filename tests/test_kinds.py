"""Slow tests have the marker of their kind, so that `make test-fast` skips them."""

import pytest

from tests.conftest import ROOT
from tests.kinds import KINDS, kinds_of


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("attacks/test_http.py", ["server"]),
        ("archive/test_archive.py", ["server"]),
        ("archive/test_cluster.py", ["ray"]),
        ("archive/test_spark.py", ["spark"]),
        ("fuzzing/test_fuzzing.py", ["fuzz"]),
        ("training/test_run.py", ["training"]),
        ("parsing/test_embedded.py", ["model"]),
        ("schemas/test_span.py", []),
    ],
)
def test_kind_follows_from_the_path(path: str, kinds: list[str]) -> None:
    assert kinds_of(path) == kinds


def test_paths_exist_and_kinds_are_declared(request: pytest.FixtureRequest) -> None:
    assert [place for places in KINDS.values() for place in places if not (ROOT / "tests" / place).exists()] == []
    declared = {line.partition(":")[0] for line in request.config.getini("markers")}
    assert set(KINDS) <= declared


def test_tests_are_marked_by_path(request: pytest.FixtureRequest) -> None:
    marked = {item.path.parent.name for item in request.session.items if item.get_closest_marker("training")}
    assert marked <= {"training"}
