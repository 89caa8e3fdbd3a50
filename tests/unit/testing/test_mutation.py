"""Which changes of a policy its tests notice."""

from __future__ import annotations

import pytest

from relflow.testing import Mutations

POLICY = """
policy: small
version: 1
timezone: Asia/Shanghai
parameters:
  limit: {type: number, value: 50}
facts:
  amount: {type: number}
  late: {type: boolean}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount || size  |
      | >= 100 || large |
      | >= 0   || small |
  over: {expression: amount > limit, output: {type: boolean}}
  danger:
    output: {type: string, one_of: [high, low]}
    scorecard:
      criteria:
        lateness: {when: late, points: 40}
        bulk: {when: amount > 500, points: 40}
      levels: {high: 60, low: 0}
tiers:
  tier: {from: size, levels: [large, small]}
cadences:
  contact:
    touchpoints: {call: {channel: phone}, visit: {channel: visit}}
    plan: |
      | tier  || touchpoint | target  |
      | large || visit      | 1 month |
      | -     || call       | 1 month |
"""
STRICT = """
tests:
  - it: sizes
    decide: size
    table: |
      | amount || size  |
      | 101    || large |
      | 100    || large |
      | 99.5   || small |
      | 1      || small |
      | 0      || small |
      | -0.5   ||       |
"""


@pytest.fixture
def mutations(tmp_path):
    """A function that tries changes of the small policy against tests."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")

    def tried(text: str, **options) -> Mutations:
        (tmp_path / "small.test.yaml").write_text(text, encoding="utf-8")
        found = Mutations(tmp_path, **options)
        assert all(result.passed for result in found.results)
        list(found)
        return found

    return tried


def unnoticed(found, name):
    """What no test noticed of one element, as sentences."""
    return [mutant.text("en") for mutant in found.unnoticed if mutant.name == name]


def test_every_kind_of_change_is_tried(mutations):
    """Bounds, rows, answers, points, parameters, plan rows; each in one sentence."""
    found = mutations("tests: []")

    said = {mutant.said.text("en") for _, mutant in found.all}
    assert said >= {
        "`> 100` instead of `>= 100` in `size`, row 1",
        "`>= 101` instead of `>= 100` in `size`, row 1",
        "`>= 99` instead of `>= 100` in `size`, row 1",
        "`small` instead of `large` in `size`, row 1",
        "`size` without row 1",
        "rows 1 and 2 of `size` in each other's place",
        "`amount >= limit` instead of `amount > limit` in `over`",
        "`51` instead of `50` in `limit`",
        "`danger` without criterion `lateness`",
        "`call` instead of `visit` in `contact`, row 1",
        "`2 month` instead of `1 month` in `contact`, row 2",
        "`contact` without row 2",
    }
    assert len(found.unnoticed) == len(found.all)


def test_changes_that_cannot_matter_are_not_tried(mutations):
    """No sum of points lies between 59 and 61; rows for different contacts stand in any order."""
    said = {mutant.said.text("en") for _, mutant in mutations("tests: []").all}

    assert "`61` instead of `60` in `danger`, level `high`" not in said
    assert "`41` instead of `40` in `danger`, criterion `lateness`" not in said
    assert "rows 1 and 2 of `contact` in each other's place" not in said


def test_tests_on_both_sides_of_each_bound_notice_everything(mutations):
    """Just below, at and just above every threshold leaves no change of the table unnoticed."""
    assert unnoticed(mutations(STRICT), "size") == []


def test_a_weak_test_lets_bounds_move(mutations):
    """Far from the threshold nothing is noticed of it; the rows are."""
    found = mutations("tests: [{it: sizes, given: {amount: 1000}, expect: {size: large}}]")

    assert "no test would notice `> 100` instead of `>= 100` in `size`, row 1" in unnoticed(found, "size")
    assert "no test would notice `size` without row 1" not in unnoticed(found, "size")
    assert "no test would notice `size` without row 2" in unnoticed(found, "size")


def test_tests_notice_through_what_they_ask(mutations):
    """A test of `over` notices the parameter behind it, one of the level in force the row behind it."""
    found = mutations(
        """
tests:
  - it: is over
    today: 2026-07-01
    given: {amount: 51}
    expect: {over: true, tier: small}
  - it: is not over
    given: {amount: 50}
    expect: {over: false}
"""
    )

    assert unnoticed(found, "limit") == []
    assert unnoticed(found, "over") == []
    assert "no test would notice `size` without row 2" not in unnoticed(found, "size")


def test_most_takes_changes_evenly_and_always_the_same(mutations):
    """The bound holds, and a second run tries the same changes."""
    first, second = mutations(STRICT, most=7), mutations(STRICT, most=7)

    assert len(first.found) == len(first) == 7
    assert [one.mutant.text() for one in first.found] == [one.mutant.text() for one in second.found]
    assert len({mutant.name for _, mutant in first.chosen}) > 2


def test_what_was_found_is_data_in_both_languages(mutations):
    """Figures, and each change with its place."""
    found = mutations("tests: [{it: sizes, given: {amount: 100}, expect: {size: large}}]")
    data = found.to_dict("zh")

    assert data["noticed"] + len(data["unnoticed"]) == data["tried"] == data["changes"]
    texts = {one["text"]: one["place"] for one in data["unnoticed"]}
    place = texts["将 `size` 第 1 行的 `>= 100` 改为 `>= 99`，没有测试会发现"]
    assert place.endswith("policy.yaml:16:9")


def test_tests_that_fail_notice_nothing(mutations):
    """A known gap is no proof, and its failing is no notice."""
    found = mutations("tests: [{it: sizes, given: {amount: 100}, expect: {size: small}, known_gap: yes}]")

    assert len(found.unnoticed) == len(found.all)
