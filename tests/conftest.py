"""Fixtures for all tests."""

import gc
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.settings import Settings
from tests.doubles import KeptParser, need_no_torch
from tests.kinds import kinds_of

# No deadlines on a shared two-core machine. In CI the examples are the same every time.
settings.register_profile("pullquote", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("pullquote")

ROOT = Path(__file__).resolve().parent.parent
LONG = ("ray", "spark", "browser", "growth", "training")  # kinds of files that take a minute or more


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip importing files whose tests `-m` deselects: torch, Ray and Schemathesis are slow to import."""
    if not collection_path.is_relative_to(ROOT / "tests"):
        return None
    folder = "/" if collection_path.is_dir() else ""  # whose conftest.py is imported before its files are looked at
    kinds = kinds_of(collection_path.relative_to(ROOT / "tests").as_posix() + folder)
    return True if any(_leaves_out(config, kind) for kind in kinds) else None


def _leaves_out(config: pytest.Config, kind: str) -> bool:
    return f"not {kind}" in str(config.option.markexpr).split(" and ")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Add the markers that depend on a test's path, and move the longest files to the front.

    With two processes, a long file at the end leaves one of them idle.
    """
    for item in items:
        for kind in kinds_of(item.path.relative_to(ROOT / "tests").as_posix()):
            item.add_marker(kind)
    items.sort(key=lambda item: not any(item.get_closest_marker(kind) for kind in LONG))


def pytest_sessionstart() -> None:
    """Disable garbage collection while tests are collected: it would take a fifth of the time."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Enable it again, without the tests themselves. If no tests of the model are run, applications need no torch."""
    gc.freeze()
    gc.enable()
    if _leaves_out(session.config, "model"):
        need_no_torch()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribute files to processes without counting all tests again after each one."""
    from tests.scheduling import FileScheduling

    return FileScheduling(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with `treebanks/` and `corpora/`, which are not in the repository: PULLQUOTE_CORPORA, or ../shared."""
    folder = Path(os.environ.get("PULLQUOTE_CORPORA") or ROOT.parent / "shared")
    if not (folder / "treebanks").is_dir():
        pytest.skip(f"no treebanks in {folder}; PULLQUOTE_CORPORA names the folder that holds treebanks/ and corpora/")
    return folder


@pytest.fixture(scope="session")
def embedded_parser() -> Parser:
    """The parser with the embedded model, loaded once. Tests that use it are marked `model`.

    It computes in float32, the reference arithmetic, to differ as little as possible between processors.
    """
    return load_parser(Settings(arithmetic="float32"))


@pytest.fixture(scope="session")
def kept_parser(embedded_parser: Parser) -> Parser:
    """The same with a cache, for tests that parse the same articles."""
    return KeptParser(embedded_parser)


def numbers(message: str) -> list[int]:
    """Return the numbers in a message, in order: the actual value and the limit."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", message)]
