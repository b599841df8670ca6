"""Sentence splitting. In the tables, `|` marks a sentence end within the text."""

import pytest

from tests.parsing.tokenization.splitting import split, tokens

TITLES = """
Gov. Sen. Rep. Capt. Prof. Gen. Det. Supt. Adm. Cllr. Insp. Sgt. Lt. Col. Maj. Cmdr. Rev. Dr. Mr. Mrs. Ms. Hon. Pres.
Amb. Atty.+Gen. Lt.+Gov. Lt.+Col. Maj.+Gen. Det.+Sgt. Asst.+Supt.
""".split()
CUES = [
    "“It will not open,” said {}.",
    "“It will not open,” {} said.",
    "The road is closed, according to {}.",
    "The aide told {} that the road was closed.",
    "It was closed, said {}, who lives in Ohio.",
    "The aide, {} and the clerk asked why.",
]
NAMES = ["Maria Lopez", "Hart", "James T. Whitfield", "O'Neil", "Ana Cole-Byrne"]

SENTENCES = [
    "The road is closed.| It will open in May.",
    "“It is closed,” she said.| “It will open.”| He left.",
    "He said: “It is closed.”| She agreed.",
    "“Is it closed?” she asked.",
    "“Stop!” he said.| The car stopped.",
    "(He left.)| She stayed.",
    "She stayed (he left in May) and waited.",
    "She waited …| Then she left.",
    "She waited... and waited.",
    "Who is it?!| Nobody knew.",
    # titles and names
    "He was promoted to Capt.| The mayor was there.",
    "J. K. Rowling and J.R.R. Tolkien wrote.| They are read.",
    "Robert Downey Jr. plays him.| Sammy Davis Jr. Boulevard is closed.",
    "“Go,” said Robert C. “Bobby” Scott.",
    "Martin Luther King Jr. said so.",
    # places, companies, dates, numbers
    "She lives in St. Louis near Mt. Hood and Ft. Worth.",
    "He works for Acme Inc.| The mayor said it would close.",
    "“It will pay,” said Acme Inc. Chief Executive Karen Osei.",
    "Acme Corp. Chief Financial Officer Joe Hart left.",
    "It opens on Nov. 3.| She said that the clerk would go on Jan. 31.",
    "Rep. Ann Cole, D-Calif., said so.| Sen. Joe Hart (R-Mass.) agreed.",
    "The U.S. Senate met in Washington, D.C., on Monday.",
    "They live in the U.S.| They came in May.",
    "It starts at 7 p.m. on Monday.| It ends at 9 a.m. Tuesday.",
    "It starts at 7 p.m.| The doors open at six.",
    "He is No. 5 on the list, she No. 12.",
    "She said no.| He left.",
    "It costs $3.5 million, i.e. Too much, vs. Two before.",
    # marks before letters
    "Visit example.com today.| It is free.",
    "It is 3.5 miles off, with PM2.5 in the air.",
    "Doug, who lost 12 lbs. “and a shoe size” last year, runs.",
    "A judge scolded KQRA.FM91 on Friday.",
    "“I won,” said Smt. Asha Rao of Batt. Chief Una Bligh.",
    "The Dow Jones .DJI fell and the index . . . rose . . .| She left.",
    "“We are on it.” is the slogan.",
    "'Could you help?' she asked.| He could.",
    "She is on the 40 Under 40 list of the [Syrian] Regime.",
]


@pytest.mark.parametrize("title", TITLES)
def test_no_sentence_ends_between_a_title_and_a_name(title: str) -> None:
    title = title.replace("+", " ")
    texts = [cue.format(f"{title} {name}") for cue in CUES for name in NAMES]
    assert not [text for text in texts if split(text) != [text]]
    assert not [text for text in texts if not set(title.split()) <= set(tokens(text))]


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences_end_as_expected(marked: str) -> None:
    assert split(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


def test_a_piece_ends_a_sentence() -> None:
    assert split("No mark at the end") == ["No mark at the end"]
    assert split("") == []
