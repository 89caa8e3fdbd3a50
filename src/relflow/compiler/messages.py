"""Stage: what notifications say, and how they may go out."""

from __future__ import annotations

from relflow.compiler.world import World, ids
from relflow.diagnostics import Message, Severity
from relflow.feel.types import NUMBER, STRING
from relflow.model import Channel as ChannelModel
from relflow.program import DURATION, Channel, MessageTemplate
from relflow.program.channels import quiet_hours

__all__ = ["compile_messages"]

UNKNOWN_ROLE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no role `{text}` to release a message ({known})",
    "没有可批准消息的角色 `{text}`（现有：{known}）",
    "choose one of them, or declare it under `roles:`",
    "选择其中一个，或在 `roles:` 下声明",
)
NO_HOURS = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no stretch of a day",
    "`{text}` 不是一天中的时段",
    'write it as `quiet: "21:00-08:00"`',
    '写成 `quiet: "21:00-08:00"`',
)


def compile_messages(world: World) -> None:
    """What notifications say."""
    messages: dict[str, MessageTemplate] = world.parts.setdefault("messages", {})
    for message in world.model.messages:
        approval = message.approval
        if approval is not None and all(approval.text != role.name for role in world.model.roles):
            known = tuple(role.name for role in world.model.roles)
            world.report(UNKNOWN_ROLE.at(approval.span, text=approval.text, known=known))
        messages[message.name] = MessageTemplate(
            message.name,
            message.id.span,
            message.text.text,
            ids(message.source),
            message.personal,
            message.urgent,
            approval.text if approval is not None else None,
        )
    channels: dict[str, Channel] = world.parts.setdefault("channels", {})
    for channel in world.model.channels:
        channels[channel.name] = _channel(world, channel)


def _channel(world: World, model: ChannelModel) -> Channel:
    quiet = world.rate(model.quiet, STRING) if model.quiet is not None else None
    if quiet is not None and quiet.code is None and quiet_hours(quiet.value) is None:
        world.report(NO_HOURS.at(model.quiet.span if model.quiet is not None else model.span, text=quiet.value))
    limit = model.at_most
    return Channel(
        model.name,
        model.id.span,
        quiet,
        world.rate(limit.count, NUMBER) if limit is not None else None,
        world.rate(limit.per, DURATION) if limit is not None else None,
        model.personal,
        ids(model.source),
    )
