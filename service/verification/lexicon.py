"""Load `lexicon.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Function words, words that carry meaning, and cues that deny. `number` maps number words to their value."""

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
