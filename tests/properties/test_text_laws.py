"""Laws that canonical texts keep: they are what json.dumps writes of the same members, whatever is in them.

The stores put texts together from parts, quickly; hashes stand over them, so that no byte may ever differ. Here the
same texts are made the plain way.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from relflow.results import Actor, Case, HistoryEntry, Message, Performance, Trigger
from relflow.stores.codec import EPOCH, Sealed, decode, encode, microseconds
from relflow.stores.documents import case_of, entry_of, message_of, performance_of
from relflow.stores.sealing import Sealer
from relflow.stores.texts import case_text, entry_text, message_text, performance_text
from relflow.text import Text
from relflow.values import YearsMonthsDuration, to_text
from tests.strategies import steps as strategies

Seal = Callable[[Mapping[str, object]], Mapping[str, object]]
MICROSECOND = dt.timedelta(microseconds=1)


def spelt(value: object) -> object:
    """A value in JSON's own words, with a tag for what JSON lacks and the user's own `$` keys wrapped."""
    match value:
        case Mapping():
            inner = {key: spelt(item) for key, item in value.items()}
            return {"$map": inner} if any(key.startswith("$") for key in inner) else inner
        case list() | tuple():
            return [spelt(item) for item in value]
        case Sealed(id=surrogate):
            return {"$sealed": surrogate}
        case Decimal():
            return {"$decimal": str(value)}
        case dt.datetime():
            zone = getattr(value.tzinfo, "key", None)
            return {"$datetime": value.isoformat() + ("" if zone is None else f"[{zone}]")}
        case dt.date():
            return {"$date": value.isoformat()}
        case dt.time():
            return {"$time": to_text(value)}
        case dt.timedelta():
            return {"$days": str(value // MICROSECOND)}
        case YearsMonthsDuration(months=months):
            return {"$months": months}
    return value


def dumped(value: object) -> str:
    """Members as JSON in order of key."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


PERSONAL_MEMBERS = {"data", "changes", "facts", "fields", "arguments", "values"}
# a record's members that are there even if they say nothing
ALWAYS = {Message: {"text"}, Actor: {"roles"}}


def document(record: object, seal: Seal) -> dict[str, object]:
    """A record's members without what is absent or empty."""
    always = ALWAYS.get(type(record), set())
    # `record` is whatever dataclass the law is about: no type says so
    optional = {field.name for field in fields(record) if field.default == ""}  # type: ignore[arg-type]
    members: dict[str, object] = {}
    for field in fields(record):  # type: ignore[arg-type]
        name, value = field.name, getattr(record, field.name)
        nothing = value is None or value is False or (isinstance(value, Mapping | tuple) and not value)
        if (value is not None and name in always) or not (nothing or (name in optional and value == "")):
            members[name] = said(record, name, value, seal)
    return members


def said(record: object, name: str, value: Any, seal: Seal) -> object:
    """What stands for one member."""
    match value:
        case dt.datetime():
            return (value - EPOCH) // MICROSECOND
        case Trigger() | Actor():
            return document(value, seal)
        case Text(pairs=pairs):
            return pairs
    if isinstance(record, Case) and name == "clocks":
        return {clock: {n: v for n, v in document(one, seal).items() if n != "name"} for clock, one in value.items()}
    if name == "children":
        return [[child.id, child.workflow, child.closed] for child in value]
    if name == "effects":
        return [[one.verb, one.target, spelt(seal(one.values)), one.cause] for one in value]
    personal = name in PERSONAL_MEMBERS and not isinstance(record, Actor)
    return spelt(seal(value) if personal else value)


def same(write: Callable[..., str], record: object, personal: set[str]) -> None:
    """The text is the plain one, with nothing sealed and with these names sealed; the vault opens what was sealed."""
    assert write(record) == dumped(document(record, lambda values: values))
    quick, plain = [Sealer(lambda: "salt", frozenset(personal)) for _ in range(2)]
    sealed = write(record, quick.text)
    assert sealed == dumped(document(record, plain))
    assert quick.vault == plain.vault
    vault = {surrogate: decode(text) for surrogate, text in quick.vault.items()}
    assert encode(decode(sealed, vault)) == write(record)


names = st.sets(strategies.texts(), max_size=3)


@given(strategies.kept_values())
@example({"$date": dt.date(2026, 3, 2), "price": "$5", 'a"$b': Decimal("0.10")})
def test_a_value_is_what_json_writes(value: object) -> None:
    """Tags and escapes included."""
    assert encode(value) == dumped(spelt(value))


@given(strategies.cases(), names)
def test_a_case_is_what_json_writes(case: Case, personal: set[str]) -> None:
    """And what is read is written as the same again."""
    same(case_text, case, personal)

    assert case_text(case_of(decode(case_text(case)))) == case_text(case)


@given(strategies.entries(), names)
def test_a_line_of_history_is_what_json_writes(entry: HistoryEntry, personal: set[str]) -> None:
    """And what is read is written as the same again."""
    same(entry_text, entry, personal)

    assert entry_text(entry_of(decode(entry_text(entry)))) == entry_text(entry)


@given(strategies.messages(), names)
def test_a_message_is_what_json_writes(message: Message, personal: set[str]) -> None:
    """And what is read is written as the same again."""
    same(message_text, message, personal)

    assert message_text(message_of(decode(message_text(message)))) == message_text(message)


@given(strategies.performances(), names)
def test_a_host_action_is_what_json_writes(performance: Performance, personal: set[str]) -> None:
    """And what is read is written as the same again."""
    same(performance_text, performance, personal)

    assert performance_text(performance_of(decode(performance_text(performance)))) == performance_text(performance)


@given(strategies.instants())
def test_an_instant_is_exact(at: dt.datetime) -> None:
    """In whatever zone it was said."""
    assert microseconds(at) == (at - EPOCH) // MICROSECOND
