"""The demo as one HTML page that a manager would forward."""

from __future__ import annotations

from collections.abc import Sequence

import relflow
from relflow.cli.demo.portfolio import REVIEWS, SCHEMES, TODAY, UNTIL, Portfolio
from relflow.cli.demo.story import Story
from relflow.cli.demo.words import say
from relflow.explain import Explanation
from relflow.policy import Policy
from relflow.report.diagrams import svg
from relflow.report.html import Markup, bars, columns, figures, page, section, table, tag
from relflow.results import Touchpoint

__all__ = ["build_page"]

STATUSES = ("overdue", "due", "upcoming")
PILLS = {"overdue": "bad", "due": "warn", "upcoming": "plain"}


def build_page(
    policy: Policy,
    portfolio: Portfolio,
    explanations: Sequence[tuple[str, Sequence[Explanation]]],
    year: tuple[str, Sequence[Touchpoint]],
    story: Story,
    lang: str,
) -> str:
    """The whole page; `explanations` and `year` are about customers by name."""
    purchases = sum(customer.purchases for customer in portfolio.customers)
    sections = [
        section("tiers", say("tiers", lang), _levels(policy, portfolio, "tier", lang)),
        section(
            "risks", say("risks", lang), _levels(policy, portfolio, "risk", lang), _matrix(policy, portfolio, lang)
        ),
        section("plan", say("plan", lang, start=TODAY, end=UNTIL), *_plan(portfolio, lang)),
        section("customers", say("three", lang), *_customers(policy, explanations, lang)),
        section("year", say("year", lang, name=year[0]), _year(year[1], lang)),
        section("complaint", say("complaint", lang), *_story(policy, story, lang)),
    ]
    lead = say("lead", lang, purchases=f"{purchases:,}", customers=f"{len(portfolio.customers):,}", today=TODAY)
    foot = say(
        "foot",
        lang,
        version=relflow.__version__,
        name=policy.id,
        policy_version=policy.version,
        digest=policy.digest[:12],
    )
    return page(say("title", lang), lead, sections, foot, lang)


def _levels(policy: Policy, portfolio: Portfolio, scheme: str, lang: str) -> Markup:
    """Large figures of today, a bar each, and the table of all reviews."""
    today = portfolio.levels[scheme, TODAY]
    names = [(level, policy.level_label(scheme, level, lang)) for level in policy.levels(scheme)]
    names += [("", say("none", lang))] if today[""] else []
    rows = [[name, *(f"{portfolio.levels[scheme, review][level]:,}" for review in REVIEWS)] for level, name in names]
    heading = [say("level", lang), *(review.isoformat() for review in REVIEWS)]
    parts = [
        figures([(name, f"{today[level]:,}") for level, name in names]),
        columns(bars([(name, today[level]) for level, name in names]), table(heading, rows, numbers=(1, 2, 3))),
    ]
    if scheme == "tier" and not today["prospect"]:
        parts.append(tag("p", say("no_prospects", lang), class_="soft"))
    return tag("div", *parts)


def _matrix(policy: Policy, portfolio: Portfolio, lang: str) -> Markup:
    tier, risk = (policy.levels(scheme) for scheme in SCHEMES)
    rows = [
        [policy.level_label("tier", row, lang), *(f"{portfolio.matrix[row, column]:,}" for column in risk)]
        for row in tier
    ]
    heading = ["", *(policy.level_label("risk", column, lang) for column in risk)]
    return tag("div", tag("h3", say("matrix", lang)), table(heading, rows, numbers=(1, 2, 3)))


def _plan(portfolio: Portfolio, lang: str) -> list[Markup]:
    """Contacts by kind and status, and by month."""
    labels = {t.touchpoint: t.label.text(lang) for t in portfolio.touchpoints()}
    counts, months = portfolio.by_status(), portfolio.by_month()
    rows = []
    for name, label in labels.items():
        numbers = [counts[name, status] for status in STATUSES]
        rows.append([label, *(f"{number:,}" for number in [*numbers, sum(numbers)])])
    heading = [say("touchpoint", lang), *(say(status, lang) for status in STATUSES), say("total", lang)]
    spans = sorted({month for _, month in months})
    by_month = [[label, *(f"{months[name, month]:,}" for month in spans)] for name, label in labels.items()]
    return [
        tag("p", say("calendar", lang), class_="soft"),
        table(heading, rows, numbers=range(1, 5)),
        tag("h3", say("by_month", lang)),
        table([say("touchpoint", lang), *spans], by_month, numbers=range(1, len(spans) + 1)),
    ]


def _customers(policy: Policy, explanations: Sequence[tuple[str, Sequence[Explanation]]], lang: str) -> list[Markup]:
    return [
        tag(
            "article",
            tag("h3", say("customer", lang, name=name)),
            columns(*(_explanation(policy, explanation, lang) for explanation in found)),
        )
        for name, found in explanations
    ]


def _explanation(policy: Policy, explanation: Explanation, lang: str) -> Markup:
    """The answer, where it comes from, and a small table for each group of criteria."""
    label = policy.program.nodes[explanation.decision].label
    parts = [
        tag(
            "p",
            (label.text(lang) if label is not None else explanation.decision)
            + ("：" if lang.startswith("zh") else ": "),
            tag("b", explanation.answer.text(lang)),
            " ",
            tag("small", explanation.place.text(lang), class_="soft"),
        )
    ]
    if explanation.because:
        parts.append(tag("p", explanation.because.text(lang)))
    for block in explanation.blocks:
        if block.heading:
            parts.append(tag("p", block.heading.text(lang), class_="soft"))
        if block.lines:
            parts.append(table((), [line.cells(lang) for line in block.lines], numbers=(1,)))
    parts += [tag("p", remark.text(lang), class_="soft") for remark in explanation.remarks]
    return tag("div", *parts)


def _year(plan: Sequence[Touchpoint], lang: str) -> Markup:
    """A customer's contacts, those that rest on an unpublished calendar marked."""
    rows: list[list[str | Markup]] = [
        [
            (t.on.isoformat() if t.on else "") + (" *" if t.provisional else ""),
            t.label.text(lang),
            tag("span", say(t.status, lang), class_=f"pill {PILLS.get(t.status, 'plain')}"),
            t.because(lang),
            ", ".join(t.source),
        ]
        for t in plan
    ]
    heading = [say(key, lang) for key in ("on", "touchpoint", "status", "why", "source")]
    parts = [table(heading, rows)]
    if any(t.provisional for t in plan):
        parts.append(tag("p", "* " + say("provisional", lang), class_="soft"))
    return tag("div", *parts)


def _story(policy: Policy, story: Story, lang: str) -> list[Markup]:
    """The complaint's timeline, its ledger, what was sent, and the diagram of its workflow."""
    sent = [[f"{at:%Y-%m-%d %H:%M}", message.recipient, message.text] for at, message in story.messages]
    return [
        tag("h3", say("timeline", lang)),
        _timeline(story, lang),
        tag("h3", say("ledger", lang)),
        tag("pre", story.ledger.text(lang) if story.ledger is not None else ""),
        tag("h3", say("notifications", lang)),
        table([say("when", lang), say("to", lang), say("what", lang)], sent),
        tag("h3", say("diagram", lang)),
        Markup(svg(policy.program.workflows[story.case.workflow], lang)),
    ]


def _timeline(story: Story, lang: str) -> Markup:
    """A row for each step: when, what with its particulars, who."""
    rows: list[list[str | Markup]] = [
        [
            f"{line.at:%Y-%m-%d %H:%M}",
            tag(
                "div",
                tag("b", line.text.text(lang)),
                *(tag("div", note.text(lang), class_="soft") for note in line.details),
            ),
            line.who or "",
        ]
        for line in story.timeline
    ]
    return table([say("when", lang), say("what", lang), say("who", lang)], rows)
