"""Resolution of sources to speakers over a small article, on hand-written trees; one case per construction.

A case has sentences and, for each that reports something, `speaker/resolution` (`-/none` for no speaker).
"""

from collections.abc import Callable

import pytest

from service.extraction.report import Attribution, AttributionIndex
from service.extraction.speakers.resolve import resolve
from service.parsing.tree import FIRST_SENTENCE, Parse, SentenceIndex
from tests import trees
from tests.extraction.small_articles import (
    HE,
    SHE,
    appositive,
    cast,
    did,
    name,
    noun,
    of,
    say,
    shown,
    titled,
)

CASES: dict[str, tuple[list[str], list[str]]] = {
    # Names of persons
    "a surname is the full name before it": (
        [say(name("Maria Ortiz")), say(name("Ortiz"))],
        ["Maria Ortiz/name", "Maria Ortiz/alias"],
    ),
    "a surname is the full name after it, as in a headline": (
        [say(name("Ortiz")), say(name("Maria Ortiz"))],
        ["Maria Ortiz/alias", "Maria Ortiz/name"],
    ),
    "a title is not part of a name": (
        [say(titled("Governor", "Maria Ortiz")), say(titled("Gov.", "Ortiz"))],
        ["Maria Ortiz/name", "Maria Ortiz/alias"],
    ),
    "a country before a title is not part of a name": (
        [say(titled("Norwegian Foreign Minister", "Liv Dahl")), say(name("Dahl"))],
        ["Liv Dahl/name", "Liv Dahl/alias"],
    ),
    "an honorific distinguishes two people with one surname": (
        [say(name("Peter Lund")), say(name("Karen Lund")), say(titled("Mr.", "Lund")), say(titled("Mrs.", "Lund"))],
        ["Peter Lund/name", "Karen Lund/name", "Peter Lund/alias", "Karen Lund/alias"],
    ),
    "a surname shared by two people is the one named last": (
        [say(name("Peter Lund")), say(name("Karen Lund")), say(name("Lund"))],
        ["Peter Lund/name", "Karen Lund/name", "Karen Lund/alias"],
    ),
    "a surname shared by two people is the main person of the story": (
        [*[say(name("Karen Lund"))] * 4, did(name("Peter Lund")), say(name("Lund"))],
        [*["Karen Lund/name"] * 4, "Karen Lund/alias"],
    ),
    "a surname shared by two people named together is ambiguous": (
        [did(f"{name('Peter Lund')} and/CCONJ/cc/Karen {name('Karen Lund', 'conj/Peter')}"), say(name("Lund"))],
        ["-/none"],
    ),
    "a given name alone is an alias": (
        [say(name("Oprah Delacroix")), say(name("Oprah"))],
        ["Oprah Delacroix/name", "Oprah Delacroix/alias"],
    ),
    "a nickname is the given name it stands for": (
        [say(name("William Harker")), say(name("Bill Harker"))],
        ["William Harker/name", "William Harker/alias"],
    ),
    "initials are the given names they stand for": (
        [say(name("James David Marsh")), say(name("J. D. Marsh"))],
        ["James David Marsh/name", "James David Marsh/alias"],
    ),
    "post-nominal letters are not part of a name": (
        [say(name("Alan Grant KC")), say(titled("Mr", "Grant"))],
        ["Alan Grant/name", "Alan Grant/alias"],
    ),
    "a misspelt surname is the person named before": (
        [say(name("Patrick Nolan")), say(name("Nolen"))],
        ["Patrick Nolan/name", "Patrick Nolan/alias"],
    ),
    "a title distinguishes two people with one surname": (
        [
            say(titled("Mayor", "Peter Lund")),
            say(name("Thomas Lund")),
            did(name("Lund")),
            say(titled("Mayor", "Lund")),
        ],
        ["Peter Lund/name", "Thomas Lund/name", "Peter Lund/alias"],
    ),
    "Mrs with the husband's surname is the wife": (
        [
            say(name("Peter Lund")),
            did(
                f"Lund/PROPN/nmod:poss/wife 's/PART/case/Lund wife/NOUN/nsubj/slept "
                f"{appositive('wife', name('Claire', '@'))}"
            ),
            say(titled("Mrs.", "Lund")),
            say(name("Lund")),
        ],
        ["Peter Lund/name", "Claire/alias", "Peter Lund/alias"],
    ),
    "an occupation can be a surname": (
        [say(titled("Senator", "Barbara Boxer")), say(titled("Ms.", "Boxer"))],
        ["Barbara Boxer/name", "Barbara Boxer/alias"],
    ),
    "a paper's short name is a name": (
        [say(noun("The Harbor Post")), say("The/DET/det/Post Post/NOUN/nsubj/said")],
        ["The Harbor Post/name", "The Harbor Post/alias"],
    ),
    "a second role of the same person is no second speaker": (
        [
            say(
                f"{name('Jill Dahl')} {appositive('Jill', noun('vice president', '@'))} "
                "and/CCONJ/cc/counsel general/ADJ/amod/counsel counsel/NOUN/conj/Jill"
            )
        ],
        ["Jill Dahl/name"],
    ),
    "a sports score is not a person": (
        [say(name("Maria Ortiz")), did("2-1/PROPN/nsubj/slept"), say(SHE)],
        ["Maria Ortiz/name", "Maria Ortiz/pronoun"],
    ),
    "a middle name can be left out": (
        [say(name("Robert F. Marsh")), say(name("Robert Marsh"))],
        ["Robert F. Marsh/name", "Robert F. Marsh/alias"],
    ),
    "father and son with one name are two people": (
        [say(name("Sam Marsh Sr.")), say(name("Sam Marsh Jr."))],
        ["Sam Marsh Sr./name", "Sam Marsh Jr./name"],
    ),
    "the last word of a two-word surname is an alias": (
        [say(name("Bill de Vries")), say(f"de/PROPN/nsubj/said {name('Vries', 'flat/de')}")],
        ["Bill de Vries/name", "Bill de Vries/alias"],
    ),
    "a surname can lose its particle": (
        [say(name("Karim al-Masri")), say(name("Masri"))],
        ["Karim al-Masri/name", "Karim al-Masri/alias"],
    ),
    "a Korean surname comes first": (
        [say(name("Han Min-jun")), say(name("Han"))],
        ["Han Min-jun/name", "Han Min-jun/alias"],
    ),
    "a Chinese surname comes first": (
        [say(name("Zhou Meiling")), say(name("Zhou"))],
        ["Zhou Meiling/name", "Zhou Meiling/alias"],
    ),
    "a name with and without hyphens is one name": (
        [say(name("Han Min-jun")), say(name("Han Min Jun"))],
        ["Han Min-jun/name", "Han Min-jun/name"],
    ),
    "two full names with one surname are two people": (
        [say(name("Peter Lund")), say(name("Karen Lund")), say(name("Peter Lund"))],
        ["Peter Lund/name", "Karen Lund/name", "Peter Lund/name"],
    ),
    "a possessor is not the speaker": (
        [
            say(name("Maria Ortiz")),
            say("Ortiz/PROPN/nmod:poss/spokesman 's/PART/case/Ortiz spokesman/NOUN/nsubj/said"),
        ],
        ["Maria Ortiz/name", "Ortiz's spokesman/description"],
    ),
    # Organizations
    "an acronym in parentheses is the long name": (
        [
            say(
                f"{noun('The Harbor Safety Board')} (/PUNCT/punct/HSB HSB/PROPN/appos/Board )/PUNCT/punct/HSB",
            ),
            say(noun("the HSB")),
        ],
        ["Harbor Safety Board/name", "Harbor Safety Board/alias"],
    ),
    "an acronym of the initials is the long name": (
        [say(noun("The Harbor Safety Board")), say("HSB/PROPN/nsubj/said")],
        ["Harbor Safety Board/name", "Harbor Safety Board/alias"],
    ),
    "a possessor is not part of an organization's name": (
        [say(f"Norway/PROPN/nmod:poss/Service 's/PART/case/Norway {noun('Coastal Rescue Service')}")],
        ["Coastal Rescue Service/name"],
    ),
    "a possessor is part of a description": (
        [say("Norway/PROPN/nmod:poss/military 's/PART/case/Norway military/NOUN/nsubj/said")],
        ["Norway's military/description"],
    ),
    "a newspaper has the name before the noun": (
        [say(noun("the Daily Lantern newspaper"))],
        ["Daily Lantern/name"],
    ),
    "a news agency has the name before the noun": (
        [
            say("Balt/PROPN/compound/agency news/NOUN/compound/agency agency/NOUN/nsubj/said"),
            say(noun("Balt News Agency")),
        ],
        ["Balt News Agency/name", "Balt News Agency/name"],
    ),
    "an agency has the name after the noun": (
        [say("Russian/ADJ/amod/agency news/NOUN/compound/agency agency/NOUN/nmod:desc/VOST VOST/PROPN/nsubj/said")],
        ["VOST/name"],
    ),
    "a newspaper keeps its The": (
        [say(noun("The Harbor Times"))],
        ["The Harbor Times/name"],
    ),
    "an apposition names the agency": (
        [
            say(
                "the/DET/det/agency country/NOUN/nmod:poss/agency 's/PART/case/country official/ADJ/amod/agency "
                "news/NOUN/compound/agency agency/NOUN/nsubj/said "
                + appositive("agency", noun("the Baltic Press Service", "@"))
            )
        ],
        ["Baltic Press Service/name"],
    ),
    "the company is the company named before": (
        [say(noun("Norsk Kabel Inc")), say(noun("The company"))],
        ["Norsk Kabel Inc/name", "Norsk Kabel Inc/description"],
    ),
    "the office is the metonym named before": (
        [say(noun("The Kremlin")), say(noun("The office"))],
        ["Kremlin/name", "Kremlin/description"],
    ),
    "the ministry is the ministry named, not the company named later": (
        [say(noun("The Transport Ministry")), say(noun("Norsk Kabel Inc")), say(noun("The ministry"))],
        ["Transport Ministry/name", "Norsk Kabel Inc/name", "Transport Ministry/description"],
    ),
    "a campaign is not its candidate": (
        [
            say(name("Maria Ortiz")),
            say("Ortiz/PROPN/nmod:poss/campaign 's/PART/case/Ortiz campaign/NOUN/nsubj/said"),
        ],
        ["Maria Ortiz/name", "Ortiz's campaign/description"],
    ),
    # Documents
    "the speaker of a statement is the name before it": (
        [say(noun("A White House statement"))],
        ["White House/name"],
    ),
    "the speaker of a statement is the name after from": (
        [say(f"{noun('A statement')} {of('statement', 'from', noun('the Kremlin', '@'))}")],
        ["Kremlin/name"],
    ),
    "the speaker of a letter is its writer": (
        [
            say(name("Maria Ortiz")),
            say("Ortiz/PROPN/nmod:poss/letter 's/PART/case/Ortiz letter/NOUN/nsubj/said"),
        ],
        ["Maria Ortiz/name", "Maria Ortiz/alias"],
    ),
    "a report without an author is the speaker": (
        [say(noun("The report"))],
        ["report/description"],
    ),
    # Descriptions
    "the mayor is the mayor named before": (
        [say(titled("Mayor", "Maria Ortiz")), did(name("Peter Lund")), say(noun("The mayor"))],
        ["Maria Ortiz/name", "Maria Ortiz/description"],
    ),
    "the spokeswoman is the spokesperson of the apposition": (
        [
            say(f"{name('Maria Ortiz')} {appositive('Maria', noun('a spokesperson', '@'))}"),
            say(name("Peter Lund")),
            say(noun("The spokeswoman")),
        ],
        ["Maria Ortiz/name", "Peter Lund/name", "Maria Ortiz/description"],
    ),
    "the senator is not the governor": (
        [say(titled("Sen.", "Maria Ortiz")), say(titled("Gov.", "Peter Lund")), say(noun("The senator"))],
        ["Maria Ortiz/name", "Peter Lund/name", "Maria Ortiz/description"],
    ),
    "a minister of another country is another person": (
        [say(titled("Norwegian Minister", "Liv Dahl")), say(noun("the Danish minister"))],
        ["Liv Dahl/name", "Danish minister/description"],
    ),
    "the mayor of another town is another person": (
        [say(titled("Oslo Mayor", "Maria Ortiz")), say(noun("the Bergen mayor")), say(noun("the Oslo mayor"))],
        ["Maria Ortiz/name", "Bergen mayor/description", "Maria Ortiz/description"],
    ),
    "a deputy is not the office holder": (
        [say(titled("Mayor", "Maria Ortiz")), say(noun("the deputy mayor"))],
        ["Maria Ortiz/name", "deputy mayor/description"],
    ),
    "the court is the court named before": (
        [say(noun("The Harbor District Court")), say(noun("The Court"))],
        ["Harbor District Court/name", "Harbor District Court/description"],
    ),
    "the spokesman is the spokesman mentioned before": (
        [say(noun("A spokesman")), say(noun("The spokesman"))],
        ["spokesman/description", "spokesman/description"],
    ),
    "his lawyer is the lawyer of the man named before": (
        [
            say(name("Peter Lund")),
            say("His/PRON/nmod:poss/lawyer lawyer/NOUN/nsubj/said"),
            say("Lund/PROPN/nmod:poss/lawyer 's/PART/case/Lund lawyer/NOUN/nsubj/said"),
        ],
        ["Peter Lund/name", "his lawyer/description", "his lawyer/description"],
    ),
    "another official is a second speaker": (
        [say(noun("A senior official")), say(noun("Another senior official"))],
        ["senior official/description", "senior official/description"],
    ),
    "equal bare plurals are one group": (
        [say(noun("Harbor officials", lemma="official")), say(noun("Harbor officials", lemma="official"))],
        ["Harbor officials/description", "Harbor officials/description"],
    ),
    "a description can be the person named later": (
        [
            say(noun("A spokeswoman")),
            say(f"{noun('the spokeswoman')} {appositive('spokeswoman', name('Elena Dahl', '@'))}"),
        ],
        ["Elena Dahl/description", "Elena Dahl/name"],
    ),
    "the 35-year-old is the person just named": (
        [say(name("Peter Lund")), say(name("Karen Dahl")), say(noun("The 35-year-old"))],
        ["Peter Lund/name", "Karen Dahl/name", "Karen Dahl/description"],
    ),
    "an age can be several tokens": (
        [
            say(name("Peter Lund")),
            say(
                "The/DET/det/old 35/NUM/nummod/year -/PUNCT/punct/35 year/NOUN/compound/old "
                "-/PUNCT/punct/35 old/ADJ/nsubj/said"
            ),
        ],
        ["Peter Lund/name", "Peter Lund/description"],
    ),
    "the striker is the person just named, the judge is not": (
        [say(name("Peter Lund")), say(noun("The striker")), say(noun("The judge"))],
        ["Peter Lund/name", "Peter Lund/description", "judge/description"],
    ),
    "a woman who gave her name has that name": (
        [
            say(
                "A/DET/det/woman woman/NOUN/nsubj/said ,/PUNCT/punct/woman who/PRON/nsubj/gave "
                "gave=give/VERB/acl:relcl/woman her/PRON/nmod:poss/name name/NOUN/obj/gave as/ADP/case/Ruth "
                "Ruth/PROPN/obl/gave ,/PUNCT/punct/woman"
            )
        ],
        ["Ruth/alias"],
    ),
    # Groups
    "two coordinated names are a group": (
        [say(f"{name('Peter Lund')} and/CCONJ/cc/Karen {name('Karen Dahl', 'conj/Peter')}")],
        ["Peter Lund and Karen Dahl/name"],
    ),
    "both with a plural is a group": ([say(noun("Both nations", lemma="nation"))], ["both nations/description"]),
}


@pytest.mark.parametrize(("sentences", "expected"), CASES.values(), ids=CASES.keys())
def test_source_is_resolved_to_one_speaker(sentences: list[str], expected: list[str]) -> None:
    _, _, found = cast(*sentences)
    assert shown(found) == expected


def test_source_without_a_noun_is_named_by_its_text() -> None:
    _, _, found = cast(say("Some/DET/nsubj/said"))
    assert [(one.name, one.kind) for one in found.speakers] == [("some", "group")]


def test_two_speakers_can_have_the_same_name() -> None:
    _, _, found = cast(say(noun("A senior official")), say(noun("Another senior official")))
    assert [one.name for one in found.speakers] == ["senior official", "senior official"]
    assert [one.speaker for one in found.resolved] == [0, 1]


def test_equal_bare_plurals_are_one_speaker() -> None:
    _, _, found = cast(say(noun("Local officials", lemma="official")), say(noun("Local officials", lemma="official")))
    assert [one.speaker for one in found.resolved] == [0, 0]
    assert found.speakers[0].kind == "group"


def test_speaker_has_description_aliases_mentions_and_quotes() -> None:
    text, _, found = cast(
        say(f"{name('Maria Ortiz')} {appositive('Maria', noun('a spokesperson', '@'))}"),
        say(name("Ortiz")),
        say(SHE),
    )
    (speaker,) = found.speakers
    assert (speaker.name, speaker.kind, speaker.description) == ("Maria Ortiz", "person", "spokesperson")
    assert (speaker.aliases, [one.speaker for one in found.resolved]) == (("Ortiz",), [0, 0, 0])
    assert [text[start:end] for start, end in speaker.mentions] == ["Maria Ortiz, a spokesperson", "Ortiz", "She"]


def test_acronym_in_parentheses_is_an_alias() -> None:
    _, _, found = cast(
        say(f"{noun('The Harbor Safety Board')} (/PUNCT/punct/HSB HSB/PROPN/appos/Board )/PUNCT/punct/HSB")
    )
    assert (found.speakers[0].aliases, found.speakers[0].kind) == (("HSB",), "organization")


def test_continued_quote_has_the_same_speaker() -> None:
    text, attributions, _ = cast(say(name("Maria Ortiz")), did(name("Peter Lund")))
    on = Attribution(kind="direct", contents=(), sentence=SentenceIndex(1), continues=AttributionIndex(0))
    parse = trees.parse(text, [say(name("Maria Ortiz")), did(name("Peter Lund"))])
    found = resolve(trees.article(text), parse, [*attributions, on])
    assert shown(found) == ["Maria Ortiz/name", "Maria Ortiz/continuation"]
    assert [one.speaker for one in found.resolved] == [0, 0]


def test_quote_without_a_source_has_no_speaker() -> None:
    found = resolve(trees.article(""), Parse(), [Attribution(kind="direct", contents=(), sentence=FIRST_SENTENCE)])
    assert found.speakers == ()
    assert [(one.speaker, one.code) for one in found.resolved] == [(None, "no-source")]


@pytest.mark.parametrize(
    ("sentences", "code"),
    [
        ([say(HE)], "no-antecedent"),
        (
            [did(f"{name('Thomas Berg')} and/CCONJ/cc/Peter {name('Peter Lund', 'conj/Thomas')}"), say(HE)],
            "ambiguous",
        ),
        ([say("I/PRON/nsubj/said")], "author"),
    ],
)
def test_unresolved_source_has_a_reason(sentences: list[str], code: str) -> None:
    _, _, found = cast(*sentences)
    assert (found.resolved[-1].speaker, found.resolved[-1].code) == (None, code)
    assert found.resolved[-1].unresolved


def test_resolution_is_deterministic() -> None:
    sentences = [sentence for case, _ in CASES.values() for sentence in case]
    assert cast(*sentences)[2] == cast(*sentences)[2]


def test_wrong_entity_kind_does_not_make_a_person_a_place() -> None:
    sentences = [say(name("Maria Ortiz")), say(name("Ortiz")), say(SHE)]
    _, _, found = cast(*sentences, entities={"Maria Ortiz": "place"})
    assert shown(found) == ["Maria Ortiz/name", "Maria Ortiz/alias", "Maria Ortiz/pronoun"]


def test_source_of_punctuation_is_named_by_its_text() -> None:
    assert shown(cast(say(";/SYM/nsubj/said"))[2]) == [";/description"]


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        (noun("Council"), noun("The Wexley Borough Council"), ["Wexley Borough Council/description"]),
        (noun("Mayor"), titled("Mayor", "Maria Ortiz"), ["Maria Ortiz/description"]),
        (noun("Police"), noun("Police", lemma="police"), ["police/description"]),
        (name("Ortiz"), name("Maria Ortiz"), ["Maria Ortiz/alias"]),
    ],
)
def test_headline_source_is_the_speaker_named_in_the_body(headline: str, body: str, expected: list[str]) -> None:
    _, _, found = cast(say(headline), f"¶ {say(body)}", headline=True)
    assert shown(found)[:1] == expected
    assert len(found.speakers) == 1


@pytest.mark.parametrize(("verb", "clear"), [(say, True), (did, False)])
def test_confidence_is_lower_where_several_people_fit_a_pronoun(verb: Callable[[str], str], clear: bool) -> None:
    _, _, found = cast(say(name("Peter Lund")), verb(name("Paul Dahl")), say("He/PRON/nsubj/said"))
    resolved = found.resolved[-1]
    share, confidence = resolved.candidates[0].score, resolved.confidence or 0
    assert (share >= 0.7, confidence > 0.65) == (clear, clear)


@pytest.mark.parametrize("long", ["VELHOUSE MEDIA", "Velhouse Media"])
def test_heading_in_capitals_does_not_name_the_company(long: str) -> None:
    _, _, found = cast(say(name(long)), say(name("Velhouse")), entities={long: "organization"})
    assert [speaker.name for speaker in found.speakers] == ([long, "Velhouse"] if long.isupper() else [long])


def test_the_club_is_the_team_named_before() -> None:
    sentences = [say(noun("Bayport Rovers")), say(noun("The club"))]
    _, _, found = cast(*sentences, entities={"Bayport Rovers": "organization"})
    assert shown(found) == ["Bayport Rovers/name", "Bayport Rovers/description"]
