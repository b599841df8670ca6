"""Fixtures of the archive's tests."""

import pytest

from tests.commands.running import load_troubled


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the model by a parser without one, which some articles crash."""
    monkeypatch.setattr("service.archive.archive_run.load_parser", load_troubled)
