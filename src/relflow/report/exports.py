"""Cases and their histories for other programs: JSON lines, and XES (IEEE 1849) for process mining."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import quoteattr

from relflow.engine.exported import ExportedCase
from relflow.program.workflows import Workflow
from relflow.results import HistoryEntry, jsonable
from relflow.text import DEFAULT_LANGUAGE

__all__ = ["json_lines", "xes"]

# what XML 1.0 has no place for
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
)
_OPENING: Final = "open"


def json_lines(cases: Iterable[ExportedCase]) -> Iterator[str]:
    """One JSON object a line for each step of each case, in order; instants in UTC, ISO 8601."""
    for one in cases:
        for entry, digest in one.history:
            yield json.dumps(_step(one, entry, digest), ensure_ascii=False, separators=(",", ":"))


def _step(one: ExportedCase, entry: HistoryEntry, digest: str) -> dict[str, object]:
    case, trigger = one.case, entry.trigger
    return {
        "case": case.id,
        "workflow": case.workflow,
        "account": case.account,
        "key": case.key,
        "parent": case.parent,
        "seq": entry.seq,
        "at": _instant(entry.at),
        "kind": trigger.kind,
        "event": trigger.name,
        "event_id": trigger.event_id,
        "actor": None if trigger.actor is None else trigger.actor.id,
        "before": entry.before,
        "after": entry.after,
        "data": jsonable(trigger.data),
        "changes": jsonable(entry.changes),
        "effects": [
            {"verb": effect.verb, "target": effect.target, "cause": effect.cause, "values": jsonable(effect.values)}
            for effect in entry.effects
        ],
        "findings": list(entry.findings),
        "clocks": jsonable(entry.clocks),
        "facts": jsonable(entry.facts),
        "definition": entry.definition,
        "policy": entry.policy,
        "calendar": entry.calendar,
        "digest": digest,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def xes(cases: Iterable[ExportedCase], lang: str = DEFAULT_LANGUAGE) -> Iterator[str]:
    """The cases as an XES log, line by line: a trace for each case, an event for each step.

    Activities are the labels of the workflow's events and clocks in `lang`; their ids stand beside them as
    `relflow:event`. Changed data are attributes `data:NAME`.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">'
    for name, prefix, uri in _EXTENSIONS:
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>'
    yield '  <global scope="trace">'
    yield '    <string key="concept:name" value=""/>'
    yield "  </global>"
    yield '  <global scope="event">'
    yield '    <string key="concept:name" value=""/>'
    yield '    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>'
    yield '    <string key="lifecycle:transition" value="complete"/>'
    yield "  </global>"
    yield '  <classifier name="Activity" keys="concept:name"/>'
    for one in cases:
        yield from _trace(one, lang)
    yield "</log>"


def _trace(one: ExportedCase, lang: str) -> Iterator[str]:
    case = one.case
    yield "  <trace>"
    attributes: dict[str, object] = {
        "concept:name": case.id,
        "relflow:workflow": case.workflow,
        "relflow:version": case.workflow_version,
        "relflow:account": case.account,
        "relflow:key": case.key,
        "relflow:parent": case.parent,
        "relflow:state": case.state,
    }
    yield from _attributes(attributes, "    ")
    for entry, _ in one.history:
        yield "    <event>"
        yield from _attributes(_event(one.workflow, entry, lang), "      ")
        yield "    </event>"
    yield "  </trace>"


def _event(workflow: Workflow, entry: HistoryEntry, lang: str) -> dict[str, object]:
    trigger = entry.trigger
    return {
        "concept:name": _activity(workflow, entry, lang),
        "time:timestamp": entry.at,
        "lifecycle:transition": "complete",
        "org:resource": None if trigger.actor is None else trigger.actor.id,
        "org:role": None if trigger.actor is None or not trigger.actor.roles else ", ".join(trigger.actor.roles),
        "relflow:seq": entry.seq,
        "relflow:kind": trigger.kind,
        "relflow:event": trigger.name,
        "relflow:before": entry.before,
        "relflow:after": entry.after,
        **{f"data:{name}": value for name, value in entry.changes.items()},
    }


def _activity(workflow: Workflow, entry: HistoryEntry, lang: str) -> str:
    """What people call the step."""
    kind, name = entry.trigger.kind, entry.trigger.name
    if kind in ("event", "condition"):
        event = workflow.events.get(name)
        return event.label.text(lang) if event is not None else name
    if kind == "timer":
        clock, _, step = name.rpartition(":")
        declared = workflow.clocks.get(clock)
        return f"{declared.label.text(lang) if declared is not None else clock}: {step}"
    return _OPENING if kind == "open" else name if kind == "admin" else kind


def _attributes(values: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if value is not None:
            kind, text = _typed(value)
            yield f"{indent}<{kind} key={_quoted(key)} value={_quoted(text)}/>"


def _typed(value: object) -> tuple[str, str]:
    """The XES type of a value, and its text."""
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int):
        # XES reads 64 bits; what is larger stays exact as text
        return ("int" if -(2**63) <= value < 2**63 else "string"), str(value)
    if isinstance(value, float | Decimal):
        return "float", str(value)
    if isinstance(value, datetime):
        return "date", value.isoformat(timespec="milliseconds") if value.tzinfo else value.isoformat()
    if isinstance(value, str):
        return "string", value
    return "string", json.dumps(jsonable(value), ensure_ascii=False)


def _quoted(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
