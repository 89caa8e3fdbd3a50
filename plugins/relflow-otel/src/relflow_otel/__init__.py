"""OpenTelemetry for relflow: a span for each step, and metrics of cases, clocks, messages and the store."""

from relflow_otel.observer import OpenTelemetry

__all__ = ["OpenTelemetry"]
