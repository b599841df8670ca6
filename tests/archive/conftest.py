"""Fixtures of the archive's tests."""

import pytest

from tests.commands.running import load_troubled


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the model by a parser without one, which some articles crash. Its processes need not import torch."""
    monkeypatch.setenv("PULLQUOTE_ARITHMETIC", "float32")
    monkeypatch.setattr("service.archive.archive_run.load_parser", load_troubled)
