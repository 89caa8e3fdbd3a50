"""What a hook may answer: a plugin that returns something else is named, not believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from relflow.errors import PluginError
from relflow.results import Delivered, Done, Failed, Recipient

__all__ = ["checked"]


def _texts(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(item, str) for item in value)


def _accounts(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(account, str) and isinstance(facts, Mapping) for account, facts in value.items()
    )


_RULES: Final[dict[str, tuple[Callable[[object], bool], str, str]]] = {
    "relflow_load_accounts": (_accounts, "a mapping of account to its facts", "客户到其数据项的映射"),
    "relflow_accounts": (_texts, "a list of account ids", "客户编号的列表"),
    "relflow_roles": (_texts, "a list of roles", "角色的列表"),
    "relflow_members": (_texts, "a list of user ids", "用户编号的列表"),
    "relflow_recipient": (lambda value: isinstance(value, Recipient), "a `Recipient`", "`Recipient`"),
    "relflow_deliver": (
        lambda value: isinstance(value, Delivered | Failed),
        "`Delivered` or `Failed`",
        "`Delivered` 或 `Failed`",
    ),
    "relflow_perform": (lambda value: isinstance(value, Done | Failed), "`Done` or `Failed`", "`Done` 或 `Failed`"),
}


def checked(plugin: str, hook: str, answer: object) -> object:
    """The answer, if it is one. Raises PluginError that names the plugin, the hook and what it should give."""
    if answer is None or hook not in _RULES:
        return answer
    fits, en, zh = _RULES[hook]
    if fits(answer):
        return answer
    given = type(answer).__name__
    raise PluginError.of(
        "wrong-answer",
        f"plugin `{plugin}` answered `{hook}` with `{given}`: it should give {en} or None",
        f"插件 `{plugin}` 对 `{hook}` 返回了 `{given}`：应返回{zh}或 None",
        plugin=plugin,
        hook=hook,
    )
