"""`pullquote models`: the language models that are here, and Stanza's own from the network."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from service.errors import ModelError, ModelMissing
from service.settings import EMBEDDED, STANZA_PREFIX, Settings


@click.group()
def models() -> None:
    """The language models that PULLQUOTE_MODEL chooses from."""


@models.command("list")
@click.pass_obj
def list_models(settings: Settings) -> None:
    """List the models that are here, the chosen one with a star."""
    for name in dict.fromkeys([EMBEDDED, *_downloaded(settings.models_dir), settings.model]):
        click.echo(f"{'*' if name == settings.model else ' '} {name}")


def _downloaded(folder: Path) -> Iterator[str]:
    """Stanza's packages whose files are all in `folder`, as PULLQUOTE_MODEL names them."""
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
    """Check that the chosen model is complete, undamaged and made for this version of Stanza."""
    from service.parsing.load import check_model

    check_model(settings)
    click.echo(f"{settings.model} can be used.")


@models.command()
@click.argument("package", default="default")
@click.pass_obj
def download(settings: Settings, package: str) -> None:
    """Download PACKAGE, one of Stanza's own for English, into PULLQUOTE_MODELS_DIR. This needs the network."""
    from service.parsing.load import download

    try:
        download(package, settings.models_dir)
    except Exception as error:  # Stanza lets through what its HTTP client, the disk or a wrong name raise
        raise ModelMissing(f"Stanza's package {package!r} could not be downloaded: {error}") from error
    click.echo(f"Set PULLQUOTE_MODEL=stanza:{package} to use it.")
