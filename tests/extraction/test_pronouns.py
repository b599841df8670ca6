"""Resolution of pronouns as sources, on hand-written trees.

A case has sentences and, for each that reports something, `speaker/resolution` (`-/none` for no speaker).
"""

from dataclasses import replace

import pytest

from service.extraction.report import Attribution, Cue, Source
from service.extraction.speakers.resolve import resolve
from service.parsing.tree import FIRST_SENTENCE, SentenceIndex
from tests import trees
from tests.extraction.small_articles import (
    HE,
    IT,
    SHE,
    THEY,
    cast,
    did,
    name,
    noun,
    quoted,
    say,
    shown,
    titled,
)

CASES: dict[str, tuple[list[str], list[str]]] = {
    # Pronouns
    "she is the woman named before": (
        [say(name("Maria Ortiz")), say(name("Peter Lund")), say(SHE)],
        ["Maria Ortiz/name", "Peter Lund/name", "Maria Ortiz/pronoun"],
    ),
    "he is the last man quoted in the paragraph before": (
        [say(name("Thomas Berg")), say(name("Peter Lund")), f"¶ {say(HE)}"],
        ["Thomas Berg/name", "Peter Lund/name", "Peter Lund/pronoun"],
    ),
    "he is the subject of the sentence before, not its object": (
        [say(name("Thomas Berg"), "told=tell", name("Peter Lund", "obj/said")), say(HE)],
        ["Thomas Berg/name", "Thomas Berg/pronoun"],
    ),
    "it is the agency, not the man": (
        [say(noun("The Harbor Safety Board")), did(name("Peter Lund")), say(IT)],
        ["Harbor Safety Board/name", "Harbor Safety Board/pronoun"],
    ),
    "they are the officials": (
        [say(noun("Harbor officials", lemma="official")), did(name("Peter Lund")), say(THEY)],
        ["Harbor officials/description", "Harbor officials/pronoun"],
    ),
    "she is unresolved where only men were named": ([say(name("Peter Lund")), say(SHE)], ["Peter Lund/name", "-/none"]),
    "he is unresolved where two men fit equally well": (
        [did(f"{name('Thomas Berg')} and/CCONJ/cc/Peter {name('Peter Lund', 'conj/Thomas')}"), say(HE)],
        ["-/none"],
    ),
    "he is unresolved in the first sentence": ([say(HE)], ["-/none"]),
    "a pronoun gives a name its gender": (
        [
            say(name("Sasha Holm")),
            say(SHE),
            did(name("Kit Ravn")),
            say(f"{name('Kit Ravn')}"),
            say(HE),
        ],
        ["Sasha Holm/name", "Sasha Holm/pronoun", "Kit Ravn/name", "Kit Ravn/pronoun"],
    ),
    "she can be a spokeswoman": (
        [say(noun("A spokeswoman")), did(name("Peter Lund")), say(SHE)],
        ["spokeswoman/description", "spokeswoman/pronoun"],
    ),
    "an indefinite noun is no one named before": (
        [say(titled("Mayor", "Maria Ortiz")), say(noun("A mayor"))],
        ["Maria Ortiz/name", "mayor/description"],
    ),
    "interrogative who is unresolved": ([say("who/PRON/nsubj/said")], ["-/none"]),
    "I outside a quote is the author": ([say("I/PRON/nsubj/said")], ["-/none"]),
    # Candidates that must be excluded
    "a man named in a quote is not the next speaker": (
        [
            quoted("Peter/PROPN/nsubj/left left=leave/VERB/ccomp/said", name("Thomas Berg")),
            say(HE),
        ],
        ["Thomas Berg/name", "Thomas Berg/pronoun"],
    ),
    "a man named in the content is not its speaker": (
        [
            say(name("Thomas Berg")),
            did(name("Peter Lund")),
            say(HE, rest="that/SCONJ/mark/left Lund/PROPN/nsubj/left left=leave/VERB/ccomp/said"),
        ],
        ["Thomas Berg/name", "Thomas Berg/pronoun"],
    ),
    "a subject is not the object of the same verb": (
        [
            did(name("Peter Lund")),
            f"{name('Thomas Berg', 'nsubj/met')} met=meet/VERB/root him/PRON/obj/met ./PUNCT/punct/met",
            say(HE),
        ],
        ["Thomas Berg/pronoun"],
    ),
    "a man named in the quote is not its speaker": (
        [
            say(name("Thomas Berg")),
            did(name("Peter Lund")),
            quoted("Lund/PROPN/nsubj/left left=leave/VERB/ccomp/said", HE),
        ],
        ["Thomas Berg/name", "Thomas Berg/pronoun"],
    ),
    "a man can quote others calling his name": (
        [
            say(name("Thomas Berg")),
            did(name("Peter Lund")),
            quoted(
                "They/PRON/nsubj/cried cried=cry/VERB/ccomp/said ‘/PUNCT/punct/Lund "
                "Lund/PROPN/obj/cried ’/PUNCT/punct/Lund",
                HE,
            ),
        ],
        ["Thomas Berg/name", "Peter Lund/pronoun"],
    ),
    "she is not a plural name": (
        [say(name("Maria Ortiz")), did("Americans=American/PROPN/nsubj/slept/Number=Plur/NNPS"), say(SHE)],
        ["Maria Ortiz/name", "Maria Ortiz/pronoun"],
    ),
    "the addressee is not the speaker": (
        [
            say(name("Thomas Berg")),
            did(name("Peter Lund")),
            say(HE, "told=tell", name("Lund", "obj/said")),
        ],
        ["Thomas Berg/name", "Thomas Berg/pronoun"],
    ),
}


@pytest.mark.parametrize(("sentences", "expected"), CASES.values(), ids=CASES.keys())
def test_pronoun_is_resolved_to_one_speaker_or_none(sentences: list[str], expected: list[str]) -> None:
    _, _, found = cast(*sentences)
    assert shown(found) == expected


def test_relative_pronoun_refers_to_the_noun_of_its_clause() -> None:
    text = "Maria Ortiz, who said so, slept."
    parse = trees.parse(
        text,
        [
            f"{name('Maria Ortiz', 'nsubj/slept')} ,/PUNCT/punct/said who/PRON/nsubj/said "
            "said=say/VERB/acl:relcl/Maria so/ADV/advmod/said ,/PUNCT/punct/said "
            "slept=sleep/VERB/root ./PUNCT/punct/slept"
        ],
    )
    one = Attribution("indirect", (), FIRST_SENTENCE, source=Source(trees.span_of(text, "who"), FIRST_SENTENCE, 3))
    assert shown(resolve(trees.article(text), parse, [one])) == ["Maria Ortiz/pronoun"]


def nested(inner: str) -> list[str]:
    """Resolve a quote inside a quote of Maria Ortiz, with the subject `inner`: “inner said so,”."""
    text = f"Peter Lund slept. “{inner} said so,” Maria Ortiz said."
    quote = trees.span_of(text, f"“{inner} said so,”")
    parse = trees.parse(
        text,
        [
            f"{name('Peter Lund', 'nsubj/slept')} slept=sleep/VERB/root ./PUNCT/punct/slept",
            f"“/PUNCT/punct/3 {inner}/PRON/nsubj/3 said=say/VERB/ccomp/9 so/ADV/advmod/3 ,/PUNCT/punct/9 "
            "”/PUNCT/punct/9 Maria/PROPN/nsubj/9 Ortiz/PROPN/flat/7 said=say/VERB/root ./PUNCT/punct/9",
        ],
    )
    attributions = [
        Attribution(
            "direct",
            (quote,),
            SentenceIndex(1),
            marks=(quote,),
            source=Source(trees.span_of(text, "Maria Ortiz"), SentenceIndex(1), 6),
        ),
        Attribution(
            "indirect",
            (trees.span_of(text, "so,"),),
            SentenceIndex(1),
            source=Source(trees.span_of(text, inner), SentenceIndex(1), 1),
        ),
    ]
    return shown(resolve(trees.article(text), parse, attributions))


def test_i_in_a_quote_is_its_speaker() -> None:
    assert nested("I") == ["Maria Ortiz/name", "Maria Ortiz/pronoun"]


def test_we_in_a_quote_is_unresolved() -> None:
    assert nested("We") == ["Maria Ortiz/name", "-/none"]


def test_he_in_a_quote_is_someone_mentioned_before() -> None:
    assert nested("He") == ["Maria Ortiz/name", "Peter Lund/pronoun"]


def test_she_in_a_quote_is_not_its_speaker() -> None:
    assert nested("She") == ["Maria Ortiz/name", "-/none"]


def test_addressee_of_a_question_is_the_next_speaker() -> None:
    asking = say(name("Thomas Berg"), "asked=ask", name("Peter Lund", "obj/said"))
    text, attributions, without = cast(asking, say(HE))
    assert shown(without)[1] == "Thomas Berg/pronoun"
    ask = replace(attributions[0], cue=Cue(trees.span_of(text, "asked"), "ask", "ask"))
    parse = trees.parse(text, [asking, say(HE)])
    assert shown(resolve(trees.article(text), parse, [ask, attributions[1]]))[1] == "Peter Lund/pronoun"
