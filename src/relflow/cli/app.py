"""The `relflow` command itself: languages, lazy commands and exit codes."""

from __future__ import annotations

import click

import relflow

__all__ = ["run"]


@click.group()
@click.version_option(relflow.__version__, prog_name="relflow", message="%(prog)s %(version)s")
def cli() -> None:
    """Decide, run and explain customer-relationship policies."""


def run() -> int:
    """Run the command line and return its exit code."""
    result = cli.main(standalone_mode=False)
    return int(result or 0)
