"""The refusals that the engine itself words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from relflow.diagnostics import nearest
from relflow.errors import ConflictError, FactError, NotFoundError, ReentryError, RefusedError, StoreError
from relflow.program import Program
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case

__all__ = [
    "a_policy",
    "an_actor",
    "aware",
    "bad_token",
    "explained",
    "final_state",
    "justified",
    "mergeable",
    "named_data",
    "no_case",
    "no_workflow",
    "not_in_force",
    "old_definition",
    "other_event",
    "reentry",
    "runaway",
    "stale",
    "usable_id",
]

LONGEST_ID = 500


def no_case(case: str) -> NotFoundError:
    """There is no such case for this tenant."""
    return NotFoundError.of("case", f"there is no case `{case}`", f"没有工单 `{case}`", case=case)


def no_workflow(workflow: str, known: list[str]) -> NotFoundError:
    """The policy has no such workflow."""
    return _not_in_policy("workflow", "workflow", "流程", workflow, known)


def no_figure(kpi: str, known: list[str]) -> NotFoundError:
    """The policy has no such key figure."""
    return _not_in_policy("kpi", "key figure", "考核指标", kpi, known)


def _not_in_policy(reason: str, en: str, zh: str, name: str, known: list[str]) -> NotFoundError:
    meant = nearest(str(name), known)
    hint_en = f"; did you mean `{meant}`?" if meant else f" (it has {', '.join(known) or 'none'})"
    hint_zh = f"；是否想写 `{meant}`？" if meant else f"（现有：{'、'.join(known) or '无'}）"
    return NotFoundError.of(
        reason,
        f"the policy has no {en} `{name}`{hint_en}",
        f"制度中没有{zh} `{name}`{hint_zh}",
        **{reason: name, "known": tuple(known)},
    )


def stale(case: str, expected: int, found: int) -> ConflictError:
    """The caller saw an older version."""
    return ConflictError.of(
        "conflict",
        f"case `{case}` has moved on (version {found}, you saw {expected}): read it again",
        f"工单 `{case}` 已有新的变化（版本 {found}，你看到的是 {expected}）：请重新读取",
        case=case,
        expected=expected,
        found=found,
    )


def other_event(event_id: str, case: str) -> ConflictError:
    """An event id was used before for something else."""
    return ConflictError.of(
        "event-id",
        f"the event id `{event_id}` was already used for another case or event than `{case}`",
        f"事件编号 `{event_id}` 已用于 `{case}` 之外的工单或事件",
        event_id=event_id,
    )


def other_signal(event_id: str, event: str, account: str) -> ConflictError:
    """A signal's id was used before for something else."""
    return ConflictError.of(
        "event-id",
        f"the event id `{event_id}` was already used for something else than `{event}` of `{account}`",
        f"事件编号 `{event_id}` 已用于 `{account}` 的 `{event}` 之外的事情",
        event_id=event_id,
    )


def bad_token(event: str) -> RefusedError:
    """A token belongs to another button."""
    return RefusedError.of(
        "token", f"the token is not one for `{event}`: load the page again", f"令牌不属于 `{event}`：请重新加载页面"
    )


def reentry() -> ReentryError:
    """A hook called back into the unit of work that it is part of."""
    return ReentryError.of(
        "reentry",
        "a hook may not fire events or deliver inside the unit of work that called it: do it after the commit",
        "钩子不能在调用它的工作单元内触发事件或投递消息：请在提交之后进行",
    )


def not_in_force(policy: str) -> StoreError:
    """Another version of the policy was adopted for this store."""
    return StoreError.of(
        "other-policy",
        f"this store works under another content of policy `{policy}`: adopt yours (`engine.adopt(policy)`), or load "
        "the one in force",
        f"此存储正在执行制度 `{policy}` 的另一版内容：请采用你的版本（`engine.adopt(policy)`），或加载正在执行的版本",
        policy=policy,
    )


def old_definition(case: str, workflow: str, version: str) -> StoreError:
    """A case runs under a definition that the loaded policy does not have."""
    return StoreError.of(
        "other-definition",
        f"case `{case}` runs under version {version} of `{workflow}`, which the loaded policy does not have",
        f"工单 `{case}` 按 `{workflow}` 的版本 {version} 运行，已加载的制度中没有该版本",
        case=case,
        workflow=workflow,
        version=version,
    )


def runaway(case: str, steps: int) -> RefusedError:
    """Conditions and openings go round in a circle."""
    return RefusedError.of(
        "runaway",
        f"one event of case `{case}` led to more than {steps} further steps: events that happen by themselves go round "
        "in a circle",
        f"工单 `{case}` 的一个事件引发了超过 {steps} 个后续步骤：自动发生的事件形成了循环",
        case=case,
    )


def not_held(key: str) -> NotFoundError:
    """No message of that key waits for anybody."""
    return NotFoundError.of(
        "message", f"no message `{key}` waits to be released", f"没有等待批准的消息 `{key}`", key=key
    )


def not_the_approver(key: str, role: str) -> RefusedError:
    """Somebody else has to say whether a message goes out."""
    return RefusedError.of(
        "role",
        f"only `{role}` may release or refuse the message `{key}`",
        f"只有 `{role}` 可以批准或拒绝消息 `{key}`",
        key=key,
        role=role,
    )


def explained(because: str) -> None:
    """Refuse an administrative act without a reason."""
    if not because.strip():
        raise RefusedError.of("because", "say why: `because` is empty", "请说明原因：`because` 为空")


def justified(actor: Actor, because: str, approver: str) -> None:
    """Refuse an act past the rules without a reason, or which nobody else approved of."""
    explained(because)
    if not approver.strip():
        raise RefusedError.of(
            "approver", "name who approved of it: `approver` is empty", "请写明批准人：`approver` 为空"
        )
    if approver.strip() == actor.id:
        raise RefusedError.of(
            "approver",
            f"somebody other than `{actor.id}` has to approve of it",
            f"须由 `{actor.id}` 以外的人批准",
            approver=approver,
        )


def final_state(workflow: Workflow, asked: str | None) -> str:
    """The state in which a case ends: the one that was asked for, or the only one."""
    final = [state.id for state in workflow.states.values() if state.final]
    if asked is None and len(final) != 1:
        raise RefusedError.of(
            "state",
            f"say in which state it ends: {', '.join(final) or 'the workflow has no final one'}",
            f"请写明结束状态：{'、'.join(final) or '该流程没有终止状态'}",
            known=final,
        )
    return asked or final[0]


def mergeable(one: Case, other: Case) -> None:
    """Refuse to merge cases that are not two open ones of one account and workflow."""
    why: tuple[str, str] | None = None
    if one.id == other.id:
        why = ("it is the same case", "两者是同一工单")
    elif one.workflow != other.workflow:
        why = (
            f"one is `{one.workflow}`, the other `{other.workflow}`",
            f"流程不同：`{one.workflow}` 与 `{other.workflow}`",
        )
    elif one.account != other.account:
        why = ("they belong to different accounts", "两者属于不同客户")
    elif one.closed or other.closed:
        closed = one.id if one.closed else other.id
        why = (f"`{closed}` is closed", f"`{closed}` 已关闭")
    if why is not None:
        raise RefusedError.of(
            "merge",
            f"`{one.id}` cannot be merged into `{other.id}`: {why[0]}",
            f"工单 `{one.id}` 不能并入 `{other.id}`：{why[1]}",
            case=one.id,
            into=other.id,
        )


def usable_id(name: str, value: str | None) -> None:
    """Refuse an id that not every database can hold as it is, and a number, which would not be found again as a text.

    Raises FactError.
    """
    if value is None:
        return
    if not isinstance(value, str):
        raise FactError.of(
            "bad-id",
            f"`{name}` is {value!r}, and ids are texts: pass `str({name})`, here and wherever the id comes back",
            f"`{name}` 是 {value!r}，而标识应为文本：请传入 `str({name})`，且各处保持一致",
            name=name,
        )
    whole = value.isprintable() and 0 < len(value) <= LONGEST_ID
    if not whole or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise FactError.of(
            "bad-id",
            f"`{name}` must be 1 to {LONGEST_ID} printable characters",
            f"`{name}` 应为 1 到 {LONGEST_ID} 个可打印字符",
            name=name,
        )


def an_actor(actor: Actor | None) -> None:
    """Refuse who is not an Actor, because an id says nothing of roles, or has roles that are no names.

    Raises FactError.
    """
    if actor is None:
        return
    if not isinstance(actor, Actor):
        raise FactError.of(
            "not-an-actor",
            f"`actor` is {actor!r}: pass `relflow.Actor({str(actor)!r})`",
            f"`actor` 是 {actor!r}：请传入 `relflow.Actor({str(actor)!r})`",
        )
    roles: object = actor.roles
    if roles is None or (isinstance(roles, tuple | list) and all(isinstance(role, str) for role in roles)):
        return
    raise FactError.of(
        "bad-roles",
        f"`roles` of the actor are {roles!r}: pass a tuple of names, as in `Actor({actor.id!r}, roles=('clerk',))`",
        f"操作人的 `roles` 是 {roles!r}：请传入名称元组，例如 `Actor({actor.id!r}, roles=('clerk',))`",
    )


def named_data(data: Mapping[str, object] | None) -> dict[str, object]:
    """The data of an event as a dict. Raises FactError for what has no names."""
    if data is None:
        return {}
    if isinstance(data, Mapping):
        return dict(data)
    raise FactError.of(
        "not-a-mapping",
        f"`data` is {data!r}: pass a mapping from the names of data to their values",
        f"`data` 是 {data!r}：请传入“数据名到值”的映射",
    )


def a_policy(policy: object) -> None:
    """Refuse what `relflow.load` did not give. Raises FactError."""
    if not hasattr(policy, "program") and not isinstance(policy, Program):
        raise FactError.of(
            "not-a-policy",
            f"an engine runs a loaded policy, not {policy!r}: pass what `relflow.load(path)` returns",
            f"引擎运行的是已加载的制度，而不是 {policy!r}：请传入 `relflow.load(路径)` 的返回值",
        )


def aware(at: date) -> datetime:
    """The instant, refused where it is a mere day or has no time zone."""
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise FactError.of(
            "no-timezone", "`at` needs a time zone: pass an aware datetime", "`at` 缺少时区：请传入带时区的 datetime"
        )
    return at
