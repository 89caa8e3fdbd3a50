"""What a process says of itself: lines of JSON that are on the disk before it goes on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Journal", "Line", "read"]

Line = dict[str, Any]


class Journal:
    """One process's file; a line is one write, so that whoever is killed leaves whole lines and at most one torn."""

    def __init__(self, folder: Path, who: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = os.open(folder / f"{who}.jsonl", flags, 0o644)

    def note(self, what: str, **said: object) -> None:
        """Write a line; it outlives this process."""
        # one clock for all processes of the machine, and none of those that jump
        line = {"what": what, "tick": time.monotonic_ns(), **said}
        os.write(self._file, (json.dumps(line, default=str) + "\n").encode())

    def tell(self, what: str, **said: object) -> None:
        """Write a line and wait until it is on the disk; it outlives the machine."""
        self.note(what, **said)
        os.fsync(self._file)


def read(path: Path) -> Iterator[Line]:
    """The whole lines of a journal, in order."""
    for raw in path.read_bytes().split(b"\n"):
        if raw.endswith(b"}"):
            try:
                yield json.loads(raw)
            except ValueError:
                continue
