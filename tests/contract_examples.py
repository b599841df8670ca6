"""Ask what openapi.yaml shows as the first request, and write the service's real answers into it, one for each form:

    python -m tests.contract_examples

`tests/contract/test_examples.py` fails when openapi.yaml shows other answers than the service gives.
"""

import json
import re
import textwrap
from typing import Any, Final

import yaml

from service.app import create_app, make_ready
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.representations.media_types import MEDIA_TYPES
from service.settings import Settings
from tests.conftest import ROOT
from tests.readme_example import laid_out

CONTRACT: Final = ROOT / "openapi.yaml"
_WRITTEN: Final = re.compile(
    r"^(?P<indent> *)# written:begin (?P<media_type>\S+).*?\n(?P<value>.*?)^ *# written:end$", re.DOTALL | re.MULTILINE
)


def request() -> dict[str, Any]:
    """The request that openapi.yaml shows first."""
    operation = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"]["/quotes"]["post"]
    found: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["examples"]["article"]["value"]
    return found


def shown() -> dict[str, Any]:
    """The answers that openapi.yaml shows, by media type: JSON as values, what is text in its lines."""
    content = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"]["/quotes"]["post"]["responses"]["200"][
        "content"
    ]
    return {name: _comparable(kind["examples"]["article"]["value"]) for name, kind in content.items()}


def answered(parser: Parser) -> dict[str, Any]:
    """The answers that the service gives, in the same way."""
    app = create_app(Settings(), parser)
    make_ready(app)
    answers = {}
    for media_type in MEDIA_TYPES:
        response = app.test_client().post("/quotes", json=request(), headers={"Accept": media_type})
        assert response.status_code == 200, response.text
        answers[media_type] = _comparable(json.loads(response.text) if "json" in media_type else response.text)
    return answers


def _comparable(value: Any) -> Any:
    """Text in its lines: YAML has but one way to end a line."""
    return value.splitlines() if isinstance(value, str) else value


def write(answers: dict[str, Any]) -> None:
    """Put `answers` in the places of those that openapi.yaml shows."""

    def written(found: re.Match[str]) -> str:
        first, _, _ = found[0].partition("\n")
        indent, answer = found["indent"], answers[found["media_type"]]
        if isinstance(answer, list):
            value = "value: |\n" + textwrap.indent("\n".join(answer), "  ")
        else:
            value = "value:\n  " + laid_out(answer, indent=len(indent) + 2).replace(f"\n{indent}", "\n")
        return f"{first}\n{textwrap.indent(value, indent)}\n{indent}# written:end"

    CONTRACT.write_text(_WRITTEN.sub(written, CONTRACT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(answered(load_parser(Settings())))
