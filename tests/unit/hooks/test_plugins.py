"""Plugins: found by name or given, checked at the start, asked in order, named when they err."""

from __future__ import annotations

import inspect
import logging
from types import ModuleType
from typing import Any

import pytest

from relflow.errors import PluginError
from relflow.hooks import GROUP, PROJECT, Plugins, hookimpl, plugins, specs
from relflow.results import Delivered, Done, Failed, Recipient

HOOKS = [name for name in vars(specs) if name.startswith("relflow_")]


class Roles:
    """Answers one hook."""

    def __init__(self, answer: object = None) -> None:
        self.answer = answer

    @hookimpl
    def relflow_roles(self, actor: str) -> object:
        """The roles of whoever asks."""
        return self.answer


ASKED: dict[str, Any] = {"tenant": "", "actor": "zhang", "account": "C-17", "at": None, "link": None}


def test_the_first_answer_counts() -> None:
    """Plugins are asked in turn, the latest first, until one answers."""
    found = Plugins([Roles(["clerk"]), Roles(["boss"]), Roles(None)])

    assert found.first("relflow_roles", **ASKED) == ["boss"]
    assert [answer for _, answer in found.answers("relflow_roles", **ASKED)] == [None, ["boss"], ["clerk"]]
    assert found.names("relflow_roles") == ("Roles#2", "Roles#1", "Roles")
    assert Plugins().first("relflow_roles", **ASKED) is None


def test_an_empty_answer_is_an_answer() -> None:
    """Nobody after it is asked."""
    assert Plugins([Roles(["clerk"]), Roles([])]).first("relflow_roles", **ASKED) == []


def test_modules_classes_and_objects_are_plugins() -> None:
    """A class is made without arguments; a module's functions are its hooks."""
    module = ModuleType("my_crm")

    @hookimpl
    def relflow_roles(account: str) -> list[str]:
        return [account]

    module.relflow_roles = relflow_roles  # type: ignore[attr-defined]
    found = Plugins([module, Roles])

    assert found.first("relflow_roles", **ASKED) == ["C-17"]
    assert found.names("relflow_roles") == ("Roles", "my_crm")


def test_a_name_loads_what_an_installed_package_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only plugins that are named take part; a name that nobody offers gets the nearest one."""

    class Point:
        name = "my-crm"

        def load(self) -> object:
            return Roles

    def offered(*, group: str) -> list[Point]:
        assert group == GROUP == PROJECT
        return [Point()]

    monkeypatch.setattr(plugins, "entry_points", offered)
    assert Plugins().names("relflow_roles") == ()
    assert Plugins(["my-crm"]).names("relflow_roles") == ("my-crm",)
    with pytest.raises(PluginError, match="did you mean `my-crm`") as caught:
        Plugins(["my_crm"])
    assert caught.value.reason == "unknown-plugin"
    with pytest.raises(PluginError, match="install the package"):
        Plugins(["webhooks"])


def test_a_misspelt_hook_is_an_error_with_the_right_name() -> None:
    """It would never be called."""

    class Wrong:
        @hookimpl
        def relflow_delivers(self, tenant: str) -> None:
            """Misspelt."""

    with pytest.raises(PluginError) as caught:
        Plugins([Wrong()])
    assert caught.value.reason == "unknown-hook"
    assert caught.value.text() == (
        "plugin `Wrong` implements `relflow_delivers`, which is no hook: write `relflow_deliver`"
    )
    assert "relflow_deliver`" in caught.value.text("zh")


def test_a_wrong_argument_is_an_error_that_names_it() -> None:
    """Plugin, hook and argument, and the arguments that there are."""

    class Wrong:
        @hookimpl
        def relflow_roles(self, actor: str, user: str) -> None:
            """Asks for what is not passed."""

    with pytest.raises(PluginError) as caught:
        Plugins([Wrong()])
    assert caught.value.details == {"plugin": "Wrong", "hook": "relflow_roles", "argument": "user"}
    assert caught.value.text() == (
        "plugin `Wrong`: `relflow_roles` has no argument `user`; it passes (tenant, actor, account, at, link)"
    )


@pytest.mark.parametrize("hook", ["relflow_load_accounts", "relflow_accounts", "relflow_connect"])
def test_two_plugins_that_claim_one_thing_are_an_error(hook: str) -> None:
    """Which of them answered would depend on their order."""
    claim = hookimpl(lambda tenant: None)
    one, other = (type(name, (), {hook: staticmethod(claim)}) for name in ("One", "Other"))

    with pytest.raises(PluginError) as caught:
        Plugins([one(), other()])
    assert caught.value.reason == "two-claims"
    assert set(caught.value.details["plugins"]) == {"One", "Other"}  # type: ignore[call-overload]


def test_one_object_twice_is_an_error() -> None:
    """A plugin that is named twice would act twice."""
    plugin = Roles()
    with pytest.raises(PluginError) as caught:
        Plugins([plugin, plugin])
    assert caught.value.reason == "twice"


@pytest.mark.parametrize(
    ("hook", "good", "bad"),
    [
        ("relflow_load_accounts", {"C-17": {"annual": 7}}, {"C-17": 7}),
        ("relflow_accounts", ["C-17"], "C-17"),
        ("relflow_roles", ["clerk"], "clerk"),
        ("relflow_members", ("zhang",), [1]),
        ("relflow_recipient", Recipient("a"), "a@example.com"),
        ("relflow_deliver", Failed("x"), True),
        ("relflow_deliver", Delivered(), Done()),
        ("relflow_perform", Done(), Delivered()),
    ],
)
def test_a_senseless_answer_is_an_error_that_names_the_plugin(hook: str, good: object, bad: object) -> None:
    """What a hook may answer is checked, so that nonsense does not travel."""

    def plugin(answer: object) -> object:
        return type("Mine", (), {hook: staticmethod(hookimpl(lambda: answer))})()

    assert Plugins([plugin(good)]).first(hook) == good
    with pytest.raises(PluginError) as caught:
        Plugins([plugin(bad)]).first(hook)
    assert caught.value.reason == "wrong-answer"
    assert "`Mine`" in caught.value.text("zh")
    assert f"`{hook}`" in caught.value.text()


def test_an_exception_names_its_plugin_and_hook() -> None:
    """The exception stays what it is and carries a note."""

    class Broken:
        @hookimpl
        def relflow_roles(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        Plugins([Broken()]).first("relflow_roles", **ASKED)
    assert caught.value.__notes__ == ["raised by plugin `Broken` in `relflow_roles`"]


def test_everybody_is_told_whoever_raises(caplog: pytest.LogCaptureFixture) -> None:
    """An observer that raises is logged without what it said, and the next one hears all the same."""
    heard = []

    class Broken:
        @hookimpl(tryfirst=True)
        def relflow_observe(self, recorded: object) -> None:
            raise ValueError("li's secret")

    class Listener:
        @hookimpl
        def relflow_observe(self, tenant: str, recorded: object) -> None:
            heard.append((tenant, recorded))

    with caplog.at_level(logging.WARNING, "relflow.hooks"):
        Plugins([Listener(), Broken()]).tell("relflow_observe", tenant="t", recorded=1)
    assert heard == [("t", 1)]
    assert caplog.messages == ["plugin Broken raised ValueError in relflow_observe"]


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_is_documented_in_one_line(hook: str) -> None:
    """Its docstring says when it is called and what it gives, and its arguments are typed."""
    spec = getattr(specs, hook)
    signature = inspect.signature(spec)

    assert len((spec.__doc__ or "").splitlines()) == 1
    assert all(one.annotation is not one.empty for one in signature.parameters.values())
    assert signature.return_annotation is not signature.empty
