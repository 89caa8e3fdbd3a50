"""Records made quickly are the records that their constructors make."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, datetime

import pytest

from relflow.results import Case, Effect, Timer
from relflow.results.quick import maker

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_it_is_the_same_record() -> None:
    """Equal, of the same class, and as good for copying and pickling."""
    made = maker(Timer)("K", "clock", 1, "due", NOW)

    assert made == Timer("K", "clock", 1, "due", NOW)
    assert type(made) is Timer
    assert hash(made) == hash(Timer("K", "clock", 1, "due", NOW))
    assert pickle.loads(pickle.dumps(made)) == made
    assert dataclasses.replace(made, lap=2) == Timer("K", "clock", 2, "due", NOW)


@pytest.mark.parametrize("cls", [Case, Effect, Timer])
def test_it_is_frozen(cls: type) -> None:
    """Nothing can be set afterwards."""
    made = maker(cls)(*([None] * len(dataclasses.fields(cls))))
    first = dataclasses.fields(cls)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, first, "x")


def test_every_value_has_to_be_there() -> None:
    """A field that is left out is an error; there are no defaults."""
    with pytest.raises(TypeError):
        maker(Timer)("K", "clock")
