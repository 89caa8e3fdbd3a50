"""Values as canonical text and back."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relflow.errors import FactError
from relflow.results import Actor, Case, ClockRecord, HistoryEntry, Message, Performance, Step, Trigger
from relflow.stores import codec
from relflow.stores.codec import EPOCH, decode, encode, instant, microseconds
from relflow.stores.documents import case_of, entry_of, message_of
from relflow.stores.texts import case_text, entry_text, message_text, performance_text
from relflow.testing.store_samples import ODD_DATA, sample_step
from relflow.values import WorkingDuration, make_date, parse_temporal
from tests.strategies.steps import kept_values


@given(kept_values())
def test_a_value_comes_back_as_it_went_in(value: object) -> None:
    """Every FEEL value survives, kinds included; a decimal keeps its digits."""
    back = decode(encode(value))

    assert back == value
    assert encode(back) == encode(value)


@given(kept_values())
def test_the_text_is_canonical_ascii(value: object) -> None:
    """The text holds only printable ASCII."""
    text = encode(value)

    assert all(" " <= sign <= "~" for sign in text)


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    """Equal mappings give equal bytes."""
    assert encode(value) == encode(dict(reversed(value.items()))) == encode(MappingProxyType(value))


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_told_apart(fold: int) -> None:
    """A local time that exists twice keeps its offset."""
    value = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    back = decode(encode(value))

    assert (back.utcoffset(), back.tzinfo) == (value.utcoffset(), value.tzinfo)


@pytest.mark.parametrize(
    "value",
    [
        WorkingDuration(Decimal("1.5"), timedelta(hours=4)),
        make_date(12026, 1, 2),
        make_date(-4, 2, 29),
        parse_temporal("2026-01-01T00:00:00.123456789Z"),
        parse_temporal("10:00:00@Asia/Shanghai"),
        parse_temporal("10:00:00+08:00"),
        time(10, 30),
    ],
    ids=str,
)
def test_values_beyond_the_standard_library_come_back(value: object) -> None:
    """Far dates, nanoseconds, zoned times and working time survive."""
    back = decode(encode({"value": [value]}))

    assert back == {"value": [value]}
    assert type(back["value"][0]) is type(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), object(), {1j}])
def test_what_feel_does_not_have_is_refused(value: object) -> None:
    """The refusal never shows the value."""
    with pytest.raises(FactError) as caught:
        encode({"personal": ["secret", value]})

    assert "secret" not in caught.value.text() + caught.value.text("zh")


@pytest.mark.parametrize("refused", [object(), float("nan"), Decimal("NaN")])
def test_a_refused_value_leaves_nothing_behind(refused: object) -> None:
    """What was written before the refusal is not taken for what the next value says."""
    with pytest.raises(FactError):
        encode([Decimal(1), refused])

    assert encode({"$decimal": "2"}) == '{"$map":{"$decimal":"2"}}'


class Meanwhile(Mapping[str, object]):
    """An empty mapping; while it is read, something else happens."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call = call

    def __getitem__(self, key: str) -> object:
        raise KeyError(key)

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        self.call()
        return iter(())


def test_threads_do_not_mix_up_whose_tags_they_write() -> None:
    """A value with the user's own `$` key, written while another thread is in the middle of one with a tag."""
    written: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        text = encode([Decimal(1), Meanwhile(lambda: written.append(pool.submit(encode, {"$date": "none"}).result()))])

    assert (text, written) == ('[{"$decimal":"1"},{}]', ['{"$map":{"$date":"none"}}'])


def test_a_python_without_the_encoder_in_c_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other Pythons have only the encoder that is written in Python."""
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    other = runpy.run_path(codec.__file__)

    assert other["encode"](ODD_DATA) == encode(ODD_DATA)
    assert other["_pieces"].__class__ is not codec._pieces.__class__


def test_a_value_that_holds_itself_is_refused() -> None:
    """No endless loop."""
    value: list[object] = []
    value.append(value)

    with pytest.raises(FactError):
        encode(value)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_a_number_of_microseconds(at: datetime) -> None:
    """Columns hold instants exactly."""
    assert instant(microseconds(at)) == at


def full_step() -> Step:
    """A step in which every field of everything says something."""
    step = sample_step(
        closed=True, timers={"due": timedelta()}, tenant="t", account="C", key="k", parent="P", element="e",
        subject="s", owner="li", merged_into="M", event_id="e-1",
    )  # fmt: skip
    clock = ClockRecord("sla", 2, True, True, {"used": 1}, step.entry.at, step.entry.at, True, True, "limit", ("80%",))
    actor = Actor("zhang", ("clerk",), {"nda_signed": True}, "li")
    entry = replace(
        step.entry, trigger=replace(step.entry.trigger, actor=actor), before="s0", findings=("late",),
        clocks={"sla": {"due": 1}}, facts={"size": 2}, calendar="c", definition="d",
    )  # fmt: skip
    return replace(step, case=replace(step.case, clocks={"sla": clock, "a": replace(clock, name="a")}), entry=entry)


def test_texts_leave_no_field_out() -> None:
    """Whatever a case, a line, a message or an action holds is kept; a new field has to be thought of here."""
    step = full_step()

    def names(kind: type) -> set[str]:
        return {field.name for field in fields(kind)}

    case, entry = json.loads(case_text(step.case)), json.loads(entry_text(step.entry))
    assert case.keys() == names(Case)
    assert case["clocks"]["sla"].keys() == names(ClockRecord) - {"name"}
    assert entry.keys() == names(HistoryEntry)
    assert entry["trigger"].keys() == names(Trigger)
    assert entry["trigger"]["actor"].keys() == names(Actor)
    assert json.loads(message_text(step.messages[0])).keys() == names(Message)
    assert json.loads(performance_text(Performance("k", "c", 1, "n", {"a": 1}))).keys() == names(Performance)


@pytest.mark.parametrize("step", [full_step(), sample_step(), sample_step(version=2, data=ODD_DATA)])
def test_texts_are_canonical_and_read_back(step: Step) -> None:
    """The text that is put together from parts is what the encoder would write, and stands for the same value."""
    texts = (case_text(step.case), entry_text(step.entry), message_text(step.messages[0]))

    assert [encode(decode(text)) for text in texts] == list(texts)
    assert case_of(decode(texts[0])) == step.case
    assert entry_of(decode(texts[1])) == step.entry
    assert message_of(decode(texts[2])) == step.messages[0]


def test_what_is_absent_is_left_out() -> None:
    """A small case stays small."""
    bare = Case("K-1", "todo", "1", "d", "open", 1, EPOCH, EPOCH)
    members = {"definition", "id", "opened_at", "state", "updated_at", "version", "workflow", "workflow_version"}

    assert json.loads(case_text(bare)).keys() == members
    assert case_of(decode(case_text(bare))) == bare


def test_a_document_is_json_that_others_can_read() -> None:
    """An auditor reads the history without relflow."""
    body = json.loads(entry_text(sample_step(version=2).entry))

    assert (body["before"], body["after"], body["trigger"]["actor"]["id"]) == ("s1", "s2", "zhang")
