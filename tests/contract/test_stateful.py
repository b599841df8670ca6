"""Schemathesis follows the contract's links from responses; what a response quotes is verbatim when verified."""

from collections import Counter
from typing import Any, Final, cast

from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.generation.stateful.state_machine import APIStateMachine
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from service.app import create_app, make_ready
from service.settings import Settings
from tests.contract.test_fuzz import contract
from tests.doubles import LOST, FakeParser

_FEW: Final = settings(
    max_examples=60, stateful_step_count=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


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
