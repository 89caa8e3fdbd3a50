"""What all tests share: the Hypothesis profile and a neutral environment."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# files of policy tests among the data are read by tests, not run as tests
collect_ignore_glob = ["cases/*.test.yaml", "cases/**/*.test.yaml", "rejects/**/*.test.yaml"]

# No deadline: two busy cores make any wall-clock limit a coin toss. Derandomized, so that a change is judged by the
# same examples each time; `make fuzz` raises the number and draws new ones.
EXAMPLES = int(os.environ.get("RELFLOW_EXAMPLES", "0"))
settings.register_profile(
    "house",
    deadline=None,
    derandomize=not EXAMPLES,
    max_examples=EXAMPLES or 100,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def neutral_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language, colour or debug setting of whoever runs the tests reaches them."""
    for name in ("RELFLOW_LANG", "RELFLOW_DEBUG", "NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where there is no browser."""
    if shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
