"""Classify changes of meaning: a negation, a number or a hedge is added or removed. Reads `lexicon.toml`."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Function words, words that change the meaning, and cues of denial. `number` maps number words to their value."""

    function: frozenset[str]
    negation: frozenset[str]
    denying: frozenset[str]
    hedge: frozenset[str]
    number: dict[str, str]
    spokespeople: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Load the lexicon. Cached."""
    table = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    return Lexicon(
        function=frozenset(table["function"]["words"].split()),
        negation=frozenset(table["negation"]["words"].split()),
        denying=frozenset(table["denying"]["lemmas"].split()),
        hedge=frozenset(table["hedge"]["words"].split()),
        spokespeople=frozenset(table["spokespeople"]["words"].split()),
        number=dict(pair.split("=") for pair in table["number"]["values"].split()),
    )


Meaning = Literal["negation", "number", "hedge", "question"]


def meaning_of(original: Iterable[str], printed: Iterable[str]) -> Meaning | None:
    """Return how a change from the forms `original` to `printed` can change the meaning, the most serious first; None
    if it does not.

    Only the sets of such words are compared, so "isn't" for "is not" and "12" for "twelve" are not changes.
    """
    before, after = tuple(original), tuple(printed)
    if negations(before) != negations(after):
        return "negation"
    if numbers(before) != numbers(after):
        return "number"
    if _hedges(before) != _hedges(after):
        return "hedge"
    return None


def negations(forms: Iterable[str]) -> int:
    """Count the negations among the words."""
    return sum(form in lexicon().negation or form.endswith("n't") for form in forms)


def numbers(forms: Iterable[str]) -> Counter[str]:
    """Count the numbers among the words, with number words converted to digits."""
    values = lexicon().number
    return Counter(values.get(form, form) for form in forms if form in values or any(map(str.isdigit, form)))


def _hedges(forms: Iterable[str]) -> Counter[str]:
    return Counter(form for form in forms if form in lexicon().hedge)
