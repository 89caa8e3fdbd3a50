"""What a test gives: facts, the day, the state, read by the types that the policy declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from relflow.compiler.literals import read
from relflow.diagnostics import Diagnostic, Fragment, Span, nearest
from relflow.feel.types import DATE, DATE_TIME, Type
from relflow.model import Content, Fields, Items, Value
from relflow.policy import Policy
from relflow.results import Contact
from relflow.testing.problems import found, said
from relflow.text import Text

__all__ = [
    "ProblemError",
    "as_state",
    "contacts",
    "facts",
    "instant",
    "known_days",
    "literal",
    "named",
    "plain",
    "unknown_fact",
]


class ProblemError(Exception):
    """The test itself is wrong; `problems` says where."""

    def __init__(self, *problems: Text) -> None:
        super().__init__(problems[0].text())
        self.problems = problems


def literal(content: Content, type_: Type, policy: Policy) -> Any:
    """A literal of a type. Raises ProblemError if it is none."""
    value = read(content, type_, policy.program.zone)
    if isinstance(value, Diagnostic):
        raise ProblemError(found(value))
    return value


def facts(given: Fields | None, policy: Policy) -> dict[str, Any]:
    """The facts that a test gives. Raises ProblemError for unknown names and for values of the wrong type."""
    return _by_fact(given, policy)


def _by_fact(given: Fields | None, policy: Policy, type_: Type | None = None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: list[Text] = []
    for key, content in given.entries if given else ():
        fact = policy.program.facts.get(key.text)
        if fact is None:
            problems.append(unknown_fact(key, policy))
            continue
        try:
            values[key.text] = literal(content, type_ or fact.type, policy)
        except ProblemError as problem:
            problems += problem.problems
    if problems:
        raise ProblemError(*problems)
    return values


def unknown_fact(name: Fragment, policy: Policy) -> Text:
    """There is no fact of that name; says which was probably meant."""
    near = nearest(name.text, policy.program.facts)
    en = f"{name.span}: `{name.text}` is no fact of the policy"
    zh = f"{name.span}：制度中没有 `{name.text}` 这个数据项"
    return said(en + (f"; did you mean `{near}`?" if near else ""), zh + (f"；是否想写 `{near}`？" if near else ""))


def named(name: Fragment | None, known: Mapping[str, Any], what: tuple[str, str]) -> Any:
    """What the test is about, None where it names none; `what` is the kind, in both languages.

    Raises ProblemError with the nearest name.
    """
    if name is None:
        return None
    if name.text in known:
        return known[name.text]
    near = nearest(name.text, known)
    en = f"; did you mean `{near}`?" if near else f" (there are: {', '.join(known) or '-'})"
    zh = f"；是否想写 `{near}`？" if near else f"（现有：{'、'.join(known) or '无'}）"
    raise ProblemError(
        said(f"{name.span}: there is no {what[0]} `{name.text}`{en}", f"{name.span}：没有{what[1]} `{name.text}`{zh}")
    )


def known_days(fields: Fields | None, policy: Policy) -> dict[str, Any]:
    """Since when facts are known. Raises ProblemError for what is no fact or no date."""
    return _by_fact(fields, policy, DATE)


def instant(value: Value | None, policy: Policy) -> date | datetime | None:
    """A day or an instant of the policy's zone, None where the test names none."""
    if value is None:
        return None
    moment: date | datetime = literal(value, DATE_TIME if "T" in value.text.text else DATE, policy)
    return moment


def plain(content: Content | None) -> Any:
    """Names and texts as they are written, in plain lists and mappings: the form in which a state is kept."""
    match content:
        case Fields():
            return {key.text: plain(item) for key, item in content.entries}
        case Items():
            return [plain(item) for item in content.items]
        case Value():
            text = content.text.text
            return None if content.null else int(text) if text.isascii() and text.isdigit() else text
    return None


def contacts(content: Content | None, policy: Policy) -> list[Contact]:
    """The contacts made so far: `[{touchpoint: visit, on: 2026-01-10}]`."""
    made = []
    for entry in content.items if isinstance(content, Items) else ():
        if not isinstance(entry, Fields):
            raise ProblemError(_shape(entry.span))
        touchpoint, on = entry.get("touchpoint"), entry.get("on")
        if not isinstance(touchpoint, Value) or not isinstance(on, Value):
            raise ProblemError(_shape(entry.span))
        made.append(Contact(touchpoint.text.text, literal(on, DATE, policy)))
    return made


def _shape(span: Span) -> Text:
    return said(
        f"{span}: a contact is written `{{touchpoint: visit, on: 2026-01-10}}`",
        f"{span}：一次联系写作 `{{touchpoint: visit, on: 2026-01-10}}`",
    )


def as_state(content: Fields | None, policy: Policy) -> Mapping[str, Any]:
    """The state of schemes that a test starts from. Raises ProblemError for what is no scheme."""
    for name in content.names() if content is not None else ():
        named(name, policy.program.schemes, ("scheme", "等级方案"))
    return plain(content) or {}
