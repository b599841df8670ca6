"""Schemathesis sends the application what the contract allows, and what it does not, and follows its links."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.generation.stateful.state_machine import APIStateMachine
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import LOST, FakeParser

# A schema cannot say that a page holds an article, so what is made up for a page is put into one.
_PAGE: Final = "<html><body><article><p>The mayor said that the bridge will reopen.</p>{}</article></body></html>"
# They are the same each time. Those of `make contract`, sent over HTTP, are others.
_FEW: Final = settings(
    max_examples=30, stateful_step_count=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


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
@_FEW
def test_application_conforms_to_the_contract(case: schemathesis.Case[Any]) -> None:
    # An invalid line gets a problem in its place; the batch is not rejected.
    of_a_batch: list[Any] = [negative_data_rejection] if case.operation.path == "/quotes/batch" else []
    case.call_and_validate(excluded_checks=of_a_batch)


def test_linked_requests_conform_to_the_contract() -> None:
    statuses = Counter[tuple[str, int]]()
    answers: dict[str, bytes] = {}  # by their tags
    direct_quotes: dict[str, str] = {}  # the first of each article, by its text

    class Conversation(cast(type[APIStateMachine], contract().as_state_machine())):  # type: ignore[misc]
        def before_call(self, case: Case[Any]) -> None:
            body: Any = case.body
            text = body.get("text") if isinstance(body, dict) else None
            if case.operation.path == "/quotes" and isinstance(text, str) and text and not text.endswith(LOST):
                body["text"] = f"{text}\n\n{LOST}"  # what is made up says nothing
                case.headers["Accept"] = "application/json"

        def validate_response(self, response: Response, case: Case[Any], *_: Any, **__: Any) -> None:
            # What a link makes up for a page may hold no article, and what it makes up for no text is sent as one: no
            # schema can say so.
            excluded: list[Any] = [positive_data_acceptance]
            if case.media_type in {"text/html", "text/plain"}:
                excluded.append(negative_data_rejection)
            case.validate_response(response, excluded_checks=excluded)
            statuses[case.operation.path, response.status_code] += 1
            for tag in response.headers.get("etag", []):
                if response.status_code == 200:
                    assert answers.setdefault(tag, response.content) == response.content, "one tag, two answers"
                else:
                    assert tag in case.headers["If-None-Match"] or case.headers["If-None-Match"] == "*"
            body: Any = case.body
            is_answer = case.operation.path == "/quotes" and response.status_code == 200
            if is_answer and isinstance(body, dict) and "text" in body:
                for quote in response.json()["quotes"]:
                    if quote["kind"] == "direct":
                        direct_quotes.setdefault(body["text"], quote["text"])

    Conversation.run(settings=_FEW)
    assert statuses["/quotes", 304] > 0
    assert direct_quotes
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    for text, quote in direct_quotes.items():
        answer = app.test_client().post("/quotes/verify", json={"text": text, "quotes": [{"text": quote}]}).get_json()
        assert answer["checks"][0]["verdict"] == "verbatim"
