"""Dead messages named on the command line, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, current, say
from relflow.errors import NotFoundError, RefusedError

__all__ = ["chosen", "judged", "told"]


def chosen(keys: Sequence[str], every: bool) -> Sequence[str] | None:
    """The keys that were named; None for all."""
    if bool(keys) == every:
        raise Problem(say("name keys, or say `--all`", "请写明编号，或用 `--all`"))
    return None if every else keys


def judged(keys: Sequence[str], judge: Callable[[str], None], en: str, zh: str) -> int:
    """Settle held messages one after the other; print what was done, and why the others were not."""
    done = 0
    for key in keys:
        try:
            judge(key)
        except (NotFoundError, RefusedError) as error:
            note(error.text(current().lang))
        else:
            done += 1
            data(key)
    note(say(en + ": {count}", zh + "：{count}", count=done))
    return FINE if done == len(keys) else FAILED


def told(asked: Sequence[str] | None, done: Sequence[str], en: str, zh: str) -> int:
    """Print what was done, and what was not there to be done."""
    for key in done:
        data(key)
    note(say(en + ": {count}", zh + "：{count}", count=len(done)))
    others = [key for key in asked or () if key not in done]
    for key in others:
        note(
            say(
                "`{key}` was not given up, or its values were erased",
                "`{key}` 不属于已放弃的消息，或其信息已清除",
                key=key,
            )
        )
    return FAILED if others else FINE
