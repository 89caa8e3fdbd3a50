"""All judges together."""

from __future__ import annotations

from collections import Counter

from tests.faults.deliveries import deliveries
from tests.faults.judges import answers, clocks, duties, levels, whole
from tests.faults.stage import Stage
from tests.faults.verdict import Verdict, evidence

__all__ = ["judged", "standing"]


def standing(stage: Stage) -> Verdict:
    """Whether every step is whole in the store as the killed left it, before anybody repairs anything by going on."""
    verdict = Verdict()
    with stage.opened() as engine, engine.store.unit(write=False) as unit:
        found = evidence(unit, stage.folder)
        whole(verdict, found, unit, stage.policy)
        levels(verdict, found, unit)
    return verdict


def judged(stage: Stage, kills: int) -> Verdict:
    """Every judge's findings, from the store and the journals that a run left behind."""
    verdict = Verdict(Counter({"processes killed with SIGKILL": kills}))
    with stage.opened() as engine, engine.store.unit(write=False) as unit:
        found = evidence(unit, stage.folder)
        whole(verdict, found, unit, stage.policy)
        answers(verdict, found)
        clocks(verdict, found)
        deliveries(verdict, found)
        duties(verdict, found)
        levels(verdict, found, unit)
        for case in found.cases:
            for timer in unit.timers(case):
                if timer.due_at <= found.over():
                    verdict.wrong("left", f"{case} {timer.clock} {timer.step}")
    for name, lines in found.journals.items():
        for line in lines:
            if line["what"] == "died":
                verdict.wrong("died", f"{name}: {line['error']}")
            elif line["what"] == "trouble":
                verdict.counts[f"runs of workers that the store broke off: {line['reason']}"] += 1
                if line["reason"] is None:
                    verdict.wrong("stray", f"{line['error']}: {line['text']}")
            elif line["what"] == "sabotage":
                verdict.counts[f"store harmed: {line['did']}"] += 1
    return verdict
