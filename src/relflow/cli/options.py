"""Options and arguments that several commands share, and what their words mean."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import click

from relflow.cli.session import Problem, current, say
from relflow.cli.words import option
from relflow.shipped import PREFIX, names, resolve
from relflow.text import join

__all__ = [
    "as_of_option",
    "at_option",
    "format_option",
    "known_option",
    "lang_option",
    "moment",
    "overlay_option",
    "plugin_option",
    "policy_option",
    "policy_source",
    "source",
    "split_words",
    "target",
    "today_option",
]

Decorator = Callable[[Any], Any]
_SHOWN = 60


def _language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse a language in which relflow says nothing; `zh-CN`, `zh_CN` and `en-GB` are fine."""
    if value is not None and re.split("[-_.]", value.lower())[0] not in ("en", "zh"):
        raise Problem(
            say("`--lang` is en or zh, not `{value}`", "`--lang` 只能是 en 或 zh，不能是 `{value}`", value=value)
        )
    return value


lang_option: Decorator = option(
    "--lang",
    metavar="en|zh|zh_TW",
    expose_value=False,
    callback=_language,
    en="Language of texts; default from RELFLOW_LANG, then LANG.",
    zh="文字的语言，默认取自 RELFLOW_LANG 或 LANG。",
)
overlay_option: Decorator = option(
    "--overlay",
    metavar="FILE",
    en="The company's own file that fills what the policy leaves open.",
    zh="企业配置文件，填写制度留空的内容。",
)
plugin_option: Decorator = option(
    "--plugin",
    "plugins",
    metavar="NAME",
    multiple=True,
    en="A plugin that the policy needs; may be repeated.",
    zh="制度需要的插件，可重复。",
)
policy_option: Decorator = option(
    "--policy",
    metavar="PATH",
    default=".",
    envvar="RELFLOW_POLICY",
    en="The policy: a folder, a file or shipped:NAME; default: this folder, or RELFLOW_POLICY.",
    zh="制度：文件夹、文件或 shipped:名称，默认为当前文件夹或 RELFLOW_POLICY。",
)
at_option: Decorator = option(
    "--at",
    metavar="WHEN",
    en="As of this day or instant, 2026-07-01 or 2026-07-01T09:30; default: now.",
    zh="以此日期或时刻为准，如 2026-07-01 或 2026-07-01T09:30，默认为现在。",
)
today_option = at_option
known_option: Decorator = option(
    "--known",
    metavar="FACT=DAY",
    multiple=True,
    en="Since when a fact is known, 2026-01-31, for conditions on the age of data; may be repeated.",
    zh="数据项的获知日期，如 2026-01-31，供有效期条件使用，可重复。",
)
as_of_option: Decorator = option(
    "--as-of",
    metavar="DAY",
    en="Take the version of the policy that was in force on this day, of those in folders side by side.",
    zh="使用该日生效的制度版本（各版本放在并列的文件夹中）。",
)


def format_option(*forms: str) -> Decorator:
    """`--format`, with the forms that the command knows; the first is the default."""
    return option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        en=f"How to print: {', '.join(forms)}.",
        zh=f"输出形式：{'、'.join(forms)}。",
    )


def source(path: str) -> str:
    """A policy's path as given, checked to lead somewhere."""
    if path.startswith(PREFIX):
        if resolve(path) is None:
            known = join(names(), current().lang)
            raise Problem(
                say(
                    "nothing called `{name}` is shipped ({known})",
                    "没有随附的 `{name}`（现有：{known}）",
                    name=path,
                    known=known,
                )
            )
    elif not Path(path).exists():
        raise FileNotFoundError(errno.ENOENT, "", path)
    return path


def policy_source(path: str) -> str:
    """As `source`, for commands that need a policy: a folder has to hold one."""
    folder = Path(path)
    if folder.is_dir() and not (folder / "policy.yaml").exists() and not any(folder.glob("*/policy.yaml")):
        raise Problem(
            say(
                "there is no `policy.yaml` in `{path}`; name a policy's folder, or start one with `relflow init`",
                "`{path}` 中没有 `policy.yaml`；请指定制度文件夹，或用 `relflow init` 新建",
                path=path,
            )
        )
    return source(path)


def split_words(words: Sequence[str], most: int) -> tuple[list[str], dict[str, str]]:
    """Words of a command line as plain ones, at most so many, and `name=value` facts."""
    plain: list[str] = []
    facts: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and not _is_path(word):
            if not name.strip():
                raise Problem(say("`{word}` has no name before `=`", "`{word}` 的 `=` 前没有名称", word=word))
            if name.strip() in facts:
                raise Problem(say("`{name}` is given twice", "`{name}` 给了两次", name=name.strip()))
            facts[name.strip()] = value.strip()
        else:
            plain.append(word)
    if len(plain) > most:
        raise Problem(
            say(
                "`{word}` is one word too many; facts are written name=value",
                "多了 `{word}`；数据项写成 名称=值",
                word=plain[most],
            )
        )
    return plain, facts


def _is_path(word: str) -> bool:
    try:
        return os.sep in word.partition("=")[0] or Path(word).exists()
    except (OSError, ValueError):  # longer than a name may be, or with a character that no name has
        return False


def _is_folder(word: str) -> bool:
    try:
        return Path(word).is_dir()
    except (OSError, ValueError):
        return False


def moment(text: str | None, zone: tzinfo) -> datetime | date:
    """The day or the instant that `--at` means; local times are the policy's. Without a text: now."""
    if text is None:
        return datetime.now(zone).replace(microsecond=0)
    try:
        if len(text) <= len("2026-07-01"):
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
        return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise Problem(
            say(
                "`{text}` is no day or instant; write 2026-07-01 or 2026-07-01T09:30",
                "`{text}` 不是日期或时刻；请写成 2026-07-01 或 2026-07-01T09:30",
                text=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…",
            )
        ) from None


def target(words: Sequence[str]) -> tuple[str | None, str, dict[str, str]]:
    """`[NAME] [PATH] [FACT=VALUE]...` taken apart; name and path may change places, a path is what exists."""
    plain, facts = split_words(words, 2)
    paths = [word for word in plain if word.startswith(PREFIX) or os.sep in word or _is_folder(word)]
    names = [word for word in plain if word not in paths]
    if len(names) == 2:
        paths, names = names[1:], names[:1]
    if len(paths) == 2:
        raise Problem(say("`{word}` is a path too many", "多了一个路径 `{word}`", word=paths[1]))
    return (names[0] if names else None), policy_source(paths[0] if paths else "."), facts
