"""Invisible characters within or around a word make no difference between two texts."""

import pytest

from service.verification.alignment import visible
from tests.verification.small_reports import Said, Who, check, report

TEXT = "“We lost a whole winter,” Ruth Alder said."
HIDDEN = {
    "byte order mark": "\ufeff", "zero-width space": "\u200b", "soft hyphen": "\u00ad", "word joiner": "\u2060",
    "variation selector": "\ufe0f", "grapheme joiner": "\u034f", "Hangul filler": "\u3164", "NUL": "\0",
    "backspace": "\b", "C1 control": "\x96", "object": "\ufffc", "noncharacter": "\uffff", "tag": "\U000e0041",
}  # fmt: skip
SHOWN = ["a\tb\n", "it\u2019s", "na\u00efve", "e\u0301", "\x92"]


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("where", ["printed", "article"])
def test_a_hidden_character_makes_no_quote_altered_or_not_found(hidden: str, where: str) -> None:
    broken = f"We lost a who{hidden}le winter"
    printed, text = (
        (broken, TEXT) if where == "printed" else ("We lost a whole winter", TEXT.replace("whole", f"who{hidden}le"))
    )
    article, told = report(text, [Who("Ruth Alder")], Said("Ruth Alder", (text.partition(" Ruth")[0],)))
    found = check(article, told, printed, f"Ruth{hidden} Al{hidden}der")
    assert (found.verdict, found.attribution) == ("verbatim", "same")
    assert {change.kind for change in found.changes} <= {"spelling", "punctuation"}


@pytest.mark.parametrize("text", SHOWN)
def test_what_a_reader_sees_stays(text: str) -> None:
    assert visible(text) == text
