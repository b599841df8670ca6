"""Write the rules of the registry into docs/rules.md and the screen's explanations.

python -m tests.rule_pages
"""

import json
import re
from collections.abc import Iterable

from benchmarks.pages import write_between
from service.extraction.rules.registry import RuleEntry, rule_entries
from tests.conftest import ROOT

PAGE = ROOT / "docs/rules.md"
SCREEN = ROOT / "service/web/rules.js"
STAGES = {
    "choices": "Choices of the models",
    "trees": "Repairs of the dependency tree",
    "contents": "Boundaries of a content",
    "grammar": "Grammar: who speaks in a construction",
    "statements": "What is speech",
    "quoted spans": "Quoted spans",
    "turns and posts": "Turns, block quotes and posts",
    "speakers": "Speakers",
    "corrections": "Corrections by an editor",
}


def main() -> None:
    """Run the command line."""
    write_between(PAGE, "rules", tables(rule_entries().values()))
    SCREEN.write_text(with_words(SCREEN.read_text(encoding="utf-8")), encoding="utf-8")


def tables(entries: Iterable[RuleEntry]) -> str:
    """Return a table of rules for each stage."""
    parts = []
    for stage, title in STAGES.items():
        rows = [_row(entry) for entry in entries if entry.stage == stage]
        parts += [f"## {title}", "", "| Rule | What it decides | Where | Example |", "|---|---|---|---|", *rows, ""]
    return "\n".join(parts)


def _row(entry: RuleEntry) -> str:
    name = f"`{entry.name}`" if entry.explained else entry.name
    file, _, function = entry.function.partition(":")
    example = " ¶ ".join(entry.example.split("\n\n")).replace("\n", " ¶ ").replace("|", "\\|")
    sentence = entry.sentence.replace("{}", "…")
    return f"| {name} | {sentence} | [`{function}`](../service/extraction/{file}) | {example} |"


def with_words(script: str) -> str:
    """Return the screen's script with the sentences of the rules that `explain` names."""
    lines = [f"  {json.dumps(one.name)}: {json.dumps(one.sentence, ensure_ascii=False)},\n" for one in explained()]
    return re.sub(r"(?<=^const WORDS = \{\n)(.*?)(?=^\};)", lambda _: "".join(lines), script, flags=re.M | re.S)


def explained() -> list[RuleEntry]:
    """The rules that `explain` names."""
    return [entry for entry in rule_entries().values() if entry.explained]


if __name__ == "__main__":
    main()
