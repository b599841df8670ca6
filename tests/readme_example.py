"""Send the README's request, and write the service's response into it:

    python -m tests.readme_example

`tests/test_readme.py` fails if the README shows another response than the service gives.
"""

import json
import re
from typing import Any, Final, NamedTuple

from service.app import create_app, make_ready
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.settings import Settings
from tests.conftest import ROOT

README: Final = ROOT / "README.md"
WIDTH: Final = 120
_EXAMPLE: Final = re.compile(
    r"<!-- example:begin.*?-d '\n?(?P<request>.*?)'\n```.*?```json\n(?P<answer>.*?)\n```\n<!-- example:end -->",
    re.DOTALL,
)


class Example(NamedTuple):
    """The request that the README shows, and the formatted response."""

    request: dict[str, Any]
    answer: str


def shown() -> Example:
    """Return what the README shows now."""
    found = _EXAMPLE.search(README.read_text(encoding="utf-8"))
    assert found, "README.md has no example between its two marks"
    return Example(json.loads(found["request"]), found["answer"])


def answered(request: dict[str, Any], parser: Parser) -> Any:
    """Return the service's response to `request`."""
    app = create_app(Settings(), parser)
    make_ready(app)
    response = app.test_client().post("/quotes", json=request)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """Format `value` as JSON, with whatever fits on a line (after `before` characters) on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or indent + before + len(flat) + 1 <= WIDTH:
        return flat
    inner = indent + 2
    if isinstance(value, dict):
        keys = {key: json.dumps(key, ensure_ascii=False) + ": " for key in value}
        items, marks = [keys[key] + laid_out(item, inner, len(keys[key])) for key, item in value.items()], "{}"
    else:
        items, marks = [laid_out(item, inner) for item in value], "[]"
    body = ",\n".join(" " * inner + item for item in items)
    return f"{marks[0]}\n{body}\n{' ' * indent}{marks[1]}"


def write(answer: Any) -> None:
    """Replace the response that the README shows."""
    text = README.read_text(encoding="utf-8")
    found = _EXAMPLE.search(text)
    assert found, "README.md has no example between its two marks"
    README.write_text(text[: found.start("answer")] + laid_out(answer) + text[found.end("answer") :], encoding="utf-8")


if __name__ == "__main__":
    write(answered(shown().request, load_parser(Settings(arithmetic="float32"))))
