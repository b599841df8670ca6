"""`pullquote serve`: the API, until stopped."""

from dataclasses import replace
from typing import Any

import click

from service.settings import Settings


@click.command()
@click.option("--host", help="The address to listen on (PULLQUOTE_HOST).")
@click.option("--port", type=int, help="The port to listen on (PULLQUOTE_PORT).")
@click.option("--workers", type=int, help="How many worker processes (PULLQUOTE_WORKERS).")
@click.pass_obj
def serve(settings: Settings, /, **given: Any) -> None:
    """Serve the API until stopped."""
    from service.server import serve

    serve(replace(settings, **{name: value for name, value in given.items() if value is not None}))
