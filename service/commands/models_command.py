"""`pullquote models`: list, check and download models."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from service.errors import ModelError, ModelMissing
from service.settings import EMBEDDED, STANZA_PREFIX, Settings


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
    """Check that the configured model is complete, undamaged and compatible with this version of Stanza."""
    from service.parsing.load import check_model

    check_model(settings)
    click.echo(f"{settings.model} is usable.")


@models.command()
@click.argument("package", default="default")
@click.pass_obj
def download(settings: Settings, package: str) -> None:
    """Download PACKAGE, one of Stanza's English packages, into PULLQUOTE_MODELS_DIR. Needs network access."""
    from service.parsing.load import download

    try:
        download(package, settings.models_dir)
    except Exception as error:  # Stanza passes on errors of its HTTP client and the disk, and of an unknown name
        raise ModelMissing(f"Could not download Stanza's package {package!r}: {error}") from error
    click.echo(f"Set PULLQUOTE_MODEL=stanza:{package} to use it.")
