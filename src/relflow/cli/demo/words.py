"""What the demo says, in English and Chinese."""

from __future__ import annotations

from relflow.text import Text

__all__ = ["say"]

_WORDS = {
    "title": ("What the policy says about 2,357 real customers", "2357 家真实客户，按制度怎么管"),
    "policy": (
        "Policy {name} {version}, with the figures of an example company",
        "制度 {name} {version}，数值取自示例企业",
    ),
    "lead": (
        "The petrochemical manual run on the purchases of the music shop CDNOW: {purchases} purchases by {customers} "
        "customers, as of {today}. Every day is moved 28 years forward so that today's calendar applies. The manual "
        "fixes no figure; those used here come from an overlay that is an example.",
        "把石油化工客户管理制度用在音乐商店 CDNOW 的真实采购记录上：{customers} 家客户、{purchases} 笔采购，"
        "截至 {today}。所有日期后移 28 年，以便使用当今的工作日历。制度本身没有规定任何数值，这里的数值取自示例配置。",
    ),
    "deciding": ("deciding", "正在判定"),
    "tiers": ("Customer tiers at each review", "历次复核的客户类别"),
    "risks": ("Risk levels at each review", "历次复核的风险等级"),
    "level": ("level", "等级"),
    "none": ("(no rule fits)", "（无规则适用）"),
    "no_prospects": (
        "Nobody is a prospect: everybody in this file has bought.",
        "没有潜在客户：名单里的客户都已经采购过。",
    ),
    "matrix": ("Tier by risk, today", "客户类别与风险等级"),
    "plan": ("Contacts of the next 90 days, {start} to {end}", "未来 90 天的联系计划，{start} 至 {end}"),
    "touchpoint": ("contact", "联系方式"),
    "overdue": ("overdue", "已逾期"),
    "due": ("due today", "今天到期"),
    "upcoming": ("upcoming", "即将到期"),
    "total": ("total", "合计"),
    "by_month": ("Workload by month", "按月工作量"),
    "calendar": (
        "Days are working days in China: what falls on a holiday is moved to the next working day, and a Saturday or "
        "Sunday that is worked counts as one.",
        "日期按中国工作日历安排：遇节假日顺延至下一工作日，调休上班的周末算工作日。",
    ),
    "year": ("A year of contacts for {name}", "{name} 全年联系计划"),
    "provisional": (
        "provisional: the official holiday list of that year was not published when this calendar was made",
        "暂定：编制本日历时该年放假安排尚未公布",
    ),
    "three": ("Three customers, and why", "三家客户，以及判定依据"),
    "customer": ("Customer {name}", "客户 {name}"),
    "complaint": ("A complaint over Spring Festival", "春节期间的一起投诉"),
    "timeline": ("Timeline", "处理过程"),
    "ledger": ("Why the first response was due then: the clock's ledger", "首次响应为何在此时到期：计时明细"),
    "notifications": ("Notifications, delivered through a plugin", "通过插件送达的通知"),
    "diagram": ("How a complaint runs", "投诉流程"),
    "questions": ("What the manual leaves to the company", "制度留给企业决定的事项"),
    "report": ("Report: {path}", "报告：{path}"),
    "store": ("The complaint is kept in {path}", "投诉记录保存在 {path}"),
    "seconds": (
        "{customers} customers decided, planned and explained in {seconds} s",
        "{customers} 家客户判定、计划、说明完毕，用时 {seconds} 秒",
    ),
    "next": ("next: relflow init my-policy, then relflow test", "接下来：relflow init my-policy，然后 relflow test"),
    "dented": ("Two of the four drums were dented on arrival.", "四桶货中有两桶到货时已压瘪。"),
    "demand": ("Replacement without delay.", "要求尽快换货。"),
    "cause": ("The load was not strapped down.", "装车时货物未捆扎牢固。"),
    "department": ("logistics", "物流部"),
    "slow": ("Replace the two drums with the next delivery.", "随下一批货补发两桶。"),
    "quick": ("Replace the two drums by courier today, at our cost.", "今天派专车补发两桶，费用由我方承担。"),
    "objection": ("The next delivery is three weeks away.", "下一批货要三周以后才到。"),
    "result": ("Two new drums were delivered on 28 February.", "2 月 28 日已送达两桶新货。"),
    "when": ("when", "时间"),
    "who": ("who", "人员"),
    "what": ("what", "事项"),
    "to": ("to", "接收方"),
    "from": ("from", "起"),
    "until": ("until", "止"),
    "counted": ("counted", "计入"),
    "why": ("why", "原因"),
    "on": ("on", "日期"),
    "status": ("status", "状态"),
    "source": ("clause", "条款"),
    "foot": (
        "Made by relflow {version} from policy {name} {policy_version} ({digest}). Data: CDNOW purchases, public data "
        "set of Bruce Hardie.",
        "由 relflow {version} 根据制度 {name} {policy_version}（{digest}）生成。"
        "数据：CDNOW 采购记录，Bruce Hardie 公开数据集。",
    ),
}


def say(key: str, lang: str, **fields: object) -> str:
    """The text of `key` in `lang`, with its slots filled."""
    en, zh = _WORDS[key]
    text = Text((("en", en), ("zh", zh))).text(lang)
    return text.format(**fields) if fields else text
