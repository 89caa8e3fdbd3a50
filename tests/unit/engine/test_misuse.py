"""What a developer passes that is something else is told in a sentence, with what to pass instead."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relflow import Actor, Engine, FactError
from tests.strategies.engines import engine as made


@pytest.fixture
def engine() -> Iterator[Any]:
    """An engine whose arguments no type checker watches."""
    with made() as found:
        yield found


@pytest.mark.parametrize(
    ("call", "en", "zh"),
    [
        (
            lambda engine: engine.open("complaint", account=5),
            "`account` is 5, and ids are texts: pass `str(account)`, here and wherever the id comes back",
            "`account` 是 5，而标识应为文本：请传入 `str(account)`，且各处保持一致",
        ),
        (
            lambda engine: engine.open("complaint", account="C-1", actor="wang"),
            "`actor` is 'wang': pass `relflow.Actor('wang')`",
            "`actor` 是 'wang'：请传入 `relflow.Actor('wang')`",
        ),
        (
            lambda engine: engine.open("complaint", data=["leak"]),
            "`data` is ['leak']: pass a mapping from the names of data to their values",
            "`data` 是 ['leak']：请传入“数据名到值”的映射",
        ),
        (
            lambda engine: engine.fire("K-1", "acknowledge", event_id=5, actor=Actor("wang")),
            "`event_id` is 5, and ids are texts: pass `str(event_id)`, here and wherever the id comes back",
            "`event_id` 是 5，而标识应为文本：请传入 `str(event_id)`，且各处保持一致",
        ),
        (
            lambda engine: engine.allowed("K-1", "wang"),
            "`actor` is 'wang': pass `relflow.Actor('wang')`",
            "`actor` 是 'wang'：请传入 `relflow.Actor('wang')`",
        ),
        (
            lambda engine: engine.assign("K-1", "li", actor="wang"),
            "`actor` is 'wang': pass `relflow.Actor('wang')`",
            "`actor` 是 'wang'：请传入 `relflow.Actor('wang')`",
        ),
        *(
            (
                lambda engine, roles=roles: engine.fire("K-1", "acknowledge", actor=Actor("wang", roles)),
                f"`roles` of the actor are {roles!r}: pass a tuple of names, as in `Actor('wang', roles=('clerk',))`",
                f"操作人的 `roles` 是 {roles!r}：请传入名称元组，例如 `Actor('wang', roles=('clerk',))`",
            )
            for roles in ("clerk", {"clerk"}, ("clerk", 5))
        ),
        (
            lambda _: Engine("rules/general"),  # type: ignore[arg-type]
            "an engine runs a loaded policy, not 'rules/general': pass what `relflow.load(path)` returns",
            "引擎运行的是已加载的制度，而不是 'rules/general'：请传入 `relflow.load(路径)` 的返回值",
        ),
    ],
)
def test_another_kind_of_thing_is_told_apart(engine: Any, call: Callable[[Any], object], en: str, zh: str) -> None:
    """A number as an id, a name as an actor or as roles, a list as data, a path as a policy."""
    with pytest.raises(FactError) as raised:
        call(engine)
    assert raised.value.text("en") == en
    assert raised.value.text("zh") == zh
