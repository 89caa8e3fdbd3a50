"""What a step noted about itself, in words: the notes are kept as `kind:subject` in the history."""

from __future__ import annotations

from relflow.program.workflows import Workflow
from relflow.text import Text
from relflow.workflow.phrases import phrase

__all__ = ["remark"]

_WORDS = {
    "nobody": ("nobody is known as {subject}", "没有人担任 {subject}"),
    "held": (
        "its time came, but {subject} could not happen ({rest})",
        "时间已到，但 {subject} 的条件不满足，未能发生（{rest}）",
    ),
    "bypassed": ("the host put it into {subject}, rules bypassed", "业务系统直接置为 {subject}，未经流程校验"),
    "forced": ("forced into {subject}", "强制置为 {subject}"),
    "cancelled": ("cancelled, put into {subject}", "已撤销，置为 {subject}"),
    "merged": ("the case {subject} is merged into this one", "工单 {subject} 已并入本工单"),
    "merged_into": ("goes on as the case {subject}", "已并入工单 {subject}"),
    "migrated": ("from version {subject} to version {rest}", "由版本 {subject} 迁移到版本 {rest}"),
    "gave_up": ("{subject} was given up on purpose", "{subject} 按要求不再保留"),
    "stand_in": ("{subject} stands in for {rest}", "由 {subject} 代理 {rest}"),
    "signed": ("signed; others still have to sign", "已签署，尚待其他人签署"),
    "restarted": ("the data changed, earlier signatures no longer count", "内容已变更，此前的签署作废"),
    "corrected": (
        "{subject} was due at {rest} by the calendar known then",
        "按当时的日历，{subject} 的到期时间为 {rest}",
    ),
    "unfit": ("the value for {subject} does not fit and was left out", "{subject} 的值不符合要求，未写入"),
    "unset": ("{subject} has no value that could be raised or lowered", "{subject} 没有可上调或下调的值"),
}


def remark(workflow: Workflow, note: str) -> Text:
    """A note of a step for people; one that is not known is shown as it is."""
    kind, _, rest = note.partition(":")
    subject, _, more = rest.partition(":")
    words = _WORDS.get(kind)
    if words is None:
        return Text.of(note)
    return phrase(*words, subject=_label(workflow, subject), rest=more)


def _label(workflow: Workflow, subject: str) -> Text:
    for named in (workflow.states, workflow.roles, workflow.clocks, workflow.data):
        found = named.get(subject)
        if found is not None:
            return found.label
    return Text.of(subject)
