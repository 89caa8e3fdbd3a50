"""How a failed expectation is told."""

from __future__ import annotations

from relflow.diagnostics import Diagnostic
from relflow.errors import ClockRequiredError, RelflowError
from relflow.explain import show
from relflow.results import Decision
from relflow.text import Text

__all__ = ["differs", "found", "said", "told"]

_UNKNOWN = Text((("en", "unknown"), ("zh", "未知")))
_NULL = Text((("en", "nothing"), ("zh", "空")))


def said(en: str, zh: str) -> Text:
    """A problem in both languages."""
    return Text((("en", en), ("zh", zh)))


def found(diagnostic: Diagnostic) -> Text:
    """A finding as a problem, with its place."""
    return said(*(f"{diagnostic.span}: {diagnostic.text(lang)}" for lang in ("en", "zh")))


def _shown(value: object, *, unknown: bool = False) -> Text:
    return _UNKNOWN if unknown else _NULL if value is None else show(value)


def differs(
    where: str, name: str, wanted: object, decision: Decision | None, value: object, *, wants_unknown: bool = False
) -> Text:
    """`name` is not what the test says; tells which row won, or what is missing."""
    unknown = decision is not None and decision.unknown
    want, got = _shown(wanted, unknown=wants_unknown), _shown(value, unknown=unknown)
    en = f"{where}`{name}` is {got.text('en')}, the test says {want.text('en')}"
    zh = f"{where}`{name}` 得到{got.text('zh')}，测试要求{want.text('zh')}"
    if decision is not None:
        why = _why(decision)
        en, zh = en + why[0], zh + why[1]
    return said(en, zh)


def _why(decision: Decision) -> tuple[str, str]:
    if decision.unknown:
        names = ", ".join(f"`{name}`" for name in decision.missing)
        return (f" (missing: {names})", f"（缺失：{names}）") if names else ("", "")
    rule = decision.rule
    if rule is not None:
        return f" (row {rule.number} won, {rule.place})", f"（命中第 {rule.number} 行，{rule.place}）"
    return "", ""


def told(error: RelflowError) -> Text:
    """What an error says, in the words of test files: they have a `today`, not an argument `at`."""
    if isinstance(error, ClockRequiredError):
        return said("the answer depends on the day: give the test a `today`", "结果与日期有关：请给测试写上 `today`")
    return error.message
