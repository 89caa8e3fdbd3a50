"""Spans and metrics of a small policy, read back from OpenTelemetry's own exporters in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from relflow_otel import OpenTelemetry

import relflow
from relflow.hooks import Plugins

START = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
facts: {name: {type: string, personal: true}}
roles: {clerk: {members: [zhang, li]}}
"""
CLAIM = """
workflow: claim
version: 1
roles: [clerk]
data: {phone: {type: string, personal: true}}
initial: new
states: {new: {events: {close: {to: done, by: clerk, do: [{notify: clerk}]}}}, done: {final: true}}
clocks: {answer: {from: new, until: done, within: 1 day}}
"""


class Set:
    """OpenTelemetry in memory, and an engine that it watches."""

    def __init__(self, folder: Path) -> None:
        (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
        (folder / "claim.yaml").write_text(CLAIM, encoding="utf-8")
        self.spans = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.meters = MeterProvider(metric_readers=[self.reader])
        self.now = START
        self.telemetry = OpenTelemetry(tracer_provider=self.tracers, meter_provider=self.meters)
        accounts = relflow.Accounts({"C-secret": {"name": "Wu"}})
        self.engine = relflow.Engine(
            relflow.load(folder), store="memory:", plugins=[accounts, self.telemetry], clock=lambda: self.now
        )

    def metrics(self) -> dict[str, list[tuple[float, dict[str, object]]]]:
        """Each metric's values with their attributes."""
        found: dict[str, list[tuple[float, dict[str, object]]]] = {}
        data = self.reader.get_metrics_data()
        for resource in data.resource_metrics if data is not None else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = [
                        (getattr(point, "value", getattr(point, "sum", None)), dict(point.attributes or {}))
                        for point in metric.data.data_points
                    ]
        return found


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Set]:
    """Everything ready."""
    made = Set(tmp_path)
    yield made
    made.engine.close()
    made.tracers.shutdown()
    made.meters.shutdown()


def test_a_step_is_a_span_in_the_hosts_trace(running: Set) -> None:
    """With ids, states and the instant, below the span that the host had open, and after the commit only."""
    clerk = relflow.Actor("zhang", ("clerk",))
    with running.tracers.get_tracer("host").start_as_current_span("request") as request:
        case = running.engine.open("claim", account="C-secret", data={"phone": "139"}, actor=clerk)
        running.engine.fire(case.id, "close", actor=clerk)
    opened, closed, _ = running.spans.get_finished_spans()

    assert (opened.name, closed.name) == ("claim claim", "claim close")
    assert closed.parent is not None
    assert closed.parent.span_id == request.get_span_context().span_id
    assert closed.attributes == {
        "relflow.tenant": "",
        "relflow.workflow": "claim",
        "relflow.kind": "event",
        "relflow.event": "close",
        "relflow.case": case.id,
        "relflow.seq": 2,
        "relflow.version": "1",
        "relflow.state": "done",
        "relflow.state.before": "new",
        "relflow.at": closed.attributes["relflow.at"],
    }
    said = str([(span.name, dict(span.attributes or {})) for span in (opened, closed)])
    assert not any(secret in said for secret in ("139", "C-secret", "zhang", "Wu"))


def test_what_is_rolled_back_is_no_span(running: Set) -> None:
    """Telemetry tells of what happened."""

    def broken_off() -> None:
        with running.engine.unit() as unit:
            unit.open("claim", account="C-secret")
            raise KeyError

    with pytest.raises(KeyError):
        broken_off()
    assert running.spans.get_finished_spans() == ()


def test_metrics_count_cases_clocks_and_messages(running: Set) -> None:
    """Cases opened and closed with how long they took, clocks that ran out once each, messages by recipient."""
    clerk = relflow.Actor("zhang", ("clerk",))
    case = running.engine.open("claim", account="C-secret", actor=clerk)
    running.engine.open("claim", account="C-secret", actor=clerk)
    running.now = START + timedelta(days=2)
    running.engine.run_due()
    running.engine.fire(case.id, "close", actor=clerk)
    found = running.metrics()
    about = {"relflow.tenant": "", "relflow.workflow": "claim"}

    assert found["relflow.cases.opened"] == [(2, about)]
    assert found["relflow.cases.closed"] == [(1, about)]
    assert found["relflow.case.duration"] == [(172800.0, about)]
    assert found["relflow.clocks.breached"] == [(2, {**about, "relflow.clock": "answer"})]
    assert found["relflow.messages"] == [(2, {**about, "relflow.message": "new.close"})]
    assert sum(value for value, _ in found["relflow.steps"]) == 5


def test_health_is_read_with_the_metrics(running: Set) -> None:
    """Gauges say how the store is at the moment of reading."""
    running.telemetry.watch(running.engine)
    running.engine.open("claim", account="C-secret", actor=relflow.Actor("zhang", ("clerk",)))
    running.now = START + timedelta(days=1, hours=1)
    found = running.metrics()
    assert found["relflow.cases.open"] == [(1, {"relflow.tenant": ""})]
    assert found["relflow.timers.late"] == [(3600.0, {"relflow.tenant": ""})]
    assert found["relflow.outbox.dead"] == [(0, {"relflow.tenant": ""})]
    assert found["relflow.outbox.held"] == [(0, {"relflow.tenant": ""})]


def test_it_is_found_by_its_name() -> None:
    """An engine that names `otel` gets it, with the global providers."""
    assert Plugins(["otel"]).names("relflow_observe") == ("otel",)
