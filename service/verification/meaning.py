"""Whether a change of words turns round what is said: a negation, a number or a doubt comes or goes."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from service.verification.lexicon import lexicon

Meaning = Literal["negation", "number", "hedge", "question"]


def meaning_of(original: Iterable[str], printed: Iterable[str]) -> Meaning | None:
    """What the change from the forms `original` to `printed` may do to the meaning, the gravest first; None: nothing.

    It compares which such words there are, so "isn't" for "is not" and "12" for "twelve" are no change.
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
    """How many of the words negate."""
    return sum(form in lexicon().negation or form.endswith("n't") for form in forms)


def numbers(forms: Iterable[str]) -> Counter[str]:
    """The numbers among the words, those in words as figures."""
    known = lexicon().number
    return Counter(known.get(form, form) for form in forms if form in known or any(map(str.isdigit, form)))


def _hedges(forms: Iterable[str]) -> Counter[str]:
    return Counter(form for form in forms if form in lexicon().hedge)
