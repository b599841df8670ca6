"""A server of the Model Context Protocol (MCP) with two tools: find the quotes of a text, and verify a quote.

Both only read what they are given. Needs `pullquote[mcp]`.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from service import __version__
from service.errors import PullquoteError
from service.pipeline import Reader

Result = TypeVar("Result")
Text = Annotated[str, Field(description="The whole article, as plain text in English.")]

_INSTRUCTIONS: Final = (
    "Pullquote finds who said what in a news article. Call find_quotes to get quotes with their speakers, verbatim. "
    "Before you quote from an article, call verify_quote with the words and the speaker as you want to print them, and "
    'correct what it reports: only the verdicts "verbatim" and "edited" are safe to print in quotation marks. A null '
    "speaker is unknown; do not guess one."
)
_READS: Final = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class FoundQuote(BaseModel):
    """A quote of the article."""

    text: str
    kind: str
    speaker: str | None
    speaker_description: str | None
    unknown_because: str | None
    cue: str | None
    reported_as_not_said: bool
    confidence: float
    start: int
    end: int


class FoundQuotes(BaseModel):
    """The quotes of a text, in text order."""

    quotes: list[FoundQuote]
    warnings: list[str]


class Difference(BaseModel):
    """One difference between the article and the printed quote."""

    kind: str
    article: str | None
    printed: str | None
    changes_meaning: str | None


class VerifiedQuote(BaseModel):
    """What verification found about a printed quote."""

    verdict: str
    attribution: str | None
    words_in_the_article: list[str]
    said_by: list[str]
    did_you_mean: list[str]
    differences: list[Difference]


def mcp_server(reader: Reader) -> MCPServer[Any]:
    """Return a server whose tools use `reader`."""
    server: MCPServer[Any] = MCPServer(
        "pullquote", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )

    @server.tool(title="Find the quotes of an article", annotations=_READS)
    async def find_quotes(
        text: Text,
        min_confidence: Annotated[float | None, Field(ge=0, le=1, description="Leave out less certain quotes.")] = None,
    ) -> FoundQuotes:
        """Find who said what in a news article: direct, mixed and indirect quotes with their speakers.

        `text` of a quote is verbatim; `start` and `end` are offsets in Unicode code points. A `speaker` of null means
        that the article does not say, and `unknown_because` says why.
        """
        options = {} if min_confidence is None else {"min_confidence": min_confidence}
        return await _answer(lambda: found_quotes(reader.quotes(text, **options)))

    @server.tool(title="Verify a quote before you print it", annotations=_READS)
    async def verify_quote(
        article: Text,
        quote: Annotated[str, Field(description="The quote as you want to print it.")],
        speaker: Annotated[str | None, Field(description="Whom you want to name as its speaker.")] = None,
    ) -> VerifiedQuote:
        """Verify a quote against the article that it comes from: its words, and who said them.

        The verdict is the most serious finding: "verbatim", "edited" (as newsroom style allows), "altered",
        "paraphrase" (the article has no such words in quotation marks), "narration" (the article's own words),
        "speaker-differs", "speaker-unknown", "denied" or "not-found".
        """
        printed = {"text": quote, "speaker": speaker}
        return await _answer(lambda: verified_quote(reader.verify(article, [printed])))

    return server


async def _answer(compute: Callable[[], Result]) -> Result:
    """Compute an answer in a thread, so that the connection stays responsive. Raises `ToolError` with the reason."""
    try:
        return await asyncio.to_thread(compute)
    except PullquoteError as error:
        raise ToolError(str(error)) from error


def found_quotes(report: dict[str, Any]) -> FoundQuotes:
    """Return a response of `POST /quotes` with what a language model needs of it."""
    speakers = {speaker["id"]: speaker for speaker in report["speakers"]}

    def quote_of(quote: dict[str, Any]) -> FoundQuote:
        speaker = speakers.get(quote["speaker"], {})
        return FoundQuote(
            text=quote["text"],
            kind=quote["kind"],
            speaker=speaker.get("name"),
            speaker_description=speaker.get("description"),
            unknown_because=quote["unresolved"],
            cue=quote["cue"] and quote["cue"]["text"],
            reported_as_not_said=quote["negated"],
            confidence=quote["confidence"],
            start=quote["contents"][0]["start"],
            end=quote["contents"][-1]["end"],
        )

    warnings = [warning["detail"] for warning in report["warnings"]]
    return FoundQuotes(quotes=[quote_of(quote) for quote in report["quotes"]], warnings=warnings)


def verified_quote(verification: dict[str, Any]) -> VerifiedQuote:
    """Return a response of `POST /quotes/verify` about one quote in the same way."""
    (check,) = verification["checks"]
    names = {speaker["id"]: speaker["name"] for speaker in verification["speakers"]}
    differences = [
        Difference(
            kind=change["kind"],
            article=change["original"] and change["original"]["text"],
            printed=change["printed"] and change["printed"]["text"],
            changes_meaning=change["meaning"],
        )
        for change in check["changes"]
    ]
    return VerifiedQuote(
        verdict=check["verdict"],
        attribution=check["attribution"],
        words_in_the_article=[span["text"] for span in check["originals"]],
        said_by=[names[speaker] for speaker in check["said_by"]],
        did_you_mean=[item["name"] for item in check["did_you_mean"]],
        differences=differences,
    )
