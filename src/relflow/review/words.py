"""A change in the analyst's words."""

from __future__ import annotations

from relflow.text import Text

__all__ = ["kind_word", "sentence", "subject"]

_KINDS = {
    "policy": ("policy", "制度"),
    "clauses": ("clause", "条款"),
    "parameters": ("parameter", "参数"),
    "records": ("record", "记录类型"),
    "categories": ("category", "数据类别"),
    "facts": ("fact", "数据项"),
    "roles": ("role", "角色"),
    "decisions": ("decision", "判定"),
    "tiers": ("tier", "分级"),
    "risks": ("risk", "风险"),
    "indicators": ("indicator", "风险指标"),
    "cadences": ("cadence", "联系节奏"),
    "events": ("event", "事件"),
    "obligations": ("obligation", "义务"),
    "messages": ("message", "消息"),
    "channels": ("channel", "渠道"),
    "kpis": ("key figure", "考核指标"),
    "workflows": ("workflow", "流程"),
}


def kind_word(section: str) -> Text:
    """What an element of a section is."""
    en, zh = _KINDS[section]
    return Text((("en", en), ("zh", zh)))


def sentence(
    kind: str, section: str, name: str, part: str, old: str, new: str, row: int | None, *, quoted: bool = True
) -> Text:
    """One change as one sentence in each language; what is said in words is not `quoted`."""
    en, zh = _KINDS[section]
    what_en, what_zh = f"{en} `{name}`", f"{zh} `{name}`"
    if row is not None:
        what_en, what_zh = f"{what_en}, row {row}", f"{what_zh} 第 {row} 行"
    if part:
        what_en, what_zh = f"{what_en}, {part}", f"{what_zh} 的 {part}" if quoted else f"{what_zh}的{part}"
    if quoted:
        return Text((("en", what_en + _en(kind, old, new)), ("zh", what_zh + _zh(kind, old, new))))
    return Text((("en", what_en + _en(kind, old, new, "")), ("zh", what_zh + _zh(kind, old, new, ""))))


def subject(kind: str, part: str, row: int | None) -> Text:
    """Where in an element a change is, and of what kind if something came or went."""
    en = [f"row {row}"] if row is not None else []
    zh = [f"第 {row} 行"] if row is not None else []
    came = {"added": ("new", "新增"), "removed": ("gone", "删除")}.get(kind)
    parts_en = [*en, *([part] if part else []), *([came[0]] if came else [])]
    parts_zh = [*zh, *([part] if part else []), *([came[1]] if came else [])]
    return Text((("en", ", ".join(parts_en)), ("zh", "，".join(parts_zh))))


def _en(kind: str, old: str, new: str, mark: str = "`") -> str:
    if kind == "added":
        return f" is new: {new}" if new else " is new"
    if kind == "removed":
        return f" is gone: {old}" if old else " is gone"
    if not old:
        return f": now {mark}{new}{mark}"
    return f": {mark}{old}{mark} is now {mark}{new}{mark}" if new else f": {mark}{old}{mark} is gone"


def _zh(kind: str, old: str, new: str, mark: str = "`") -> str:
    if kind == "added":
        return f" 新增：{new}" if new else " 新增"
    if kind == "removed":
        return f" 删除：{old}" if old else " 删除"
    if not mark:
        return f"：由“{old}”改为“{new}”" if old and new else f"：现为“{new}”" if new else f"：删去“{old}”"
    if not old:
        return f"：现为 `{new}`"
    return f"：`{old}` 改为 `{new}`" if new else f"：删去 `{old}`"
