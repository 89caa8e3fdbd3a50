"""The judge of deliveries: nothing lost, in order, and nothing twice without a crash or a lost lease behind it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import pairwise

from relflow.results import Message
from tests.faults.journal import Line
from tests.faults.verdict import Evidence, Verdict

__all__ = ["deliveries"]

Receipts = dict[str, list[tuple[Line, str]]]


def deliveries(verdict: Verdict, found: Evidence) -> None:
    """Compare what recipients got with the outbox."""
    receipts = _receipts(found)
    verdict.counts["messages and actions kept"] = len(found.notices)
    verdict.counts["deliveries"] = sum(len(got) for got in receipts.values())
    for key, notice in found.notices.items():
        verdict.counts[f"outbox: {notice.status}"] += 1
        if notice.status == "ready":
            verdict.wrong("left", key)
        elif notice.status == "sent" and key not in receipts:
            verdict.wrong("lost-message", key)
        elif notice.status == "dead" and not _hopeless(notice.item):
            verdict.wrong("lost-message", f"{key} is dead: {notice.error} after {notice.attempts}")
    for key in receipts.keys() - found.notices.keys():
        verdict.wrong("torn", f"{key} was delivered and is in no outbox")
    _order(verdict, found, receipts)
    _doubles(verdict, receipts)
    _leases(verdict, found)


def _hopeless(item: object) -> bool:
    return isinstance(item, Message) and item.recipient == "ghost"


def _receipts(found: Evidence) -> Receipts:
    """What arrived, by key and in order, each with what became of the process right after."""
    receipts: Receipts = defaultdict(list)
    for lines in found.journals.values():
        for place, line in enumerate(lines):
            if line["what"] == "got":
                receipts[line["key"]].append((line, _after(line, lines[place + 1 : place + 3])))
    for got in receipts.values():
        got.sort(key=lambda pair: pair[0]["tick"])
    return receipts


def _after(got: Line, following: list[Line]) -> str:
    """Why a delivery may be followed by another one: `crash`, `lease`, `store`, `deliverer`; else `marked`."""
    settled = following[0] if following else None
    if settled is None:
        return "crash"
    if settled["what"] != "settle" or settled["key"] != got["key"]:
        return "store" if settled["what"] == "trouble" else "marked"
    if not settled["mine"]:
        return "lease"
    if got["end"] in ("raise-after", "nonsense-after"):
        return "deliverer"
    if len(following) == 1:
        return "crash"
    return "store" if following[1]["what"] == "trouble" else "marked"


def _order(verdict: Verdict, found: Evidence, receipts: Receipts) -> None:
    """First arrivals for one case and recipient come in the order of the steps."""
    lanes: dict[tuple[str, str], list[tuple[tuple[int, ...], int, str]]] = defaultdict(list)
    for key, notice in found.messages():
        item = notice.item
        if notice.status == "sent" and key in receipts and isinstance(item, Message):
            step = tuple(int(part) for part in key.rsplit(":", 2)[1:])
            lanes[item.case, item.recipient].append((step, receipts[key][0][0]["tick"], key))
    for lane in lanes.values():
        lane.sort()
        for before, after in pairwise(lane):
            if before[1] > after[1]:
                verdict.wrong("disorder", f"{after[2]} before {before[2]}")


def _doubles(verdict: Verdict, receipts: Receipts) -> None:
    """A delivery that was marked is the only one, but for those that could not be marked, each for its reason."""
    for key, got in receipts.items():
        reasons = [after for _, after in got if after != "marked"]
        if len(got) - len(reasons) > 1:
            verdict.wrong("doubled", key)
        for reason in reasons[: len(got) - 1]:
            verdict.counts[f"delivered again under the same key: {reason}"] += 1


def _leases(verdict: Verdict, found: Evidence) -> None:
    """A row is claimed again only when its lease was over by the clock that the claims go by, or after a settlement."""
    claims: dict[str, dict[int, Line]] = defaultdict(dict)
    settled = set()
    for lines in found.journals.values():
        for line in lines:
            if line["what"] == "claim":
                known = claims[line["key"]].get(line["fence"])
                if known is None or known["tick"] < line["tick"]:
                    claims[line["key"]][line["fence"]] = line
            elif line["what"] in ("settle", "release") and line["mine"]:
                settled.add((line["key"], line["fence"]))
    for key, by_fence in claims.items():
        verdict.counts["claims"] += len(by_fence)
        for fence, claim in by_fence.items():
            following = by_fence.get(fence + 1)
            if following is None or (key, fence) in settled:
                continue
            if datetime.fromisoformat(following["now"]) < datetime.fromisoformat(claim["until"]):
                verdict.wrong("early-lease", f"{key} fence {fence}")
