"""Schemathesis goes on from answers, along the contract's links: asks again, and has an answer's quote verified."""

from collections import Counter
from typing import Any, Final, cast

from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.generation.stateful.state_machine import APIStateMachine
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.contract.test_fuzz import contract
from tests.doubles import LOST

_FEW: Final = settings(
    max_examples=60, stateful_step_count=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_what_follows_from_an_answer_is_as_the_contract_says() -> None:
    statuses = Counter[tuple[str, int]]()
    answers: dict[str, bytes] = {}  # by their tags
    first_quotes: dict[str, str] = {}  # of articles, by their texts
    verified = list[str]()

    class Conversation(cast(type[APIStateMachine], contract().as_state_machine())):  # type: ignore[misc]
        def before_call(self, case: Case[Any]) -> None:
            body: Any = case.body
            text = body.get("text") if isinstance(body, dict) else None
            if case.operation.path == "/quotes" and isinstance(text, str) and text and not text.endswith(LOST):
                body["text"] = f"{text}\n\n{LOST}"  # what is made up says nothing
                case.headers["Accept"] = "application/json"

        def validate_response(self, response: Response, case: Case[Any], *_: Any, **__: Any) -> None:
            # What a link makes up for a page may hold no article, and no schema can say so.
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            statuses[case.operation.path, response.status_code] += 1
            for tag in response.headers.get("etag", []):
                if response.status_code == 200:
                    assert answers.setdefault(tag, response.content) == response.content, "one tag, two answers"
                else:
                    assert tag in case.headers["If-None-Match"] or case.headers["If-None-Match"] == "*"
            if response.status_code == 200 and "/json" in response.headers["content-type"][0]:
                self._remember(case, response.json())

        def _remember(self, case: Case[Any], answer: dict[str, Any]) -> None:
            body: Any = case.body
            text = body.get("text", "") if isinstance(body, dict) else ""
            if case.operation.path == "/quotes" and text and answer["quotes"]:
                first_quotes.setdefault(text, answer["quotes"][0]["text"])
            if case.operation.path == "/quotes/verify":
                for claim, check in zip(body["quotes"], answer["checks"], strict=True):
                    # A speaker is made up where the link leaves one open, and rightly told to be somebody else.
                    if claim["text"] == first_quotes.get(text) and claim.get("speaker") is None:
                        verified.append(check["verdict"])

    Conversation.run(settings=_FEW)
    assert statuses["/quotes", 304] > 0
    assert set(verified) == {"verbatim"}
