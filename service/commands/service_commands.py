"""The commands of an operator: `pullquote serve`, `mcp`, `keys` and `models`."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from service.errors import ModelError, ModelMissing, SettingsError
from service.server.callers import new_key
from service.settings import EMBEDDED, STANZA_PREFIX, Settings


@click.command()
@click.option("--host", help="The address to listen on (PULLQUOTE_HOST).")
@click.option("--port", type=int, help="The port to listen on (PULLQUOTE_PORT).")
@click.option("--workers", type=int, help="The number of worker processes (PULLQUOTE_WORKERS).")
@click.pass_obj
def serve(settings: Settings, /, **given: Any) -> None:
    """Run the API server until stopped."""
    from service.server.launch import serve

    serve(replace(settings, **{name: value for name, value in given.items() if value is not None}))


@click.command()
@click.pass_obj
def mcp(settings: Settings, /) -> None:
    """Serve the Model Context Protocol (MCP) for assistants.

    The server uses standard input and output. Its tools find_quotes and verify_quote read only the text that they are
    given. Needs pullquote[mcp]. docs/mcp.md
    shows how to add the server to an assistant.
    """
    from service.pipeline import Reader

    try:
        from service.commands.mcp_server import mcp_server
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed. Run: pip install 'pullquote[mcp]'.") from None
    mcp_server(Reader(settings)).run("stdio")


@click.group()
def keys() -> None:
    """Manage the API keys of PULLQUOTE_KEYS_FILE."""


@keys.command()
@click.argument("name")
def new(name: str) -> None:
    """Create a key named NAME. It is printed once, with the line to store.

    Give the key to the user, and add the line to the file that PULLQUOTE_KEYS_FILE names.
    """
    secret, key = new_key(name)
    click.echo("The key (shown only once):", err=True)
    click.echo(secret)
    click.echo("Its line for the key file:", err=True)
    click.echo(key.line)


@click.group()
def models() -> None:
    """Manage the models for PULLQUOTE_MODEL."""


@models.command("list")
@click.pass_obj
def list_models(settings: Settings) -> None:
    """List the installed models; a star marks the configured one."""
    for name in dict.fromkeys([EMBEDDED, *_downloaded(settings.models_dir), settings.model]):
        click.echo(f"{'*' if name == settings.model else ' '} {name}")


def _downloaded(folder: Path) -> Iterator[str]:
    """Yield Stanza's packages that are complete in `folder`, as PULLQUOTE_MODEL names them."""
    from service.parsing.packs import LANGUAGE, stanza_models

    index = folder / "resources.json"
    if index.is_file():
        for package in json.loads(index.read_bytes())[LANGUAGE]["packages"]:
            with suppress(ModelError):
                stanza_models(folder, package, "")
                yield f"{STANZA_PREFIX}{package}"


@models.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Check the configured model.

    It must be complete, undamaged and compatible with this version of Stanza.
    """
    from service.parsing.load import check_model

    check_model(settings)
    click.echo(f"{settings.model} is usable.")


@models.command()
@click.argument("package", default="default")
@click.pass_obj
def download(settings: Settings, package: str) -> None:
    """Download one of Stanza's English packages.

    PACKAGE is stored in PULLQUOTE_MODELS_DIR. Needs network access.
    """
    from service.parsing.load import download

    try:
        download(package, settings.models_dir)
    except Exception as error:  # Stanza passes on errors of its HTTP client and the disk, and of an unknown name
        raise ModelMissing(f"Could not download Stanza's package {package!r}: {error}") from error
    click.echo(f"Set PULLQUOTE_MODEL=stanza:{package} to use it.")
