"""The demo's customers: real purchases, moved 28 years forward so that they meet today's calendar."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from relflow.results import Contact

__all__ = ["YEARS_FORWARD", "Customer", "read_customers"]

YEARS_FORWARD = 28


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as a CRM would hand it over: an id, the record of facts, the contacts that were made."""

    id: str
    record: Mapping[str, object]
    history: tuple[Contact, ...]
    purchases: int

    def history_until(self, at: date) -> tuple[Contact, ...]:
        """The contacts made before `at`."""
        return tuple(contact for contact in self.history if contact.on < at)


def read_customers(path: Path) -> list[Customer]:
    """The customers of the purchase file, in the order of their ids.

    The only contacts that such a file knows of are the purchases, so each counts as a return visit.
    """
    purchases: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            purchases[row["customer_id"]].append(
                {
                    "product": "music",
                    "quantity": int(row["quantity"]),
                    "amount": Decimal(row["amount_usd"]),
                    "bought_on": _forward(date.fromisoformat(row["date"])),
                }
            )
    return [_customer(name, bought) for name, bought in sorted(purchases.items())]


def _customer(name: str, bought: list[dict[str, object]]) -> Customer:
    days = sorted({purchase["bought_on"] for purchase in bought if isinstance(purchase["bought_on"], date)})
    record = {
        "name": f"CDNOW {name}",
        "purchases": bought,
        "account_manager_id": f"manager-{int(name) % 12 + 1:02d}",
        "department_lead_id": "lead-01",
    }
    return Customer(name, record, tuple(Contact("return_visit", day) for day in days), len(bought))


def _forward(day: date) -> date:
    return day.replace(year=day.year + YEARS_FORWARD)
