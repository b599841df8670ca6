"""The explanation's rules in words (service/web/rules.js)."""

import ast
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT

EXTRACTION = ROOT / "service" / "extraction"
WORDS = (ROOT / "service" / "web" / "rules.js").read_text(encoding="utf-8")
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")


def names_in(path: Path) -> set[str]:
    """Return the rules that a module names: in calls of `Rule` and `ResolvedMention`, and as constants in `rules`."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Rule"), args=[ast.Constant(value=str(name)), *_]):
                found.add(name)
            case ast.Call(func=ast.Name(id="ResolvedMention"), args=[_, _, ast.Constant(value=str(name)), *_]):
                found.add(f"speaker-{name}")
            case ast.Call(func=ast.Name(id="_with" | "_uncued"), args=arguments):
                words = [one.value for one in arguments if isinstance(one, ast.Constant)]
                found.update(word for word in words if isinstance(word, str))
            case ast.AnnAssign(target=ast.Name(id=constant), value=ast.Constant(value=str(name))) if (
                path.parent == EXTRACTION / "rules" and not constant.startswith("_") and KEBAB.fullmatch(name)
            ):
                found.add(name)
    return found


RULES = sorted(set().union(*map(names_in, EXTRACTION.rglob("*.py"))))


def test_the_rules_are_found_in_the_source() -> None:
    assert {"cue", "passive-agent", "credit", "goes-on", "speaker-pronoun"} <= set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_words(rule: str) -> None:
    assert re.search(rf'^  "?{rule}"?:\s', WORDS, re.MULTILINE), f"service/web/rules.js has no words for {rule}"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("rule", "detail", "sentence"),
    [
        ("cue", "told +4.9", "“told” reports what somebody says."),
        ("content", "child:>ccomp +2.9", "The sentence’s structure shows which words are reported."),
        ("speaker-full-name", "", "The speaker’s full name is here."),
        ("speaker-pronoun", "she means Ann Cole", "“she” means Ann Cole."),
        ("speaker-pronoun", "it", "“it” is a pronoun, and the article does not make clear for whom."),
        ("quoted-stretch", "1", "The words are in quotation marks."),
        ("speaker-short-name", "Cole", "“Cole” is the surname of somebody in the article."),
        ("a-new-rule", "x", "a-new-rule: x"),
    ],
)
def test_a_rule_is_explained_in_a_sentence(page: Page, rule: str, detail: str, sentence: str) -> None:
    script = "async rule => (await import(new URL('web/rules.js', location.href))).inWords(rule)"
    assert page.evaluate(script, {"rule": rule, "detail": detail}) == sentence
