"""Laws of durations: said and read again, compared, multiplied."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relflow.diagnostics import Fragment
from relflow.values import Duration, DurationKind, Refusal, read_duration
from tests.strategies.calendars import any_durations

numbers = st.one_of(st.integers(0, 50), st.decimals(0, 50, places=3))
odd_text = st.text(st.sampled_from("0123456789.,-+ PTDHMSW年月日天周个工作时半三十ａ３abmohurdyswkeig"), max_size=20)


@given(any_durations(), st.sampled_from(["en", "zh", "zh_TW"]))
def test_what_is_said_is_read_again(duration: Duration, lang: str) -> None:
    """A duration printed in any language is read as the same duration, and then always printed the same."""
    again = read_duration(duration.text(lang))

    assert again == duration
    assert isinstance(again, Duration)
    third = read_duration(again.text(lang))
    assert isinstance(third, Duration)
    assert third.text(lang) == again.text(lang)


@given(any_durations())
def test_expressions_give_it_back(duration: Duration) -> None:
    """The value in expressions is the same duration."""
    assert Duration.of_value(duration.value()) == duration


@given(any_durations(), any_durations(), any_durations())
def test_comparison_is_an_order_within_a_kind(first: Duration, second: Duration, third: Duration) -> None:
    """Comparison is opposite from the other side, agrees with equality, is transitive, and stays within a kind."""
    there, back = first.compare(second), second.compare(first)

    assert (there is None) == (back is None)
    assert there is None or there == -(back or 0)
    assert (there == 0) == (first == second)
    assert first.kind is second.kind or there is None
    if there == 1 and second.compare(third) == 1:
        assert first.compare(third) == 1


@given(any_durations(), numbers, numbers)
def test_larger_factors_give_larger_durations(duration: Duration, first: Decimal | int, second: Decimal | int) -> None:
    """Multiplying keeps the kind and the order of the factors; by one it changes nothing."""
    if duration.kind is DurationKind.MONTHS:
        first, second = int(first), int(second)
    less, more = sorted((first, second))

    assert duration.times(1) == duration
    assert (duration.times(less).compare(duration.times(more)) or 0) <= 0
    assert duration.times(less).kind is duration.kind


@given(odd_text)
def test_any_text_is_read_or_refused_with_what_can_be_read(text: str) -> None:
    """Reading never raises; a refusal shows itself in both languages, and each text that it suggests is read."""
    found = read_duration(text)
    if isinstance(found, Refusal):
        finding = found.at(Fragment.of(text).span)
        assert all("{" not in finding.text(lang) + (finding.help(lang) or "") for lang in ("en", "zh"))
        assert all(isinstance(read_duration(suggestion), Duration) for suggestion in found.suggestions)
