"""The MCP server, called with the SDK's client."""

import asyncio
import os
import sys
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client

from service.commands.mcp_server import mcp_server
from service.commands.service_commands import mcp
from service.pipeline import Reader
from tests.commands.running import run
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser


def called(name: str, **arguments: Any) -> Any:
    """The result of a tool of a server in this process."""

    async def call() -> Any:
        async with Client(mcp_server(Reader(load=lambda _: FakeParser()))) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


def test_quotes_are_found_with_their_speakers() -> None:
    result = called("find_quotes", text=ARTICLE)
    assert not result.is_error
    first, second = result.structured_content["quotes"]
    assert (first["speaker"], first["text"]) == ("Ruth Alder", "that the bridge will reopen in May")
    assert ARTICLE[second["start"] : second["end"]] == second["text"] == "“We lost a winter,”"
    assert (second["kind"], second["cue"], second["unknown_because"]) == ("direct", "said", None)


def test_uncertain_quotes_can_be_left_out() -> None:
    assert called("find_quotes", text=ARTICLE, min_confidence=1).structured_content["quotes"] == []


def test_a_quote_is_verified_before_it_is_printed() -> None:
    result = called(
        "verify_quote", article=ARTICLE, quote="We lost the winter", speaker="Tom Brandt"
    ).structured_content
    assert (result["verdict"], result["attribution"], result["said_by"]) == (
        "speaker-differs",
        "differs",
        ["Ruth Alder"],
    )
    assert [(one["kind"], one["article"], one["printed"]) for one in result["differences"]] == [("changed", "a", "the")]
    assert called("verify_quote", article=ARTICLE, quote="We lost a winter").structured_content["verdict"] == "verbatim"


def test_invalid_arguments_are_refused_with_the_reason() -> None:
    result = called("find_quotes", text="")
    assert result.is_error
    assert "/text: is empty" in result.content[0].text
    assert called("find_quotes", text=ARTICLE, min_confidence=2).is_error


def test_both_tools_say_that_they_only_read() -> None:
    async def listed() -> Any:
        async with Client(mcp_server(Reader(load=lambda _: FakeParser()))) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())
    assert [tool.name for tool in tools] == ["find_quotes", "verify_quote"]
    assert all(tool.annotations.read_only_hint and not tool.annotations.open_world_hint for tool in tools)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "service.commands.mcp_server", None)
    result = run("mcp")
    assert (result.exit_code, "pip install 'pullquote[mcp]'" in result.stderr) == (3, True)
    assert mcp.help is not None


@pytest.mark.server
@pytest.mark.model
def test_pullquote_mcp_serves_standard_input_and_output() -> None:
    command = ["-c", "from service.cli import main; main()", "mcp"]
    server = StdioServerParameters(command=sys.executable, args=command, env={**os.environ, "PYTHONPATH": str(ROOT)})

    async def call() -> Any:
        async with Client(stdio_client(server)) as client:
            return await client.call_tool("find_quotes", {"text": "“We lost a winter,” Mayor Ruth Alder said."})

    (quote,) = asyncio.run(call()).structured_content["quotes"]
    assert (quote["speaker"], quote["text"]) == ("Ruth Alder", "“We lost a winter,”")
