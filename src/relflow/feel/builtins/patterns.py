"""String functions with regular expressions: `matches`, `replace`, `split`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from relflow.feel.builtins.define import define, known, optional, param, sig
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.steps import budget
from relflow.feel.types import BOOLEAN, STRING, ListType

if TYPE_CHECKING:
    from relflow.feel.regex import Compiled, Steps

__all__ = ["PATTERNS"]

Compile = Callable[[str, str], "Compiled"]


def _with_pattern(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Null, and what is wrong with the pattern, where one cannot be used; the steps are those of the evaluation."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*values: Any) -> Any:
            # ten modules and their tables of characters, which most policies never need
            from relflow.feel.regex import MOST_STEPS, PatternError, Steps, compile_pattern  # noqa: PLC0415

            with budget() as left:
                steps = Steps(max(0, min(left.left, MOST_STEPS)))
                try:
                    return function(lambda pattern, flags: compile_pattern(pattern, flags, steps), steps, *values)
                except PatternError as error:
                    return fail(error.message, **error.fields)
                finally:
                    left.spend(steps.used)

        return known(*names)(call)

    return decorate


@_with_pattern("input", "pattern")
def _matches(compiled: Compile, steps: Steps, text: str, pattern: str, flags: str | None = None) -> bool:
    return compiled(pattern, flags or "").search(text, steps)


@_with_pattern("input", "pattern", "replacement")
def _replace(
    compiled: Compile, steps: Steps, text: str, pattern: str, replacement: str, flags: str | None = None
) -> str:
    return compiled(pattern, flags or "").replace(text, replacement, steps)


@_with_pattern("string", "delimiter")
def _split(compiled: Compile, steps: Steps, text: str, delimiter: str) -> list[str]:
    return compiled(delimiter, "").split(text, steps)


_INPUT: Final = param("input", STRING)
_PATTERN: Final = param("pattern", STRING)
_FLAGS: Final = optional("flags", STRING)

PATTERNS: Final[tuple[Builtin, ...]] = (
    define(
        "matches",
        _matches,
        sig(BOOLEAN, _INPUT, _PATTERN, _FLAGS),
        (
            "Whether the regular expression (of XPath) matches somewhere in the text. Flags: i ignores case, m lets ^ "
            "and $ match at lines, s lets . match line ends, x ignores blanks in the pattern, q takes it literally.",
            "正则表达式（XPath 语法）是否匹配文字中的某一部分。标志：i 忽略大小写，m 让 ^ 和 $ 匹配每行，"
            "s 让 . 也匹配换行，x 忽略表达式中的空白，q 按字面匹配。",
        ),
        "10.3.4.3",
        ('matches("foobar", "^fo*b")', "true"),
        ('matches("abc", "ABC", "i")', "true"),
        ('matches("战略", "^\\\\p{IsCJKUnifiedIdeographs}+$")', "true"),
    ),
    define(
        "replace",
        _replace,
        sig(STRING, _INPUT, _PATTERN, param("replacement", STRING), _FLAGS),
        (
            "The text with every match replaced; `$1` stands for what the first group matched. Null where the pattern "
            "matches the empty text.",
            "把每处匹配都替换掉；`$1` 表示第一个分组匹配到的内容。若表达式能匹配空文字，则得空值。",
        ),
        "10.3.4.3",
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ('replace("138-0000", "[0-9]", "*")', '"***-****"'),
    ),
    define(
        "split",
        _split,
        sig(ListType(STRING), param("string", STRING), param("delimiter", STRING)),
        (
            "The parts of the text between the matches of a regular expression.",
            "用正则表达式匹配到的内容作为分隔，把文字切开。",
        ),
        "10.3.4.3",
        ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
        ('split("a;b;;", ";")', '["a", "b", "", ""]'),
    ),
)
