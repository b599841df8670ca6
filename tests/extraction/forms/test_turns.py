"""Turns of interviews and transcripts: labels of every kind, and lists that have labels but no speech."""

import pytest

from service.extraction.forms.recognition import with_form
from service.input.article import Article
from service.input.paragraphs import read_article, read_page_article
from service.input.web_page import read_page

GAGGLE = """THE PRESIDENT:  Good afternoon.  We will take two questions.

Q    Thank you, Mr. President.  Will you sign it?

THE PRESIDENT:  I will.  (Laughter.)  Next.

Q    And when?

We have asked that before.

THE PRESIDENT:  Soon."""

COMMITTEE = """CHAIRWOMAN LYDIA FROST: The committee will come to order.

SEN. PAUL REEVE (R-MT): Thank you. Did you read the report?

DR. IMANI OSEI, HARBOR COMMISSIONER: I did.

(APPLAUSE)

REEVE: And you did nothing?

OSEI (through translator): We closed the pier."""

HANSARD = """Mr. REEVE. Mr. Speaker, I rise to ask about the pier.

The CHAIRMAN. The gentleman has two minutes.

Mr. REEVE. I thank the Chairman, and I will be brief.

Ms. FROST of Ohio. Will you yield to me?"""

NAMES = """Lydia Frost and the harbour engineer Imani Osei talked to us about the pier.

Herald: Why did it fall?

Lydia Frost: Nobody looked at it for nine years.

There was no money for that.

Imani Osei: I looked at it. [laughs] I wrote it all down.

Herald: And who read that?

Frost: We are asking ourselves the same."""

OWN_LINE = """Lydia Frost  00:04
I went there on Monday.

Imani Osei  00:09
And what did you see?

Lydia Frost  00:12
I saw nothing at all.

Imani Osei  00:15
Then you were lucky."""

REV = """Lydia Frost (00:04):
I went there on Monday.

Imani Osei (00:09):
And what did you see?

Lydia Frost (00:12):
I saw nothing at all."""

INITIALS = """Director Lydia Frost and her star Imani Osei met us in the harbour.

Was it cold?

LF: It was. I could not feel my feet.

IO: I liked it."""

QUESTIONS_ONLY = """Lydia Frost has run the pier for nine years.

Q: Was it always your dream?

No. I wanted to be a pilot. My father laughed at me.

Q: And now?

Now I would not leave it for anything."""


SWORN = """MR. REEVE: The plaintiff calls Imani Osei.

IMANI OSEI,
having been first duly sworn, testified as follows:

DIRECT EXAMINATION

BY MR. REEVE:

Q. Where were you?

A. At home.

THE WITNESS: I was asleep.

LYDIA FROST, called as a witness, was duly sworn and testified as follows:

Q. And you?

A. I was awake."""

CALL = """Operator: Good afternoon, and welcome to the call.

Lydia Frost -- Chief Executive

Thanks. We had a good year.

Operator

Your line is open.

Imani Osei -- Pier Capital -- Analyst

Can you talk about the beams?

Lydia Frost -- Chief Executive

I can. They are soft."""

GUESTS = """PRESENTER (LYDIA FROST): Good morning. The pier has gone.

GUEST (IMANI OSEI): I had to swim.

PRESENTER: Did nobody help?

GUEST: My dog did."""

AGED = """We asked people at the pier.

Imani Osei, 34, nurse
I came by bus, and I go home by bus.

Paul Reeve, 61
They never asked us. I wrote to them twice.

The council meets on Friday."""

EXPORT = """[04/05/2024, 10:12:01] Lydia Frost: are you at the pier
[04/05/2024, 10:12:40] Imani Osei: yes. cold
[04/05/2024, 10:13:02] Lydia Frost: bring my keys"""

HOUSE = """Lydia Frost (Northport) (Con): I beg to move, That this House notes the state of the pier.

Several hon. Members rose—

Imani Osei (Southgate) (LD): Will the hon. Lady give way?

Madam Deputy Speaker (Dame Ann Reeve): Order. Time is short.

Question put and agreed to."""

RECORD = """The SPEAKER pro tempore. The gentleman from Ohio is recognized.

Mr. REEVE. I thank the Speaker, and I will be brief.

Ms. FROST. Will you yield to me?

Mr. REEVE. I yield to my friend."""


def passages_in(article: Article) -> list[tuple[str, str]]:
    """The label and the speech of each turn."""
    return [
        (
            article.slice(one.label) if one.label else one.part,
            " / ".join(" ".join(article.slice(span).split()) for span in one.speech),
        )
        for one in article.passages
    ]


@pytest.mark.parametrize(
    ("text", "form", "turns"),
    [
        (
            GAGGLE,
            "transcript",
            [
                ("THE PRESIDENT", "Good afternoon. We will take two questions."),
                ("Q", "Thank you, Mr. President. Will you sign it?"),
                ("THE PRESIDENT", "I will. / Next."),
                ("Q", "And when? / We have asked that before."),
                ("THE PRESIDENT", "Soon."),
            ],
        ),
        (
            COMMITTEE,
            "transcript",
            [
                ("CHAIRWOMAN LYDIA FROST", "The committee will come to order."),
                ("SEN. PAUL REEVE", "Thank you. Did you read the report?"),
                ("DR. IMANI OSEI, HARBOR COMMISSIONER", "I did."),
                ("REEVE", "And you did nothing?"),
                ("OSEI", "We closed the pier."),
            ],
        ),
        (
            HANSARD,
            "transcript",
            [
                ("Mr. REEVE", "Mr. Speaker, I rise to ask about the pier."),
                ("The CHAIRMAN", "The gentleman has two minutes."),
                ("Mr. REEVE", "I thank the Chairman, and I will be brief."),
                ("Ms. FROST of Ohio", "Will you yield to me?"),
            ],
        ),
        (
            NAMES,
            "interview",
            [
                ("Herald", "Why did it fall?"),
                ("Lydia Frost", "Nobody looked at it for nine years. / There was no money for that."),
                ("Imani Osei", "I looked at it. / I wrote it all down."),
                ("Herald", "And who read that?"),
                ("Frost", "We are asking ourselves the same."),
            ],
        ),
        (
            OWN_LINE,
            "interview",
            [
                ("Lydia Frost", "I went there on Monday."),
                ("Imani Osei", "And what did you see?"),
                ("Lydia Frost", "I saw nothing at all."),
                ("Imani Osei", "Then you were lucky."),
            ],
        ),
        (
            REV,
            "interview",
            [
                ("Lydia Frost", "I went there on Monday."),
                ("Imani Osei", "And what did you see?"),
                ("Lydia Frost", "I saw nothing at all."),
            ],
        ),
        (
            INITIALS,
            "transcript",
            [("host", "Was it cold?"), ("LF", "It was. I could not feel my feet."), ("IO", "I liked it.")],
        ),
        (
            QUESTIONS_ONLY,
            "interview",
            [
                ("Q", "Was it always your dream?"),
                ("guest", "No. I wanted to be a pilot. My father laughed at me."),
                ("Q", "And now?"),
                ("guest", "Now I would not leave it for anything."),
            ],
        ),
        (
            CALL,
            "interview",
            [
                ("Operator", "Good afternoon, and welcome to the call."),
                ("Lydia Frost -- Chief Executive", "Thanks. We had a good year."),
                ("Operator", "Your line is open."),
                ("Imani Osei -- Pier Capital -- Analyst", "Can you talk about the beams?"),
                ("Lydia Frost -- Chief Executive", "I can. They are soft."),
            ],
        ),
        (
            AGED,
            "interview",
            [
                ("Imani Osei, 34, nurse", "I came by bus, and I go home by bus."),
                ("Paul Reeve, 61", "They never asked us. I wrote to them twice."),
            ],
        ),
        (
            EXPORT,
            "interview",
            [
                ("Lydia Frost", "are you at the pier"),
                ("Imani Osei", "yes. cold"),
                ("Lydia Frost", "bring my keys"),
            ],
        ),
        (
            HOUSE,
            "interview",
            [
                ("Lydia Frost", "I beg to move, That this House notes the state of the pier."),
                ("Imani Osei", "Will the hon. Lady give way?"),
                ("Madam Deputy Speaker (Dame Ann Reeve)", "Order. Time is short."),
            ],
        ),
        (
            RECORD,
            "transcript",
            [
                ("The SPEAKER pro tempore", "The gentleman from Ohio is recognized."),
                ("Mr. REEVE", "I thank the Speaker, and I will be brief."),
                ("Ms. FROST", "Will you yield to me?"),
                ("Mr. REEVE", "I yield to my friend."),
            ],
        ),
    ],
    ids=[
        "gaggle",
        "committee",
        "hansard",
        "names",
        "own line",
        "time in brackets",
        "initials",
        "questions only",
        "label with a colon among lines",
        "age",
        "exported messages",
        "proceedings of a parliament",
        "record of a congress",
    ],
)
def test_labels_begin_turns(text: str, form: str, turns: list[tuple[str, str]]) -> None:
    article = with_form(read_article(text))
    assert (article.form, passages_in(article)) == (form, turns)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (SWORN, ["REEVE", "REEVE", "IMANI OSEI", "IMANI OSEI", "REEVE", "LYDIA FROST"]),
        (
            "Spokesperson: We have one announcement.\n\nQuestion (Paul Reeve, Herald): When will it open?\n\n"
            "Spokesperson: I cannot say.\n\nQuestion (Imani Osei, Radio North): And where?",
            ["Spokesperson", "Paul Reeve", "Spokesperson", "Imani Osei"],
        ),
        (GUESTS, ["LYDIA FROST", "IMANI OSEI", "LYDIA FROST", "IMANI OSEI"]),
    ],
    ids=["sworn witnesses", "reporters in brackets", "names in brackets"],
)
def test_turns_have_the_name_given_elsewhere(text: str, names: list[str]) -> None:
    article = with_form(read_article(text))
    assert [one.name and article.slice(one.name) for one in article.passages] == names
    assert not any("sworn" in words or "EXAMINATION" in words for _, words in passages_in(article))


@pytest.mark.parametrize(
    "text",
    [
        "Lydia Frost: The engineer who shut the pier. You will hear of her again.\n\n"
        "Paul Reeve: Our tip for mayor.\n\nImani Osei: Who would bet against her?",
        "Lydia Frost: We said the mayor was 54. She is 45.\n\nNorthport Pier: Our report gave the wrong height.",
        "The ferry\n\nQ: How much is a ticket?\nA: It costs £4.\n\nQ: Can I take my dog?\nA: Yes, you can.",
        "Pier quiz\n\nQuestion 1: Who built it?\n\nQuestion 2: When did it fall?\n\nAnswers: 1 Reeve; 2 in May",
        "Q1. Who built it?\nA. Paul Reeve\n\nQ2. Who painted it?\nA. Imani Osei",
        "Lydia Frost, 54\nA former engineer, she leads the town. She sails.\n\nPaul Reeve, 41\nHe wants to ban cars.",
        "Where: Town Hall\n\nWhen: Monday at 10:35\n\nPrice: £5\n\nWhere: Old Mill\n\nWhen: Friday\n\nPrice: £7",
        "Budget 2024: Chancellor 'ready to raise taxes'\n\nThe chancellor said on Monday that taxes would rise.",
        "Rovers: Cole, Hart, Bell; Reeve, Frost.\n\nUnited: Osei, Tait, Orr; Venn, Bourne.\n\nReferee: Paul Hart.",
        "Best Picture: The Pier\n\nBest Director: Lydia Frost\n\nBest Actor: Paul Reeve\n\nBest Song: Nine Years",
        "Photo: Lydia Frost/Herald\n\nRead: How the pier fell\n\nThe pier fell on Monday. Nobody was hurt.",
        "Imani Osei: 8. Made two saves before the break.\n\nPaul Reeve: 6. Slow to turn all night.\n\n"
        "Lydia Frost: 7. Won her tackles in the middle.",
        "Paul Reeve's Pier: A guide to the beams\n\nThe pier fell on Monday.\n\nOff the Pier: How I built my boat",
        "LONDON: The pound fell on Monday.\n\nPARIS: Shares rose a little.\n\nLONDON: The pound fell again.",
        "Ingredients: two eggs\n\nMethod: Beat the eggs until your arm hurts.\n\nServes: 4",
        "10.35am: The minister says the border will open.\n\n10.52am: The minister says that she is sorry.",
        "Frost told the committee about the pier.\n\nNote: the pier is closed.\n\nThe point is this: nobody looked.",
        "".join(
            f"Filling: {filling}\n\nBest for {use}\n\nI slept in it for a week in May, and I would take it again "
            "to any camp that you like, in spring or in fall.\n\n"
            for filling, use in (("goose down", "cars"), ("polyester", "two"), ("goose down", "snow"))
        )
        + "Fill Power: This means how warm it is. You want more of it.\n\nFill Power: I want more of it.",
        "Early Dish\nEat it before your work.\n\nLate Dish, 2 cups\nEat it after your work.\n\n" * 3,
        "The best bags\n\nOur Choice: I would take the first one. It is warm.\n\nOur Rules: I tested them all.",
        "He asked me one thing.\n\nWhy did it fall?\n\nI did not know, and I said so.\n\nWhat now?\n\nWe wait.",
        # links to other stories
        "The toll is 777.\n\nAVOIDING RISKS: The rules on exercise\n\nHOPE AND LOSS: Your stories\n\n"
        "LOOK-UP TOOL: Check cases in your area\n\nSTRESS: How to look after your health\n\nWe hope it falls.",
        # codes, and a directory
        "Packer: 509aa4a846c6cb52\n\nPayload: 4fa71942784c9f1d\n\nPacker: 77fa71942784c9f1\n\nWe will look.",
        "Ann Cole: You can follow Ann at @cole.\n\nTom Bell: You can follow Tom at @bell.\n\n"
        "Ida Holm: You can write to Ida.\n\nLee Venn: You can call Lee.",
    ],
)
def test_other_labels_begin_no_turns(text: str) -> None:
    article = with_form(read_article(text))
    assert (article.form, article.passages) == ("prose", ())


def test_credits_of_posts_are_no_labels_of_turns() -> None:
    ruiz = "Ana J. Ruiz (@ruiz) May 9, 2014"
    posts = ("The Pier (@pier) March 12, 2016", "The Hull (@hull) March 11, 2016", ruiz, ruiz)
    text = "He left.\n\n" + "\n\n".join(
        f"Whatever you say!\n\n— {post}\n\nHe need not go, I said. You know that we are not there." for post in posts
    )
    article = with_form(read_article(text))
    assert article.form == "prose"
    assert {one.form for one in article.passages} == {"post"}


def test_questions_above_the_parts_of_an_explainer_are_no_turns() -> None:
    html = (
        '<!doctype html><html lang="en"><head><title>Pier fell</title></head><body><article><h1>Pier fell</h1>'
        "<p>The pier fell in March.</p><h2>Who built it?</h2><p>A company, in 1911. Our archive has the plans.</p>"
        "<h2>Where did it break?</h2><p>In the middle. We have a film of it.</p><h2>What happens next?</h2>"
        "<p>The town will decide in May. We will report on it.</p></article></body></html>"
    )
    article = with_form(read_page_article(read_page(html)))
    assert (article.form, article.passages) == ("prose", ())


def test_speech_of_one_labelled_person_is_a_turn() -> None:
    text = (
        "Town Hall\n\n3:05 P.M.\n\nACTING ADMINISTRATOR REEVE: I thank you all for coming.\n\n"
        "We lost the pier on Monday.\n\nI know how much you loved it.\n\nWe will build it again.\n\n3:20 P.M."
    )
    article = with_form(read_article(text))
    (turn,) = article.passages
    assert (article.slice(turn.name or turn.span), len(turn.speech)) == ("REEVE", 4)


def test_long_turns_of_two_officials_are_turns() -> None:
    more = "\n\n".join(["We looked at it for weeks.", "I saw it.", "You know the rest.", "We are sorry."])
    text = f"MR. REEVE: Thank you.\n\n{more}\n\nDR. OSEI: I have a few slides.\n\n{more}"
    assert [len(one.speech) for one in with_form(read_article(text)).passages] == [5, 5]


def test_a_sentence_about_the_speaker_ends_the_turn() -> None:
    text = NAMES + "\n\nFrost will speak again at the town hall on Friday.\n\nThis interview was edited for length."
    assert passages_in(with_form(read_article(text)))[-1] == ("Frost", "We are asking ourselves the same.")


def test_notes_of_a_hearing_keep_the_reports_as_prose() -> None:
    text = (
        "Lydia Frost is giving evidence.\n\nQ: Who closed the pier?\n\nFrost says she did.\n\nShe says it was late.\n\n"
        "Q: How late?\n\nFrost says it was nine in the evening."
    )
    article = with_form(read_article(text))
    assert passages_in(article) == [("Q", "Who closed the pier?"), ("Q", "How late?")]


def test_form_prose_reads_no_turns() -> None:
    assert with_form(read_article(GAGGLE), "prose").passages == ()


def test_a_requested_form_needs_two_labels_of_any_kind() -> None:
    text = "Harbour: It was late.\n\nPier: It was dark."
    assert with_form(read_article(text)).passages == ()
    assert len(with_form(read_article(text), "interview").passages) == 2


def test_labels_and_stage_directions_are_unread() -> None:
    article = with_form(read_article(COMMITTEE))
    assert "(APPLAUSE)" in {article.slice(span) for span in article.skipped}
    spoken = [speech for one in article.passages for speech in one.speech]
    assert not any(span.overlaps(speech) for span in article.skipped for speech in spoken)
