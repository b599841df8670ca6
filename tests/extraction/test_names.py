"""Names of the same person or organization: short name, long name → how well they match."""

import pytest

from service.extraction.speakers.names import (
    Fit,
    gender_of_name,
    looks_like_acronym,
    misspelt,
    organization_fit,
    person_fit,
    tokens,
)


@pytest.mark.parametrize(
    ("short", "long", "fit"),
    [
        ("Maria Ortiz", "Maria Ortiz", Fit.SAME),
        ("Ortiz", "Maria Ortiz", Fit.SURNAME),
        ("Ortiz's", "Maria Ortiz", Fit.SURNAME),
        ("Maria", "Maria Ortiz", Fit.INNER),
        ("M. Ortiz", "Maria Ortiz", Fit.FULL),
        ("P. Ortiz", "Maria Ortiz", Fit.NONE),
        ("Peter Ortiz", "Maria Ortiz", Fit.NONE),
        ("Bill Harker", "William Harker", Fit.FULL),
        ("Rob Harker", "Bob Harker", Fit.FULL),
        ("J. D. Marsh", "James David Marsh", Fit.FULL),
        ("JD Marsh", "James David Marsh", Fit.FULL),
        ("Robert Marsh", "Robert F. Marsh", Fit.FULL),
        ("Robert T. Marsh", "Robert F. Marsh", Fit.NONE),
        ("Sam Marsh", "Sam Marsh Jr.", Fit.SAME),
        ("Sam Marsh Sr.", "Sam Marsh Jr.", Fit.NONE),
        ("de Vries", "Bill de Vries", Fit.SURNAME),
        ("van der Meer", "Ans van der Meer", Fit.SURNAME),
        ("Masri", "Karim al-Masri", Fit.SURNAME),
        ("Holm-Ravn", "Kit Holm-Ravn", Fit.SURNAME),
        ("Zhou", "Zhou Meiling", Fit.SURNAME),
        ("Han", "Han Min-jun", Fit.SURNAME),
        ("Han Min Jun", "Han Min-jun", Fit.SAME),
        ("Ho", "Ho Chi Keung", Fit.SURNAME),
        ("Tan", "Tan Wee Kiat", Fit.SURNAME),
        ("Wong", "Wong Siu-ming", Fit.SURNAME),
        ("Ong", "Su Lin Ong", Fit.SURNAME),
        ("Jones", "Tam Daniel Jones", Fit.SURNAME),
        ("O’Dell", "Fay O'Dell", Fit.SURNAME),
        ("Lund", "Maria Ortiz", Fit.NONE),
        ("", "Maria Ortiz", Fit.NONE),
    ],
)
def test_names_of_one_person_match(short: str, long: str, fit: Fit) -> None:
    assert person_fit(short, long) is fit


@pytest.mark.parametrize(
    ("short", "long", "fit"),
    [
        ("HSB", "Harbor Safety Board", Fit.FULL),
        ("H.S.B.", "Harbor Safety Board", Fit.FULL),
        ("BHS", "Harbor Safety Board", Fit.NONE),
        ("DHS", "Department of Harbor Safety", Fit.FULL),
        ("Transport Department", "Department of Transport", Fit.FULL),
        ("Norsk Kabel", "Norsk Kabel Inc.", Fit.SURNAME),
        ("Balt", "Balt News Agency", Fit.SURNAME),
        ("Safety Board", "Harbor Safety Board", Fit.SURNAME),
        ("the Times", "The Harbor Times", Fit.SURNAME),
        ("Board", "Harbor Safety Board", Fit.NONE),
        ("Norway", "Norway Coastal Service", Fit.NONE),
        ("U.S.", "United States", Fit.NONE),
        ("US", "U.S.", Fit.SAME),
    ],
)
def test_names_of_one_organization_match(short: str, long: str, fit: Fit) -> None:
    assert organization_fit(short, long) is fit


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("The Harbor Times", ("harbor", "times")),
        ("U.S.", ("us",)),
        ("Han Min-jun’s", ("han", "min", "jun")),
        ("Sam Marsh Jr.", ("sam", "marsh")),
        ("…", ()),
    ],
)
def test_name_is_split_into_tokens(name: str, words: tuple[str, ...]) -> None:
    assert tokens(name) == words


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Maria Ortiz", "female"),
        ("Peter Lund", "male"),
        ("Ortiz", None),
        ("Kim Min-jun", None),
        ("J. Peter Lund", "male"),
    ],
)
def test_given_name_implies_a_gender(name: str, gender: str | None) -> None:
    assert gender_of_name(name) == gender


@pytest.mark.parametrize(("name", "is_one"), [("HSB", True), ("U.S.", True), ("Ortiz", False), ("X", False)])
def test_acronyms_are_recognized(name: str, is_one: bool) -> None:
    assert looks_like_acronym(name) is is_one


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("Nolen", "Patrick Nolan", True),  # one letter substituted
        ("Nollan", "Patrick Nolan", True),  # one letter inserted
        ("Vigurie", "Richard Viguerie", True),  # one letter deleted
        ("Keidis", "Anthony Kiedis", True),  # two letters swapped
        ("Nolan", "Patrick Nolan", True),
        ("Dolan", "Patrick Nolan", False),  # first letters are rarely wrong
        ("Nelen", "Patrick Nolan", False),
        ("Lind", "Karen Lund", False),  # short names are close to too many others
        ("Pat Nolen", "Patrick Nolan", False),
        ("Nolen", "Nolan", False),
    ],
)
def test_surname_matches_with_one_spelling_error(short: str, long: str, expected: bool) -> None:
    assert misspelt(short, long) is expected
