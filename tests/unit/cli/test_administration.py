"""Administration on the command line: acts, versions, dead messages, history, health, in both languages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest

from relflow.builtins import Accounts
from relflow.cli.app import run
from relflow.cli.metrics import address, serving
from relflow.cli.session import Problem
from relflow.engine import Engine
from relflow.policy import load

Screen = pytest.CaptureFixture[str]
Answer = tuple[int, str, str]
Call = Callable[..., Answer]
AT = ("--at", "2026-02-13T17:30")
BOTH = ("--because", "a mistake", "--approver", "wang")


@pytest.fixture
def call(oil: Path, capsys: Screen, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in the policy's folder with two accounts; exit code, standard output and standard error."""
    (oil / "accounts.csv").write_text("id,amount\nC-1,5\nC-2,6\n", encoding="utf-8")
    monkeypatch.setenv("RELFLOW_ACCOUNTS", "accounts.csv")

    def call_(*words: str) -> Answer:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def opened(call: Call, *words: str) -> str:
    """The id of an open repair."""
    _, out, _ = call(
        "case", "open", "repair", "description=leak", "--account", "C-1", "--as", "handler", "--who", "li",
        "--format", "json", *AT, *words,
    )  # fmt: skip
    return str(json.loads(out)["id"])


def second(oil: Path) -> None:
    """The next version of the repair."""
    text = (oil / "repair.yaml").read_text("utf-8")
    text = (
        text.replace("version: 1", "version: 2", 1).replace("received", "taken_in").replace("response:", "answer:", 1)
    )
    (oil / "repair.yaml").write_text(text, encoding="utf-8")


def test_a_case_is_forced_and_cancelled_with_reason_and_approver(call: Call) -> None:
    """Both are asked for, kept, and shown in the timeline of either language."""
    one, other = opened(call), opened(call)
    missing = call("case", "force", one, "closed", "--because", "x", *AT)
    alone = call("case", "force", one, "closed", "--because", "x", "--approver", "wu", "--who", "wu", *AT)
    done = call("case", "force", one, "closed", "--who", "wu", *BOTH, *AT)
    cancelled = call("case", "cancel", other, "--who", "wu", *BOTH, *AT)

    assert (missing[0], "`--approver` is missing" in missing[2]) == (2, True)
    assert (alone[0], alone[2]) == (1, "error: somebody other than `wu` has to approve of it\n")
    assert (done[0], cancelled[0]) == (0, 0)
    assert "state        closed" in done[1]
    _, timeline, _ = call("case", "timeline", other, "--lang", "zh")
    assert "撤销" in timeline
    assert "原因：a mistake" in timeline
    assert "批准人：wang" in timeline


def test_cases_are_merged_and_say_so(call: Call) -> None:
    """The case that ends shows as what it goes on; two that do not go together are refused with exit 1."""
    one, other, foreign = opened(call), opened(call), opened(call, "--account", "C-2")
    code, _, _ = call("case", "merge", one, other, "--because", "same leak", *AT)
    _, shown, _ = call("case", "show", one, "--lang", "zh")
    refused = call("case", "merge", foreign, other, "--because", "x", *AT)

    assert code == 0
    assert f"已并入  {other}" in shown
    assert (refused[0], "different accounts" in refused[2]) == (1, True)


def test_cases_change_hands(call: Call) -> None:
    """One by its id, or all of an owner; a dry run lists them."""
    one, other = opened(call), opened(call)
    call("case", "assign", "li", "--case", one, "--because", "x", *AT)
    call("case", "assign", "li", "--case", other, "--because", "x", *AT)
    words = ("case", "assign", "sun", "--from", "li", "--because", "leave", *AT)
    would = call(*words, "--dry-run")
    done = call(*words, "--lang", "zh")
    neither = call("case", "assign", "sun", "--because", "x")

    assert would == (0, f"{one}\n{other}\n", "cases that would be reassigned: 2\n")
    assert done[2] == "已改派工单 2 件\n"
    assert json.loads(call("case", "show", one, "--format", "json")[1])["owner"] == "sun"
    assert (neither[0], "--from OWNER" in neither[2]) == (2, True)


def test_a_delegation_is_entered_listed_and_ended(call: Call) -> None:
    """A day means until its end; without names the list is shown."""
    words = ("case", "delegate", "zhang", "li", "--from", "2026-03-02", "--until", "2026-03-06", "--because", "leave")
    _, out, _ = call(*words, *AT)
    _, listed, _ = call("case", "delegate", "--format", "json")
    twice = call(*words, "--lang", "zh", *AT)
    ended = call("case", "delegate", "zhang", "--end", "--at", "2026-03-01T09:00")
    half = call("case", "delegate", "zhang", "li")

    assert out.splitlines()[1].split() == ["zhang", "li", "2026-03-02", "00:00", "2026-03-07", "00:00", "leave"]
    assert json.loads(listed)[0]["stand_in"] == "li"
    assert (twice[0], twice[2]) == (1, "错误：`li` 不能代理 `zhang`：该时段已由 `li` 代理 `zhang`\n")
    assert ended == (0, "", "nobody is away\n")
    assert half[0] == 2


def test_a_new_version_is_adopted_and_cases_move(call: Call, oil: Path) -> None:
    """What it means first, then the move: refused as a whole with what is in the way, then done by a route."""
    id_ = opened(call)
    second(oil)
    refused = call("case", "open", "repair", "description=x", *AT)
    would = call("case", "adopt", "--dry-run")
    adopted = call("case", "adopt", "--lang", "zh")
    words = ("case", "migrate", "repair", "--because", "v2", *AT)
    stuck = call(*words)
    wrong = call(*words, "--state", "received=takn_in")
    route = ("--state", "received=taken_in", "--clock", "response=answer")
    dry = call(*words, *route, "--dry-run", "--format", "json")
    moved = call(*words, *route, "--lang", "zh")
    bad = call(*words, "--state", "received=")

    assert (refused[0], "adopt yours" in refused[2]) == (2, True)
    assert would[1] == "dry run: nothing was changed\n  repair 1: 1 open (no longer in the policy)\n"
    assert adopted[1] == "已采用新版本\n  repair 1: 未关闭 1 件（制度中已无此版本）\n"
    assert stuck[0] == 1
    assert stuck[1].splitlines() == [
        "nothing was moved: 1 of 1 cannot",
        f"{id_}: 1 received → 2 received",
        "  the new version has no state `received`: say where it goes, e.g. received=taken_in",
        "  the new version has no clock `response`, and it is running",
    ]
    assert (wrong[0], "did you mean `taken_in`?" in wrong[2]) == (1, True)
    assert json.loads(dry[1])["dry_run"] is True
    assert moved == (0, "已迁移 1 件，未迁移 0 件\n  repair 1 received → 2 taken_in: 1\n", "")
    assert bad[0] == 2
    assert "state        Received (taken_in)" in call("case", "show", id_)[1]


def test_dead_messages_are_listed_replayed_and_discarded(call: Call, oil: Path) -> None:
    """By key or all of them; a key that is not dead gives exit 1."""
    id_ = opened(call)
    call("case", "run", "--at", "2026-02-14T16:00")
    with closing(sqlite3.connect(oil / "cases.db")) as connection:
        connection.execute("UPDATE relflow_outbox SET status = 'dead', error = 'no such address', attempts = 12")
        connection.commit()
    _, listed, _ = call("case", "outbox", "--dead", "--lang", "zh")
    _, as_json, _ = call("case", "outbox", "--dead", "--format", "json")
    key = json.loads(as_json)[0]["item"]["key"]
    nothing = call("case", "replay")
    replayed = call("case", "replay", key, "K:1:1")
    discarded = call("case", "discard", "--all", "--because", "moved away")
    healthy = call("case", "health", "--at", "2026-02-14T16:01")

    assert key.startswith(id_)
    assert "已放弃" in listed
    assert "no such address" in listed
    assert nothing[0] == 2
    assert (replayed[0], replayed[1]) == (1, f"{key}\n")
    assert "`K:1:1` was not given up" in replayed[2]
    assert discarded[:2] == (0, "")
    assert healthy[0] == 0


def test_health_says_what_is_late(call: Call) -> None:
    """In words, as data and as metrics; exit 1 where somebody should look at it."""
    opened(call)
    later = ("--at", "2026-02-14T18:00")
    words = call("case", "health", *later)
    as_json = call("case", "health", "--format", "json", *later)
    metrics = call("case", "health", "--format", "prometheus", *later)

    assert words[0] == as_json[0] == metrics[0] == 1
    assert "timers are 4 hours late: is a worker running?" in words[1]
    assert "计时已延误 4 小时" in call("case", "health", "--lang", "zh", *later)[1]
    assert json.loads(as_json[1])["oldest_due_seconds"] == 14400
    lines = metrics[1].splitlines()
    assert 'relflow_open_cases{tenant=""} 1' in lines
    assert 'relflow_oldest_due_seconds{tenant=""} 14400.0' in lines
    assert all(line.startswith(("# HELP relflow_", "# TYPE relflow_", "relflow_")) for line in lines)


def test_a_history_is_anchored_and_verified(call: Call, oil: Path) -> None:
    """What was changed behind relflow's back is named by case and line, exit 1."""
    one, other = opened(call), opened(call)
    (oil / "key").write_text("0123456789abcdef\n")
    (oil / "short").write_text("123\n")
    code, anchors, note = call("case", "anchor", "--key-file", "key")
    (oil / "anchors").write_text(anchors)
    (oil / "broken").write_text('{"case": 1}\n')
    checked = ("case", "verify", "--anchors", "anchors", "--key-file", "key")
    fine = call(*checked)
    with closing(sqlite3.connect(oil / "cases.db")) as connection:
        connection.execute("UPDATE relflow_history SET body = replace(body, 'leak', 'fine') WHERE case_id = ?", (one,))
        connection.execute("DELETE FROM relflow_cases WHERE id = ?", (other,))
        connection.commit()
    found = call(*checked, "--lang", "zh")
    single = call("case", "verify", one, "--format", "json")

    assert (code, note) == (0, "anchors: 2\n")
    assert fine == (0, "", "cases: 2, against anchors: 2, not as written: 0\n")
    assert found[0] == 1
    assert found[1].splitlines() == [
        f"{one}：第 1 条记录被改动过（changed-line）",
        f"{other}：工单已丢失（lost-case）",
    ]
    assert [item["reason"] for item in json.loads(single[1])] == ["changed-line"]
    assert call("case", "verify", "--anchors", "anchors")[0] == 2
    assert call("case", "anchor", "--key-file", "short")[0] == 2
    assert "line 1: this is no anchor" in call("case", "verify", "--anchors", "broken", "--key-file", "key")[2]


def test_cases_are_exported(call: Call) -> None:
    """As JSON lines and as XES, all or some."""
    one, other = opened(call), opened(call, "--account", "C-2")
    lines = [json.loads(line) for line in call("case", "export")[1].splitlines()]
    log = ET.fromstring(call("case", "export", one, "--format", "xes", "--lang", "zh")[1])

    assert [line["case"] for line in lines] == [one, other]
    assert [trace[0].get("value") for trace in log.iter("{http://www.xes-standard.org/}trace")] == [one]
    assert len(call("case", "export", "--account", "C-2")[1].splitlines()) == 1


def test_personal_values_are_erased_and_kept_in_time(call: Call) -> None:
    """How much was forgotten, and that the host's own records are its own business."""
    opened(call)
    erased = call("case", "erase", "C-1", "--because", "asked for")
    assert erased[:2] == (0, "forgotten: 0 values; messages dropped: 0\n")
    assert call("case", "retain", "--dry-run", "--lang", "zh")[1] == "将清除 0 件工单中的 0 个超期数据\n"


def test_a_ledger_is_printed_clock_by_clock(call: Call) -> None:
    """Lunch does not count; an unknown clock is named with those that there are."""
    id_ = opened(call)
    code, out, _ = call("case", "ledger", id_, "--at", "2026-02-14T15:00")
    unknown = call("case", "ledger", id_, "respnse")
    assert (code, out.splitlines()[0]) == (0, "response: due at 2026-02-14 14:00")
    assert (unknown[0], unknown[2]) == (2, "error: the case has no clock `respnse` (response)\n")


def test_a_diagram_shows_where_a_case_stands(call: Call) -> None:
    """The states that it has been in are tinted, the present one is filled, the way between them is stronger."""
    id_ = opened(call)
    call("case", "fire", id_, "accept", "--as", "handler", "--at", "2026-02-13T17:40")
    mermaid = call("diagram", "--case", id_)[1]
    picture = call("diagram", "--case", id_, "--format", "svg")[1]
    assert mermaid.splitlines()[-4:] == [
        "    classDef passed fill:#e3f2ec,stroke:#2f855a",
        "    class s0 passed",
        "    classDef here fill:#2f855a,stroke:#22543d,color:#fff,font-weight:bold",
        "    class s1 here",
    ]
    root = ET.fromstring(picture)
    classes = [element.get("class") or "" for element in root.iter()]
    assert classes.count("box here") == 1
    assert classes.count("box passed") == 1
    assert classes.count("arrow walked") == 1
    assert "here" not in call("diagram", "repair")[1]
    assert call("diagram", "--case", "none")[0] == 2


def test_a_worker_answers_who_watches_it(oil: Path) -> None:
    """Metrics as text, health as JSON with 503 where somebody should look, 404 elsewhere; a store that is gone."""
    with Engine(load(oil), store="sqlite:///cases.db") as engine:
        engine.open("repair", data={"description": "x"})
        with serving(engine, ("127.0.0.1", 0)) as port:
            place = f"http://127.0.0.1:{port}"
            with urlopen(f"{place}/metrics") as answer:
                assert b'relflow_open_cases{tenant=""} 1\n' in answer.read()
            with urlopen(f"{place}/health") as answer:
                assert json.loads(answer.read())["ok"] is True
            with pytest.raises(HTTPError, match="404") as caught:
                urlopen(f"{place}/else")
            caught.value.close()
            engine.close()
            with pytest.raises(HTTPError, match="503") as caught:
                urlopen(f"{place}/health")
            assert json.loads(caught.value.read()) == {"ok": False, "reason": "closed"}
            caught.value.close()


def test_a_place_for_metrics_is_a_port() -> None:
    """With a host, or on this machine alone."""
    assert address("9464") == ("127.0.0.1", 9464)
    assert address("0.0.0.0:9464") == ("0.0.0.0", 9464)
    for wrong in ("port", "1:2:x", "70000"):
        with pytest.raises(Problem):
            address(wrong)


def test_a_version_runs_in_shadow(call: Call, oil: Path) -> None:
    """It meets the same events in a store of its own; what it does otherwise is told, exit 1."""
    other = oil / "next"
    other.mkdir()
    for file in oil.glob("*.yaml"):
        text = file.read_text("utf-8").replace("within: 4 working hours", "within: 2 working hours")
        (other / file.name).write_text(text, encoding="utf-8")
    shadow = ("--shadow", "next")
    id_ = opened(call, *shadow)
    call("case", "fire", id_, "accept", "--as", "handler", "--at", "2026-02-13T17:40", *shadow)
    same = call("case", "compare", *shadow)
    opened(call, *shadow)
    found = call("case", "compare", *shadow, "--lang", "zh")

    assert same == (0, "cases compared: 1, the same: 1, from before the shadow: 0\n", "")
    assert found[0] == 1
    assert found[1].splitlines()[:2] == ["对照工单 2 件，其中一致 1 件；试行开始前的 0 件未对照", "  到期时间不同: 1"]
    assert (oil / "cases.shadow.db").exists()
    assert call("case", "compare")[0] == 2


def test_a_store_is_copied_and_made_from_its_copy(call: Call, oil: Path) -> None:
    """While it is in use; nothing that is there is overwritten, and a damaged copy is refused."""
    id_ = opened(call)
    copied = call("case", "backup", "copy.db")
    again = call("case", "backup", "copy.db")
    opened(call)
    (oil / "cases.db").rename(oil / "old.db")
    nothing = call("case", "backup", "other.db")
    restored = call("case", "restore", "copy.db", "--lang", "zh")
    twice = call("case", "restore", "copy.db")
    cases = json.loads(call("case", "list", "--format", "json")[1])
    (oil / "torn.db").write_bytes((oil / "copy.db").read_bytes()[:5000])
    torn = call("case", "restore", "torn.db", "--store", "new.db")
    foreign = call("case", "restore", "copy.db", "--store", "postgresql://x/y")

    assert copied[0] == 0
    assert "relflow case verify --store copy.db" in copied[2]
    assert (again[0], again[2]) == (2, "error: `copy.db`: it exists already\n")
    assert (nothing[0], nothing[2]) == (2, "error: there is no store `cases.db`\n")
    assert (restored[0], restored[2]) == (0, "已恢复为 cases.db\n")
    assert twice[0] == 2
    assert [case["id"] for case in cases] == [id_]
    assert call("case", "verify")[0] == 0
    assert torn[0] == 2
    assert not (oil / "new.db").exists()
    assert "own tools" in foreign[2]


def test_levels_in_force_are_shown_with_their_reasons(call: Call, oil: Path) -> None:
    """Since when and what the rule says now; with --why what decided and what would change it."""
    with Engine(
        load(oil), store="sqlite:///cases.db", plugins=[Accounts({"C-1": {"amount": 6e7, "years": 9}})]
    ) as engine:
        engine.reassess(["C-1"], at=datetime(2026, 1, 5, 9, tzinfo=engine.zone()))
    code, out, _ = call("case", "levels", "C-1", *AT)
    why = call("case", "levels", "C-1", "tier", "--why", "--lang", "zh", *AT)[1]
    data = json.loads(call("case", "levels", "C-1", "--why", "--format", "json", *AT)[1])

    assert code == 0
    assert out.splitlines()[1].split() == ["tier", "regular", "2026-02-13", "regular"]
    assert "怎样才会成为 key（第 1 行）：" in why
    assert [(one["level"], one["change"], "why" in one) for one in data] == [("regular", "lowered", True)]
    assert call("case", "levels", "C-9", *AT)[::2] == (2, "error: there is no account `C-9`\n")
    assert "has no scheme `tyer`" in call("case", "levels", "C-1", "tyer", *AT)[2]
