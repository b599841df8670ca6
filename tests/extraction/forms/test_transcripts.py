"""Transcripts and interviews of the shapes that are found in the wild, and pages that only look like them."""

import pytest

from service.extraction.forms.recognition import with_form
from service.input.article import Article
from service.input.paragraphs import read_article

CNN = """PIER COLLAPSE IN NORTHPORT

Aired March 3, 2021 - 18:00   ET

THIS IS A RUSH TRANSCRIPT. THIS COPY MAY NOT BE IN ITS FINAL FORM AND MAY BE UPDATED.

[18:00:04]

NORA VALE, NORTHPORT NEWS HOST: Good evening. The pier is gone. We go live to Tom Hale.

Tom, what do you see?

TOM HALE, NORTHPORT NEWS CORRESPONDENT (voice-over): Nora, there is nothing left of it.

(BEGIN VIDEO CLIP)

MAYOR ANA ORTEGA (D), NORTHPORT: We will build it again.

(END VIDEO CLIP)

HALE (on camera): She said so an hour ago.

UNIDENTIFIED FEMALE: We ran. We just ran.

VALE: Thank you, Tom."""

NPR = """LEILA FROST, HOST:

The pier in Northport fell on Monday. Tom Hale reports.

TOM HALE, BYLINE: The sound was like thunder.

(SOUNDBITE OF WAVES)

HALE: Paul Reeve was there.

PAUL REEVE: I ran. I never looked back.

FROST: And what happens now?

HALE: They build it again.

Copyright © 2021 Northport Radio. All rights reserved."""

EARNINGS = """Northport Piers Inc. (NPI) Q3 2021 Earnings Call

Operator

Good day, and welcome to the call. I would now like to turn it over to Ms. Vale.

Nora Vale -- Chief Executive Officer

Thank you, and good morning. We had a strong quarter.

Operator

We will now take questions. Your first question comes from Tom Hale.

Tom Hale -- Harbour Bank -- Analyst

Thanks for taking my question. What about the pier?

Nora Vale -- Chief Executive Officer

We are building it again.

Operator

Thank you. That concludes the call."""

COURT = """THE COURT: You may proceed.

MS. FROST: Thank you, Your Honor.

DIRECT EXAMINATION BY MS. FROST:

Q. Where were you that night?

A. I was on the pier.

Q. Did you hear it?

A. I heard it, yes.

MR. REEVE: Objection.

THE COURT: Overruled."""

HANSARD = """Lydia Frost (Northport) (Lab)

I thank the Minister for his answer. Will he visit the pier?

The Minister for Harbours (Paul Reeve)

I will. I was there last year.

Lydia Frost

When?

Paul Reeve

I have said that I will go in May.

Mr Speaker

Order. We must move on."""

SPIEGEL = """SPIEGEL: Ms. Frost, you run the pier.

Frost: I ran it. I left on Friday.

SPIEGEL: Why?

Frost: Nobody listened to me.

SPIEGEL: Thank you for this interview."""

MD = """The engineer Lydia Frost ran the pier for nine years. I spoke to her by phone.

**Why did it fall?**

I told them that the beams were soft. They laughed at me.

**Who laughed?**

The board. All of my colleagues.

**What do you do now?**

I sleep. I read.

*This interview was condensed.*

Lydia Frost's book is out in May."""

MDLABELS = """**Herald:** Why did it fall?

**Lydia Frost:** The beams were soft. I told them.

**Herald:** Who laughed?

**Frost:** All of my colleagues."""

BAREQA = """Lydia Frost ran the pier for nine years.

Q Why did it fall?

A The beams were soft. I told them.

Q Who laughed?

A All of my colleagues."""

PLAINQ = """Five questions for Lydia Frost

The engineer ran the pier for nine years. She talked to us about the night it fell.

Where were you?

I was at home. My phone rang at nine.

Did you know at once?

I did. I had told them for years that the beams were soft.

What do you do now?

I sleep, and I read."""

TWITTERSPACE = """[00:00:01] Nora Vale: Welcome back to the show. Today we talk to Imani Osei.

[00:00:09] Imani Osei: Thanks for having me.

[00:00:12] Nora Vale: So, the pier.

[00:00:15] Imani Osei: Yeah. I mean, it was going to happen."""

INTERP = """Q: (Through interpreter) Why did you come?

MINISTER REEVE: (Through interpreter.) To see the pier.

Q: Will you pay for it?

MINISTER REEVE: We will."""

PANELISTS = """Moderator: Let us begin. Imani, you built it.

Imani Osei (Harbour Board): I did, and I am sorry.

Audience question: Can we swim there again?

Paul Reeve: Not this year, I think.

Moderator: Thank you all."""

VOX = """Readers react

Paul Reeve, Northport: I will miss it. We swam there.

Lydia Frost, Southgate: Good riddance, I say.

Tom Hale, Northport: My dog loved it."""

DASH = """The engineer Lydia Frost, 60, ran the pier. We met at her home.

— Where were you that night?

— At home. My phone rang at nine.

— Did you know?

— I did. I had told them."""

FEATURE = """Lydia Frost laughs a lot. She is 60, and she has run the pier for nine years.

"I love it," she says.

The board: “We thank her.”

Her critics: “She never listened.”

She will leave in May."""

RATINGS = """Player ratings

Paul Reeve: 7. Did well on his return and I thought he was unlucky.

Tom Hale: 5. Lost his man for the goal.

Imani Osei: 8. Our best player by far.

Lydia Frost: 6. Quiet."""

CASTS = """Cast

Nora Vale: Lydia Frost

Tom Hale: Paul Reeve

Director: Imani Osei"""

FAQ = """What is a pier?

A pier is a structure over water.

Why do piers fall?

Beams get soft in salt water.

Can I walk on one?

Yes, you can, if it is open."""

RECIPE = """Serves: 4

Prep time: 20 minutes

Step 1: Beat the eggs.

Step 2: Fry the fish.

Tip: I like to add lemon, but you do not have to."""

ALLQ = """Why the pier fell

The pier fell on Monday. Here is what we know.

What happened?

The beams broke at nine. Nobody was hurt.

Who is to blame?

Mayor Frost said that the board had been told. We asked the board, and it did not answer.

What next?

The pier will be built again, the mayor said."""


def passages_in(article: Article) -> list[tuple[str, str]]:
    """Who speaks in each turn, and its first words."""
    return [
        (article.slice(one.name) if one.name else one.part, " ".join(article.slice(one.speech[0]).split()[:3]))
        for one in article.passages
    ]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            CNN,
            [
                ("NORA VALE", "Good evening. The"),
                ("TOM HALE", "Nora, there is"),
                ("ANA ORTEGA", "We will build"),
                ("HALE", "She said so"),
                ("UNIDENTIFIED FEMALE", "We ran. We"),
                ("VALE", "Thank you, Tom."),
            ],
        ),
        (
            NPR,
            [
                ("LEILA FROST", "The pier in"),
                ("TOM HALE", "The sound was"),
                ("HALE", "Paul Reeve was"),
                ("PAUL REEVE", "I ran. I"),
                ("FROST", "And what happens"),
                ("HALE", "They build it"),
            ],
        ),
        (
            EARNINGS,
            [
                ("Operator", "Good day, and"),
                ("Nora Vale", "Thank you, and"),
                ("Operator", "We will now"),
                ("Tom Hale", "Thanks for taking"),
                ("Nora Vale", "We are building"),
            ],
        ),
        (
            COURT,
            [
                ("THE COURT", "You may proceed."),
                ("FROST", "Thank you, Your"),
                ("FROST", "Where were you"),
                ("guest", "I was on"),
                ("FROST", "Did you hear"),
                ("guest", "I heard it,"),
                ("REEVE", "Objection."),
                ("THE COURT", "Overruled."),
            ],
        ),
        (
            HANSARD,
            [
                ("Lydia Frost", "I thank the"),
                ("Paul Reeve", "I will. I"),
                ("Lydia Frost", "When?"),
                ("Paul Reeve", "I have said"),
                ("Mr Speaker", "Order. We must"),
            ],
        ),
        (
            SPIEGEL,
            [
                ("SPIEGEL", "Ms. Frost, you"),
                ("Frost", "I ran it."),
                ("SPIEGEL", "Why?"),
                ("Frost", "Nobody listened to"),
                ("SPIEGEL", "Thank you for"),
            ],
        ),
        (
            MD,
            [
                ("host", "Why did it"),
                ("guest", "I told them"),
                ("host", "Who laughed?"),
                ("guest", "The board. All"),
                ("host", "What do you"),
                ("guest", "I sleep. I"),
            ],
        ),
        (
            MDLABELS,
            [
                ("Herald", "Why did it"),
                ("Lydia Frost", "The beams were"),
                ("Herald", "Who laughed?"),
                ("Frost", "All of my"),
            ],
        ),
        (
            BAREQA,
            [
                ("host", "Why did it"),
                ("guest", "The beams were"),
                ("host", "Who laughed?"),
                ("guest", "All of my"),
            ],
        ),
        (
            PLAINQ,
            [
                ("host", "Where were you?"),
                ("guest", "I was at"),
                ("host", "Did you know"),
                ("guest", "I did. I"),
                ("host", "What do you"),
                ("guest", "I sleep, and"),
            ],
        ),
        (
            TWITTERSPACE,
            [
                ("Nora Vale", "Welcome back to"),
                ("Imani Osei", "Thanks for having"),
                ("Nora Vale", "So, the pier."),
                ("Imani Osei", "Yeah. I mean,"),
            ],
        ),
        (
            INTERP,
            [
                ("host", "Why did you"),
                ("REEVE", "To see the"),
                ("host", "Will you pay"),
                ("REEVE", "We will."),
            ],
        ),
        (
            PANELISTS,
            [
                ("Moderator", "Let us begin."),
                ("Imani Osei", "I did, and"),
                ("Audience question", "Can we swim"),
                ("Paul Reeve", "Not this year,"),
                ("Moderator", "Thank you all."),
            ],
        ),
        (
            VOX,
            [
                ("Paul Reeve", "I will miss"),
                ("Lydia Frost", "Good riddance, I"),
                ("Tom Hale", "My dog loved"),
            ],
        ),
        (
            DASH,
            [
                ("host", "Where were you"),
                ("guest", "At home. My"),
                ("host", "Did you know?"),
                ("guest", "I did. I"),
            ],
        ),
    ],
    ids=[
        "news programme",
        "radio",
        "earnings call",
        "court",
        "parliament",
        "magazine",
        "bold in Markdown",
        "bold labels",
        "Q and A without colon",
        "announced questions",
        "times first",
        "interpreter",
        "panel",
        "readers",
        "dashes",
    ],
)
def test_transcripts_have_the_turns_of_their_speakers(text: str, turns: list[tuple[str, str]]) -> None:
    assert passages_in(with_form(read_article(text))) == turns


@pytest.mark.parametrize("text", [FEATURE, RATINGS, CASTS, FAQ, RECIPE, ALLQ])
def test_pages_with_other_labels_and_questions_have_no_turns(text: str) -> None:
    assert with_form(read_article(text)).passages == ()
