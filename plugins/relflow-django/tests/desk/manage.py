"""The project's command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    sys.path.insert(0, str(Path(__file__).parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    execute_from_command_line(sys.argv)
