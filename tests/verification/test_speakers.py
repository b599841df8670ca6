"""Matching a printed speaker to the article's speakers."""

import pytest

from service.verification.claimed_speaker import matching_speakers
from tests.verification.small_reports import Said, Who, check, report

TEXT = """Mayor Ruth Alder spoke first. “We lost,” she said.
City engineer Tom Brandt, the bridge's designer, agreed. “We did,” he said.
Gov. Rosa Alder-Diaz of Maine did not. “No,” she said.
The Korean Central News Agency (KCNA) reported “a win.”
The Justice Department, a Kremlin spokesman and U.S. officials were “surprised.”
Kim Jong-un and Lee Min-ho said “yes.”
"""
PEOPLE = [
    Who("Ruth Alder", description="Mayor", mentions=("Mayor Ruth Alder",)),
    Who("Tom Brandt", description="City engineer", mentions=("City engineer Tom Brandt, the bridge's designer",)),
    Who("Rosa Alder-Diaz", description="Gov.", mentions=("Gov. Rosa Alder-Diaz of Maine",)),
    Who("Korean Central News Agency", "organization", aliases=("KCNA",)),
    Who("Justice Department", "organization"),
    Who("Kremlin spokesman", mentions=("a Kremlin spokesman",)),
    Who("U.S. officials", "group", mentions=("U.S. officials",)),
    Who("Kim Jong-un and Lee Min-ho", "group"),
    Who("United States", "organization"),
]
ARTICLE, REPORT = report(TEXT, PEOPLE, *(Said(who.name, (quoted,)) for who, quoted in [(PEOPLE[0], "“We lost,”")]))


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Ruth Alder", ["Ruth Alder"]),
        ("Alder", ["Ruth Alder"]),
        ("ruth alder", ["Ruth Alder"]),
        ("Mayor Alder", ["Ruth Alder"]),
        ("Springfield Mayor Ruth Alder", ["Ruth Alder"]),
        ("Ruth Alder, the mayor of Springfield", ["Ruth Alder"]),
        ("Ruth B. Alder", ["Ruth Alder"]),
        ("Ms. Alder", ["Ruth Alder"]),
        ("Mr. Alder", []),
        ("Ruth", ["Ruth Alder"]),
        ("John Alder", []),
        ("the mayor", ["Ruth Alder"]),
        ("Mayor", ["Ruth Alder"]),
        ("Brandt", ["Tom Brandt"]),
        ("Tom Brandt", ["Tom Brandt"]),
        ("city engineer Tom Brandt", ["Tom Brandt"]),
        ("the city engineer", ["Tom Brandt"]),
        ("an engineer", ["Tom Brandt"]),
        ("the bridge's designer", ["Tom Brandt"]),
        ("a state engineer", []),
        ("Maine Gov. Rosa Alder-Diaz", ["Rosa Alder-Diaz"]),
        ("the governor", ["Rosa Alder-Diaz"]),
        ("KCNA", ["Korean Central News Agency"]),
        ("Korean Central News Agency", ["Korean Central News Agency"]),
        ("the Department of Justice", ["Justice Department"]),
        ("Kremlin spokesman", ["Kremlin spokesman"]),
        ("a spokesman for the Kremlin", ["Kremlin spokesman"]),
        ("U.S. officials", ["U.S. officials"]),
        ("Kim Jong-un", ["Kim Jong-un and Lee Min-ho"]),
        ("the U.S.", ["United States"]),
        ("Jane Doe", []),
        ("she", []),
        ("", []),
        ("…", []),
    ],
)
def test_claimed_speaker_matches_the_article_s_speakers(claim: str, names: list[str]) -> None:
    assert [REPORT.speakers[number].name for number in sorted(matching_speakers(claim, ARTICLE, REPORT))] == names


BODIES = """Ministry spokesman Tom Brandt said it “would pay.” The Kremlin was “surprised,” it said.
Alexandra Müller said “never.”
"""
SPOKEN = [
    Who("Tom Brandt", description="Ministry spokesman", mentions=("Ministry spokesman Tom Brandt",)),
    Who("Kremlin", "organization", mentions=("The Kremlin",)),
    Who("Alexandra Müller"),
]


@pytest.mark.parametrize(
    ("quote", "claim", "names"),
    [
        ("would pay", "Tom Brant", [("Tom Brandt", "spelling")]),
        ("would pay", "Brand", [("Tom Brandt", "spelling")]),
        ("would pay", "Tom B.", [("Tom Brandt", "short-form")]),
        ("would pay", "the ministry", [("Tom Brandt", "spokesperson")]),
        ("surprised", "a Kremlin spokesman", [("Kremlin", "spokesperson")]),
        ("surprised", "the ministry", []),  # its spokesman does not say this
        ("never", "Alex Muller", [("Alexandra Müller", "short-form")]),
        ("never", "Alexandra Mueller", [("Alexandra Müller", "spelling")]),
        ("never", "Tom Brandt", []),  # he is quoted, and is not misspelt
        ("never", "John Smith", []),
        ("never", "Alexandra M\ufefffüller", [("Alexandra Müller", "spelling")]),
        ("never", "Alexandra Mü\ufeffller", []),  # a byte order mark is no other spelling
        ("never", "", []),
        ("nobody has ever heard of that at all", "Brant", [("Tom Brandt", "spelling")]),
    ],
)
def test_suggestions_do_not_change_the_verdict(quote: str, claim: str, names: list[tuple[str, str]]) -> None:
    said = [
        Said("Tom Brandt", ("“would pay.”",)),
        Said("Kremlin", ("“surprised,”",)),
        Said("Alexandra Müller", ("“never.”",)),
    ]
    article, built = report(BODIES, SPOKEN, *said)
    found = check(article, built, quote, claim)
    assert [(built.speakers[one.speaker].name, one.likeness) for one in found.suggestions] == names
    assert not names or found.verdict in {"speaker-differs", "not-found"}
