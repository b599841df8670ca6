"""Verifying printed quotes: the verdict, and every change with its spans, in made-up and in real articles."""

import json
import random
from pathlib import Path

import pytest

from service.extraction.report import Report
from service.input.article import Article
from service.verification.alignment import visible
from service.verification.verify import Check, Claim, verify
from tests.verification.small_reports import Said, Who, check, report, shown

TEXT = """Mayor Ruth Alder told reporters that the bridge will reopen in May.

“We lost a winter,” Alder said, “and we will not lose another.” Then she added: “That is a promise.”

City engineer Tom Brandt said the repairs had cost $12 million. “We found cracks in two of the cables. It was a mess. \
They had been there for 30 years,” Brandt told The Harbor Times. “I don’t know how nobody saw them.”

The council, which met on Monday, did not vote. “It may take longer,” said Council President Ines Okafor.

“It may take longer,” Brandt agreed. He said the town had a “very thin” budget and “no time at all.”

“People ask me whether it is safe… Yes, it is, well-kept and 3,000 tons strong.

“I cross it [the bridge] twice a day,” he went on. “So does my brother, a U.S. Marine — why would he?”

Alder never said that “the state paid for it.” “Somebody will pay for this,” a sign reads.
"""
ALDER = Who("Ruth Alder", description="Mayor", mentions=("Mayor Ruth Alder",))
BRANDT = Who("Tom Brandt", description="City engineer", mentions=("City engineer Tom Brandt",))
OKAFOR = Who("Ines Okafor", description="Council President", mentions=("Council President Ines Okafor",))
ARTICLE, REPORT = report(
    TEXT,
    [ALDER, BRANDT, OKAFOR],
    Said("Ruth Alder", ("that the bridge will reopen in May",)),
    Said("Ruth Alder", ("“We lost a winter,”", "“and we will not lose another.”")),
    Said("Ruth Alder", ("“That is a promise.”",)),
    Said("Tom Brandt", ("the repairs had cost $12 million",)),
    Said(
        "Tom Brandt",
        (
            "“We found cracks in two of the cables. It was a mess. They had been there for 30 years,”",
            "“I don’t know how nobody saw them.”",
        ),
    ),
    Said("Ines Okafor", ("“It may take longer,”",)),
    Said("Tom Brandt", ("“It may take longer,”",), nth=2),
    Said("Tom Brandt", ("the town had a “very thin” budget and “no time at all.”",)),
    Said(
        "Tom Brandt",
        (
            "“People ask me whether it is safe… Yes, it is, well-kept and 3,000 tons strong.",
            "“I cross it [the bridge] twice a day,”",
            "“So does my brother, a U.S. Marine — why would he?”",
        ),
    ),
    Said("Ruth Alder", ("“the state paid for it.”",), negated=True),
    Said(None, ("“Somebody will pay for this,”",)),
)

TABLE: dict[str, tuple[str, str, str, list[str]]] = {
    # --- verbatim: every letter and digit, whatever the punctuation
    "as it stands": ("We lost a winter", "Alder", "verbatim", []),
    "with its marks": ("“We lost a winter,”", "Ruth Alder", "verbatim", []),
    "with a full stop for the comma": ("We lost a winter.", "Alder", "verbatim", ["punctuation: , → ."]),
    "in straight spelling": (
        '"I don\'t know how nobody saw them."',
        "Brandt",
        "verbatim",
        ["spelling: don’t → don't"],
    ),
    "with other spaces": ("We lost\u00a0a winter", "Alder", "verbatim", ["spelling:   → \u00a0"]),
    "with another dash": (
        "a U.S. Marine -- why would he?",
        "Brandt",
        "verbatim",
        ["spelling: — → --"],
    ),
    "without the dots of an acronym": (
        "my brother, a US Marine",
        "Brandt",
        "verbatim",
        ["punctuation: U.S. → US"],
    ),
    "without a thousand's comma": ("3000 tons strong", "Brandt", "verbatim", ["punctuation: 3,000 → 3000"]),
    "over the article's own words": (
        "We lost a winter, and we will not lose another.",
        "Alder",
        "verbatim",
        ["joined: Alder said → -"],
    ),
    "over a paragraph's end": (
        "3,000 tons strong. I cross it",
        "Brandt",
        "verbatim",
        ["spelling: .\n\n“ → ."],
    ),
    "with the article's own dots": (
        "whether it is safe... Yes, it is",
        "Brandt",
        "verbatim",
        ["spelling: … → ..."],
    ),
    "with the article's own dots as they are": ("whether it is safe… Yes", "Brandt", "verbatim", []),
    "with the article's own brackets": ("it [the bridge] twice a day", "Brandt", "verbatim", []),
    "one word": ("mess", "Brandt", "verbatim", []),
    "only the part in marks of a mixed one": ("very thin", "Brandt", "verbatim", []),
    "a mixed one that says which part is direct": (
        "the town had a “very thin” budget and “no time at all.”",
        "Brandt",
        "verbatim",
        [],
    ),
    "no speaker printed": ("We lost a winter", "", "verbatim", []),
    # --- edited: changes of newsroom style, marked as such
    "a capital": ("And we will not lose another", "Alder", "edited", ["capital: and → And"]),
    "a capital in brackets": ("[A]nd we will not lose another", "Alder", "edited", ["capital: and → [A]nd"]),
    "an ellipsis": (
        "We found cracks in two of the cables. … They had been there for 30 years",
        "Brandt",
        "edited",
        ["ellipsis: It was a mess → …"],
    ),
    "an ellipsis in brackets": (
        "We found cracks […] They had been there for 30 years",
        "Brandt",
        "edited",
        ["ellipsis: in two of the cables. It was a mess → […]"],
    ),
    "an ellipsis of three spaced dots, over the article's own words": (
        "It was a mess . . . I don’t know how nobody saw them",
        "Brandt",
        "edited",
        ["ellipsis: They had been there for 30 years,” Brandt told The Harbor Times → . . ."],
    ),
    "an ellipsis at both ends": (
        "… lost a winter …",
        "Alder",
        "edited",
        ["ellipsis: - → …", "ellipsis: - → …"],
    ),
    "an ellipsis that stands for nothing": ("We lost … a winter", "Alder", "edited", ["ellipsis: - → …"]),
    "a bracket for a pronoun": (
        "I don’t know how nobody saw [the cracks]",
        "Brandt",
        "edited",
        ["bracket-replacement: them → [the cracks]"],
    ),
    "a bracket for the first word": (
        "[The city] lost a winter",
        "Alder",
        "edited",
        ["bracket-replacement: We → [The city]"],
    ),
    "a bracket that adds": (
        "We found cracks in two [of five] of the cables",
        "Brandt",
        "edited",
        ["bracket-insertion: - → [of five]"],
    ),
    "a bracket for a word's end": (
        "I cross[ed] it [the bridge] twice a day",
        "Brandt",
        "edited",
        ["bracket-replacement: cross → cross[ed]"],
    ),
    "two quotes of one speaker as one": (
        "and we will not lose another. That is a promise.",
        "Alder",
        "edited",
        ["merged: Then she added → -"],
    ),
    # --- altered: other words, or another meaning
    "a word changed": ("We lost the winter", "Alder", "altered", ["changed: a → the"]),
    "the first word changed": ("They lost a winter", "Alder", "altered", ["changed: We → They"]),
    "the last word changed": ("We lost a summer", "Alder", "altered", ["changed: winter → summer"]),
    "an emoji added": ("We lost a winter 😀", "Alder", "altered", ["added: - → 😀"]),
    "a word added": ("We really lost a winter", "Alder", "altered", ["added: - → really"]),
    "a word dropped": ("We found cracks in two cables", "Brandt", "altered", ["dropped: of the → -"]),
    "words changed": (
        "We found cracks in many cables. It was a mess",
        "Brandt",
        "altered",
        ["changed: two of the → many (number)"],
    ),
    "not dropped": ("we will lose another", "Alder", "altered", ["dropped: not → - (negation)"]),
    "not added": ("It was not a mess", "Brandt", "altered", ["added: - → not (negation)"]),
    "not in brackets": ("It was [not] a mess", "Brandt", "altered", ["bracket-insertion: - → [not] (negation)"]),
    "not lost in an ellipsis": ("we will … lose another", "Alder", "altered", ["ellipsis: not → … (negation)"]),
    "nobody becomes anybody": (
        "I don’t know how anybody saw them",
        "Brandt",
        "altered",
        ["changed: nobody → anybody (negation)"],
    ),
    "do not for don't": ("I do not know how nobody saw them", "Brandt", "altered", ["changed: don’t → do not"]),
    "another number": (
        "They had been there for 40 years",
        "Brandt",
        "altered",
        ["changed: 30 → 40 (number)"],
    ),
    "another number in brackets": (
        "They had been there for [40] years",
        "Brandt",
        "altered",
        ["bracket-replacement: 30 → [40] (number)"],
    ),
    "a number in words": ("They had been there for thirty years", "Brandt", "altered", ["changed: 30 → thirty"]),
    "a doubt gone": ("It will take longer", "Okafor", "altered", ["changed: may → will (hedge)"]),
    "a question made a statement": (
        "why would he.",
        "Brandt",
        "altered",
        ["punctuation: ? → . (question)"],
    ),
    "a sentence left out unseen": (
        "We found cracks in two of the cables. They had been there for 30 years",
        "Brandt",
        "altered",
        ["dropped: It was a mess → -"],
    ),
    # --- not a quote, or not this speaker's
    "words that are only paraphrased": (
        "the bridge will reopen in May",
        "Alder",
        "paraphrase",
        ["unquoted: the bridge will reopen in May → the bridge will reopen in May"],
    ),
    "marks drawn too wide": (
        "had a very thin budget",
        "Brandt",
        "paraphrase",
        ["punctuation: “ → -", "punctuation: ” → -", "unquoted: had a → had a", "unquoted: budget → budget"],
    ),
    "the article's own words": (
        "The council, which met on Monday, did not vote",
        "Okafor",
        "narration",
        ["unquoted: The council, which met on Monday, did not vote → The council, which met on Monday, did not vote"],
    ),
    "another speaker": ("We lost a winter", "Tom Brandt", "speaker-differs", []),
    "another speaker, and other words": ("We lost a summer", "Okafor", "speaker-differs", ["changed: winter → summer"]),
    "somebody who is not in the article": ("We lost a winter", "Jane Doe", "speaker-differs", []),
    "words of two speakers as one's": (
        "That is a promise. We found cracks in two of the cables",
        "Alder",
        "speaker-differs",
        ["merged: City engineer Tom Brandt said the repairs had cost $12 million → -"],
    ),
    "words of two speakers without a name": (
        "That is a promise. … We found cracks in two of the cables",
        "",
        "altered",
        ["ellipsis: City engineer Tom Brandt said the repairs had cost $12 million → …"],
    ),
    "what was not said": ("the state paid for it", "Alder", "denied", []),
    "a sign's words": ("Somebody will pay for this", "Alder", "speaker-unknown", []),
    "nothing like it": ("I love this town more than anything else in the world", "Alder", "not-found", []),
    "only small words alike": ("It is what it is and that is that", "Alder", "not-found", []),
    "no words": ("…!", "Alder", "not-found", []),
}
SENTENCE = "“We lost a whole winter,” Ruth Alder said."
HIDDEN = {
    "byte order mark": "\ufeff", "zero-width space": "\u200b", "soft hyphen": "\u00ad", "word joiner": "\u2060",
    "variation selector": "\ufe0f", "grapheme joiner": "\u034f", "Hangul filler": "\u3164", "NUL": "\0",
    "backspace": "\b", "C1 control": "\x96", "object": "\ufffc", "noncharacter": "\uffff", "tag": "\U000e0041",
}  # fmt: skip
SHOWN = ["a\tb\n", "it\u2019s", "na\u00efve", "e\u0301", "\x92"]
OTHER_WORD = "xylophone"
QUOTES_OF_AN_ARTICLE = 3
FOUND_ELSEWHERE = 0.005
LONG_ENOUGH = 5  # words; shorter phrases can occur in another article: "the United States"


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_printed_quote_has_verdict_and_changes(case: tuple[str, str, str, list[str]]) -> None:
    printed, speaker, verdict, changes = case
    found = check(ARTICLE, REPORT, printed, speaker)
    assert (found.verdict, shown(ARTICLE, found)) == (verdict, changes)


@pytest.mark.parametrize(
    ("cue", "negated", "verdict"),
    [("deny", False, "denied"), ("say", True, "denied"), ("say", False, "paraphrase"), ("deny", True, "paraphrase")],
)
def test_denied_words_are_denied(cue: str, negated: bool, verdict: str) -> None:
    text = "Pike comments that the song was copied."
    said = Said("Pike", ("the song was copied",), negated=negated, cue=cue)
    article, found = report(text, [Who("Pike")], said)
    assert check(article, found, "the song was copied", "Pike").verdict == verdict


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("where", ["printed", "article"])
def test_hidden_character_does_not_alter_a_quote(hidden: str, where: str) -> None:
    broken = f"We lost a who{hidden}le winter"
    printed, text = (
        (broken, SENTENCE)
        if where == "printed"
        else ("We lost a whole winter", SENTENCE.replace("whole", f"who{hidden}le"))
    )
    article, built = report(text, [Who("Ruth Alder")], Said("Ruth Alder", (text.partition(" Ruth")[0],)))
    found = check(article, built, printed, f"Ruth{hidden} Al{hidden}der")
    assert (found.verdict, found.attribution) == ("verbatim", "same")
    assert {change.kind for change in found.changes} <= {"spelling", "punctuation"}


@pytest.mark.parametrize("text", SHOWN)
def test_what_a_reader_sees_stays(text: str) -> None:
    assert visible(text) == text


def articles(shared: Path) -> list[tuple[str, list[str]]]:
    """PolNeAR's development articles, with some of the gold contents of each."""
    chance = random.Random(1)
    found = []
    for line in (shared / "corpora" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        contents = [" ".join(row["text"][start:end] for start, end in one["content"]) for one in row["attributions"]]
        long = [content for content in contents if LONG_ENOUGH <= len(content.split()) <= 80]
        found.append((row["text"], chance.sample(long, min(QUOTES_OF_AN_ARTICLE, len(long)))))
    return found


def checks(text: str, quotes: list[str]) -> list[Check]:
    """Return the checks of `quotes` against `text`, without any known speaker."""
    return list(verify(Article(text), Report(), [Claim(quote) for quote in quotes]))


@pytest.mark.slow
def test_a_quote_of_another_article_is_not_found(shared: Path) -> None:
    read = articles(shared)
    found = []
    for number, (text, _) in enumerate(read):
        foreign = [quote for step in (1, 7, 30) for quote in read[(number + step) % len(read)][1]]
        found += checks(text, foreign)
    assert len(found) >= 500
    # Two articles can quote the same speech: "that she can't because she is being audited".
    assert sum(one.verdict != "not-found" for one in found) <= FOUND_ELSEWHERE * len(found)


@pytest.mark.slow
def test_quote_is_found_verbatim_and_with_one_changed_word(shared: Path) -> None:
    chance = random.Random(2)
    for text, quotes in articles(shared):
        for one in checks(text, quotes):
            assert one.occurrence, one.claim.text
        changed = []
        for quote in quotes:
            words = quote.split()
            words[chance.randrange(len(words))] = OTHER_WORD
            changed.append(" ".join(words))
        for one in checks(text, changed):
            assert one.wording == "altered", one.claim.text


@pytest.mark.growth
@pytest.mark.parametrize(("words", "printed"), [("a ", "a " * 300), ("we lost ", "lost we " * 150)])
def test_adversarial_text_takes_bounded_time(words: str, printed: str) -> None:
    # The largest allowed article, consisting only of matches, and the longest quote. pytest-timeout detects a hang.
    text = words * (200_000 // len(words))
    (one,) = checks(text, [printed])
    assert one.occurrence
    assert len(one.elsewhere) <= 4


@pytest.mark.growth
def test_text_of_punctuation_takes_bounded_time() -> None:
    for hostile in (". " * 100_000, "[" * 200_000, "…" * 200_000, "a[" * 100_000, "“" * 200_000, "-" * 200_000):
        checks(hostile, ["We lost a winter"])
        checks("We lost a winter.", [hostile[:50_000]] if not hostile.startswith("a") else [hostile[:600]])
