"""`relflow demo`: the petrochemical policy on real customers, a complaint from receipt to return visit, a report."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.demo.words import say
from relflow.cli.failures import FINE
from relflow.cli.screen import data, progress
from relflow.cli.session import current
from relflow.cli.words import command as make
from relflow.cli.words import option

if TYPE_CHECKING:
    from relflow.cli.demo.customers import Customer
    from relflow.cli.demo.portfolio import Portfolio
    from relflow.explain import Explanation
    from relflow.policy import Policy

__all__ = ["command"]

YEAR_END = date(2027, 6, 30)


@make(
    "demo",
    en="Decide about 2,357 real customers and run a complaint.\nWrites a report and the complaint's store to --out.",
    zh="对 2357 家真实客户进行判定，并演示一起投诉的全过程。\n报告和投诉数据写入 --out 指定的文件夹。",
)
@option(
    "--out",
    metavar="DIR",
    default="relflow-demo",
    en="Folder for the report and the store; default: relflow-demo.",
    zh="报告和数据所在的文件夹，默认 relflow-demo。",
)
@options.lang_option
def command(out: str) -> int:
    """Run the whole demo."""
    from relflow.cli.demo.customers import read_customers
    from relflow.cli.demo.page import build_page
    from relflow.cli.demo.portfolio import TODAY, survey
    from relflow.cli.demo.screen import show_customers, show_plan, show_portfolio, show_story
    from relflow.cli.demo.story import tell
    from relflow.policy import load
    from relflow.shipped import folder

    lang, start = current().lang, time.perf_counter()
    overlay = folder("rules") / "petrochemical" / "example.overlay.yaml"
    policy = load("shipped:petrochemical", overlay=overlay)
    data(say("policy", lang, name=policy.id, version=policy.version))
    customers = read_customers(folder("demo") / "cdnow.csv")
    portfolio = survey(policy, progress(customers, "deciding", "正在判定"))
    show_portfolio(policy, portfolio, lang)
    show_plan(portfolio, lang)
    chosen = _three(portfolio)
    explanations = [(str(c.record["name"]), _why(policy, portfolio, c)) for c in chosen]
    show_customers(explanations, lang)
    place = Path(out)
    place.mkdir(parents=True, exist_ok=True)
    store = _fresh(place / "complaint.db")
    story = tell(policy, chosen[0].id, chosen[0].record, store, lang)
    show_story(story, lang)
    year = policy.plan_contacts(
        chosen[0].record,
        chosen[0].history_until(TODAY),
        at=TODAY,
        until=YEAR_END,
        state=portfolio.states[chosen[0].id],
    )
    report = place / f"report.{lang}.html"
    page = build_page(policy, portfolio, explanations, (str(chosen[0].record["name"]), year), story, lang)
    report.write_text(page, encoding="utf-8")
    seconds = f"{time.perf_counter() - start:.1f}"
    data()
    data(say("seconds", lang, customers=f"{len(customers):,}", seconds=seconds))
    data(say("report", lang, path=report))
    data(say("store", lang, path=store))
    data(say("next", lang))
    return FINE


def _three(portfolio: Portfolio) -> list[Customer]:
    """A key customer, one at high risk, one whose tier is not far from the next: by id, so always the same."""

    def first(tier: str, risk: str, taken: list[Customer]) -> Customer:
        fitting = (
            customer
            for customer in portfolio.customers
            if customer not in taken
            and portfolio.standings[customer.id]["tier"].level == tier
            and portfolio.standings[customer.id]["risk"].level == risk
        )
        return max(fitting, key=lambda customer: (len(customer.history), customer.id))

    chosen: list[Customer] = []
    for tier, risk in (("key", "low"), ("general", "high"), ("general", "low")):
        chosen.append(first(tier, risk, chosen))
    return chosen


def _why(policy: Policy, portfolio: Portfolio, customer: Customer) -> list[Explanation]:
    """The explanation of tier and risk."""
    from relflow.cli.demo.portfolio import TODAY

    state = portfolio.states[customer.id]
    return [
        policy.explain(name, customer.record, at=TODAY, state=state)
        for name in ("tier_by_purchases", "risk_by_signals")
    ]


def _fresh(store: Path) -> Path:
    """The store's file, without what an earlier demo left in it."""
    for leftover in store.parent.glob(store.name + "*"):
        leftover.unlink()
    return store
