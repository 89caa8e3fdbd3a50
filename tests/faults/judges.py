"""One function for each promise of what may never happen; each notes what it finds broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from relflow.policy import Policy
from relflow.results import Case
from relflow.stores import Line as Written
from relflow.stores import StoreUnit, verify
from relflow.workflow.reckoning import DUE, Reckoning
from tests.faults.journal import Line
from tests.faults.stage import ACCOUNTS
from tests.faults.verdict import Evidence, Verdict

__all__ = ["answers", "clocks", "duties", "levels", "whole"]

PUNCTUAL = timedelta(minutes=2)


def whole(verdict: Verdict, found: Evidence, unit: StoreUnit, policy: Policy) -> None:
    """Each step is there with all that belongs to it: case, history, timers, outbox, children, event."""
    keys = defaultdict(set)
    for key, notice in found.notices.items():
        keys[notice.item.case].add(key)
    for case in found.cases.values():
        lines = found.lines[case.id]
        verdict.counts["steps done"] += len(lines)
        verdict.counts["cases"] += 1
        if verify(unit, case.id):
            verdict.wrong("broken-chain", case.id)
        if [line.seq for line in lines] != list(range(1, case.version + 1)) or lines[-1].entry.after != case.state:
            verdict.wrong("torn", f"{case.id}: history and case")
        if keys[case.id] != set(_keys(lines)):
            verdict.wrong("torn", f"{case.id}: outbox {sorted(keys[case.id] ^ set(_keys(lines)))}")
        if {(one.clock, one.lap, one.step, one.due_at) for one in unit.timers(case.id)} != _timers(case, policy):
            verdict.wrong("torn", f"{case.id}: timers")
        for child in case.children:
            there = found.cases.get(child.id)
            if there is None or there.parent != case.id or there.closed != child.closed:
                verdict.wrong("torn", f"{case.id}: child {child.id}")
        for line in lines:
            event = line.entry.trigger.event_id
            if event is not None:
                seen = unit.read((), event_id=event).seen
                if seen is None or (seen.case.id, seen.entry.seq, seen.digest) != (case.id, line.seq, line.digest):
                    verdict.wrong("torn", f"{case.id}: event {event}")
    for key in found.notices.keys() - {key for case in found.cases for key in keys[case]}:
        verdict.wrong("torn", f"{key}: no case")


def _keys(lines: list[Written]) -> list[str]:
    """The keys of the messages and actions that the history tells of; openings take a number too."""
    found = []
    for line in lines:
        ordinal = 0
        for effect in line.entry.effects:
            if effect.verb == "notify":
                count = len(effect.values["recipients"])  # type: ignore[arg-type]
                found += [f"{line.case}:{line.seq}:{ordinal + place}" for place in range(1, count + 1)]
                ordinal += count
            elif effect.verb in ("perform", "open"):
                ordinal += 1
                if effect.verb == "perform":
                    found.append(f"{line.case}:{line.seq}:{ordinal}")
    return found


def _timers(case: Case, policy: Policy) -> set[tuple[str, int, str, datetime]]:
    """The timers that the case's clocks still owe."""
    if case.workflow.startswith("~"):
        return set()
    flow = policy.program.workflows[case.workflow]
    owed = set()
    for name, record in case.clocks.items():
        if not record.running:
            continue
        clock = Reckoning.of(record, flow.calendar)
        for step in flow.clocks[name].steps:
            at = clock.rule.step(clock.state, step.at)
            if step.text not in record.fired and at is not None:
                owed.add((name, record.lap, step.text, at.at))
        if record.due_at and DUE not in record.fired and all(one.text != DUE for one in flow.clocks[name].steps):
            owed.add((name, record.lap, DUE, record.due_at))
    return owed


def answers(verdict: Verdict, found: Evidence) -> None:
    """What a client was told happened and stays, an id counts once, a race has one winner, and no intruder gets in."""
    events = found.by_event()
    for event, lines in events.items():
        if len(lines) > 1:
            verdict.wrong("twice", event)
    for lines_ in found.lines.values():
        for line in lines_:
            actor = line.entry.trigger.actor
            if actor is not None and actor.id == "mallory":
                verdict.wrong("intruder", line.case)
    winners: Counter[tuple[str, int]] = Counter()
    by_key = {case.key: case for case in found.cases.values() if case.key}
    for told in found.told():
        verdict.counts[f"answers: {told['answer']}"] += 1
        if told["answer"] == "stray":
            verdict.wrong("stray", told["reason"])
        elif told["op"] == "open" and told["answer"] == "done":
            case = by_key.get(told["key"])
            if case is None or case.id != told["case"] or case.version < told["version"]:
                verdict.wrong("lost-step", told)
        elif told["op"] == "fire":
            _fired(verdict, found, events, winners, told)
    verdict.counts["races won and lost"] = sum(winners.values())


def _fired(
    verdict: Verdict, found: Evidence, events: dict[str, list[Written]], winners: Counter[tuple[str, int]], told: Line
) -> None:
    lines = events.get(told["id"], [])
    race = told["expected"] is not None
    if told["answer"] == "done":
        if not lines:
            verdict.wrong("lost-step", told)
        elif lines[0].case != told["of"] or not lines[0].seq <= told["version"] <= found.cases[told["of"]].version:
            verdict.wrong("other-answer", told)
        elif race:
            between = found.lines[told["of"]][told["expected"] : lines[0].seq - 1]
            winners[told["of"], told["expected"]] += 1
            if winners[told["of"], told["expected"]] > 1 or any(x.entry.trigger.kind == "event" for x in between):
                verdict.wrong("two-winners", told)
    elif race and told["answer"] in ("conflict", "refused") and lines:
        verdict.wrong("two-winners", told)


def clocks(verdict: Verdict, found: Evidence) -> None:
    """A timer fires once for each lap and step, never early by either clock; what came late was reported as missed."""
    fired: Counter[tuple[str, str, object]] = Counter()
    lines: dict[tuple[str, int], Written] = {}
    for case, written in found.lines.items():
        for line in written:
            lines[case, line.seq] = line
            trigger = line.entry.trigger
            if trigger.kind == "timer":
                fired[case, trigger.name, trigger.data.get("lap")] += 1
                if line.entry.at < trigger.data["due_at"]:  # type: ignore[operator]
                    verdict.wrong("early-timer", f"{case}:{line.seq} by its own line")
    verdict.counts["timers fired"] = sum(fired.values())
    for key, count in fired.items():
        if count > 1:
            verdict.wrong("timer-twice", key)
    late = {(*missed,) for ran in found.journals["finish"] if ran["what"] == "ran" for missed in ran["missed"]}
    verdict.counts["missed timers fired after the downtime"] = len(late)
    for name, journal in found.journals.items():
        for said in journal:
            if said["what"] != "timer" or not said["due"]:
                continue
            due, machine, store = (datetime.fromisoformat(said[which]) for which in ("due", "machine", "store"))
            there = lines.get((said["case"], said["seq"]))
            if there is None or there.entry.trigger.kind != "timer" or there.entry.trigger.data["due_at"] != due:
                continue  # it was rolled back
            if min(machine, store) < due:
                verdict.wrong("early-timer", f"{name} {said['case']}:{said['seq']} due {due}, {machine}, {store}")
            trigger = there.entry.trigger
            clock, _, step = trigger.name.rpartition(":")
            if (
                name == "finish"
                and machine - due > PUNCTUAL
                and (said["case"], clock, trigger.data["lap"], step) not in late
            ):
                verdict.wrong("late-unsaid", f"{said['case']}:{said['seq']}")


def duties(verdict: Verdict, found: Evidence) -> None:
    """A signal carries its obligation out once; a rhythm and a condition too; none before its day."""
    done = {case for case in found.cases if case.startswith("~")}
    verdict.counts["obligations carried out"] = len(done)
    for told in found.told():
        if told["op"] == "signal" and told["answer"] == "done":
            name = f"~welcome/{told['account']}/{told['id']}"
            if (name in done) != told["big"]:
                verdict.wrong("duty-twice", name)
    for name in done:
        opened = [one for one in found.lines[name][-1].entry.effects if one.verb == "open"]
        children = [case for case in found.cases.values() if case.element and case.element.startswith(name[:5])]
        if opened and not children:
            verdict.wrong("duty-twice", f"{name} opened nothing")
    for journal in found.journals.values():
        for said in journal:
            if said["what"] == "duty" and said["case"].startswith("~checkup") and said["case"] in found.cases:
                day = said["case"].rsplit("/", 1)[1]
                if day > datetime.fromisoformat(said["store"]).date().isoformat():
                    verdict.wrong("early-duty", f"{said['case']} at {said['store']}")


def levels(verdict: Verdict, found: Evidence, unit: StoreUnit) -> None:
    """Every state that an account had is in its history, without a gap, and the last one holds."""
    for account in ACCOUNTS:
        for scheme, record in unit.account_standings(account).items():
            history = unit.standing_history(account, scheme)
            verdict.counts["states of levels and obligations kept"] += len(history)
            versions = [one.version for one in history]
            if versions != list(range(1, len(history) + 1)) or not history or history[-1] != record:
                verdict.wrong("level", f"{account} {scheme}")
