"""Schemathesis sends the application what the contract allows, and what it does not."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import FakeParser


def _contract() -> schemathesis.BaseSchema:
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A batch's body is told as a string, and sent as it is."""
    return str(value).encode()


# Schemathesis makes a test for each operation while pytest collects them; its lazy form needs another pytest.
@_contract().parametrize()
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_application_keeps_to_the_contract_whatever_is_sent(case: schemathesis.Case[Any]) -> None:
    # A line may say anything, and is told in its place what is wrong: no batch is refused for it.
    of_a_batch: list[Any] = [negative_data_rejection] if case.operation.path == "/quotes/batch" else []
    case.call_and_validate(excluded_checks=of_a_batch)
