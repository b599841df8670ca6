"""`pullquote mcp`: tools for language models, over standard input and output."""

import click

from service.errors import SettingsError
from service.settings import Settings


@click.command()
@click.pass_obj
def mcp(settings: Settings, /) -> None:
    """Serve the Model Context Protocol (MCP) on standard input and output: for assistants that quote articles.

    The tools find_quotes and verify_quote only read the text that they are given. Needs pullquote[mcp]. docs/mcp.md
    shows how to add the server to an assistant.
    """
    from service.in_process import Reader

    try:
        from service.mcp_server import mcp_server
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed. Run: pip install 'pullquote[mcp]'.") from None
    mcp_server(Reader(settings)).run("stdio")
