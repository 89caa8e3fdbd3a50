"""From texts of a command line, CSV or JSON to values of the types that the policy declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relflow.cli.jsontext import JsonTextError, parse
from relflow.diagnostics import Diagnostic, Fragment, nearest
from relflow.errors import FactError
from relflow.text import Text, join

if TYPE_CHECKING:
    from relflow.feel import Type
    from relflow.model import Content
    from relflow.policy import Policy

__all__ = ["facts", "typed"]

_UNKNOWN = Text((("en", "`{name}` is not declared"), ("zh", "没有声明 `{name}`")))
_NEAR = Text((("en", "; did you mean `{near}`?"), ("zh", "，是否想写 `{near}`？")))
_KNOWN = Text((("en", " ({known})"), ("zh", "（现有：{known}）")))
_BAD = Text((("en", "`{name}`: {text}"), ("zh", "`{name}`：{text}")))


def facts(policy: Policy, record: Mapping[str, object], words: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An account's facts: a row of a CRM, whose other columns are left aside, under the words of a command line.

    Raises FactError with everything that is wrong; a word that names no fact is wrong, since nobody else would see it.
    """
    types = {name: fact.type for name, fact in policy.program.facts.items()}
    row = {name: value for name, value in record.items() if name in types}
    return typed(types, {**row, **(words or {})}, policy.program.zone)


def typed(types: Mapping[str, Type], values: Mapping[str, object], zone: ZoneInfo | None) -> dict[str, Any]:
    """Each value as its declared type says. Raises FactError with everything that is wrong."""
    from relflow.compiler.literals import read

    found: dict[str, Any] = {}
    problems: list[Text] = []
    for name, value in values.items():
        type_ = types.get(name)
        content = _parsed(value, type_)
        result: Any
        if type_ is None:
            result = _unknown(name, types)
        elif isinstance(content, Text):
            result = _both(lambda lang, name=name, why=content: _BAD.text(lang).format(name=name, text=why.text(lang)))
        else:
            result = read(_content(content), type_, zone)
        if isinstance(result, Diagnostic):
            result = _both(lambda lang, name=name, why=result: _BAD.text(lang).format(name=name, text=_said(why, lang)))
        if isinstance(result, Text):
            problems.append(result)
        else:
            found[name] = result
    if problems:
        raise FactError(_both(lambda lang: "\n".join(problem.text(lang) for problem in problems)), reason="facts")
    return found


def _parsed(value: object, type_: Type | None) -> object:
    """JSON in a text, where a list or a record is wanted; a Text that says why what looks like it is none."""
    from relflow.feel import ListType, RecordType

    if isinstance(value, str) and isinstance(type_, ListType | RecordType) and value.lstrip().startswith(("[", "{")):
        try:
            return parse(value)
        except JsonTextError as error:
            return Text((("en", error.en), ("zh", error.zh)))
    return value


def _content(value: object) -> Content:
    """A value as the reader would have it, so that texts within lists and records become dates and durations too."""
    from relflow.model import Fields, Items, Value

    if isinstance(value, Mapping):
        entries = tuple((Fragment.of(str(key)), _content(item)) for key, item in value.items())
        return Fields(entries, Fragment.of("").span)
    if isinstance(value, list):
        return Items(tuple(_content(item) for item in value), Fragment.of("").span)
    if value is None:
        return Value(Fragment.of(""))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Value(Fragment.of(text), quoted=isinstance(value, str) and bool(value.strip()))


def _unknown(name: str, types: Mapping[str, Type]) -> Text:
    near = nearest(name, types)
    tail, known = (_NEAR, near) if near else (_KNOWN, None)
    return _both(
        lambda lang: (
            _UNKNOWN.text(lang).format(name=name) + tail.text(lang).format(near=known, known=join(list(types), lang))
        )
    )


def _said(found: Diagnostic, lang: str) -> str:
    remedy = found.help(lang)
    if not remedy:
        return found.text(lang)
    return found.text(lang) + (f"（{remedy}）" if lang == "zh" else f" ({remedy})")


def _both(say: Any) -> Text:
    return Text(tuple((lang, say(lang)) for lang in ("en", "zh")))
