"""The command line: `pullquote serve`, `extract` and `models`. What is slow to import is imported when it is needed."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from service import __version__
from service.errors import InputError, ModelError, ModelMissing, NotJson, PullquoteError
from service.extraction.report import QuoteKind
from service.settings import EMBEDDED, STANZA_PREFIX, Settings


class _Commands(click.Group):
    """A group whose commands tell this project's errors in a line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PullquoteError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="pullquote")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Find who said what in a news article.

    Settings are environment variables (PULLQUOTE_…); docs/operations.md lists them.
    """
    ctx.obj = Settings.from_environment(os.environ)


@main.command()
@click.option("--host", help="The address to listen on (PULLQUOTE_HOST).")
@click.option("--port", type=int, help="The port to listen on (PULLQUOTE_PORT).")
@click.option("--workers", type=int, help="How many worker processes (PULLQUOTE_WORKERS).")
@click.pass_obj
def serve(settings: Settings, /, **given: Any) -> None:
    """Serve the API until stopped."""
    from service.server import serve

    serve(replace(settings, **{name: value for name, value in given.items() if value is not None}))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(get_args(QuoteKind)), help="Only this kind; repeatable."
)
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Only quotes as sure as this.")
@click.option("--unattributed", is_flag=True, help="Also quoted stretches that nobody is said to have spoken.")
@click.option("--furniture", is_flag=True, help="Also quotes in what the page wraps round the article.")
@click.option("--explain", is_flag=True, help="Tell the rules that led to each quote.")
@click.pass_obj
def extract(settings: Settings, /, files: tuple[str, ...], kinds: tuple[QuoteKind, ...], **options: Any) -> None:
    """Print the quotes of articles: for each of FILES (UTF-8; - is standard input) one line of the JSON that the
    service answers, the file's name as the article's id.

    A file that cannot be read is named on standard error, the others are answered, and the exit status is 1.
    """
    from schemas.request import load_request
    from service.article.paragraphs import read_article
    from service.parsing.load import load_parser
    from service.pipeline import answer
    from service.rendering import to_json

    parser = load_parser(replace(settings, workers=1))  # one process, so every core is its own
    wanted = options | ({"kinds": list(kinds)} if kinds else {})
    failed = False
    for file in files:
        try:
            document = {"text": _text_of(file), "id": file, "options": wanted}
            fields, checked = load_request(document, settings.max_characters)
            click.echo(to_json(answer(read_article(**fields), parser, checked)))
        except (InputError, OSError) as error:
            click.echo(f"{file}: {error}", err=True)
            failed = True
    if failed:
        sys.exit(1)


def _text_of(file: str) -> str:
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotJson(f"is not UTF-8: byte {error.start} begins no character.") from None


@main.group()
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
