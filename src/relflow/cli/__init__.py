"""The command line: `relflow`, one module a command."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]

# a command that starts makes a hundred thousand objects and more, hardly any of them garbage: Python's 700 would look
# through all of them again and again
_GARBAGE_AFTER = 200_000


def main() -> None:
    """Run `relflow` with the arguments of this process; ends the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        # scripts ask this often, and it is no reason to load anything
        from relflow import __version__

        sys.stdout.write(f"relflow {__version__}\n")
        raise SystemExit(0)
    gc.set_threshold(_GARBAGE_AFTER)
    from relflow.cli.app import run

    raise SystemExit(run())
