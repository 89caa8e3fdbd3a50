"""Notifications that wait for approval, and the tables of a store, on the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partialmethod
from pathlib import Path

import pytest

from relflow.cli.app import run
from relflow.engine import Engine

Answer = tuple[int, str, str]
Call = Callable[..., Answer]
POLICY = """\
policy: desk
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-18:00"}
facts: {manager_id: {type: string}}
roles: {manager: {from: manager_id}, boss: {members: [wang]}}
messages:
  offer: {text: {en: "an offer for {account.id}", zh: "给 {account.id} 的报价"}, approval: boss}
events: {asked: {}, heard: {}}
obligations:
  answer: {of: account, event: asked, do: [{notify: manager, message: offer}]}
"""
MONDAY = ("--at", "2026-03-02T10:00")


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in a folder with the policy and one account; exit code, standard output and standard error."""
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "accounts.csv").write_text("id,manager_id\nC-1,li\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELFLOW_ACCOUNTS", "accounts.csv")

    def call_(*words: str) -> Answer:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def held(call: Call, *ids: str) -> list[str]:
    """The keys of offers that wait for approval."""
    for id_ in ids:
        assert call("case", "signal", "asked", "--account", "C-1", "--event-id", id_, *MONDAY)[0] == 0
    call("case", "run", "--print", *MONDAY)
    return [one["item"]["key"] for one in json.loads(call("case", "held", "--format", "json", *MONDAY)[1])]


def test_a_notification_goes_out_when_its_role_approves(call: Call) -> None:
    """It is listed with what it says and who may approve it; nobody else may, and it goes out with the next run."""
    assert call("case", "held", *MONDAY)[2] == "nothing waits for approval\n"
    (key,) = held(call, "s-1")
    listed, chinese = call("case", "held", *MONDAY)[1], call("case", "held", "--lang", "zh", *MONDAY)[1]
    outbox = call("case", "outbox", "--lang", "zh", *MONDAY)[1]
    by_manager = call("case", "approve", key, "--who", "li", *MONDAY)
    by_boss = call("case", "approve", key, "nobody:1:1", "--who", "wang", *MONDAY)
    sent = call("case", "run", "--print", *MONDAY)

    assert listed.splitlines()[1].split() == [key, "li", "boss", "2026-03-02", "10:00", "an", "offer", "for", "C-1"]
    assert "给 C-1 的报价" in chinese
    assert "等待“boss”批准" in outbox
    assert (by_manager[0], by_manager[1]) == (1, "")
    assert "only `boss` may release or refuse" in by_manager[2]
    assert (by_boss[0], by_boss[1]) == (1, f"{key}\n")
    assert "no message `nobody:1:1` waits" in by_boss[2]
    assert f"-> li: an offer for C-1  [{key}]" in sent[1]
    assert json.loads(call("case", "held", "--format", "json", *MONDAY)[1]) == []


def test_a_notification_that_is_refused_never_goes_out(call: Call) -> None:
    """The reason is asked for and kept; the others are not concerned."""
    one, other = held(call, "s-1", "s-2")
    missing = call("case", "refuse", one, "--who", "wang", *MONDAY)
    refused = call("case", "refuse", one, "--who", "wang", "--because", "too dear", "--lang", "zh", *MONDAY)
    again = call("case", "approve", one, "--who", "wang", *MONDAY)
    out = call("case", "run", "--print", *MONDAY)[1]

    assert (missing[0], "`--because` is missing" in missing[2]) == (2, True)
    assert (refused[0], refused[1], refused[2]) == (0, f"{one}\n", "已拒绝：1\n")
    assert again[0] == 1
    assert "offer" not in out
    assert [line.split()[0] for line in call("case", "held", *MONDAY)[1].splitlines()[1:]] == [other]
    assert "too dear" in call("case", "outbox", "--status", "discarded", *MONDAY)[1]


def test_the_tables_of_a_store_are_checked_and_brought_forward(call: Call, tmp_path: Path) -> None:
    """Asking makes no file; tables of another version are said with what to do, exit 1."""
    nothing = call("case", "tables")
    assert (nothing[0], nothing[2]) == (2, "error: there is no store `cases.db`\n")
    assert not (tmp_path / "cases.db").exists()
    assert (
        call("case", "tables", "--migrate")[:2]
        == call("case", "tables")[:2]
        == (
            0,
            "schema 2; this relflow needs 2\n",
        )
    )
    with closing(sqlite3.connect(tmp_path / "cases.db")) as database, database:
        database.execute("UPDATE relflow_meta SET value = '9' WHERE name = 'schema'")
    newer = call("case", "tables", "--lang", "zh")
    with closing(sqlite3.connect(tmp_path / "cases.db")) as database, database:
        database.execute("UPDATE relflow_meta SET value = '1' WHERE name = 'schema'")
    older = call("case", "tables")
    assert (older[0], older[1]) == (1, "schema 1; this relflow needs 2\n")
    assert older[2] == "  help: take a backup, then the same command with `--migrate`\n"
    assert call("case", "list")[0] == 2
    assert call("case", "tables", "--migrate")[0] == call("case", "list")[0] == 0
    assert (newer[0], newer[1]) == (1, "表结构版本 9；此版本的 relflow 需要 2\n")
    assert "请升级本机的 relflow" in newer[2]


def test_a_signal_says_what_followed_and_says_it_again(call: Call) -> None:
    """The same id does nothing more and is answered as the first time."""
    words = ("case", "signal", "asked", "--account", "C-1", *MONDAY)
    first = call(*words, "--event-id", "s-1")
    again = call(*words, "--event-id", "s-1", "--lang", "zh")
    assert first[2].splitlines()[0] == "what followed: ~answer/C-1/s-1:1, ~answer/C-1/s-1:2"
    assert again[2].splitlines()[0] == "引发的步骤：~answer/C-1/s-1:1、~answer/C-1/s-1:2"
    assert call("case", "signal", "heard", "--account", "C-1", "--event-id", "s-2", *MONDAY)[2].startswith(
        "nothing followed\n"
    )
    taken = call("case", "signal", "heard", "--account", "C-1", "--event-id", "s-1", *MONDAY)
    assert (taken[0], "`s-1` was already used" in taken[2]) == (1, True)


def test_a_run_in_several_parts_is_reported_as_one(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was done before the last part counts, too."""
    held(call, "s-1", "s-2", "s-3")
    for key in [one["item"]["key"] for one in json.loads(call("case", "held", "--format", "json", *MONDAY)[1])]:
        call("case", "approve", key, "--who", "wang", *MONDAY)
    monkeypatch.setattr(Engine, "run_due", partialmethod(Engine.run_due, limit=1))
    assert "messages delivered: 3," in call("case", "run", "--print", *MONDAY)[2]
