"""The `relflow` command: its subcommands, imported when called, and the one place where failures end."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

import relflow
from relflow.cli.members import members
from relflow.cli.options import lang_option
from relflow.cli.session import Session
from relflow.cli.words import Group, option
from relflow.text import Text

__all__ = ["cli", "run"]

# set by the scripts that shells load: `eval "$(_RELFLOW_COMPLETE=bash_source relflow)"`
_COMPLETE = "_RELFLOW_COMPLETE"


class _Root(Group):
    """The group at the top: it knows its session before it parses anything."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        extra.setdefault("obj", Session.of(args))
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    "relflow",
    cls=_Root,
    members=members(),
    words=Text(
        (
            ("en", "Make a customer-relationship policy decide, run, explain and prove itself."),
            ("zh", "让客户关系制度可以判定、执行、解释和验证。"),
        )
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@lang_option
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, wanted: _version(context) if wanted else None,
    en="Show the version.",
    zh="显示版本号。",
)
def cli() -> None:
    """Nothing by itself: the commands do the work."""


def _version(context: click.Context) -> None:
    click.echo(f"relflow {relflow.__version__}")
    context.exit()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; `arguments` default to those of the process."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _tolerant_streams()
    session = Session.of(words)
    if completion := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {"obj": session}, "relflow", _COMPLETE, completion)
    context = None
    try:
        with cli.make_context("relflow", words, obj=session) as context:
            return int(cli.invoke(context) or 0)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except BrokenPipeError:
        # whoever read us has seen enough (`relflow … | head`); a second attempt to flush must not complain
        sys.stdout = io.TextIOWrapper(io.BytesIO())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the last barrier: users never see a traceback
        from relflow.cli.failures import report

        with context or click.Context(cli, obj=session):
            return report(error, session)


def _tolerant_streams() -> None:
    """A terminal that lacks a character shows `?` for it instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
