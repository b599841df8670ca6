from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app, make_ready
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.doubles import FakeParser


@pytest.fixture
def app_with() -> Callable[..., Flask]:
    """Makes an application with a fake parser and the settings that are given."""

    def make(*, ready: bool = True, **settings: object) -> Flask:
        app = create_app(Settings(**settings), FakeParser())  # type: ignore[arg-type]
        app.test_client_class = ContractClient
        if ready:
            make_ready(app)
        return app

    return make


@pytest.fixture
def client(app_with: Callable[..., Flask]) -> FlaskClient:
    return app_with().test_client()
