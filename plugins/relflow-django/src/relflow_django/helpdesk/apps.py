"""The application: it listens to tickets once models are ready."""

from __future__ import annotations

from django.apps import AppConfig

from relflow_django.words import words

__all__ = ["HelpdeskConfig"]


class HelpdeskConfig(AppConfig):
    """Tickets as complaints."""

    name = "relflow_django.helpdesk"
    label = "relflow_helpdesk"
    verbose_name = words("Tickets as complaints (relflow)", "投诉工单（relflow）")

    def ready(self) -> None:
        """Listen."""
        from relflow_django.helpdesk import receivers  # noqa: PLC0415 - models are ready only now

        receivers.connect()
