"""The registry of rules: complete, and the same as in docs/rules.md and on the screen."""

import ast
import importlib
import re
from pathlib import Path
from typing import Final, get_args

from benchmarks.pages import read_between
from service.extraction.rules.registry import rule_entries
from service.input.article import PassageForm
from tests.conftest import ROOT
from tests.rule_pages import PAGE, SCREEN, STAGES, explained, tables, with_words

EXTRACTION: Final = ROOT / "service/extraction"
KEBAB: Final = re.compile(r"[a-z]+(-[a-z]+)*")
ENTRIES: Final = list(rule_entries().values())


def names_in(path: Path) -> set[str]:
    """Return the rule names in a module: arguments of `Rule`, `ResolvedMention`, `Decision` and of the functions that
    pass one on, and public constants in `rules` and `decisions.py`."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Rule"), args=[ast.Constant(value=str(name)), *_]):
                found.add(name)
            case ast.Call(func=ast.Name(id="ResolvedMention"), args=[_, _, ast.Constant(value=str(name)), *_]):
                found.add(f"speaker-{name}")
            case ast.Call(func=ast.Name(id="Decision"), args=[_, ast.Constant(value=str(name)), *_]):
                found.add(name)
            case ast.Call(func=ast.Name(id="_record" | "_known" | "undecided"), args=arguments):
                found |= {f"speaker-{name}" for name in strings(arguments)}
            case ast.Call(func=ast.Name(id="_with" | "_uncued"), args=arguments):
                found |= strings(arguments)
            case ast.Assign(
                targets=[ast.Name(id="rule")], value=ast.Call(func=ast.Attribute(value=ast.Dict() as by_fit), args=rest)
            ):
                found |= {f"speaker-{name}" for name in strings([*by_fit.values, *rest])}
            case ast.AnnAssign(target=ast.Name(id=constant), value=ast.Constant(value=str(name))) if (
                path.parent.name == "rules" and not constant.startswith("_") and KEBAB.fullmatch(name)
            ):
                found.add(name)
            case ast.AnnAssign(value=ast.Constant(value=str(name))) if path.name == "decisions.py" and name != "model":
                found.add(name)
    return found


def strings(nodes: list[ast.expr]) -> set[str]:
    return {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}


NAMED: Final = set(get_args(PassageForm)).union(*map(names_in, EXTRACTION.rglob("*.py")))


def test_registry_has_exactly_the_names_of_the_source() -> None:
    assert {"cue", "passive-agent", "credit", "continued", "speaker-pronoun", "speaker-acronym", "adjacent"} <= NAMED
    assert {entry.name for entry in ENTRIES if entry.explained} == NAMED


def test_each_rule_has_a_function_a_sentence_and_an_example() -> None:
    for entry in ENTRIES:
        file, _, function = entry.function.partition(":")
        module = importlib.import_module("service.extraction." + file.removesuffix(".py").replace("/", "."))
        assert callable(getattr(module, function)), entry
        assert entry.stage in STAGES, entry
        assert entry.sentence.endswith((".", ").")), entry
        assert entry.example, entry


def test_rules_page_and_screen_follow_the_registry() -> None:
    script = SCREEN.read_text(encoding="utf-8")
    assert read_between(PAGE, "rules") == tables(ENTRIES).rstrip("\n"), "run python -m tests.rule_pages"
    assert script == with_words(script), "run python -m tests.rule_pages"
    assert all(f'"{entry.name}": ' in script for entry in explained())
