"""Send the `POST /quotes/verify` requests shown in docs/api.md and openapi.yaml, and write the responses into them:

    python -m tests.verify_example

`tests/contract/test_examples.py` fails if they show other responses than the service gives.
"""

import json
import re
import shlex
from typing import Any, Final

from service.app import create_app, make_ready
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.settings import Settings
from tests.api.contract_client import document
from tests.conftest import ROOT
from tests.readme_example import laid_out

PAGE: Final = ROOT / "docs" / "api.md"
CONTRACT: Final = ROOT / "openapi.yaml"
_PAGE: Final = re.compile(r"(?<=```json\n)(?P<shown>[^`]*)(?=```\n<!-- verify:end -->)")
_CONTRACT: Final = re.compile(
    r"(?P<indent> +)summary: The response to this verification\n +value:\n"
    r"(?P<shown>.*?)\n(?= +(?:text/csv|\"\d{3}\"):)",
    re.DOTALL,
)


def asked_by_page() -> dict[str, Any]:
    """Return the request of the page's curl command."""
    found = re.search(r"^(curl \S+ \S+/quotes/verify .*?)\n```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, "docs/api.md has no curl of /quotes/verify"
    request: dict[str, Any] = json.loads(shlex.split(found[1])[-1])
    return request


def shown_by_page() -> Any:
    """Return the check that the page shows."""
    found = _PAGE.search(PAGE.read_text("utf-8"))
    assert found, "docs/api.md shows no answer of /quotes/verify"
    return json.loads(found["shown"])


def asked_by_contract() -> dict[str, Any]:
    """Return the request that openapi.yaml shows."""
    body = document()["paths"]["/quotes/verify"]["post"]["requestBody"]
    request: dict[str, Any] = body["content"]["application/json"]["examples"]["bridge"]["value"]
    return request


def shown_by_contract() -> Any:
    """Return the response that openapi.yaml shows."""
    answer = document()["paths"]["/quotes/verify"]["post"]["responses"]["200"]
    return answer["content"]["application/json"]["examples"]["bridge"]["value"]


def answered(request: dict[str, Any], parser: Parser) -> dict[str, Any]:
    """Return the service's response to `request`."""
    app = create_app(Settings(), parser)
    make_ready(app)
    response = app.test_client().post("/quotes/verify", json=request)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def write(parser: Parser) -> None:
    """Replace the responses shown by the page and the contract."""
    check = laid_out(answered(asked_by_page(), parser)["checks"][0]) + "\n"
    PAGE.write_text(_PAGE.sub(lambda _: check, PAGE.read_text("utf-8")), "utf-8")

    def written(found: re.Match[str]) -> str:
        answer = " " * (len(found["indent"]) + 2) + laid_out(
            answered(asked_by_contract(), parser), len(found["indent"]) + 2
        )
        return found[0].replace(found["shown"], answer)

    contract, count = _CONTRACT.subn(written, CONTRACT.read_text("utf-8"))
    assert count == 1, "openapi.yaml has no response to the verification"
    CONTRACT.write_text(contract, "utf-8")


if __name__ == "__main__":
    write(load_parser(Settings(arithmetic="float32")))
