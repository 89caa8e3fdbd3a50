"""Several workers under one: started, started again where one ends by itself, and ended gently together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from relflow.cli.screen import note
from relflow.cli.session import say

__all__ = ["ended_with_parent", "stop_signals", "supervise"]

LOOK: Final = 0.2
# a worker that lived so long did not fail at its start: the next one begins at once
SETTLED: Final = 30.0
LONGEST: Final = 30.0


@contextmanager
def stop_signals(event: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C set the event for as long as the block lasts."""
    before = {name: signal.signal(name, lambda *_: event.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def ended_with_parent(event: threading.Event) -> None:
    """Set the event when whoever supervises this process ends: its end of our standard input is closed then."""

    def wait() -> None:
        with suppress(OSError, ValueError):
            # past Python's own buffer, whose lock would be held when the interpreter ends
            while os.read(sys.stdin.fileno(), 1):
                pass
        event.set()

    threading.Thread(target=wait, daemon=True).start()


@dataclass(slots=True)
class _Place:
    """One of the workers: its process, when it was started, and how long the next start waits after a failure."""

    number: int
    process: subprocess.Popen[bytes]
    started: float
    pause: float = 0.0
    again_at: float | None = None


def supervise(words: Sequence[str], count: int) -> None:
    """Run `count` workers with these words of the command line until a signal comes.

    One that ends by itself is started again: at once if it had settled, else after a pause that doubles each time. At
    the end each finishes its step; a second signal does not wait for that.
    """
    stopped = threading.Event()
    with stop_signals(stopped):
        places = [_Place(number, _start(words), time.monotonic()) for number in range(1, count + 1)]
        note(say("{count} workers; Ctrl-C ends", "{count} 个工作进程，按 Ctrl-C 结束", count=count))
        while not stopped.wait(LOOK):
            for place in places:
                _look_after(place, words)
        stopped.clear()
        _end([place.process for place in places], stopped)


def _start(words: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "relflow", *words, "--supervised"]
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - the words are those that started this process


def _look_after(place: _Place, words: Sequence[str]) -> None:
    now = time.monotonic()
    if place.again_at is not None:
        if now >= place.again_at:
            place.process, place.started, place.again_at = _start(words), now, None
        return
    code = place.process.poll()
    if code is None:
        return
    _close(place.process)
    place.pause = 0.0 if now - place.started >= SETTLED else min(max(2 * place.pause, 1.0), LONGEST)
    place.again_at = now + place.pause
    note(
        say(
            "worker {number} ended ({code}); started again in {seconds} s",
            "工作进程 {number} 已退出（{code}），{seconds} 秒后重新启动",
            number=place.number,
            code=_cause(code),
            seconds=round(place.pause),
        )
    )


def _cause(code: int) -> str:
    """The name of the signal that ended a process, or its exit code."""
    if code >= 0:
        return say("exit code {code}", "退出码 {code}", code=code)
    try:
        return signal.Signals(-code).name
    except ValueError:
        return str(code)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _end(processes: Sequence[subprocess.Popen[bytes]], again: threading.Event) -> None:
    """Let every worker finish its step; whoever is asked a second time kills them."""
    for process in processes:
        _close(process)
    while any(process.poll() is None for process in processes):
        if again.wait(LOOK / 4):
            for process in processes:
                process.kill()
            again.clear()
