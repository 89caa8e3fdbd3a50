"""Mistakes that YAML takes for something else: cut values, full-width punctuation, odd blanks, a missing blank."""

from __future__ import annotations

import re

from relflow.diagnostics import Fragment, Message, Severity, Span
from relflow.reader.compose import ScalarNode
from relflow.reader.reading import Reading, both
from relflow.reader.strings import balanced
from relflow.text import is_chinese

__all__ = [
    "blank_after_colon",
    "cut_value",
    "folded_comparison",
    "full_width",
    "full_width_comma",
    "indentation",
    "needs_quotes",
    "quoted",
    "suspicious",
    "trapped_text",
]

NEEDS_QUOTES = Message.of(
    "needs-quotes",
    Severity.ERROR,
    "a value that starts with `{sign}` has to stand in quotes",
    "以 `{sign}` 开头的值必须加英文引号",
    "write `{remedy}`",
    "写成 `{remedy}`",
)
CUT = Message.of(
    "needs-quotes",
    Severity.ERROR,
    "the {sign} ends this value: YAML reads only `{value}`",
    "{sign}截断了这个值：YAML 只读到 `{value}`",
    "quote it, `{remedy}`, or give it a line of its own",
    "给它加引号：`{remedy}`，或让它单独占一行",
)
UNCLOSED = Message.of(
    "needs-quotes",
    Severity.ERROR,
    "`{value}` opens a bracket or a quotation mark and does not close it",
    "`{value}` 的括号或引号没有闭合",
    "close it; if a comma or ` #` ended the value, quote the whole of it",
    "补上；如果是被逗号或 ` #` 截断的，请给整个值加引号",
)
FULL_WIDTH = Message.of(
    "full-width-punctuation",
    Severity.ERROR,
    "`{sign}` is the full-width {name}; YAML reads the whole line as one text",
    "`{sign}` 是全角{name}，整行会被当成一段文字",
    "type the half-width sign",
    "输入半角符号",
)
FULL_WIDTH_SIGN = Message.of(
    "full-width-punctuation",
    Severity.ERROR,
    "`{sign}` is the full-width {name} and divides nothing",
    "`{sign}` 是全角{name}，没有分隔作用",
    "type `{half}` and a space",
    "改用半角 `{half}` 并加一个空格",
)
FULL_WIDTH_COLON_HELP = both(
    "type `:` and a space: `{remedy}`",
    "改用半角冒号并加一个空格：`{remedy}`",
)
INDENTATION = Message.of(
    "indentation",
    Severity.ERROR,
    "this line is indented with {blanks}; YAML takes them as part of the name",
    "本行用{blanks}缩进，YAML 会把它当成名称的一部分",
    "indent with ordinary spaces, as many as the lines that belong to it",
    "用半角空格缩进，与同级的行对齐",
)
NO_BLANK = Message.of(
    "missing-space",
    Severity.ERROR,
    "`{word}` has no space after the colon; YAML reads it as one text",
    "`{word}` 的冒号后面没有空格，YAML 会把它当成一段文字",
    "write `{remedy}`",
    "写成 `{remedy}`",
)

ENDS_AT_COMMENT = Message.of(
    "needs-quotes",
    Severity.WARNING,
    "this text ends where ` #` begins a comment: YAML reads only `{value}`",
    "` #` 开始了注释，这段文字到此为止：YAML 只读到 `{value}`",
    "quote it, `{remedy}`; a comment that is meant has a space behind `#`",
    "给它加引号：`{remedy}`；如果确实是注释，请在 `#` 后加一个空格",
)

FULL_WIDTH_BLANKS = both("full-width spaces", "全角空格")
NO_BREAK_BLANKS = both("no-break spaces", "不间断空格")
_COLON_NAME = both("colon", "冒号")
_COMMA = both("comma", "逗号")
_ENUMERATION = both("enumeration comma", "顿号")
_BRACKET = both("bracket", "括号")
_HASH = both("` #`, which begins a comment,", "` #`（注释的开头）")

_HASH_LIKE = re.compile(r"[ \t]+#[^\s#]")
_ODD_BLANKS = ("\u3000", "\xa0", "\t")
_KEY_LIKE = re.compile(r"[\w.\-\"']+\s*：")
_NO_BLANK_LIKE = re.compile(r"(\w+):(\S.*)", re.DOTALL)


def quoted(text: str) -> str:
    """The text as a quoted YAML scalar."""
    if "'" not in text:
        return f"'{text}'" if '"' in text else f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def folded_comparison(node: ScalarNode, reading: Reading, key: str) -> bool:
    """Report `>2` or `>5000`, which YAML takes for the beginning of a folded text that is indented so far."""
    if node.style != ">":
        return False
    written = reading.document.text[node.start_mark.index :].split("\n", 1)[0].split(" #", 1)[0].strip()
    if not any(sign.isdigit() for sign in written):
        return False
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    span = Span(reading.document.source, line, column, line, column + len(written))
    reading.report(NEEDS_QUOTES, span, sign=">", remedy=f"{key}: {quoted(written)}")
    return True


def full_width_comma(reading: Reading, text: Fragment, start: int = 0) -> int | None:
    """Report the first full-width comma behind an offset and say where it is."""
    places = [at for at in (text.text.find(sign, start) for sign in "，、") if at >= 0]
    if not places:
        return None
    at = min(places)
    sign = text.text[at]
    name = _COMMA if sign == "，" else _ENUMERATION
    reading.report(FULL_WIDTH_SIGN, text.at(at, at + 1), sign=sign, name=name, half=",")
    return at


def full_width(reading: Reading, text: Fragment) -> bool:
    """Report a full-width colon between a name and a value."""
    if not _KEY_LIKE.match(text.text):
        return False
    at = text.text.index("：")
    value = text.text[at + 1 :].strip()
    remedy = f"{text.text[:at].strip()}: {value if balanced(value) else '…'}".strip()
    message = FULL_WIDTH
    reading.report(message, text.at(at, at + 1), FULL_WIDTH_COLON_HELP, sign="：", name=_COLON_NAME, remedy=remedy)
    return True


def blank_after_colon(reading: Reading, text: Fragment) -> bool:
    """Report `name:value`."""
    match = _NO_BLANK_LIKE.fullmatch(text.text)
    if match is None or match[2].startswith("//") or not _begins_id(match[1][0]):
        return False
    value = match[2] if balanced(match[2]) else "…"
    reading.report(NO_BLANK, text.span, word=text.text, remedy=f"{match[1]}: {value}")
    return True


def _begins_id(letter: str) -> bool:
    return "a" <= letter <= "z" or letter == "_" or is_chinese(letter)


def indentation(reading: Reading, key: Fragment) -> bool:
    """Report a name that begins with blanks which are no indentation."""
    if key.text[:1] not in _ODD_BLANKS:
        return False
    width = len(key.text) - len(key.text.lstrip())
    blanks = FULL_WIDTH_BLANKS if "\u3000" in key.text[:width] else NO_BREAK_BLANKS
    reading.report(INDENTATION, key.at(0, width), blanks=blanks)
    reading.document.damaged = True
    return True


def suspicious(name: str) -> bool:
    """Whether a name may be any of the mistakes above; most names are not, and are looked at no further."""
    return ":" in name or "：" in name or name[:1] in _ODD_BLANKS


def trapped_text(reading: Reading, text: Fragment) -> bool:
    """Report a text that was meant as a name with a value."""
    return full_width(reading, text) or blank_after_colon(reading, text)


def needs_quotes(reading: Reading, span: Span, key: str, value: str) -> None:
    """Report a value whose first character means something to YAML."""
    shown = _as_percent(value) if key == "goal" else value
    remedy = f"{key}: {quoted(shown)}" if key else quoted(shown)
    reading.report(NEEDS_QUOTES, span, sign=value[:1], remedy=remedy)


def _as_percent(value: str) -> str:
    """Shares as people write them: `>= 0.95` is `>= 95%`."""
    return re.sub(r"(?<![\w.])0?\.(\d{1,4})(?![\w.])", lambda share: f"{float('0.' + share[1]) * 100:.10g}%", value)


def cut_value(reading: Reading, key: str, value: Fragment, rest: str) -> None:
    """Report a value that a comma, a comment or nothing at all leaves unclosed; `rest` is what was cut off."""
    if not rest:
        reading.report(UNCLOSED, value.span, value=value.text)
        return
    sign = _HASH if rest.startswith(" #") else _COMMA if rest.startswith(",") else _BRACKET
    remedy = f"{key}: {quoted(value.text + rest)}" if key else quoted(value.text + rest)
    reading.report(CUT, value.span, sign=sign, value=value.text, remedy=remedy)


def cut_text(reading: Reading, key: str, node: ScalarNode, text: Fragment) -> None:
    """Tell of a text without quotes behind which ` #1` stands, as in `Top #1 customers`."""
    if node.style or text.span.line != text.span.end_line:
        return
    rest = reading.document.lines[text.span.end_line - 1].rstrip("\r")[text.span.end_column - 1 :]
    if _HASH_LIKE.match(rest):
        remedy = f"{key}: {quoted(text.text + rest.rstrip())}"
        reading.report(ENDS_AT_COMMENT, text.span, value=text.text, remedy=remedy)
