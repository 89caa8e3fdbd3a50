"""Strategies for what a store keeps: values of facts and data, cases, lines of history, outbox rows."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from relflow.results import Actor, Case, Child, ClockRecord, Effect, HistoryEntry, Message, Performance, Trigger
from relflow.text import Text
from relflow.values import YearsMonthsDuration

# names that look like tags and escapes, and texts that drivers and databases stumble over
ODD = ("$date", "$map", "$", '"$', "a\ud800b", "\x00", "泄漏", "")
# what a policy's author may call a clock
NAMES = st.sampled_from(["first_response", "sla", "after work.late", "初次响应"])
ZONES = (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"))


def texts() -> st.SearchStrategy[str]:
    """Texts, odd ones among them."""
    return st.text(max_size=20) | st.sampled_from(ODD)


def instants() -> st.SearchStrategy[object]:
    """Aware instants in several zones."""
    return st.datetimes(timezones=st.sampled_from(ZONES))


def plain_values() -> st.SearchStrategy[object]:
    """Values with nothing inside."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        texts(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.datetimes(timezones=st.sampled_from([None, *ZONES])),
        st.times(),
        st.timedeltas(),
        st.integers(-1000, 1000).map(YearsMonthsDuration),
    )


def kept_values() -> st.SearchStrategy[object]:
    """Whatever a fact or a datum may be, lists and contexts included."""
    return st.recursive(plain_values(), lambda inner: st.lists(inner) | st.dictionaries(texts(), inner), max_leaves=8)


def told() -> st.SearchStrategy[dict[str, object]]:
    """What hosts and policies fill in freely; half of it is empty."""
    return st.just({}) | st.dictionaries(texts(), kept_values(), max_size=3)


def _several(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


def _perhaps(one: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | one


def clocks() -> st.SearchStrategy[ClockRecord]:
    """Clocks as they are stored."""
    return st.builds(
        ClockRecord, name=NAMES, lap=st.integers(1, 99), running=st.booleans(), paused=st.booleans(), state=told(),
        started_at=instants(), due_at=_perhaps(instants()), breached=st.booleans(), provisional=st.booleans(),
        unset=_perhaps(texts()), fired=_several(texts()),
    )  # fmt: skip


def cases() -> st.SearchStrategy[Case]:
    """Cases in which any member may be there or not."""
    children = _several(st.builds(Child, texts(), texts(), st.booleans()))
    people = _several(texts())
    return st.builds(
        Case, id=texts(), workflow=texts(), workflow_version=texts(), definition=texts(), state=texts(),
        version=st.integers(1, 10**6), opened_at=instants(), updated_at=instants(), tenant=texts(),
        account=_perhaps(texts()), key=_perhaps(texts()), parent=_perhaps(texts()), element=_perhaps(texts()),
        subject=_perhaps(texts()), owner=_perhaps(texts()), closed_at=_perhaps(instants()), data=told(),
        clocks=st.lists(clocks(), max_size=2).map(lambda found: {clock.name: clock for clock in found}),
        children=children, fired_by=st.dictionaries(texts(), people, max_size=2),
        approvals=st.dictionaries(texts(), _several(st.tuples(texts(), texts())), max_size=2),
        merged_into=_perhaps(texts()),
    )  # fmt: skip


def triggers() -> st.SearchStrategy[Trigger]:
    """Why a step is taken, by somebody or by nobody."""
    actors = st.builds(
        Actor, id=texts(), roles=_perhaps(_several(texts())), facts=told(), acting_for=_perhaps(texts())
    )  # fmt: skip
    return st.builds(
        Trigger, kind=st.sampled_from(["open", "event", "timer"]), name=texts(), event_id=_perhaps(texts()),
        actor=_perhaps(actors), data=told(),
    )  # fmt: skip


def entries() -> st.SearchStrategy[HistoryEntry]:
    """Lines of history in which any member may be there or not."""
    effects = st.builds(Effect, st.sampled_from(["notify", "set"]), texts(), told(), texts())
    return st.builds(
        HistoryEntry, case=texts(), seq=st.integers(1, 10**6), at=instants(), trigger=triggers(),
        before=_perhaps(texts()), after=texts(), changes=told(), effects=_several(effects), findings=_several(texts()),
        clocks=st.dictionaries(texts(), told(), max_size=2), facts=told(), policy=texts(), calendar=texts(),
        definition=texts(),
    )  # fmt: skip


def messages() -> st.SearchStrategy[Message]:
    """Notifications with their texts."""
    text = st.lists(st.tuples(texts(), texts()), max_size=2).map(lambda pairs: Text(tuple(pairs)))
    return st.builds(
        Message, key=texts(), case=texts(), ordinal=st.integers(1, 99), recipient=texts(), name=texts(), text=text,
        fields=told(),
    )  # fmt: skip


def performances() -> st.SearchStrategy[Performance]:
    """Host actions with their arguments."""
    return st.builds(Performance, key=texts(), case=texts(), ordinal=st.integers(1, 99), name=texts(), arguments=told())
