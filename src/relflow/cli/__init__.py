"""The command line: `relflow`, one module a command."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run `relflow` with the arguments of this process; ends the process with its exit code."""
    from relflow.cli.app import run

    raise SystemExit(run())
