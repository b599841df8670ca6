"""A test client that validates every response, and every request that got a 200, against openapi.yaml."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.templating.paths.exceptions import PathError
from werkzeug import Request
from werkzeug.test import TestResponse

from schemas.responses import ProblemSchema
from tests.conftest import ROOT


@cache
def document() -> dict[str, Any]:
    """Return openapi.yaml."""
    loaded: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


@cache
def _contract() -> OpenAPI:
    read: dict[str, Callable[..., Any]] = {
        "application/problem+json": json.loads,
        "application/ld+json": json.loads,
        "application/x-ndjson": lambda body: body.decode(errors="replace"),  # a line can be anything
        "text/csv": bytes.decode,
        "text/html": _any_text,
        "text/plain": _any_text,
    }
    return OpenAPI.from_dict(document(), config=Config(extra_media_type_deserializers=read))


def _any_text(body: bytes, **_: str) -> str:
    """Decode any text: the body can be in any encoding, and the contract only says that it is text."""
    return body.decode(errors="replace")


class ContractClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # closes the response, as a server does
        response = super().open(*args, **kwargs)
        sent = json.dumps(kwargs["json"]) if "json" in kwargs else kwargs.get("data", b"")
        hold(response, sent.encode() if isinstance(sent, str) else sent)
        return response


@cache
def _one_line() -> Draft202012Validator:
    """Return the schema of a line of a batch's response, which OpenAPI 3.1 cannot express."""
    report, problem = ({"$ref": f"#/components/schemas/{name}"} for name in ("Report", "Problem"))
    with_line = {"allOf": [problem, {"required": ["line"]}]}
    return Draft202012Validator({"oneOf": [report, with_line], "components": document()["components"]})


class _Sent(WerkzeugOpenAPIRequest):
    """A request whose body the application has already read."""

    def __init__(self, request: Request, body: bytes) -> None:
        super().__init__(request)
        self._body = body

    @property
    def body(self) -> bytes:
        return self._body


def hold(response: TestResponse, sent: bytes) -> None:
    """Fail if `response` violates openapi.yaml, or is a 200 to an invalid request."""
    request = _Sent(response.request, sent)
    if response.request.method in {"HEAD", "OPTIONS"}:
        return
    if response.mimetype == "application/x-ndjson" and not response.data:
        return  # no lines: openapi-core treats that as a missing body
    try:
        _contract().validate_response(request, WerkzeugOpenAPIResponse(response))
    except PathError:  # an address or a method that is not in the contract
        assert response.status_code in {404, 405}
    if response.status_code == 200:
        _contract().validate_request(request)
        if response.mimetype == "application/x-ndjson":
            for line in response.data.splitlines():
                _one_line().validate(json.loads(line))
    elif response.status_code == 304:
        assert not response.data
    else:
        problem = response.get_json(force=True)
        assert response.mimetype == "application/problem+json"
        assert ProblemSchema().validate(problem) == {}
        assert problem["status"] == response.status_code
