import pytest

from tests.commands.running import load_troubled
from tests.doubles import shared_page_reader


@pytest.fixture
def fake_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", load_troubled)
    monkeypatch.setattr("service.files.processing.PageReader", shared_page_reader)
