import pytest

from tests.commands.running import load_troubled


@pytest.fixture
def fake_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", load_troubled)
