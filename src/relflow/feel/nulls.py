"""Why a value is null: kept only while a recording evaluation runs on this thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from relflow.diagnostics import Field, Message
from relflow.structs import dataclass

__all__ = ["Reason", "Recorder", "fail", "recording", "state"]


Nothing = TypeVar("Nothing")


class Reason(NamedTuple):
    """What went wrong, without a place: the node that was running supplies it."""

    message: Message
    fields: tuple[tuple[str, Field], ...]


@dataclass(slots=True)
class Recorder:
    """Collects the reasons that `fail` states; `last` is the latest one that nobody took yet."""

    last: Reason | None = None

    def take(self) -> Reason | None:
        """The latest reason, forgotten thereby."""
        reason, self.last = self.last, None
        return reason


class _Active(threading.local):
    recorder: Recorder | None = None


_active = _Active()


def fail(message: Message, **fields: Field) -> Nothing | None:
    """Give null and say why, as in `return fail(NOT_A_DATE, text=text)`; only a recording on this thread keeps it.

    It always returns None; its annotation lets functions of any type end with it.
    """
    state(message, **fields)
    return None


def state(message: Message, **fields: Field) -> None:
    """Say why something will be null, like `fail`, where no value is at hand yet."""
    recorder = _active.recorder
    if recorder is not None:
        recorder.last = Reason(message, tuple(fields.items()))


@contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Let `recorder` keep the reasons stated on this thread inside the block."""
    before, _active.recorder = _active.recorder, recorder
    try:
        yield recorder
    finally:
        _active.recorder = before
