"""Why a level is in force although the rule says another: what a scheme adds to the explanation of its decision."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.explain.showing import both, text_of
from relflow.results import Standing
from relflow.text import Text

__all__ = ["standing_remarks"]


def standing_remarks(standing: Standing) -> Iterator[Text]:
    """Since when the level holds, what the rule says now, when it is looked at again, who set it by hand."""
    if standing.level is None:
        return
    if standing.override is not None:
        yield _by_hand(standing)
    elif standing.change == "first":
        yield text_of(f"first assessed on {standing.since}", f"{standing.since} 首次评定", f"{standing.since} 首次評定")
    elif standing.says != standing.level:
        says = _label(standing, standing.says)
        yield text_of(
            f"in force since {standing.since}; the rule says {says.text('en')} now, and the level is not lowered yet",
            f"自 {standing.since} 起为该等级；按规则现为{says.text('zh')}，尚未到降级条件",
            f"自 {standing.since} 起為該等級；依規則現為{says.text('zh_TW')}，尚未達降級條件",
        )
    elif standing.since is not None:
        since = standing.since
        yield text_of(f"in force since {since}", f"自 {since} 起为该等级", f"自 {since} 起為該等級")
    yield from _change(standing)
    if standing.next_review is not None:
        day = standing.next_review
        yield text_of(f"next review on {day}", f"下次复核：{day}", f"下次複核：{day}")


def _change(standing: Standing) -> Iterator[Text]:
    """What has to happen before the level goes down; nothing where it would at once, or was set by hand."""
    lowering = standing.lowering
    if lowering is None:
        return
    if lowering.unset:
        yield text_of(
            "how long the rule has to say a lower level is left open by the manual, so the level does not go down",
            "规则结果变低多久才降级，制度未规定，因此不会降级",
            "規則結果變低多久才降級，制度未規定，因此不會降級",
        )
        return
    day, count = lowering.on, lowering.reviews
    if standing.change == "waiting":
        says = _label(standing, standing.says)
        en, zh, tw = f"it becomes {says.text('en')}", f"降为{says.text('zh')}", f"降為{says.text('zh_TW')}"
    else:
        en, zh, tw = "a lower level would hold", "降级", "降級"
    if count is not None:
        reviews = "after the next review that says so" if count == 1 else f"after {count} reviews in a row that say so"
        earliest = ("", "", "") if day is None else (f", on {day} at the earliest", f"，最早 {day}", f"，最早 {day}")
        yield text_of(
            f"{en} {reviews}{earliest[0]}",
            f"再经 {count} 次复核仍为较低等级即{zh}{earliest[1]}",
            f"再經 {count} 次複核仍為較低等級即{tw}{earliest[2]}",
        )
    elif day is not None:
        yield text_of(
            f"{en} on {day} at the earliest, if the rule says so until then",
            f"若规则结果一直较低，最早于 {day} {zh}",
            f"若規則結果一直較低，最早於 {day} {tw}",
        )


def _by_hand(standing: Standing) -> Text:
    override = standing.override
    assert override is not None
    en, zh, tw = "set by hand", "由人工设定", "由人工設定"
    if override.since:
        en, zh, tw = f"{en} on {override.since}", f"{override.since} {zh}", f"{override.since} {tw}"
    if override.until:
        en, zh, tw = f"{en}, until {override.until}", f"{zh}，至 {override.until}", f"{tw}，至 {override.until}"
    if override.approver:
        said = f"，批准人：{override.approver}"
        en, zh, tw = f"{en}, approved by {override.approver}", zh + said, tw + said
    if override.reason:
        said = f"，理由：{override.reason}"
        en, zh, tw = f"{en}: {override.reason}", zh + said, tw + said
    return text_of(en, zh, tw)


def _label(standing: Standing, level: str | None) -> Text:
    if level is None:
        return text_of("nothing", "无结果", "無結果")
    return standing.labels.get(level) or both(level)
