"""The explanation's rules in words (service/web/rules.js)."""

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
@pytest.mark.parametrize(
    ("rule", "detail", "sentence"),
    [
        ("cue", "told +4.9", "“told” reports what somebody says."),
        ("content", "child:>ccomp +2.9", "The sentence’s structure shows which words are reported."),
        ("speaker-full-name", "", "The speaker’s full name is given."),
        ("speaker-pronoun", "she: Ann Cole", "The pronoun stands for somebody named before (she: Ann Cole)."),
        ("speaker-pronoun", "it", "“it” is a pronoun, and the article does not make clear for whom."),
        ("quoted-span", "1", "The words are in quotation marks."),
        ("speaker-short-name", "Cole", "“Cole” is the surname of somebody in the article."),
        ("a-new-rule", "x", "a-new-rule: x"),
    ],
)
def test_a_rule_is_explained_in_a_sentence(page: Page, rule: str, detail: str, sentence: str) -> None:
    script = "async rule => (await import(new URL('web/rules.js', location.href))).inWords(rule)"
    assert page.evaluate(script, {"rule": rule, "detail": detail}) == sentence
