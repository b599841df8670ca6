"""`pullquote keys`: manage API keys."""

import click

from service.server.keys import new_key


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
