"""A plugin that hears of every committed step and tells OpenTelemetry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from opentelemetry import metrics, trace
from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation
from opentelemetry.trace import SpanKind, TracerProvider

from relflow import Engine, hookimpl
from relflow.engine import Health
from relflow.results import HistoryEntry, Recorded

__all__ = ["OpenTelemetry"]

NAME: Final = "relflow"
Attributes = dict[str, str | int]

# gauge, unit, words, how it is read from a health report
_GAUGES: Final[Sequence[tuple[str, str, str, Callable[[Health], float]]]] = (
    ("relflow.cases.open", "{case}", "Cases that are not closed", lambda one: one.waits.open_cases),
    ("relflow.cases.retired", "{case}", "Open cases under a retired definition", lambda one: one.retired),
    ("relflow.cases.provisional", "{case}", "Open cases that rest on an unpublished calendar",
     lambda one: one.waits.provisional),
    ("relflow.timers.due", "{timer}", "Timers that are due and not fired", lambda one: one.waits.due),
    ("relflow.timers.late", "s", "How late the earliest due timer is", lambda one: one.timers_late.total_seconds()),
    ("relflow.outbox.ready", "{message}", "Messages and host actions that wait", lambda one: one.waits.ready),
    ("relflow.outbox.late", "s", "How long the earliest of them has waited",
     lambda one: one.outbox_late.total_seconds()),
    ("relflow.outbox.dead", "{message}", "Messages and host actions given up", lambda one: one.waits.dead),
    ("relflow.outbox.held", "{message}", "Messages that wait for approval", lambda one: one.waits.held),
)  # fmt: skip


class OpenTelemetry:
    """Spans and metrics of the engine that it is a plugin of.

    `tracer_provider` and `meter_provider` default to the global ones, so that a host which has set OpenTelemetry up
    needs no more than the name of this plugin. A span begins and ends after the step's commit, in the thread and the
    trace of whoever took the step. Nothing of a case but ids, states and names leaves: no data, no account, no person.
    """

    def __init__(
        self, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        self._tracer = trace.get_tracer(NAME, tracer_provider=tracer_provider)
        self._meter = metrics.get_meter(NAME, meter_provider=meter_provider)
        self._steps = self._meter.create_counter("relflow.steps", "{step}", "Steps taken")
        self._opened = self._meter.create_counter("relflow.cases.opened", "{case}", "Cases opened")
        self._closed = self._meter.create_counter("relflow.cases.closed", "{case}", "Cases closed")
        self._duration = self._meter.create_histogram("relflow.case.duration", "s", "From opening to closing")
        self._breached = self._meter.create_counter("relflow.clocks.breached", "{clock}", "Clocks that ran out")
        self._messages = self._meter.create_counter("relflow.messages", "{message}", "Notifications put on their way")

    @hookimpl
    def relflow_observe(self, tenant: str, recorded: Recorded) -> None:
        """Tell of a committed step."""
        case, entry = recorded.case, recorded.entry
        about: Attributes = {"relflow.tenant": tenant, "relflow.workflow": case.workflow}
        kind: Attributes = {"relflow.kind": entry.trigger.kind, "relflow.event": entry.trigger.name}
        if entry.trigger.kind == "child":
            # the name is a case's id: as an attribute of a metric it would make a series for each case
            kind["relflow.event"] = "child"
        self._span(recorded, {**about, **kind})
        self._steps.add(1, {**about, **kind})
        if entry.before is None:
            self._opened.add(1, about)
        if case.closed_at == entry.at and case.closed_at is not None:
            self._closed.add(1, about)
            self._duration.record((case.closed_at - case.opened_at).total_seconds(), about)
        for clock in _ran_out(entry):
            self._breached.add(1, {**about, "relflow.clock": clock})
        for effect in entry.effects:
            people = effect.values.get("recipients")
            if effect.verb == "notify" and isinstance(people, list | tuple) and people:
                self._messages.add(len(people), {**about, "relflow.message": str(effect.values.get("message"))})

    def _span(self, recorded: Recorded, about: Attributes) -> None:
        case, entry = recorded.case, recorded.entry
        more: Attributes = {
            "relflow.case": case.id,
            "relflow.seq": entry.seq,
            "relflow.version": case.workflow_version,
            "relflow.state": entry.after,
            "relflow.at": entry.at.isoformat(),
        }
        if entry.before is not None:
            more["relflow.state.before"] = entry.before
        name = f"{case.workflow} {about['relflow.event']}"
        with self._tracer.start_as_current_span(name, kind=SpanKind.INTERNAL, attributes={**about, **more}) as span:
            for finding in entry.findings:
                span.add_event(finding.partition(":")[0])

    def watch(self, engine: Engine, tenants: Iterable[str] = ("",)) -> None:
        """Report the engine's health as gauges, whenever the metrics are read."""
        chosen = tuple(tenants)
        for name, unit, words, read in _GAUGES:
            self._meter.create_observable_gauge(name, [_reader(engine, chosen, read)], unit, words)


def _reader(
    engine: Engine, tenants: Sequence[str], read: Callable[[Health], float]
) -> Callable[[CallbackOptions], Iterator[Observation]]:
    def observe(_: CallbackOptions) -> Iterator[Observation]:
        for tenant in tenants:
            yield Observation(read(engine.health(tenant=tenant)), {"relflow.tenant": tenant})

    return observe


def _ran_out(entry: HistoryEntry) -> Iterator[str]:
    """The clocks whose due this step was."""
    clock, _, step = entry.trigger.name.rpartition(":")
    if entry.trigger.kind == "timer" and step == "due" and entry.clocks.get(clock, {}).get("breached"):
        yield clock
