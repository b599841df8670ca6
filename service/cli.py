"""The command line. The commands are in `service/commands`, and import slow modules only when they run."""

import os
import traceback
from typing import Any

import click

from service import __version__
from service.commands.archive_command import archive
from service.commands.extract_command import extract
from service.commands.options import Exit
from service.commands.service_commands import keys, mcp, models, serve
from service.commands.verify_command import verify
from service.commands.why_command import why
from service.errors import ClusterLost, PullquoteError
from service.settings import Settings


class _Unusable(click.ClickException):
    exit_code = Exit.UNUSABLE


class _Lost(click.ClickException):
    exit_code = Exit.CLUSTER_LOST


class _Commands(click.Group):
    """A group that prints Pullquote's errors in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ClusterLost as error:
            raise _Lost(f"{error} Finished blocks stay; run the same command again to resume.") from error
        except PullquoteError as error:
            raise _Unusable(str(error)) from error
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:
            traceback.print_exc()
            click.echo("This is an internal error in Pullquote. Please report it with the lines above.", err=True)
            ctx.exit(Exit.BUG)


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="pullquote")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Find who said what in news articles.

    Settings are environment variables (PULLQUOTE_…), listed in docs/operations.md. docs/cli.md describes the commands.
    """
    ctx.obj = Settings.from_environment(os.environ)


for command in (extract, why, verify, archive, serve, mcp, models, keys):
    main.add_command(command)
