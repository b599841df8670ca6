"""A test client that holds every answer against openapi.yaml, and every request that is answered 200 as well."""

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

from schemas.problem import ProblemSchema
from tests.conftest import ROOT


@cache
def document() -> dict[str, Any]:
    """openapi.yaml."""
    loaded: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


@cache
def _contract() -> OpenAPI:
    read: dict[str, Callable[..., Any]] = {
        "application/problem+json": json.loads,
        "application/ld+json": json.loads,
        "application/x-ndjson": lambda body: body.decode(errors="replace"),  # a line may be anything
        "text/csv": bytes.decode,
        "text/html": _any_text,
        "text/plain": _any_text,
    }
    return OpenAPI.from_dict(document(), config=Config(extra_media_type_deserializers=read))


def _any_text(body: bytes, **_: str) -> str:
    """What is sent may be in any encoding, and the contract says no more of it than that it is text."""
    return body.decode(errors="replace")


class ContractClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # the answer is closed then, as a server closes it
        response = super().open(*args, **kwargs)
        sent = json.dumps(kwargs["json"]) if "json" in kwargs else kwargs.get("data", b"")
        hold(response, sent.encode() if isinstance(sent, str) else sent)
        return response


@cache
def _one_line() -> Draft202012Validator:
    """What a line of a batch's answer is; OpenAPI 3.1 knows no word for it."""
    report, problem = ({"$ref": f"#/components/schemas/{name}"} for name in ("Report", "Problem"))
    told = {"allOf": [problem, {"required": ["line"]}]}
    return Draft202012Validator({"oneOf": [report, told], "components": document()["components"]})


class _Sent(WerkzeugOpenAPIRequest):
    """A request whose body the application has read already."""

    def __init__(self, request: Request, body: bytes) -> None:
        super().__init__(request)
        self._body = body

    @property
    def body(self) -> bytes:
        return self._body


def hold(response: TestResponse, sent: bytes) -> None:
    """Fail where `response` is not what openapi.yaml promises for its request, or is 200 to what it does not allow."""
    request = _Sent(response.request, sent)
    if response.request.method in {"HEAD", "OPTIONS"}:
        return
    if response.mimetype == "application/x-ndjson" and not response.data:
        return  # no lines: openapi-core takes that for no answer
    try:
        _contract().validate_response(request, WerkzeugOpenAPIResponse(response))
    except PathError:  # an address or a method that the contract does not name
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
