"""`pullquote serve`: run the API server."""

from dataclasses import replace
from typing import Any

import click

from service.settings import Settings


@click.command()
@click.option("--host", help="The address to listen on (PULLQUOTE_HOST).")
@click.option("--port", type=int, help="The port to listen on (PULLQUOTE_PORT).")
@click.option("--workers", type=int, help="The number of worker processes (PULLQUOTE_WORKERS).")
@click.pass_obj
def serve(settings: Settings, /, **given: Any) -> None:
    """Run the API server until stopped."""
    from service.server.launch import serve

    serve(replace(settings, **{name: value for name, value in given.items() if value is not None}))
