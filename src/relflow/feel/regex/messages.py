"""What can be wrong with a pattern, in both languages."""

from __future__ import annotations

from typing import Final

from relflow.diagnostics import Field, Message, Severity

__all__ = [
    "BAD_BACK_REFERENCE",
    "BAD_CLASS",
    "BAD_ESCAPE",
    "BAD_FLAG",
    "BAD_PROPERTY",
    "BAD_QUANTIFIER",
    "BAD_REPLACEMENT",
    "EMPTY_MATCH",
    "PATTERN_TOO_BIG",
    "TOO_MANY_STEPS",
    "UNBALANCED",
    "UNEXPECTED",
    "PatternError",
]


class PatternError(ValueError):
    """A pattern, its flags or a replacement that cannot be used; `message` with `fields` says why."""

    def __init__(self, message: Message, **fields: Field) -> None:
        self.message = message
        self.fields = fields
        super().__init__(message.name)


def _message(en: str, zh: str, help_en: str | None = None, help_zh: str | None = None) -> Message:
    return Message.of("null-pattern", Severity.HINT, en, zh, help_en, help_zh)


BAD_FLAG: Final = _message(
    "there is no flag `{flag}` of a regular expression",
    "正则表达式没有 `{flag}` 这个标志",
    "flags are s, m, i, x and q",
    "可用的标志是 s、m、i、x、q",
)
UNBALANCED: Final = _message(
    "`{char}` in the pattern has no counterpart",
    "正则表达式里的 `{char}` 没有配对",
)
UNEXPECTED: Final = _message(
    "`{char}` cannot stand there in the pattern",
    "正则表达式里的 `{char}` 不能写在这里",
    "write a backslash before it to mean the character itself",
    "如果指这个字符本身，请在前面加反斜杠",
)
BAD_QUANTIFIER: Final = _message(
    "a repetition of the pattern is wrong or repeats nothing",
    "正则表达式的重复次数写错了，或没有可重复的内容",
    "write `x*`, `x+`, `x?`, `x{2}`, `x{2,}` or `x{2,5}`",
    "写成 `x*`、`x+`、`x?`、`x{2}`、`x{2,}` 或 `x{2,5}`",
)
BAD_ESCAPE: Final = _message(
    "`\\{char}` means nothing in a pattern",
    "`\\{char}` 在正则表达式里没有含义",
)
BAD_PROPERTY: Final = _message(
    "there is no class of characters `{property}`",
    "没有名为 `{property}` 的字符类别",
    "such as `\\p{Lu}` for capitals or `\\p{IsCJKUnifiedIdeographs}` for Chinese characters",
    "例如大写字母是 `\\p{Lu}`，汉字是 `\\p{IsCJKUnifiedIdeographs}`",
)
BAD_CLASS: Final = _message(
    "the characters between `[` and `]` are not written correctly",
    "`[` 和 `]` 之间的字符写法不对",
    "write a backslash before `[`, `]` and `-` to mean these characters",
    "如果指 `[`、`]`、`-` 这些字符本身，请在前面加反斜杠",
)
BAD_BACK_REFERENCE: Final = _message(
    "`\\{number}` refers to a group that is not closed before it",
    "`\\{number}` 所指的分组在它之前没有结束",
)
BAD_REPLACEMENT: Final = _message(
    "the replacement has a `$` or `\\` that means nothing",
    "替换文字里的 `$` 或 `\\` 没有含义",
    "write `$1` for a group, `\\$` for a dollar sign, `\\\\` for a backslash",
    "分组写 `$1`，美元符号写 `\\$`，反斜杠写 `\\\\`",
)
EMPTY_MATCH: Final = _message(
    "the pattern matches the empty text, so there is nothing to replace or to split at",
    "正则表达式会匹配空文字，无从替换或分割",
    "use `+` instead of `*`",
    "把 `*` 改成 `+`",
)
PATTERN_TOO_BIG: Final = _message(
    "the pattern is too long, too deep or repeats too often",
    "正则表达式太长、嵌套太深或重复次数太多",
)
TOO_MANY_STEPS: Final = _message(
    "the pattern takes too many steps on this text",
    "在这段文字上匹配该正则表达式所需的步骤太多",
)
