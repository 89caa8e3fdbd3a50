"""`relflow case levels`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import Table, data, note, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "levels",
    en="Show the levels in force for an account: since when, what the rule says now, when it is looked at again.\n"
    "--why says what decided and what would change it; personal values are not shown. Nothing is changed.",
    zh="查看客户的现行等级：起始日期、按规则现在的结果、下次复核。\n"
    "--why 说明判定依据以及怎样会改变；不显示个人信息。不更改任何内容。",
)
@argument("account", en="The account.", zh="客户。")
@argument("scheme", required=False, en="Only this tier or risk.", zh="只看此等级或风险。")
@option("--why", is_flag=True, en="Explain each level.", zh="说明每个等级的理由。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, account: str, scheme: str | None, why: bool, form: str) -> int:
    """Assess the account as it stands, and print a line a scheme."""
    schemes = desk.policy.program.schemes
    lang = current().lang
    found = {}
    for name in [scheme] if scheme is not None else schemes:
        standings = desk.engine.standings(name, [account])
        if account not in standings:
            raise Problem(say("there is no account `{account}`", "没有客户 `{account}`", account=account))
        found[name] = standings[account]
    if form == "json":
        told = [{"why": one.explain().to_dict(lang)} if why else {} for one in found.values()]
        print_json([{**one.to_dict(lang), **more} for one, more in zip(found.values(), told, strict=True)])
        return FINE
    if not found:
        note(say("the policy has no tiers or risks", "制度中没有等级或风险"))
        return FINE
    table = Table(
        say("scheme", "方案"),
        say("level", "等级"),
        say("since", "起始"),
        say("the rule says", "按规则为"),
        say("next review", "下次复核"),
    )
    for name, one in found.items():
        label = schemes[name].label
        says = one.labels.get(one.says or "")
        table.add(
            label.text(lang) if label is not None else name,
            one.label(lang) or say("unknown", "未知"),
            one.since,
            says.text(lang) if says is not None else one.says,
            one.next_review,
        )
    table.show()
    for name, one in found.items() if why else ():
        data()
        data(f"{name}: {one.explain().text(lang)}")
    return FINE
