"""What comes in through our own hooks: stores, notifiers, dictionaries."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from relflow.builtins import DEFAULT_PLUGINS, Accounts, ConsoleNotifier, FileNotifier, LogNotifier, Recipients
from relflow.engine import Engine
from relflow.errors import PluginError, StoreError
from relflow.hooks import Plugins, hookimpl
from relflow.results import Delivered, Outgoing, Recipient
from relflow.stores import MemoryStore, SqliteStore, Store
from tests.strategies.engines import CLERK, Moving, engine, program

ASKED: dict[str, Any] = {"tenant": "", "account": None, "at": None, "link": None}


def letter(channel: str = "", text: str = "漏油 leak") -> Outgoing:
    """A message on its way."""
    return Outgoing("K:1:1", "K", "moved", "li", Recipient("li", channel), text)


def test_stores_are_found_by_their_address(tmp_path: Path) -> None:
    """Each kind of address has one plugin."""
    found = Plugins(DEFAULT_PLUGINS)
    file = found.first("relflow_store", url=f"sqlite:///{tmp_path}/cases.db?synchronous=normal&busy=0.5")

    assert isinstance(found.first("relflow_store", url="memory:"), MemoryStore)
    assert isinstance(file, SqliteStore)
    assert file.path == tmp_path / "cases.db"
    assert found.first("relflow_store", url="postgresql://localhost/crm") is None


@pytest.mark.parametrize(
    "url",
    ["sqlite:", "sqlite:///", "sqlite://cases.db", "sqlite:///a.db?sync=FULL", "sqlite:///a.db?synchronous=x",
     "sqlite:///a.db?busy=long", "postgresql:///crm", "cases.db"],
)  # fmt: skip
def test_an_address_that_means_nothing_is_refused(url: str) -> None:
    """With how to write it."""
    with pytest.raises(StoreError) as caught:
        engine(url)
    assert caught.value.reason == "bad-url"
    assert caught.value.text("zh")


def test_two_plugins_that_offer_one_store_are_an_error() -> None:
    """It would not be clear whose the cases are."""

    class Mine:
        @hookimpl
        def relflow_store(self, url: str) -> Store:
            return MemoryStore()

    with pytest.raises(PluginError) as caught:
        Engine(program(), store="memory:", plugins=[Mine()])
    assert caught.value.reason == "two-claims"
    assert Engine(program(), store="mine:", plugins=[Mine()]).cases() == []


def test_the_console_prints_whom_what_and_the_key() -> None:
    """One line a message; messages for another channel are left to others."""
    stream = io.StringIO()
    console = Plugins([ConsoleNotifier(stream, lang="zh")])
    recipient = console.first("relflow_recipient", tenant="", recipient="li")

    assert recipient == Recipient("li", "console", "zh")
    assert console.first("relflow_deliver", tenant="", message=letter("console")) == Delivered()
    assert console.first("relflow_deliver", tenant="", message=letter("mail")) is None
    assert stream.getvalue() == "-> li: 漏油 leak  [K:1:1]\n"


def test_the_log_keeps_no_words(caplog: pytest.LogCaptureFixture) -> None:
    """Texts may hold what is nobody's business."""
    with caplog.at_level(logging.INFO, "relflow.notify"):
        log = Plugins([LogNotifier()])
        assert log.first("relflow_deliver", tenant="t", message=letter("log")) == Delivered()
        assert log.first("relflow_deliver", tenant="t", message=letter("mail")) is None
    assert caplog.messages == ["t moved to li (K:1:1)"]


def test_the_file_gets_a_line_of_json(tmp_path: Path) -> None:
    """For a program that sends them on."""
    path = tmp_path / "outbox.jsonl"
    with engine(clock=(clock := Moving()), plugins=[FileNotifier(path, lang="zh")]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(days=1)
        assert running.run_due().delivered == 2
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])

    assert (first["case"], first["key"], first["recipient"], first["attempt"]) == (case.id, f"{case.id}:2:1", "li", 1)


def test_accounts_come_from_a_dictionary() -> None:
    """Only the facts that were asked for, only the accounts that there are, in pages in order."""
    source = Plugins([Accounts({"B": {"annual": 1, "name": "x"}, "A": {}}, roles={"zhang": ["clerk"]})])
    asked = {"tenant": "", "at": None, "link": None}

    assert source.first("relflow_load_accounts", accounts=("A", "B", "C"), facts=("annual",), **asked) == {
        "A": {},
        "B": {"annual": 1},
    }
    assert source.first("relflow_accounts", tenant="", after=None, limit=9, link=None) == ["A", "B"]
    assert source.first("relflow_accounts", tenant="", after="A", limit=1, link=None) == ["B"]
    assert source.first("relflow_roles", actor="zhang", **ASKED) == ["clerk"]
    assert source.first("relflow_roles", actor="li", **ASKED) == []
    assert source.first("relflow_members", role="clerk", **ASKED) == ["zhang"]
    assert source.first("relflow_members", role="boss", **ASKED) is None
    assert Plugins([Accounts({})]).first("relflow_roles", actor="li", **ASKED) is None


def test_recipients_come_from_a_dictionary() -> None:
    """Somebody who is not in it has no address."""
    people = Plugins([Recipients({"li": Recipient("li@example.com", "mail", "zh")})])

    assert people.first("relflow_recipient", tenant="", recipient="li") == Recipient("li@example.com", "mail", "zh")
    assert people.first("relflow_recipient", tenant="", recipient="wang") is None
