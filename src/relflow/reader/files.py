"""Bytes of a file to text that every later stage can trust: UTF-8, bounded, lines that everybody counts alike."""

from __future__ import annotations

import re
from pathlib import Path

from relflow.diagnostics import Diagnostic, Message, Severity, Source, Span
from relflow.text import Text

__all__ = ["MAX_CHARACTERS", "check_text", "decode", "load"]

MAX_CHARACTERS = 4_000_000
MAX_LINE = 200_000

_ERROR = Severity.ERROR
UNREADABLE = Message.of(
    "unreadable-file",
    _ERROR,
    "the file cannot be read: {reason}",
    "无法读取该文件：{reason}",
    "see that it is there, is a text file, and may be read",
    "确认它存在、是文本文件且可以读取",
)
NOT_UTF8 = Message.of(
    "not-utf8",
    _ERROR,
    "the file is not UTF-8 text; it looks like {encoding}",
    "文件不是 UTF-8 文本，看起来是 {encoding} 编码",
    "save it again as UTF-8: in the editor's `Save as` choose the encoding UTF-8",
    "另存为 UTF-8：在编辑器的“另存为”里选择 UTF-8 编码",
)
TOO_LARGE = Message.of(
    "too-large",
    _ERROR,
    "the file has {size} characters, more than the {limit} that are read",
    "文件有 {size} 个字符，超过上限 {limit}",
    "split it into several files, or keep long tables in CSV files",
    "拆分成多个文件，或把长表格放进 CSV 文件",
)
LONG_LINE = Message.of(
    "too-large",
    _ERROR,
    "this line has {size} characters, more than the {limit} that are read",
    "本行有 {size} 个字符，超过上限 {limit}",
    "break the line",
    "把这一行拆开",
)
CONTROL = Message.of(
    "control-character",
    _ERROR,
    "the invisible character {code} does not belong into a text file",
    "文本文件里不应有不可见字符 {code}",
    "delete it; it often comes along when text is pasted",
    "删除它，粘贴文字时常会带进来",
)
SEPARATOR = Message.of(
    "line-separator",
    _ERROR,
    "the invisible character {code} breaks the line for some programs and not for others",
    "不可见字符 {code} 在有些程序里会换行，在有些程序里不会",
    "delete it and press Enter if a new line is meant",
    "删除它；需要换行时按回车键",
)
SURROGATE = Message.of(
    "control-character",
    _ERROR,
    "{code} is half a character",
    "{code} 是半个字符",
    "delete it and type the character again",
    "删除它，重新输入这个字符",
)

# what YAML does not allow, a carriage return that ends no line, and the sign that stands for what was left out
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U0010fffd]|\r(?!\n)"
)
_MAX_REPORTED = 20
_NO_TEXT = Text((("en", "no text at all"), ("zh", "非文本")))


def load(path: Path, name: str) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a file under the name that findings show, None with findings if it cannot be trusted."""
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            return None, [_too_large(Source(name, ""), path.stat().st_size)]
        data = path.read_bytes()
    except OSError as error:
        return None, [unreadable(name, error)]
    return decode(data, name)


def unreadable(name: str, error: OSError) -> Diagnostic:
    """The finding that the system does not give a file."""
    return UNREADABLE.at(Span.whole(Source(name, "")), reason=(error.strerror or type(error).__name__).lower())


def decode(data: bytes, name: str) -> tuple[Source | None, list[Diagnostic]]:
    """The text of the bytes of a file; a byte order mark is dropped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        source = Source(name, data.decode("gb18030", errors="replace").replace("\x00", ""))
        return None, [NOT_UTF8.at(Span(source, line, column, line, column + 1), encoding=_encoding(data))]
    return check_text(Source(name, text))


def check_text(source: Source) -> tuple[Source | None, list[Diagnostic]]:
    """The same source if its characters and its size are fit to be read, None with findings otherwise."""
    text = source.text
    if len(text) > MAX_CHARACTERS:
        return None, [_too_large(Source(source.name, ""), len(text))]
    found = [
        _forbidden(source, match) for match, _ in zip(_FORBIDDEN.finditer(text), range(_MAX_REPORTED), strict=False)
    ]
    if not found and len(text) > MAX_LINE:
        found = _long_lines(source)
    return (None, found) if found else (source, [])


def _too_large(source: Source, size: int) -> Diagnostic:
    return TOO_LARGE.at(Span.whole(source), size=size, limit=MAX_CHARACTERS)


def _long_lines(source: Source) -> list[Diagnostic]:
    return [
        LONG_LINE.at(Span(Source(source.name, ""), number, 1, number, 1), size=len(line), limit=MAX_LINE)
        for number, line in enumerate(source.text.split("\n"), 1)
        if len(line) > MAX_LINE
    ][:_MAX_REPORTED]


def _forbidden(source: Source, match: re.Match[str]) -> Diagnostic:
    character = match[0][0]
    line = source.text.count("\n", 0, match.start()) + 1
    column = match.start() - source.text.rfind("\n", 0, match.start())
    clean = Source(source.name, _FORBIDDEN.sub(" ", source.text))
    code = f"U+{ord(character):04X}"
    kind = CONTROL
    if character in "\r\x85\u2028\u2029":
        kind = SEPARATOR
    elif "\ud800" <= character <= "\udfff":
        kind = SURROGATE
    return kind.at(Span(clean, line, column, line, column + 1), code=code)


def _encoding(data: bytes) -> str | Text:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return _NO_TEXT
    return "GBK"
