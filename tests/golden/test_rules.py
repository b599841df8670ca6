"""Each rule of the registry applies to its example, parsed by the embedded model."""

import importlib
import sys
from collections.abc import Callable
from typing import Any, Final

import pytest

from service.extraction.report import Options
from service.extraction.rules.registry import RuleEntry, rule_entries
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of

EXPLAINED: Final = Options(explain=True, unattributed=True, statements="all")
ON_MODEL: Final = [entry for entry in rule_entries().values() if not entry.on_trees]

pytestmark = pytest.mark.model


@pytest.mark.parametrize("entry", [one for one in ON_MODEL if one.explained], ids=lambda entry: entry.name)
def test_explained_rule_is_named_for_its_example(embedded_parser: Parser, entry: RuleEntry) -> None:
    report = quotes_of(read_article(entry.example), embedded_parser, EXPLAINED)
    named = {rule.name for quote in report.quotes for rule in quote.explain}
    named |= {decision.decided_by for quote in report.quotes for decision in quote.decisions}
    assert entry.name in named


@pytest.mark.parametrize("entry", [one for one in ON_MODEL if not one.explained], ids=lambda entry: entry.name)
def test_silent_rule_changes_something_in_its_example(
    embedded_parser: Parser, entry: RuleEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[Any] = []
    _watch(entry, applied, monkeypatch)
    quotes_of(read_article(entry.example), embedded_parser, EXPLAINED)
    assert any(applied)


def _watch(entry: RuleEntry, applied: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Append to `applied`, at each call of the rule, whether it found or changed anything."""
    file, _, name = entry.function.partition(":")
    module = importlib.import_module("service.extraction." + file.removesuffix(".py").replace("/", "."))
    rule = getattr(module, name)

    def watched(*arguments: Any) -> Any:
        before = [dict(one) if isinstance(one, dict) else one for one in arguments]
        result = rule(*arguments)
        unchanged = any(type(result) is type(one) and result == one for one in before)
        applied.append(bool(result) and (result is True or not unchanged))
        return result

    for importer in [one for name, one in sys.modules.items() if name.startswith("service.extraction")]:
        for attribute, value in list(vars(importer).items()):
            if value is rule:
                monkeypatch.setattr(importer, attribute, watched)
            elif isinstance(value, tuple) and rule in value:
                monkeypatch.setattr(importer, attribute, _replaced(value, rule, watched))


def _replaced(rules: tuple[Any, ...], rule: Callable[..., Any], watched: Callable[..., Any]) -> tuple[Any, ...]:
    return tuple(watched if one is rule else one for one in rules)
