"""Fixtures of the archive's tests."""

from pathlib import Path

import pytest

from tests.commands.running import LOCKS, load_troubled


@pytest.fixture(scope="session")
def locks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the locks that all archives on a machine share.

    Each process of pytest has its own: an article that is tried alone would wait for one that another test holds, which
    waits for an article that waits for the first.
    """
    return tmp_path_factory.mktemp("locks")


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch, locks: Path) -> None:
    """Replace the model by a parser without one, which some articles crash. Its processes need not import torch."""
    monkeypatch.setenv(LOCKS, str(locks))
    monkeypatch.setattr("service.archive.article_rows.gettempdir", lambda: str(locks))
    monkeypatch.setenv("PULLQUOTE_ARITHMETIC", "float32")
    monkeypatch.setattr("service.archive.archive_run.load_parser", load_troubled)
