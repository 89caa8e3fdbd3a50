"""The cases of a file of tests, played and shown step by step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relflow.cli.screen import data
from relflow.cli.session import current, say
from relflow.testing.runner import jobs, test_files
from relflow.testing.scripts import Played, showing

__all__ = ["play"]


def play(path: str, overlay: str | None, plugins: Sequence[str]) -> bool:
    """Play every case script at a path; False if an expectation does not hold."""
    fine = True
    for file in test_files(Path(path)):
        for job in jobs(file, overlay=overlay, plugins=plugins):
            if not job.scripted:
                continue
            data(f"== {job.it}")
            with showing(_show):
                result = job.run()
            if not result.passed:
                fine = False
                data(say("  does not hold: {text}", "  不成立：{text}", text=result.text(current().lang)))
    return fine


def _show(step: Played) -> None:
    """One step: the time, what happened, how the case stands."""
    if not (step.what or step.lines):
        return
    lang = current().lang
    data(f"{step.at:%Y-%m-%d %H:%M}" + (f"  {step.what}" if step.what else ""))
    for line in step.lines:
        data("\n".join(f"  {part}" for part in line.render(lang).splitlines()))
    if step.case is not None and step.workflow is not None:
        state = step.workflow.states[step.case.state].label.text(lang)
        data(f"  = {state} ({step.case.state})")
