"""Fixtures of the attacks: a server with given settings, and a shared default server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.server import Server, serving


@pytest.fixture
def server_with(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with the given settings (see `serving`); they are stopped after the test."""
    numbers = count()
    with ExitStack() as running:

        def start(**arguments: Any) -> Server:
            return running.enter_context(serving(tmp_path / f"log-{next(numbers)}", **arguments))

        yield start


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with default settings and one worker, shared by the tests of a file."""
    with serving(tmp_path_factory.mktemp("server") / "log") as started:
        yield started
