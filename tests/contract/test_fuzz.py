"""Schemathesis sends the application what the contract allows, and what it does not."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import FakeParser


def _contract() -> schemathesis.BaseSchema:
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


# Schemathesis makes a test for each operation while pytest collects them; its lazy form needs another pytest.
@_contract().parametrize()
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_application_keeps_to_the_contract_whatever_is_sent(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()
