"""The registry of all hand-written rules: `lexicon/rules.toml`.

`explain` gives the names; `docs/rules.md` and the screen show the sentences. `tests/golden/test_rules.py` checks that
every name that extraction can give is there, and that each rule applies to its example.
"""

from dataclasses import dataclass
from functools import cache

from service.extraction.wordlists import read_lexicon


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule.

    `stage` is the step that applies it, `function` its place in `service/extraction` ("rules/passives.py:_passive").
    `sentence` says what it decides; {} stands for the words in `Rule.detail`. It applies to `example`, or, with
    `on_trees`, only to trees that the embedded model does not build for it. `explain` names it if it is `explained`.
    """

    name: str
    stage: str
    function: str
    sentence: str
    example: str
    explained: bool = True
    on_trees: bool = False


@cache
def rule_entries() -> dict[str, RuleEntry]:
    """Return all rules by name, in the order of the registry."""
    entries = [RuleEntry(**entry) for entry in read_lexicon("rules.toml")["rule"]]
    return {entry.name: entry for entry in entries}
