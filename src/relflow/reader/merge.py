"""A policy with the company's overlay: it fills what the policy left open, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass, replace
from typing import Any

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, Span, nearest
from relflow.model import CalendarSpec, Choices, Content, Element, Fields, Head, Model, Output, Overlay, Parameter, Role
from relflow.reader.canonical import digest
from relflow.reader.reading import both
from relflow.reader.vocabulary import SECTIONS
from relflow.structs import dataclass

__all__ = ["apply_overlay", "set_parameters"]

OTHER_POLICY = Message.of(
    "overlay-mismatch",
    Severity.ERROR,
    "this overlay is for the policy `{wanted}`, the policy is called `{name}`",
    "本文件用于制度 `{wanted}`，而制度名为 `{name}`",
    "write `overlay: {name}`, or load the other policy",
    "改为 `overlay: {name}`，或换用另一个制度",
)
NOT_THERE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "the policy has no `{name}` among its {section}",
    "制度的 {section} 中没有 `{name}`",
    "an overlay fills what the policy left open; a new element belongs into the policy",
    "企业配置只能补充制度留待确定的内容；新内容应写进制度",
)
DID_YOU_MEAN = both(
    "did you mean `{nearest}`? it stands at {place}",
    "是否想写 `{nearest}`？见 {place}",
)
FIXED = Message.of(
    "overlay-fixed",
    Severity.ERROR,
    "the policy says `{key}` of `{name}` itself",
    "`{name}` 的 `{key}` 已由制度规定",
    "see {place}; an overlay fills what the policy left open and changes nothing",
    "见 {place}；企业配置只补充留待确定的内容，不作修改",
)

# what an overlay may add where the policy has nothing; lists that the policy only suggests come on top
_OPEN: Mapping[str, frozenset[str]] = {
    "parameters": frozenset({"value", "values"}),
    "decisions": frozenset(
        {
            "table",
            "scorecard",
            "expression",
            "hit_policy",
            "aggregation",
            "default",
            "when_missing",
            "output",
            "outputs",
        }
    ),
    "categories": frozenset({"fresh_for", "keep_for", "purposes", "shared_with", "seen_by", "changed_by"}),
    "tiers": frozenset({"levels"}),
    "risks": frozenset({"levels"}),
    "indicators": frozenset({"when"}),
    "cadences": frozenset({"plan"}),
    "kpis": frozenset({"goal"}),
    "roles": frozenset({"from_", "lead", "members"}),
}
_BODIES = ("table", "scorecard", "expression")
_WORDS = frozenset({"label", "because", "source", "notes"})
_CALENDAR = ("country", "hours")
_CALENDAR_LISTS = ("holidays", "working_days", "published")


def apply_overlay(model: Model, overlay: Overlay) -> tuple[Model, list[Diagnostic]]:
    """The model with everything that the overlay fills, and findings where it does more than that."""
    merge = _Merge()
    if model.head is not None and model.head.name != overlay.id.text:
        merge.found.append(OTHER_POLICY.at(overlay.id.span, wanted=overlay.id.text, name=model.head.name))
    changed: dict[str, Any] = {
        "overlay": overlay,
        "sources": (*model.sources, overlay.span.source),
        "digest": digest([model.digest, overlay.canonical]),
    }
    for section in SECTIONS:
        filling = getattr(overlay, section)
        if filling:
            base = getattr(model, section)
            if section == "roles":
                base += _foreign_roles(model, filling)
            changed[section] = merge.section(section, base, filling)
    merged = replace(model, **changed)
    if overlay.calendar is not None and merged.head is not None:
        merged = replace(merged, head=merge.calendar(merged.head, overlay.calendar))
    if overlay.set is not None:
        merged, found = set_parameters(merged, overlay.set, override=False)
        merge.found += found
    return merged, merge.found


def set_parameters(model: Model, values: Fields, *, override: bool = True) -> tuple[Model, list[Diagnostic]]:
    """The model with values for parameters, as `set` in a test or an overlay gives them.

    Without `override` a parameter that has a value keeps it, and setting it is a finding.
    """
    found: list[Diagnostic] = []
    known = {parameter.name: parameter for parameter in model.parameters}
    for name, value in values.entries:
        parameter = known.get(name.text)
        if parameter is None:
            found.append(_unknown(name, "parameters", known))
        elif not override and (parameter.value is not None or parameter.values):
            place = _place(parameter.id.span)
            found.append(FIXED.at(name.span, key="value", name=name.text, place=place))
        else:
            known[name.text] = _with_value(parameter, value)
    return replace(model, parameters=tuple(known.values())), found


def _with_value(parameter: Parameter, value: Content) -> Parameter:
    return replace(parameter, value=value, values=())


def _foreign_roles(model: Model, filling: tuple[Role, ...]) -> tuple[Role, ...]:
    """Roles that only the policy's workflows name and that the company binds."""
    own = {role.name for role in model.roles}
    bound = {role.name for role in filling}
    foreign = {role.name: role for workflow in model.workflows for role in workflow.roles}
    return tuple(role for name, role in foreign.items() if name in bound - own)


def _unknown(name: Fragment, section: str, known: Mapping[str, Element]) -> Diagnostic:
    guess = nearest(name.text, known)
    if guess is None:
        return NOT_THERE.at(name.span, name=name.text, section=section)
    place = _place(known[guess].id.span)
    return NOT_THERE.at(name.span, DID_YOU_MEAN, name=name.text, section=section, nearest=guess, place=place)


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.line}"


@dataclass(slots=True)
class _Merge:
    """One merging with its findings."""

    found: list[Diagnostic] = field(default_factory=list)

    def section(self, section: str, base: tuple[Element, ...], filling: tuple[Element, ...]) -> tuple[Element, ...]:
        """The elements of a section, filled."""
        known = {element.name: element for element in base}
        for element in filling:
            own = known.get(element.name)
            if own is None:
                self.found.append(_unknown(element.id, section, known))
            else:
                known[element.name] = self.element(section, own, element)
        return tuple(known.values())

    def element(self, section: str, base: Element, filling: Element) -> Element:
        """One element, filled where it is open."""
        changed: dict[str, Any] = {}
        closed = any(getattr(base, body, None) is not None for body in _BODIES)
        for key in _written(filling):
            own, new = getattr(base, key), getattr(filling, key)
            if key in _WORDS:
                changed[key] = new if key != "source" else (*own, *new)
            elif key in ("one_of", "levels") and own is not None and own.suggested:
                changed[key] = _named(new, own)
            elif key == "output" and own is not None:
                changed[key] = self._output(base, own, new)
            elif key in _OPEN.get(section, ()) and _blank(own) and not (closed and key != "output"):
                changed[key] = new
            elif key == "fields":
                changed[key] = self.section("fields", own, new)
            else:
                place = _place(base.id.span)
                where = _where(new, filling.id.span)
                self.found.append(FIXED.at(where, key=key.rstrip("_"), name=base.name, place=place))
        return replace(base, **changed)

    def _output(self, base: Element, own: Output, new: Output) -> Output:
        """An output whose list was only suggested takes the company's list."""
        changed: dict[str, Any] = {}
        for key in _written(new):
            mine, theirs = getattr(own, key), getattr(new, key)
            if key == "one_of" and mine is not None and mine.suggested:
                changed[key] = _named(theirs, mine)
            elif not _same(mine, theirs):
                where = _where(theirs, new.span)
                self.found.append(FIXED.at(where, key=key, name=base.name, place=_place(own.span)))
        return replace(own, **changed)

    def calendar(self, head: Head, filling: CalendarSpec) -> Head:
        """The calendar with the company's days; country and hours only where the policy has none."""
        own = head.calendar
        if own is None:
            return replace(head, calendar=filling)
        changed: dict[str, Any] = {key: (*getattr(own, key), *getattr(filling, key)) for key in _CALENDAR_LISTS}
        for key in _CALENDAR:
            new = getattr(filling, key)
            if new is not None and getattr(own, key) is None:
                changed[key] = new
            elif new is not None:
                place = _place(own.span)
                self.found.append(FIXED.at(new.span, key=key, name="calendar", place=place))
        return replace(head, calendar=replace(own, **changed))


def _named(chosen: Choices, suggested: Choices) -> Choices:
    """The company's list; what it takes over from the manual's examples without a name of its own keeps theirs."""
    names = suggested.labels()
    return replace(
        chosen,
        choices=tuple(replace(one, label=one.label or names.get(one.text.text)) for one in chosen.choices),
    )


def _where(value: object, otherwise: Span) -> Span:
    """Where something that the overlay says stands."""
    if isinstance(value, tuple) and value:
        return _where(value[0], otherwise)
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) else otherwise


def _written(element: object) -> list[str]:
    """The fields that the file has something under; a text is the reader's own, such as the kind of a scheme."""
    values = {one.name: getattr(element, one.name) for one in fields(element)}  # type: ignore[arg-type]
    return [
        name
        for name, value in values.items()
        if name not in ("id", "span") and not _blank(value) and not isinstance(value, str)
    ]


def _blank(value: object) -> bool:
    return value is None or value is False or value == ()


def _same(mine: object, theirs: object) -> bool:
    """Whether two parts say the same, wherever they stand."""
    return _said(mine) == _said(theirs)


def _said(value: object) -> object:
    if isinstance(value, Fragment):
        return value.text
    if isinstance(value, tuple):
        return tuple(_said(item) for item in value)
    if is_dataclass(value):
        return tuple(_said(getattr(value, one.name)) for one in fields(value) if one.name != "span")
    return value
