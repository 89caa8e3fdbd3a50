"""Sentences of timelines in Traditional Chinese, under their Simplified wording; labels come from the policy."""

from __future__ import annotations

from typing import Final

__all__ = ["TRADITIONAL"]

TRADITIONAL: Final = {
    # what happened
    "新建{label}工单": "建立{label}工單",
    "子工单 {id} 已关闭": "子工單 {id} 已關閉",
    "{what}：{before} → {after}": "{what}：{before} → {after}",
    "由业务系统直接变更": "由業務系統直接變更",
    "{clock}到期": "{clock}到期",
    "{clock}已过 {share}": "{clock}已過 {share}",
    "{clock}已超时 {after}": "{clock}已逾時 {after}",
    # particulars
    "原因：{said}": "原因：{said}",
    "批准人：{said}": "核准人：{said}",
    "代 {person} 操作": "代 {person} 操作",
    "负责人：{value}": "負責人：{value}",
    "{name}：{value}": "{name}：{value}",
    "已通知{whom}": "已通知{whom}",
    "已通知{whom}：{names}": "已通知{whom}：{names}",
    "已新建：{target} {case}": "已建立：{target} {case}",
    "`{target}` 保持 {to}": "`{target}` 維持 {to}",
    "已请求系统执行：{target}": "已請求系統執行：{target}",
    # clocks
    "{clock}开始计时": "{clock}開始計時",
    "{clock}暂停计时": "{clock}暫停計時",
    "{clock}恢复计时": "{clock}恢復計時",
    "{clock}停止计时": "{clock}停止計時",
    "{clock}重新计算": "{clock}重新計算",
    "{at} 到期": "{at} 到期",
    "到期时间未知：`{name}` 尚未设定": "到期時間未知：`{name}` 尚未設定",
    "暂定": "暫定",
    "已超时": "已逾時",
    "{clock}：应于 {at} 到期，已超时": "{clock}：應於 {at} 到期，已逾時",
    "{clock}：已按时停止": "{clock}：已按時停止",
    "{clock}：已暂停，未在计时": "{clock}：已暫停，未在計時",
    "{clock}：{at} 到期": "{clock}：{at} 到期",
    "{clock}：到期时间未知，{name}尚未设定": "{clock}：到期時間未知，{name}尚未設定",
    "{clock}：到期时间未知，{name}尚未设定（{clause}）": "{clock}：到期時間未知，{name}尚未設定（{clause}）",
    # remarks
    "没有人担任 {subject}": "沒有人擔任 {subject}",
    "时间已到，但 {subject} 的条件不满足，未能发生（{rest}）": (
        "時間已到，但 {subject} 的條件不滿足，未能發生（{rest}）"
    ),
    "业务系统直接置为 {subject}，未经流程校验": "業務系統直接設為 {subject}，未經流程校驗",
    "强制置为 {subject}": "強制設為 {subject}",
    "已撤销，置为 {subject}": "已撤銷，設為 {subject}",
    "工单 {subject} 已并入本工单": "工單 {subject} 已併入本工單",
    "已并入工单 {subject}": "已併入工單 {subject}",
    "由版本 {subject} 迁移到版本 {rest}": "由版本 {subject} 移轉至版本 {rest}",
    "{subject} 按要求不再保留": "{subject} 依要求不再保留",
    "由 {subject} 代理 {rest}": "由 {subject} 代理 {rest}",
    "已签署，尚待其他人签署": "已簽署，尚待其他人簽署",
    "内容已变更，此前的签署作废": "內容已變更，先前的簽署作廢",
    "按当时的日历，{subject} 的到期时间为 {rest}": "依當時的日曆，{subject} 的到期時間為 {rest}",
    "{subject} 的值不符合要求，未写入": "{subject} 的值不符合要求，未寫入",
    "{subject} 没有可上调或下调的值": "{subject} 沒有可上調或下調的值",
}
