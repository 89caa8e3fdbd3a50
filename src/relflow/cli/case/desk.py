"""The engine behind `relflow case`: a policy, a store, who acts and at what time."""

from __future__ import annotations

import functools
import getpass
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relflow.cli import options
from relflow.cli.records import read_records
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import facts, typed
from relflow.cli.words import option
from relflow.diagnostics import nearest
from relflow.errors import NotFoundError

if TYPE_CHECKING:
    from relflow.engine import Engine, Shadow
    from relflow.feel import Type
    from relflow.policy import Policy
    from relflow.program.workflows import Workflow
    from relflow.results import Actor, Case

__all__ = ["Desk", "acting", "at_desk", "store_url"]

Decorator = Callable[[Any], Any]

_OPTIONS: tuple[Decorator, ...] = (
    options.policy_option,
    options.overlay_option,
    options.plugin_option,
    option(
        "--store",
        metavar="FILE|URL",
        default="cases.db",
        envvar="RELFLOW_STORE",
        en="Where cases are kept; default: cases.db, or RELFLOW_STORE.",
        zh="工单保存在哪里，默认为 cases.db 或 RELFLOW_STORE。",
    ),
    option(
        "--accounts",
        metavar="FILE",
        envvar="RELFLOW_ACCOUNTS",
        en="Facts of accounts: CSV or JSON with a column `id`.",
        zh="客户的数据项：含 `id` 列的 CSV 或 JSON。",
    ),
    option(
        "--at",
        metavar="WHEN",
        en="Act as of this instant; default: now.",
        zh="以此时刻为准，默认为现在。",
    ),
    option(
        "--shadow",
        metavar="PATH",
        envvar="RELFLOW_SHADOW",
        en="A version of the policy that runs beside and sends nothing; its cases are in STORE.shadow.db.",
        zh="并行试行的另一版制度，不发送任何内容；其工单保存在 STORE.shadow.db。",
    ),
    option(
        "--adopt",
        is_flag=True,
        en="Put this version of the policy in force for the store.",
        zh="使该存储采用此版本的制度。",
    ),
    options.lang_option,
)


class Desk:
    """An engine with what the command line adds: texts to data, the policy's zone."""

    def __init__(self, engine: Engine, policy: Policy, shadow: Shadow | None = None) -> None:
        self.engine = engine
        self.policy = policy
        self.shadow = shadow

    def workflow(self, name: str) -> Workflow:
        """A workflow of the policy. Raises NotFoundError."""
        workflows = self.policy.program.workflows
        if name not in workflows:
            raise _none("workflow", "workflow", "流程", name, workflows)
        found: Workflow = workflows[name]
        return found

    def definition(self, case: Case) -> Workflow:
        """The definition that a case runs under, an older one from the store."""
        with self.engine.unit() as unit:
            return unit.definition(case)

    def event(self, name: str) -> Mapping[str, Type]:
        """The data of an event that the host tells of. Raises NotFoundError."""
        events = self.policy.program.events
        if name not in events:
            raise _none("event", "event", "事件", name, events)
        return events[name]

    def data(self, workflow: str, texts: Mapping[str, str]) -> dict[str, object]:
        """A case's data from `name=value` words, every bad one reported."""
        return self._data(self.workflow(workflow), texts)

    def case_data(self, case: Case, texts: Mapping[str, str]) -> dict[str, object]:
        """Data for a case that runs, by its own definition."""
        return self._data(self.definition(case), texts)

    def _data(self, workflow: Workflow, texts: Mapping[str, str]) -> dict[str, object]:
        types = {name: datum.type for name, datum in workflow.data.items()}
        return typed(types, texts, self.policy.program.zone)


def _none(reason: str, en: str, zh: str, name: str, known: Iterable[str]) -> NotFoundError:
    near = nearest(name, known)
    return NotFoundError.of(
        reason,
        f"the policy has no {en} `{name}`" + (f"; did you mean `{near}`?" if near else ""),
        f"制度中没有{zh} `{name}`" + (f"，是否想写 `{near}`？" if near else ""),
    )


def at_desk(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of a desk and, as its first argument, the desk opened with them."""

    @functools.wraps(function)
    def wrapped(
        *,
        policy: str,
        overlay: str | None,
        plugins: tuple[str, ...],
        store: str,
        accounts: str | None,
        at: str | None,
        adopt: bool,
        shadow: str | None,
        printing: bool = False,
        **rest: Any,
    ) -> int:
        from relflow.builtins import ConsoleNotifier
        from relflow.policy import load

        loaded = load(options.policy_source(policy), overlay=overlay, plugins=plugins)
        hosts = [*plugins, ConsoleNotifier(lang=current().lang)] if printing else [*plugins]
        candidate = None if shadow is None else load(options.policy_source(shadow), overlay=overlay, plugins=plugins)
        with _engine(loaded, hosts, store, accounts, at, adopt, candidate) as (engine, beside):
            return function(Desk(engine, loaded, beside), **rest)

    for decorate in reversed(_OPTIONS):
        decorate(wrapped)
    return wrapped


@contextmanager
def _engine(
    policy: Policy,
    plugins: Sequence[object],
    store: str,
    accounts: str | None,
    at: str | None,
    adopt: bool,
    candidate: Policy | None,
) -> Iterator[tuple[Engine, Shadow | None]]:
    from relflow.builtins import Accounts
    from relflow.engine import Engine, Shadow

    records = _accounts(policy, accounts) if accounts else {}
    moment = _instant(at, policy)
    hosts = [Accounts(records), *plugins]
    beside = None
    if candidate is not None:
        beside = Shadow(candidate, store=f"sqlite:///{_shadow_file(store)}", plugins=hosts, clock=moment)
    with Engine(policy, store=store_url(store), plugins=hosts, clock=moment, adopt=adopt, shadow=beside) as engine:
        if beside is not None and not beside.has_begun():
            beside.inherit(engine)
        yield engine, beside


def _shadow_file(store: str) -> Path:
    """Where the cases of a shadow are: beside the file of those in force, else in this folder."""
    if "://" in store:
        return Path("cases.shadow.db")
    return Path(store).with_suffix(".shadow.db")


def store_url(store: str) -> str:
    """The address of a store that is named by a file or by its address."""
    return store if "://" in store else f"sqlite:///{Path(store)}"


def _accounts(policy: Policy, name: str) -> dict[str, Mapping[str, object]]:
    """The accounts of a file by their id."""
    accounts: dict[str, Mapping[str, object]] = {}
    for record in read_records(name)[0]:
        if "id" not in record:
            raise Problem(say("`{file}` needs a column `id`", "`{file}` 需要 `id` 列", file=name))
        id_ = str(record.pop("id"))
        accounts[id_] = facts(policy, record)
    return accounts


def _instant(at: str | None, policy: Policy) -> Callable[[], datetime] | None:
    """A clock that stands at `--at`; without it the clocks of the store and of this machine hold."""
    if at is None:
        return None
    found = options.moment(at, policy.program.zone)
    if not isinstance(found, datetime):
        raise Problem(
            say("`--at` needs a time of day here, 2026-07-01T09:30", "这里的 `--at` 要带时间，如 2026-07-01T09:30")
        )
    return lambda: found


def acting(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--who` and `--as`, and its function the `actor` that they name."""

    @functools.wraps(function)
    def wrapped(*arguments: Any, who: str | None, roles: tuple[str, ...], **rest: Any) -> int:
        return function(*arguments, actor=_actor(who, roles), **rest)

    option(
        "--as",
        "roles",
        metavar="ROLE",
        multiple=True,
        en="The role of who acts; may be repeated.",
        zh="操作人的角色，可重复。",
    )(wrapped)
    option("--who", metavar="ID", en="Who acts; default: the user of this computer.", zh="操作人，默认为本机用户。")(
        wrapped
    )
    return wrapped


def _actor(who: str | None, roles: tuple[str, ...]) -> Actor:
    from relflow.results import Actor

    return Actor(who or getpass.getuser(), roles=roles or None)
