"""Starting the project inside a process that runs other tests, too."""

from __future__ import annotations

import os
import time

import django
from django.conf import settings
from django.test.utils import setup_test_environment

__all__ = ["start"]


def start() -> None:
    """Set Django up. It moves the whole process into its own time zone; that is taken back."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    zone = os.environ.get("TZ")
    if not settings.configured:
        django.setup()
        setup_test_environment()
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()
