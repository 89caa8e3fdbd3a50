"""The command line: `relflow`, one module a command."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run `relflow` with the arguments of this process; ends the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        # scripts ask this often, and it is no reason to load anything
        from relflow import __version__

        sys.stdout.write(f"relflow {__version__}\n")
        raise SystemExit(0)
    from relflow.cli.app import run

    raise SystemExit(run())
