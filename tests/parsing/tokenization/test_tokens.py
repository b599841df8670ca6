"""Tokens, by the conventions of the UD English treebanks. Spaces separate tokens in the tables."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parsing.tokenization.splitting import sentences, tokens

TOKENS = [
    # words and marks
    ("The bridge, closed since May, is safe.", "The bridge , closed since May , is safe ."),
    ("“It’s over,” she said.", '" It\'s over , " she said .'),
    ("“Stop!”—he ran.", '" Stop ! " — he ran .'),
    ("Wait… what?!", "Wait … what ?!"),
    ("Well ... no -- never", "Well ... no -- never"),
    ("''It's fine,'' he said.", "'' It's fine , '' he said ."),
    ("(a [sic] note)", "( a [ sic ] note )"),
    ("naïve Zoë Müller cafe\u0301", "naïve Zoë Müller cafe\u0301"),
    # apostrophes
    ("don't can't Obama's they'll I'm", "don't can't Obama's they'll I'm"),
    ("the workers' union and James' car", "the workers' union and James' car"),
    ("He said 'we are the champions' again", "He said ' we are the champions ' again"),
    ("O'Rourke at five o'clock", "O'Rourke at five o'clock"),
    ("get 'em, 'til the '90s", "get 'em , 'til the '90s"),
    # hyphens and slashes
    ("a 15-year-old high-school student", "a 15 - year - old high - school student"),
    ("non-profit e-mail anti-war ex-wife co-founder", "non-profit e-mail anti-war ex-wife co-founder"),
    ("UN-led D-Calif.", "UN - led D - Calif."),
    ("and/or he/she", "and / or he / she"),
    # numbers
    ("$1.5 million, US$20 and £3bn", "$ 1.5 million , US$ 20 and £ 3 bn"),
    ("10,000 at 7:30 on 9/11", "10,000 at 7:30 on 9/11"),
    ("5pm, 10am, 50%, 1990s, 2nd", "5 pm , 10 am , 50 % , 1990s , 2nd"),
    ("2002-2004, 51-48, 713-853-3989", "2002 - 2004 , 51 - 48 , 713-853-3989"),
    ("#1 of [16,17].", "# 1 of [ 16 , 17 ] ."),
    # abbreviations
    ("at 5 p.m. in the U.S. Senate", "at 5 p.m. in the U.S. Senate"),
    ("Gov. J. K. Rowling Jr. of Acme Inc. left", "Gov. J. K. Rowling Jr. of Acme Inc. left"),
    ("No. 5 on Nov. 3", "No. 5 on Nov. 3"),
    ("She said no. We sat.", "She said no . We sat ."),
    ("Boston, Mass. is old. The mass. Ended", "Boston , Mass. is old . The mass . Ended"),
    ("Smith et al. found it, vs. Jones", "Smith et al. found it , vs. Jones"),
    ("a Ph.D. in physics", "a Ph.D. in physics"),
    ("This is plan B.", "This is plan B ."),
    ("tea, milk, etc.", "tea , milk , etc ."),
    # names with signs, addresses, faces
    ("AT&T and Q&A", "AT&T and Q&A"),
    (
        "Write to a.b@example.org or https://example.org/a?b=c.",
        "Write to a.b@example.org or https://example.org/a?b=c .",
    ),
    ("@handle #ThisTag example.com, too", "@handle #ThisTag example.com , too"),
    ("Great :) thanks", "Great :) thanks"),
    ("👩‍👩‍👧 nice", "👩 👩 👧 nice"),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_tokens_follow_the_treebanks(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


@pytest.mark.parametrize("word", ["don't", "Obama's", "workers'", "I'm", "cannot", "gonna", "DON'T", "they've", "dont"])
def test_contractions_and_possessives_are_several_words(word: str) -> None:
    ((token, *_),) = sentences(f"{word} x")
    assert (token.text, token.multiword) == (word, True)


@pytest.mark.parametrize("word", ["James", "its", "o'clock", "O'Rourke", "'s", "Gov.", "'em", "want"])
def test_other_words_are_single_tokens(word: str) -> None:
    assert not any(token.multiword for sentence in sentences(f"{word} x") for token in sentence)


@pytest.mark.parametrize("hidden", ["\ufeff", "\u200b", "\u00ad", "\u200d", "\u2060", "\u200e", "\u202e"])
def test_invisible_characters_do_not_split_a_word(hidden: str) -> None:
    text = f"The may{hidden}or t{hidden}{hidden}old{hidden} us."
    ((*words, _),) = sentences(text)
    assert [word.text for word in words] == ["The", "mayor", "told", "us"]
    assert [text[slice(*word.span)].replace(hidden, "") for word in words] == ["The", "mayor", "told", "us"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_visible_character_is_in_one_token(text: str) -> None:
    spans = [token.span for sentence in sentences(text) for token in sentence]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    covered = {place for span in spans for place in range(*span)}
    left = "".join(character for place, character in enumerate(text) if place not in covered)
    assert tokens(left) == []


@pytest.mark.parametrize(
    "unit", ["a-", "a.", ".com", "a@", "'s", "A.", "www.", "((", "1,2", "e-", "-1", "\u0301", "\u200b"]
)
def test_hostile_runs_take_linear_time(unit: str) -> None:
    counted = [len(tokens(unit * (length // len(unit)))) for length in (4_000,)]
    assert counted
