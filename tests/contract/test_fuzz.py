"""Schemathesis sends the application what the contract allows, and what it does not."""

from collections.abc import Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import FakeParser

# A schema cannot say that a page holds an article, so what is made up for a page is put into one.
_PAGE: Final = "<html><body><article><p>The mayor said that the bridge will reopen.</p>{}</article></body></html>"


def contract() -> schemathesis.BaseSchema:
    """openapi.yaml, and an application that it is the contract of."""
    app = create_app(Settings(page_seconds=120), FakeParser())  # on a busy machine, too
    make_ready(app)
    served = app.wsgi_app

    def uncompressed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # Schemathesis asks for gzip, and over WSGI it decompresses nothing
        return served(environ, start_response)

    app.wsgi_app = uncompressed  # type: ignore[method-assign]
    contract = schemathesis.openapi.from_wsgi("/openapi.json", app)

    @contract.hook
    def map_case(_: object, case: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
        if case.media_type == "text/html":
            case.body = _PAGE.format(str(case.body))
        elif isinstance(case.body, dict) and isinstance(case.body.get("html"), str) and case.body["html"]:
            case.body["html"] = _PAGE.format(case.body["html"])
        if isinstance(case.body, dict) and case.meta is not None and case.meta.generation.mode.is_positive:
            case.body.pop("corrections", None)  # nor that corrections are of this text: any others are refused
        return case

    return contract


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A batch's body is told as a string, and sent as it is."""
    return str(value).encode()


# Schemathesis makes a test for each operation while pytest collects them; its lazy form needs another pytest.
@contract().parametrize()
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_application_conforms_to_the_contract(case: schemathesis.Case[Any]) -> None:
    # A line may say anything, and is told in its place what is wrong: no batch is refused for it.
    of_a_batch: list[Any] = [negative_data_rejection] if case.operation.path == "/quotes/batch" else []
    case.call_and_validate(excluded_checks=of_a_batch)
