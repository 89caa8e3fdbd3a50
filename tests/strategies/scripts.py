"""Case scripts as data: a workflow, people, and steps at instants; a clock that moves makes due timers happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from relflow.compiler import compile_model
from relflow.diagnostics import Severity
from relflow.errors import RefusedError
from relflow.program.workflows import Workflow
from relflow.reader import read_texts
from relflow.results import Actor, HistoryEntry, Opening, Roles, Step, Trigger
from relflow.workflow import conditions, open_case, step

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
POLICY = """
policy: test
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [flow.yaml]
"""


@cache
def compiled(flow: str, sections: str = "") -> Workflow:
    """A workflow from its text, in a policy with these sections beside it."""
    model, found = read_texts({"policy.yaml": POLICY + sections, "flow.yaml": flow}, "policy.yaml")
    assert model is not None, found
    program, more = compile_model(model)
    wrong = [one for one in (*found, *more) if one.severity is Severity.ERROR]
    assert not wrong, [(str(one.span), one.text()) for one in wrong]
    return next(iter(program.workflows.values()))


def shipped(name: str, sections: str = "") -> Workflow:
    """A workflow of the top-level folder."""
    return compiled((ROOT / "workflows" / f"{name}.yaml").read_text(encoding="utf-8"), sections)


def instant(text: object) -> datetime:
    """An instant of the wall clock in Shanghai."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=ZONE)


@dataclass
class Play:
    """One case moving through its script."""

    workflow: Workflow
    people: dict[str, list[str]]
    facts: dict[str, Any] = field(default_factory=dict)
    last: Step | None = None
    now: datetime | None = None
    history: list[HistoryEntry] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    @property
    def step(self) -> Step:
        """The latest step."""
        assert self.last is not None, "nothing was opened"
        return self.last

    def roles(self, who: str | None) -> Roles:
        """The roles of somebody, and who holds which."""
        members: dict[str, tuple[str, ...]] = {}
        for person, held in self.people.items():
            for role in held:
                members[role] = (*members.get(role, ()), person)
        return Roles(frozenset(self.people.get(who or "", ())), members)

    def open(self, data: dict[str, Any], who: str | None, at: datetime) -> None:
        """Open the case."""
        opening = Opening("K-1", self.workflow.id, data, account="C-17")
        actor = Actor(who) if who else None
        self.keep(open_case(self.workflow, opening, actor, self.facts, self.roles(who), at), at)

    def take(self, trigger: Trigger, who: str | None = None) -> None:
        """Take one step at the present instant, then those that happen by themselves."""
        assert self.now is not None
        case = self.step.case
        self.keep(step(self.workflow, case, trigger, self.facts, self.roles(who), self.now), self.now)
        for following in conditions(self.workflow, self.step.case, self.facts, self.now)[:1]:
            self.take(following)

    def keep(self, made: Step, at: datetime) -> None:
        """Remember what a step led to."""
        self.last, self.now = made, at
        self.history.append(made.entry)
        self.told += [message.recipient for message in made.messages]
        self.opened += [opening.workflow for opening in made.openings]

    def move(self, to: datetime) -> None:
        """Let the clock move on; timers that fall due on the way happen at their instants."""
        while self.last is not None and self.last.timers and self.last.timers[0].due_at <= to:
            timer = self.last.timers[0]
            self.now = timer.due_at
            self.take(Trigger("timer", f"{timer.clock}:{timer.step}", data={"lap": timer.lap}))
        self.now = to


def literal(value: object) -> object:
    """YAML's values as facts: dates stay dates."""
    if isinstance(value, dict):
        return {key: literal(one) for key, one in value.items()}
    return [literal(one) for one in value] if isinstance(value, list) else value


def perform(script: dict[str, Any]) -> Play:
    """Play a script to its end; every `expect` and `refused` in it is asserted."""
    text = script["workflow"]
    sections = script.get("policy", "")
    flow = shipped(text, sections) if "\n" not in text else compiled(text, sections)
    play = Play(flow, script.get("people", {}), literal(script.get("facts", {})))  # type: ignore[arg-type]
    for line in script["steps"]:
        if "at" in line:
            play.move(instant(line["at"]))
        play.facts.update(line.get("facts", {}))
        attempt(play, line)
        if "expect" in line:
            seen = observed(play, line["expect"])
            assert seen == line["expect"], f"{script['it']}, {line.get('at')}: {seen}"
    return play


def attempt(play: Play, line: dict[str, Any]) -> None:
    """What a line of a script does; a refusal must be the one it announces."""
    if "refused" not in line:
        act(play, line)
        return
    before = play.step
    with pytest.raises(RefusedError) as caught:
        act(play, line)
    refused = caught.value
    wanted = line["refused"]
    wanted = {"reason": wanted} if isinstance(wanted, str) else wanted
    seen = {**refused.details, "reason": refused.reason, "en": refused.text("en"), "zh": refused.text("zh")}
    assert {key: seen.get(key) for key in wanted} == wanted
    assert play.step is before


def act(play: Play, line: dict[str, Any]) -> None:
    """Open, fire, adopt, close a child, administer."""
    who = line.get("who")
    data = dict(literal(line.get("with", {})))  # type: ignore[call-overload]
    actor = Actor(who) if who else None
    if "open" in line:
        assert play.now is not None
        play.open(dict(literal(line["open"])), who, play.now)  # type: ignore[call-overload]
    elif "fire" in line:
        play.take(Trigger("event", line["fire"], actor=actor, data=data), who)
    elif "adopt" in line:
        play.take(Trigger("adopt", line["adopt"], actor=actor, data=data), who)
    elif "admin" in line:
        play.take(Trigger("admin", line["admin"], actor=actor, data=data), who)
    elif "close_child" in line:
        child = play.step.case.children[line["close_child"]].id
        play.take(Trigger("child", child))


def observed(play: Play, wanted: dict[str, Any]) -> dict[str, Any]:
    """What there is to see of a case, for the keys that somebody wants to see."""
    case, step_ = play.step.case, play.step
    due = {one.name: one.due_at and f"{one.due_at.astimezone(ZONE):%Y-%m-%dT%H:%M}" for one in case.clocks.values()}
    seen: dict[str, Any] = {
        "state": case.state,
        "closed": case.closed,
        "owner": case.owner,
        "data": {key: case.data.get(key) for key in wanted.get("data", {})},
        "due": {key: due.get(key) for key in wanted.get("due", {})},
        "breached": [one.name for one in case.clocks.values() if one.breached],
        "laps": {one.name: one.lap for one in case.clocks.values()},
        "unset": {one.name: one.unset for one in case.clocks.values() if one.unset},
        "running": [one.name for one in case.clocks.values() if one.running and not one.paused],
        "provisional": [one.name for one in case.clocks.values() if one.provisional],
        "changes": dict(step_.entry.changes),
        "used": dict(step_.entry.facts),
        "told": play.told,
        "opened": play.opened,
        "performed": [one.name for one in step_.performances],
        "findings": list(step_.entry.findings),
        "text": {lang: step_.messages[0].text.text(lang) for lang in ("en", "zh")} if step_.messages else {},
        "timers": [f"{one.clock}:{one.step}" for one in step_.timers],
        "approvals": {key: [actor for _, actor in pairs] for key, pairs in case.approvals.items()},
    }
    if "told" in wanted:
        play.told = []
    return {key: seen[key] for key in wanted}


def scripts(folder: Path) -> list[Any]:
    """Every script of every file of a folder."""
    return [
        (f"{path.stem}: {script['it']}", script)
        for path in sorted(folder.glob("*.yaml"))
        for script in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


__all__ = ["ROOT", "ZONE", "Play", "compiled", "instant", "perform", "scripts", "shipped"]
