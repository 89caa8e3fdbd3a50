"""The demo on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from relflow.cli.demo.portfolio import REVIEWS, SCHEMES, TODAY, UNTIL, Portfolio
from relflow.cli.demo.story import Story
from relflow.cli.demo.words import say
from relflow.cli.screen import Table, data
from relflow.explain import Explanation
from relflow.policy import Policy

__all__ = ["show_customers", "show_plan", "show_portfolio", "show_story", "title"]


def title(text: str) -> None:
    """A heading with a line above it."""
    data()
    data(f"== {text}")


def show_portfolio(policy: Policy, portfolio: Portfolio, lang: str) -> None:
    """Levels at each review, and the matrix of tier by risk."""
    for scheme, heading in zip(SCHEMES, ("tiers", "risks"), strict=True):
        title(say(heading, lang))
        table = Table(say("level", lang), *(review.isoformat() for review in REVIEWS), right=(1, 2, 3))
        for level in (*policy.levels(scheme), ""):
            counts = [portfolio.levels[scheme, review][level] for review in REVIEWS]
            if level or any(counts):
                table.add(policy.level_label(scheme, level, lang) if level else say("none", lang), *map(_count, counts))
        table.show("  ")
        if scheme == "tier" and not portfolio.levels["tier", TODAY]["prospect"]:
            data("  " + say("no_prospects", lang))
    title(say("matrix", lang))
    risks = policy.levels("risk")
    table = Table("", *(policy.level_label("risk", risk, lang) for risk in risks), right=(1, 2, 3))
    for tier in policy.levels("tier"):
        table.add(policy.level_label("tier", tier, lang), *(_count(portfolio.matrix[tier, risk]) for risk in risks))
    table.show("  ")


def show_plan(portfolio: Portfolio, lang: str) -> None:
    """How many contacts of which kind are ahead."""
    title(say("plan", lang, start=TODAY, end=UNTIL))
    counts = portfolio.by_status()
    statuses = ("overdue", "due", "upcoming")
    labels = {touchpoint.touchpoint: touchpoint.label.text(lang) for touchpoint in portfolio.touchpoints()}
    table = Table(
        say("touchpoint", lang), *(say(status, lang) for status in statuses), say("total", lang), right=(1, 2, 3, 4)
    )
    for name, label in labels.items():
        row = [counts[name, status] for status in statuses]
        table.add(label, *map(_count, row), _count(sum(row)))
    table.show("  ")


def show_customers(explanations: Sequence[tuple[str, Sequence[Explanation]]], lang: str) -> None:
    """Why some customers are where they are."""
    title(say("three", lang))
    for name, found in explanations:
        data(f"\n  {say('customer', lang, name=name)}")
        for line in "\n\n".join(explanation.text(lang) for explanation in found).splitlines():
            data(f"    {line}".rstrip())


def show_story(story: Story, lang: str) -> None:
    """The complaint: what happened, why the clock fell due when it did, who was told."""
    title(say("complaint", lang))
    for line in story.timeline:
        data(f"  {line.render(lang)}")
    data(f"\n  {say('ledger', lang)}")
    if story.ledger is not None:
        for text in story.ledger.text(lang).splitlines():
            data(f"  {text}")
    data(f"\n  {say('notifications', lang)}")
    table = Table(say("when", lang), say("to", lang), say("what", lang))
    for at, message in story.messages:
        table.add(_minute(at), message.recipient, message.text)
    table.show("  ")


def _count(number: int) -> str:
    return f"{number:,}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
