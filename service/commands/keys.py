"""`pullquote keys`: API keys for who may ask."""

import click

from service.keys import new_key


@click.group()
def keys() -> None:
    """The API keys that PULLQUOTE_KEYS_FILE names."""


@keys.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a key for NAME: print it, once, and the line that is kept of it.

    The key goes to who asks the service, the line into the file that PULLQUOTE_KEYS_FILE names.
    """
    secret, key = new_key(name)
    click.echo("The key, which is shown this once:", err=True)
    click.echo(secret)
    click.echo("Its line in the file of keys:", err=True)
    click.echo(key.line)
