"""What the policy says about all customers: levels in force over three reviews, and the contacts ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from relflow.cli.demo.customers import Customer
from relflow.policy import Policy
from relflow.results import Standing, Touchpoint

__all__ = ["REVIEWS", "SCHEMES", "TODAY", "UNTIL", "Portfolio", "survey"]

REVIEWS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
TODAY = REVIEWS[-1]
UNTIL = TODAY + timedelta(days=90)
SCHEMES = ("tier", "risk")


@dataclass(slots=True)
class Portfolio:
    """Counts and plans; `standings` are by customer and scheme, as of the last review."""

    customers: list[Customer] = field(default_factory=list)
    levels: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)
    standings: dict[str, dict[str, Standing]] = field(default_factory=dict)
    states: dict[str, dict[str, Mapping[str, object]]] = field(default_factory=dict)
    plans: dict[str, tuple[Touchpoint, ...]] = field(default_factory=dict)
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)

    def touchpoints(self) -> Iterable[Touchpoint]:
        """All contacts ahead."""
        return (touchpoint for plan in self.plans.values() for touchpoint in plan)

    def by_status(self) -> Counter[tuple[str, str]]:
        """Contacts by touchpoint and status."""
        return Counter((touchpoint.touchpoint, touchpoint.status) for touchpoint in self.touchpoints())

    def by_month(self) -> Counter[tuple[str, str]]:
        """Contacts by touchpoint and month; what is overdue counts in the month of today."""
        return Counter(
            (touchpoint.touchpoint, f"{max(touchpoint.on, TODAY):%Y-%m}")
            for touchpoint in self.touchpoints()
            if touchpoint.on
        )


def survey(policy: Policy, customers: Iterable[Customer]) -> Portfolio:
    """Decide all customers."""
    portfolio = Portfolio()
    for scheme in SCHEMES:
        for review in REVIEWS:
            portfolio.levels[scheme, review] = Counter()
    for customer in customers:
        portfolio.customers.append(customer)
        _one(policy, customer, portfolio)
    return portfolio


def _one(policy: Policy, customer: Customer, portfolio: Portfolio) -> None:
    """One customer over all reviews, each from the state that the one before left."""
    state: dict[str, Mapping[str, object]] = {}
    standings: dict[str, Standing] = {}
    for review in REVIEWS:
        for scheme in SCHEMES:
            standings[scheme] = policy.assign(scheme, customer.record, at=review, state=state)
            state = {**state, scheme: standings[scheme].state}
            portfolio.levels[scheme, review][standings[scheme].level or ""] += 1
    portfolio.standings[customer.id] = standings
    portfolio.states[customer.id] = state
    portfolio.matrix[standings["tier"].level or "", standings["risk"].level or ""] += 1
    portfolio.plans[customer.id] = policy.plan_contacts(
        customer.record, customer.history_until(TODAY), at=TODAY, until=UNTIL, state=state
    )
