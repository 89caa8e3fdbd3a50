"""What commands share that go past the rules: a reason, who approved, pairs of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from relflow.cli.session import Problem, say
from relflow.cli.words import option

__all__ = ["approved", "explained", "pairs"]

Decorator = Callable[[Any], Any]

explained: Decorator = option("--because", metavar="TEXT", required=True, en="Why.", zh="原因。")


def approved(function: Any) -> Any:
    """Give a command `--because` and `--approver`."""
    option("--approver", metavar="ID", required=True, en="Who approved; somebody else.", zh="批准人，须为他人。")(
        function
    )
    return explained(function)


def pairs(words: Iterable[str], name: str, *, drop: bool = True) -> dict[str, str | None]:
    """`old=new` words as a mapping; `old=` gives the thing up."""
    found: dict[str, str | None] = {}
    for word in words:
        old, equals, new = word.partition("=")
        if not equals or not old.strip() or (not drop and not new.strip()):
            raise Problem(
                say("`--{name} {word}`: write old=new", "`--{name} {word}`：应写成 旧名=新名", name=name, word=word)
            )
        found[old.strip()] = new.strip() or None
    return found
