"""The application: labels for the admin pages, and checks of the settings and the tables."""

from __future__ import annotations

from django.apps import AppConfig

from relflow_django.words import words

__all__ = ["RelflowConfig"]


class RelflowConfig(AppConfig):
    """relflow's cases, in the host's own database."""

    name = "relflow_django"
    label = "relflow_django"
    verbose_name = words("Customer relations (relflow)", "客户关系管理（relflow）")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have `manage.py check` look at the settings."""
        import relflow_django.checks  # noqa: F401, PLC0415 - models and settings are ready only now
