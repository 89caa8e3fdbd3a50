"""Writes the pages that are made from the program itself; a contract test fails where one is out of date.

The command line's pages come from its own help, the list of findings from the messages in the code, the functions of the
expression language from their definitions.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import walk_packages

import yaml

import relflow
from relflow.cli.app import cli, run
from relflow.cli.words import Group
from relflow.diagnostics import Message, Severity
from relflow.feel.reference import rewritten

PAGES = Path(__file__).parent / "reference"
EDIT = "<!-- made by docs/generate.py: edit the program, then run `make pages` -->\n\n"

COMMAND_LINE = {
    "en": """# The command line

Without a path a command works on the policy of the current folder. Answers go to standard output, findings and remarks
to standard error. The exit code is 0 if all is well, 1 for an error, a warning or a failed test, 2 for input that cannot
be read or a command that is not understood.

| variable | meaning |
| --- | --- |
| `RELFLOW_LANG` | language of texts, `en` or `zh`; else `LC_ALL`, `LC_MESSAGES`, `LANG` |
| `RELFLOW_POLICY`, `RELFLOW_STORE`, `RELFLOW_ACCOUNTS` | defaults of `--policy`, `--store` and `--accounts` of `relflow case` |
| `NO_COLOR`, `FORCE_COLOR` | no colours, or colours even in a pipe |
| `RELFLOW_DEBUG` | show a traceback where something unforeseen happens |

The shell completes commands and options after `eval "$(_RELFLOW_COMPLETE=bash_source relflow)"`; for other shells write
`zsh_source` or `fish_source`.
""",
    "zh": """# 命令行

不写路径时，命令作用于当前文件夹中的制度。结果写到标准输出，发现的问题和提示写到标准错误。退出码：0 表示一切正常，
1 表示有错误、警告或失败的测试，2 表示输入无法读取或命令有误。

| 变量 | 含义 |
| --- | --- |
| `RELFLOW_LANG` | 文字的语言，`en` 或 `zh`；否则依次取 `LC_ALL`、`LC_MESSAGES`、`LANG` |
| `RELFLOW_POLICY`、`RELFLOW_STORE`、`RELFLOW_ACCOUNTS` | `relflow case` 中 `--policy`、`--store`、`--accounts` 的默认值 |
| `NO_COLOR`、`FORCE_COLOR` | 不用颜色，或在管道中也用颜色 |
| `RELFLOW_DEBUG` | 出现意外时显示完整的调用栈 |

执行 `eval "$(_RELFLOW_COMPLETE=bash_source relflow)"` 后，Shell 可补全命令和选项；其他 Shell 用 `zsh_source` 或
`fish_source`。
""",
}
FINDINGS = {
    "en": "# Findings\n\nEvery finding by its name, with the ways in which it shows itself and the remedy.\n",
    "zh": "# 发现的问题\n\n按名称列出所有问题，包括各种表述和改法。\n",
}
CHECKS = {
    "en": """# Checks

What `relflow check` looks for in a policy that can be read: what each finding means, an example that has it and one
that has not. How each is worded stands in [the list of all findings](findings.md).

A finding that is meant to be so is allowed by a comment with a reason, at the end of its line or on the line above:
`# relflow: allow NAME because …`. Above a table it holds for the whole table. Errors cannot be allowed.
""",
    "zh": """# 检查项

`relflow check` 对可读取的制度检查哪些内容：每一项的含义、有问题的例子和正确的例子。具体表述见[全部检查结果](findings.zh.md)。

确属有意的，可以在该行末尾或上一行用注释允许并说明原因：`# relflow: allow NAME because …`。写在表格上方时对整个表格有效。
错误不能被允许。
""",
}


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    made = {}
    for lang, suffix in (("en", ""), ("zh", ".zh")):
        made[PAGES / f"command-line{suffix}.md"] = EDIT + COMMAND_LINE[lang] + "".join(_commands(lang))
        made[PAGES / f"findings{suffix}.md"] = EDIT + FINDINGS[lang] + "".join(_findings(lang))
        made[PAGES / f"checks{suffix}.md"] = EDIT + CHECKS[lang] + "".join(_checks(lang))
        language = PAGES / f"feel{suffix}.md"
        made[language] = rewritten(language.read_text("utf-8"), lang)
    return made


def _commands(lang: str) -> Iterator[str]:
    for name in cli.members:
        yield _help([name], lang)
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        if isinstance(command, Group):
            for member in command.members:
                yield _help([name, member], lang)


def _help(words: list[str], lang: str) -> str:
    screen = io.StringIO()
    with redirect_stdout(screen):
        run([*words, "--help", "--lang", lang])
    return f"\n## relflow {' '.join(words)}\n\n```text\n{screen.getvalue().rstrip()}\n```\n"


def messages() -> list[Message]:
    """Every message of the package, by name and severity."""
    found: dict[int, Message] = {}
    for module in walk_packages(relflow.__path__, "relflow."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Message):
                found.setdefault(id(value), value)
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    return sorted(found.values(), key=lambda one: (one.name, ranks[one.severity], one.text.text("en")))


def _findings(lang: str) -> Iterator[str]:
    help_word, colon = {"en": ("help", ":"), "zh": ("改法", "：")}[lang]
    for name, group in groupby(messages(), key=lambda one: one.name):
        yield f"\n## {name}\n\n"
        for message in group:
            text = f"- **{message.severity.label(lang)}**{colon} {message.text.text(lang)}"
            remedy = f"\n  <br>{help_word}{colon} {message.help.text(lang)}" if message.help else ""
            yield f"{text}{remedy}\n".replace(f"{colon} ", f"{colon} " if lang == "en" else colon)


def _checks(lang: str) -> Iterator[str]:
    wrong, right = {"en": ("Wrong:", "Right:"), "zh": ("有问题：", "正确：")}[lang]
    for source in sorted((PAGES.parent / "findings").glob("*.yaml")):
        said = yaml.safe_load(source.read_text("utf-8"))
        yield f"\n## {source.stem}\n\n{said[lang].strip()}\n"
        for title, example in ((wrong, said["wrong"]), (right, said["right"])):
            yield f"\n{title}\n"
            for file, text in (example if isinstance(example, dict) else {"": example}).items():
                name = f"\n`{file}`\n" if file else ""
                yield f"{name}\n```yaml\n{text.rstrip()}\n```\n"


def stale() -> dict[Path, str]:
    """The pages that are not as the program would have them."""
    os.environ["COLUMNS"] = "100"
    return {path: text for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text}


def main() -> None:
    """Write what is out of date."""
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote {path.relative_to(PAGES.parents[1])}\n")


if __name__ == "__main__":
    main()
