from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from service.app import create_app, make_ready
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.doubles import FakeParser, shared_page_reader


@pytest.fixture
def app_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Return a factory of applications with a fake parser and the given settings."""
    monkeypatch.setattr("service.app.PageReader", shared_page_reader)

    def make(*, ready: bool = True, **settings: object) -> Flask:
        app = create_app(Settings(**settings), FakeParser())  # type: ignore[arg-type]
        app.test_client_class = ContractClient
        if ready:
            make_ready(app)
        return app

    return make


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Capture the log events, which are not printed."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def client(app_with: Callable[..., Flask]) -> FlaskClient:
    return app_with().test_client()
