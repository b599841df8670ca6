"""Write the table of docs/forms.md: what the service returns for each form.

python -m tests.forms_page
"""

import tomllib
from typing import Any

from benchmarks.pages import write_between
from tests.conftest import ROOT

PAGE = ROOT / "docs/forms.md"
EXAMPLES = ROOT / "tests/extraction/forms/examples.toml"


def examples() -> list[dict[str, Any]]:
    """Return the examples: the text or the body of a page, and the quotes that are expected."""
    found: list[dict[str, Any]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]
    return found


def sections() -> str:
    """Return the examples as the page shows them."""
    return "\n".join(_section(one) for one in examples())


def _section(example: dict[str, Any]) -> str:
    language, sent = ("html", example["html"]) if "html" in example else ("text", example["text"])
    rows = [
        f"| `{form}` | {'' if speaker == '-' else speaker} | {words} |" for form, speaker, words in example["answer"]
    ]
    shown = sent.replace("</p><", "</p>\n<") if language == "html" else sent
    return "\n".join([
        f"### {example['title']}", "", f"```{language}", shown, "```", "", f"`article.form`: `{example['form']}`", "",
        "| form | speaker | words |", "|---|---|---|", *rows, "",
    ])  # fmt: skip


if __name__ == "__main__":
    write_between(PAGE, "forms", sections())
