"""Handbooks in a real browser: they fit the screen, load nothing, and print."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from relflow.policy import load
from relflow.report.handbook import handbook
from relflow.report.questions import questions_page
from relflow.review.tracing import carried

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
POLICIES = ("petroleum", "petrochemical", "general", "key_accounts", "services")
# says how much wider the page is than the window, and how many parts have no width at all
LOOK = """<script>addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const empty = [...document.querySelectorAll("section, svg")].filter(one => !one.getBoundingClientRect().width).length;
  const asked = performance.getEntriesByType("resource").length;
  document.body.dataset.seen = [wide, empty, asked].join(" ");
});</script></body>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


def browse(folder: Path, *options: str) -> str:
    """What headless Chromium prints about `page.html` of a folder."""
    command = [
        str(CHROMIUM),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    done = subprocess.run(
        [*command, *options, (folder / "page.html").as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@pytest.mark.parametrize("name", POLICIES)
def test_a_handbook_fits_the_screen_and_loads_nothing(tmp_path: Path, name: str) -> None:
    """Nothing is wider than the window, every section and diagram is drawn, no request leaves the page."""
    policy = load(f"rules/{name}")
    page = handbook(policy.program, "zh", carried(policy.model))
    (tmp_path / "page.html").write_text(page.replace("</body>", LOOK), "utf-8")
    seen = re.search(r'data-seen="(-?\d+) (\d+) (\d+)"', browse(tmp_path, "--window-size=1200,900", "--dump-dom"))

    assert seen is not None
    assert (int(seen[1]) <= 0, seen[2], seen[3]) == (True, "0", "0")


def test_a_handbook_prints(tmp_path: Path) -> None:
    """The printed handbook is a PDF of several pages; so are the open questions."""
    policy = load("rules/services")
    for page in (handbook(policy.program, "en", carried(policy.model)), questions_page(policy.program, "zh")):
        (tmp_path / "page.html").write_text(page, "utf-8")
        browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
        printed = (tmp_path / "page.pdf").read_bytes()

        assert printed.startswith(b"%PDF-")
        assert printed.count(b"/Type /Page") > 1
