"""The guide to Django is a project: its files are written as they stand there, and its tests are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "embed-in-django.md"
BASE = """
SECRET_KEY = "for tests"
USE_TZ = True
ROOT_URLCONF = "urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
"""
URLS = """
from complaints import views
from django.urls import path

urlpatterns = [
    path("take-down/", views.take_down),
    path("buttons/<str:case>/", views.buttons),
    path("press/<str:case>/<str:event>/", views.press),
]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project of the guide."""
    (tmp_path / "complaints").mkdir()
    (tmp_path / "complaints" / "__init__.py").touch()
    (tmp_path / "urls.py").write_text(URLS)
    for block in re.findall(r"```py\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        first, _, rest = block.partition("\n")
        if first.startswith("# "):
            (tmp_path / first.removeprefix("# ")).write_text((BASE if first == "# settings.py" else "") + rest)
    return tmp_path


def manage(project: Path, *words: str) -> str:
    """What `manage.py` says."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", *words],
        cwd=project,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": os.pathsep.join([str(project), *sys.path]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_guides_project_works(project: Path) -> None:
    """Checked, migrated, tested and ticked by its own command line."""
    manage(project, "makemigrations", "complaints")
    assert "relflow_django.0001_tables... OK" in manage(project, "migrate")
    assert "Ran 2 tests" in manage(project, "test", "complaints")
    assert "timers fired: 0" in manage(project, "relflow_tick")
