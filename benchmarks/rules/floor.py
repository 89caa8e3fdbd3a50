"""The workload written by hand in Python: the right answers, and the speed that no engine passes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

__all__ = ["BIG_COLUMNS", "big_floor", "big_rows", "full", "hard_floor", "hard_rows", "records", "tier"]

Record = dict[str, Any]

INDUSTRIES = ("steel", "chemical", "cement", "paper", "textile", "food", "energy", "auto", "glass", "mining")
REGIONS = ("north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest", "coastal")
STAGES = ("new", "growing", "mature", "declining")
CHANNELS = ("visit", "phone", "wechat")
BIG_COLUMNS = ("industry", "region", "annual_amount_cny", "orders_per_year")
CUTS = (0, 100_000, 300_000, 800_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 40_000_000, 80_000_000, 10**12)
DAYS = {
    "strategic": ((14, 7, 3), (21, 10, 5), (30, 14, 7), (10, 5, 2)),
    "key": ((30, 14, 7), (45, 21, 10), (60, 30, 14), (21, 10, 5)),
    "regular": ((60, 30, 14), (90, 45, 21), (120, 60, 30), (60, 30, 15)),
    "watch": ((90, 60, 30), (120, 90, 45), (180, 120, 60), (240, 180, 90)),
}
CADENCE = {
    (tier, stage, channel): DAYS[tier][row][column]
    for tier in DAYS
    for row, stage in enumerate(STAGES)
    for column, channel in enumerate(CHANNELS)
}


def records(count: int, seed: int = 7) -> list[Record]:
    """Customers by chance, always the same: some facts missing, some exactly on a threshold."""
    chance = random.Random(seed)

    def some(share: float, value: Any) -> Any:
        return None if chance.random() < share else value

    made = []
    for _ in range(count):
        volume = round(10 ** chance.uniform(0.8, 4.2), 2)
        if chance.random() < 0.05:
            volume = chance.choice((50.0, 100.0, 500.0, 2000.0, 5000.0))
        made.append(
            {
                "annual_volume_t": some(0.04, volume),
                "annual_amount_cny": some(0.04, int(volume * chance.uniform(1500, 9000))),
                "orders_per_year": chance.randint(0, 60) if chance.random() < 0.8 else chance.randint(0, 3),
                "years_active": chance.randint(0, 20),
                "strategic_importance": some(0.05, chance.randint(0, 10)),
                "industry_influence": chance.randint(0, 10),
                "payment_delay_days": some(0.05, max(0, int(chance.gauss(8, 18)))),
                "order_trend_pct": some(0.05, round(chance.gauss(0, 15), 1)),
                "complaint_count_90d": min(6, int(chance.expovariate(1.1))),
                "credit_rating": some(0.06, chance.choices("ABCD", (30, 40, 22, 8))[0]),
                "competitor_activity": chance.random() < 0.3,
                "industry": chance.choice(INDUSTRIES),
                "region": chance.choice(REGIONS),
                "stage": chance.choice(STAGES),
                "channel": chance.choice(CHANNELS),
            }
        )
    return made


def tier(r: Record) -> str:
    """The tier: six inputs, twelve rows, the first that fits."""
    volume, amount, importance = r["annual_volume_t"], r["annual_amount_cny"], r["strategic_importance"]
    influence, years, credit = r["industry_influence"], r["years_active"], r["credit_rating"]
    if credit == "D":
        return "watch"
    if volume is not None:
        if volume >= 5000:
            if importance is not None and importance >= 8 and credit in ("A", "B"):
                return "strategic"
            if amount is not None and amount >= 20_000_000 and years >= 3:
                return "strategic"
        weighty = importance is not None and importance >= 9 and influence >= 7
        if volume >= 2000 and amount is not None and amount >= 10_000_000 and weighty:
            return "strategic"
    if amount is not None and amount >= 50_000_000 and credit in ("A", "B", "C"):
        return "strategic"
    if volume is not None:
        if volume >= 2000 and importance is not None and importance >= 6:
            return "key"
        if 500 <= volume < 2000 and amount is not None and amount >= 5_000_000 and years >= 2:
            return "key"
    if importance is not None and importance >= 8 and influence >= 8 and credit in ("A", "B"):
        return "key"
    if volume is not None:
        if 500 <= volume < 2000 and influence >= 9 and years >= 5:
            return "key"
        if volume < 50 and amount is not None and amount < 200_000 and importance is not None and importance < 3:
            return "watch"
    return "watch" if years < 1 and credit is None else "regular"


def _score(r: Record) -> int:
    v = r["annual_volume_t"]
    total = 0 if v is None else 250 if v >= 5000 else 200 if v >= 2000 else 150 if v >= 500 else 100 if v >= 100 else 50
    v = r["annual_amount_cny"]
    total += 0 if v is None else 200 if v >= 20_000_000 else 140 if v >= 5_000_000 else 80 if v >= 1_000_000 else 20
    v = r["strategic_importance"]
    total += 40 if v is None else 200 if v >= 9 else 160 if v >= 7 else 100 if v >= 5 else 60 if v >= 3 else 20
    v = r["industry_influence"]
    total += 150 if v >= 8 else 90 if v >= 5 else 30
    v = r["years_active"]
    total += 100 if v >= 10 else 70 if v >= 5 else 40 if v >= 2 else 10
    v = r["payment_delay_days"]
    return total + (30 if v is None else 100 if v <= 0 else 80 if v <= 7 else 50 if v <= 15 else 20 if v <= 30 else 0)


def _risks(r: Record) -> tuple[list[str], int]:
    found, points = [], 0
    delay, trend, credit, attacked = (
        r["payment_delay_days"], r["order_trend_pct"], r["credit_rating"], r["competitor_activity"],
    )  # fmt: skip
    importance, complaints, years = r["strategic_importance"], r["complaint_count_90d"], r["years_active"]
    if delay is not None and delay > 30:
        found.append("late_payment")
        points += 3
    if delay is not None and delay > 15 and credit in ("C", "D"):
        found.append("late_and_weak_credit")
        points += 2
    if trend is not None and trend <= -20.3:
        found.append("orders_collapsing")
        points += 3
    if trend is not None and trend <= -9.9 and attacked:
        found.append("orders_shrinking_under_attack")
        points += 2
    if complaints >= 3:
        found.append("many_complaints")
        points += 2
    if complaints >= 1 and ((importance is not None and importance >= 8) or r["industry_influence"] >= 8):
        found.append("complaint_from_vip")
        points += 2
    if attacked and years < 2:
        found.append("new_and_courted")
        points += 1
    if credit is None or credit == "D":
        found.append("credit_unknown_or_bad")
        points += 1
    amount, volume = r["annual_amount_cny"], r["annual_volume_t"]
    if r["orders_per_year"] <= 2 and amount is not None and amount >= 1_000_000:
        found.append("few_big_orders")
        points += 1
    if (volume is None or volume < 50) and r["region"] in ("northeast", "northwest") and years >= 5:
        found.append("fading_remote")
        points += 1
    return found, points


def full(r: Record) -> Record:
    """Tier, score, risks with their level, the tier by score and its contact interval."""
    score = _score(r)
    found, points = _risks(r)
    importance = r["strategic_importance"]
    if r["credit_rating"] == "D":
        chain = "watch"
    elif score >= 800 or (score >= 700 and importance is not None and importance >= 9):
        chain = "strategic"
    else:
        chain = "key" if score >= 550 else "regular" if score >= 300 else "watch"
    return {
        "tier": tier(r),
        "score": score,
        "indicators": found,
        "level": "high" if points >= 6 else "medium" if points >= 3 else "low",
        "chain_tier": chain,
        "cadence_days": CADENCE[chain, r["stage"], r["channel"]],
    }


def big_rows(count: int) -> list[tuple[str, str, int, int, int, int]]:
    """Rows of a large table: industry, region, amount from, amount below, orders from, answer; a default comes last."""
    return [
        (INDUSTRIES[i % 10], REGIONS[i // 10 % 10], CUTS[i // 100 % 10], CUTS[i // 100 % 10 + 1], i // 1000, i)
        for i in range(count - 1)
    ]


def big_floor(count: int) -> Callable[[Record], int]:
    """The large table by hand: a dictionary on the two texts, then the few rows that are left."""
    index: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    for industry, region, low, high, orders, answer in big_rows(count):
        index.setdefault((industry, region), []).append((low, high, orders, answer))

    def decide(r: Record) -> int:
        amount, orders = r["annual_amount_cny"], r["orders_per_year"]
        if amount is not None:
            for low, high, least, answer in index.get((r["industry"], r["region"]), ()):
                if low <= amount < high and orders >= least:
                    return answer
        return count - 1

    return decide


HardRow = tuple[str | None, str | None, tuple[int, int] | None, int | None, int]


def hard_rows(count: int) -> list[HardRow]:
    """Rows as `big_rows`, but a third of the cells say nothing (None) and the ranges of amounts overlap."""
    chance = random.Random(count)

    def some(value: Any) -> Any:
        return None if chance.random() < 0.35 else value

    rows = []
    for answer in range(count - 1):
        low = int(10 ** chance.uniform(5, 7.6))
        amounts = (low, int(low * chance.uniform(1.05, 3)))
        orders = chance.randint(5, 60)
        cells = (some(chance.choice(INDUSTRIES)), some(chance.choice(REGIONS)), some(amounts), some(orders))
        rows.append((*cells, answer))
    return rows


def hard_floor(count: int) -> Callable[[Record], int]:
    """The hard table by hand: row after row, since no dictionary helps."""
    rows = hard_rows(count)

    def decide(r: Record) -> int:
        industry, region = r["industry"], r["region"]
        amount, orders = r["annual_amount_cny"], r["orders_per_year"]
        for of, where, between, least, answer in rows:
            if (
                (of is None or of == industry)
                and (where is None or where == region)
                and (between is None or (amount is not None and between[0] <= amount < between[1]))
                and (least is None or orders >= least)
            ):
                return answer
        return count - 1

    return decide
