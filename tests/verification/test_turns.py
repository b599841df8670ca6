"""Printed quotes checked against interviews, statements and posts, with the embedded model."""

import pytest

from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import verification
from service.verification.verify import Claim

pytestmark = pytest.mark.model

INTERVIEW = """The engineer Imani Osei has left the harbour after nine years. She met Lydia Frost in a café.

Lydia Frost: Why did you go?

Imani Osei: I was tired. I wrote three letters, and the mayor told me: “Nobody reads them.”

Lydia Frost: And the pier?

Imani Osei: It was going to fall."""
STATEMENT = "The harbour company said:\n\nWe are sorry. We will pay for it all.\n\nThe pier is shut."
POST = "Many people wrote.\n\nOur pier is gone. I cried.\n\n— Imani Osei (@imosei) March 9, 2021\n\nThe pier is shut."


@pytest.mark.parametrize(
    ("article", "printed", "speaker", "verdict"),
    [
        (INTERVIEW, "I was tired. I wrote three letters", "Osei", "verbatim"),
        (INTERVIEW, "I was tired. I wrote three letters", "Lydia Frost", "speaker-differs"),
        (INTERVIEW, "Why did you go?", "Frost", "verbatim"),
        (INTERVIEW, "I was tired. I wrote two letters", "Imani Osei", "altered"),
        (STATEMENT, "We will pay for it all.", "harbour company", "verbatim"),
        (POST, "Our pier is gone.", "Imani Osei", "verbatim"),
        (INTERVIEW, "I slept on the pier for a whole year", "Imani Osei", "not-found"),
    ],
)
def test_turns_and_statements_are_speech(
    article: str, printed: str, speaker: str, verdict: str, kept_parser: Parser
) -> None:
    answer = verification(read_article(article), kept_parser, [Claim(printed, speaker)], Options())
    assert answer["checks"][0]["verdict"] == verdict
