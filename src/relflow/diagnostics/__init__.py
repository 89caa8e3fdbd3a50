"""Findings as data: where (`Span`), what (`Diagnostic`), in whose words (`Message`), and how they look on a screen."""

from relflow.diagnostics.messages import Diagnostic, Field, Message, Severity, nearest, sort_key
from relflow.diagnostics.render import render, width
from relflow.diagnostics.spans import Fragment, Source, Span

__all__ = [
    "Diagnostic",
    "Field",
    "Fragment",
    "Message",
    "Severity",
    "Source",
    "Span",
    "nearest",
    "render",
    "sort_key",
    "width",
]
