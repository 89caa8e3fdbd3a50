"""History kept honest and short: anchors, verification of a whole store, exports without personal values, retention."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.policy import load
from relflow.report.exports import json_lines, xes
from relflow.results import Actor, Case
from relflow.stores import Anchor
from tests.strategies.engines import Moving

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK, ADMIN = Actor("zhang", ("clerk",), {"phone_of_colleague": "555 tel 3"}), Actor("root")
KEY = b"kept elsewhere"
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
records:
  person: {name: {type: string}, phone: {type: string, personal: true}}
categories:
  contact: {keep_for: 1 year}
  money: {keep_for: 10 years}
facts:
  contact_name: {type: string, personal: true, category: contact}
  iban: {type: string, personal: true, category: money}
  people: {type: [person], category: contact}
  size: {type: number}
roles: {clerk: {}}
events: {moved: {}}
obligations:
  hello: {of: account, event: moved, do: [{open: claim, with: {text: hello}}]}
"""
CLAIM = """
workflow: claim
version: 1
roles: [clerk]
expects: {contact_name: {type: string}, iban: {type: string}, size: {type: number}}
data:
  text: {type: string, label: {en: What is wrong, zh: 问题}}
  mobile: {type: string, personal: true}
  name: {type: string, personal: true}
initial: new
states:
  new:
    events:
      close:
        label: {en: Settle, zh: 办结}
        to: done
        by: [clerk]
        may: [mobile, name]
        when: contact_name != "x" and iban != "x" and count(people) >= 0
  done: {final: true}
clocks: {answer: {from: new, until: done, within: 1 day, label: {en: Answer, zh: 答复}}}
"""
FACTS = {"contact_name": "Wu", "iban": "CN-77", "people": [{"name": "Li", "phone": "139 tel 1"}], "size": 3}


@pytest.fixture
def clock() -> Moving:
    """Nine o'clock on a Monday."""
    return Moving(START)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the cases are."""
    return tmp_path / "cases.db"


@pytest.fixture
def running(tmp_path: Path, file: Path, clock: Moving) -> Iterator[Engine]:
    """An engine on a file."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "claim.yaml").write_text(CLAIM.replace("expects: {", "expects: {people: {type: [person]}, ").replace(
        "data:\n", "records: {person: {name: {type: string}, phone: {type: string, personal: true}}}\ndata:\n"
    ), encoding="utf-8")  # fmt: skip
    accounts = Accounts({"C-1": FACTS, "C-2": {**FACTS, "iban": "CN-88"}})
    url = f"sqlite:///{file}?synchronous=OFF"
    with Engine(load(folder), store=url, plugins=[accounts], clock=clock) as made:
        yield made


def closed(running: Engine, account: str = "C-1") -> Case:
    """A claim that was settled, with personal values in its data and in the facts that were read."""
    case = running.open("claim", account=account, data={"text": "泄漏 \x01 <b>"}, actor=CLERK, key=None)
    return running.fire(case.id, "close", actor=CLERK, data={"mobile": "138 tel 2", "name": "Sun"}, event_id=case.id)


def run_sql(file: Path, sql: str, *params: object) -> None:
    """Change a row behind the engine's back."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(sql, params)
        connection.commit()


def test_anchors_find_what_a_chain_alone_cannot(running: Engine, file: Path) -> None:
    """A lost case, a cut tail, a chain computed anew, a false signature; each by its case, in both languages."""
    cases = [closed(running).id for _ in range(5)]
    running.signal("moved", account="C-1", event_id="s-1")
    anchors = list(running.anchors(KEY))
    assert len(anchors) == 7  # five claims, the obligation's case, and the claim that it opened
    assert running.verify_all(anchors, key=KEY).damages == ()

    run_sql(file, "DELETE FROM relflow_history WHERE case_id = ?", cases[0])
    run_sql(file, "DELETE FROM relflow_cases WHERE id = ?", cases[0])
    run_sql(file, "DELETE FROM relflow_history WHERE case_id = ? AND seq = 2", cases[1])
    run_sql(file, "UPDATE relflow_history SET body = replace(body, 'zhang', 'wang') WHERE case_id = ? AND seq = 1",
            cases[2])  # fmt: skip
    run_sql(file, "UPDATE relflow_cases SET document = 'x' WHERE id = ?", cases[3])
    forged = [replace(one, digest="0" * 64) if one.case == cases[4] else one for one in anchors]
    found = running.verify_all(forged, key=KEY)

    assert (found.cases, found.anchors) == (6, 7)
    reasons = {one.case: one.reason for one in found.damages}
    assert reasons == {
        cases[0]: "lost-case",
        cases[1]: "cut-tail",
        cases[2]: "changed-line",
        cases[3]: "changed-case",
        cases[4]: "false-anchor",
    }
    assert all(one.text("en") and one.text("zh") for one in found.damages)


def test_only_the_latest_anchor_of_a_tenants_case_counts(running: Engine) -> None:
    """An older one is fine as well; those of other tenants are left aside."""
    case = running.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    old = list(running.anchors(KEY))
    running.fire(case.id, "close", actor=CLERK)
    foreign = Anchor("other", case.id, 9, "0", "0")
    assert running.verify_all([*running.anchors(KEY), *old, foreign], key=KEY).damages == ()
    assert running.verify_all(old, key=KEY).damages == ()
    (wrong,) = running.verify_all(old, key=b"another key").damages
    assert wrong.reason == "false-anchor"


def test_an_export_holds_no_personal_value(running: Engine) -> None:
    """Neither data nor facts nor what came with an event, records with personal fields included; nor a colleague's."""
    closed(running)
    secrets = ("138 tel 2", "Sun", "Wu", "CN-77", "139 tel 1", "555 tel 3")
    lines = list(json_lines(running.export()))
    log = "\n".join(xes(running.export()))

    assert not [secret for secret in secrets if secret in "".join(lines) or secret in log]
    first, second = (json.loads(line) for line in lines)
    assert (first["kind"], second["event"], second["actor"], second["before"]) == ("open", "close", "zhang", "new")
    assert second["changes"] == {"mobile": "***", "name": "***"}
    assert second["facts"]["people"] == "***"
    assert len(second["digest"]) == 64
    revealed = "".join(json_lines(running.export(reveal=True)))
    assert all(secret in revealed for secret in secrets[:-1])


def test_exports_take_all_cases_or_some(running: Engine) -> None:
    """By account, workflow or id, across pages."""
    one, other = closed(running), closed(running, "C-2")
    assert {item.case.id for item in running.export()} == {one.id, other.id}
    assert [item.case.id for item in running.export(account="C-2")] == [other.id]
    assert [item.case.id for item in running.export(ids=[one.id])] == [one.id]
    assert list(running.export(workflow="todo")) == []


def test_an_xes_log_has_the_shape_of_the_standard(running: Engine) -> None:
    """Elements, attribute types, order and required keys as IEEE 1849 has them; labels in the language asked for."""
    case = closed(running)
    root = ElementTree.fromstring("\n".join(xes(running.export(reveal=True), "zh")).encode())
    space = "{http://www.xes-standard.org/}"
    assert root.tag == f"{space}log"
    kinds = [element.tag.removeprefix(space) for element in root]
    assert kinds == ["extension"] * 4 + ["global", "global", "classifier", "trace"]
    assert all(set(element.attrib) == {"name", "prefix", "uri"} for element in root.iter(f"{space}extension"))
    (trace,) = root.iter(f"{space}trace")
    parts = [element.tag.removeprefix(space) for element in trace]
    assert parts == sorted(parts, key=lambda kind: kind == "event")
    assert trace[0].attrib == {"key": "concept:name", "value": case.id}
    events = list(trace.iter(f"{space}event"))
    for event in events:
        keys = [attribute.attrib["key"] for attribute in event]
        assert len(set(keys)) == len(keys)
        assert {"concept:name", "time:timestamp", "lifecycle:transition"} <= set(keys)
        for attribute in event:
            assert set(attribute.attrib) == {"key", "value"}
            assert attribute.tag.removeprefix(space) in {"string", "int", "float", "date", "boolean", "id"}
            if attribute.tag == f"{space}date":
                assert datetime.fromisoformat(attribute.attrib["value"]).tzinfo is not None
    names = [event[0].attrib["value"] for event in events]
    assert names == ["open", "办结"]
    text = next(a.attrib["value"] for a in events[0] if a.attrib["key"] == "data:text")
    assert text == "泄漏 \ufffd <b>"


def test_a_person_is_forgotten_and_others_stay(running: Engine) -> None:
    """Values that are the person, and records of the person; the history stays valid."""
    case = closed(running)
    erased = running.erase("C-1", "Li", actor=ADMIN, because="asked")
    assert erased.replaced == 1  # the list of people, wherever it stands
    assert set(erased.left_with_host) == {"contact_name", "iban", "people"}
    entry = running.history(case.id)[-1]
    assert entry.facts["people"] is None
    assert (entry.facts["contact_name"], running.case(case.id).data["name"]) == ("Wu", "Sun")
    assert running.verify_all().damages == ()
    assert running.erase("C-1", actor=ADMIN, because="asked").replaced == 4
    assert running.case(case.id).data["name"] is None


def test_an_erasure_reaches_cases_of_obligations_that_the_policy_no_longer_has(running: Engine) -> None:
    """They are found by the account, not by what the policy of today declares."""
    running.signal("moved", account="C-1", event_id="s-1")
    with running.store.unit(write=False) as unit:
        assert any(case.startswith("~hello/") for case in unit.every(account="C-1"))


def test_closed_cases_lose_what_is_beyond_its_categorys_time(running: Engine, clock: Moving) -> None:
    """Each category by its own time, counted from when the case was closed; open cases and other values stay."""
    old = closed(running)
    clock.on(days=300)
    young, still_open = closed(running), running.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    clock.on(days=100)
    would = running.retain(dry_run=True)
    assert (would.cases, dict(would.values), would.dry_run) == (1, {"contact": 2, "money": 0}, True)
    assert running.history(old.id)[-1].facts["contact_name"] == "Wu"
    done = running.retain()

    assert done.text("en").splitlines() == ["forgot 2 values of 1 cases", "  contact: 2"]
    assert done.text("zh").splitlines()[0] == "已清除 1 件工单中的 2 个超期数据"
    facts = running.history(old.id)[-1].facts
    assert (facts["contact_name"], facts["people"], facts["iban"]) == (None, None, "CN-77")
    assert running.history(young.id)[-1].facts["contact_name"] == "Wu"
    assert running.case(old.id).data["name"] == "Sun"  # of no category: kept until it is erased
    assert not running.case(still_open.id).closed
    assert running.retain().cases == 0
    clock.on(days=3700)
    assert dict(running.retain().values) == {"contact": 2, "money": 2}
    assert running.verify_all().damages == ()
    assert running.retain(at=START - timedelta(days=1)).cases == 0
