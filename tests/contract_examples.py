"""Send the requests shown in openapi.yaml, and write the service's responses into it, one per media type:

    python -m tests.contract_examples

`tests/contract/test_examples.py` fails if openapi.yaml shows other responses than the service gives.
"""

import json
import re
import textwrap
from typing import Any, Final

import yaml
from werkzeug.test import TestResponse

from service.api.quotes import NDJSON
from service.api.responses import JSON, MEDIA_TYPES
from service.app import create_app, make_ready
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.settings import Settings
from tests.conftest import ROOT
from tests.readme_example import laid_out

CONTRACT: Final = ROOT / "openapi.yaml"
OTHERS: Final = ("short", "page")  # further requests in JSON, and their answers
READINESS: Final = "readiness"
_WRITTEN: Final = re.compile(
    r"^(?P<indent> *)# written:begin (?P<media_type>\S+).*?\n(?P<value>.*?)^ *# written:end$", re.DOTALL | re.MULTILINE
)


def requested(path: str, media_type: str, example: str) -> Any:
    """Return a request shown in openapi.yaml."""
    return _operation(path)["requestBody"]["content"][media_type]["examples"][example]["value"]


def shown() -> dict[str, Any]:
    """Return the responses shown in openapi.yaml by media type: JSON as values, text as lines."""
    found: dict[str, Any] = {}
    for path, example in {"/quotes": "article", "/quotes/batch": "articles"}.items():
        content = _operation(path)["responses"]["200"]["content"]
        found |= {name: _comparable(kind["examples"][example]["value"]) for name, kind in content.items()}
    reports = _operation("/quotes")["responses"]["200"]["content"][JSON]["examples"]
    found |= {f"{JSON}:{example}": reports[example]["value"] for example in OTHERS}
    found[READINESS] = _operation("/readyz", "get")["responses"]["200"]["content"][JSON]["examples"]["ready"]["value"]
    return found


def answered(parser: Parser) -> dict[str, Any]:
    """Return the service's responses in the same form."""
    app = create_app(Settings(), parser)
    make_ready(app)
    client = app.test_client()
    article = requested("/quotes", JSON, "article")
    answers = {
        media_type: client.post("/quotes", json=article, headers={"Accept": media_type}) for media_type in MEDIA_TYPES
    }
    lines = requested("/quotes/batch", NDJSON, "articles")
    answers[NDJSON] = client.post("/quotes/batch", data=lines, content_type=NDJSON)
    answers |= {f"{JSON}:{one}": client.post("/quotes", json=requested("/quotes", JSON, one)) for one in OTHERS}
    answers[READINESS] = client.get("/readyz")
    assert all(answer.status_code == 200 for answer in answers.values())
    return {name: _comparable(_value(answer)) for name, answer in answers.items()}


def _value(answer: TestResponse) -> Any:
    return answer.text if answer.mimetype in {NDJSON, "text/csv", "text/html"} else json.loads(answer.text)


def write(answers: dict[str, Any]) -> None:
    """Replace the responses shown in openapi.yaml."""

    def written(found: re.Match[str]) -> str:
        first, _, _ = found[0].partition("\n")
        indent, answer = found["indent"], answers[found["media_type"]]
        if isinstance(answer, list):
            value = "value: |\n" + textwrap.indent("\n".join(answer), "  ")
        else:
            value = "value:\n  " + laid_out(answer, indent=len(indent) + 2).replace(f"\n{indent}", "\n")
        return f"{first}\n{textwrap.indent(value, indent)}\n{indent}# written:end"

    CONTRACT.write_text(_WRITTEN.sub(written, CONTRACT.read_text(encoding="utf-8")), encoding="utf-8")


def _operation(path: str, method: str = "post") -> Any:
    return yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"][path][method]


def _comparable(value: Any) -> Any:
    """Split text into lines: YAML has a single line end."""
    return value.splitlines() if isinstance(value, str) else value


if __name__ == "__main__":
    write(answered(load_parser(Settings(arithmetic="float32"))))
