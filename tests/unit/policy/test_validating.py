"""What `validate` says of a record beyond the types of its facts."""

from __future__ import annotations

from relflow.policy import Policy, build
from relflow.reader import read_text

POLICY = """
policy: x
version: 1
facts:
  amount: {type: number}
  manager_id: {type: string, required: amount > 100}
  deputy_id: {type: string}
roles:
  manager: {from: manager_id, required: true}
  deputy: {from: deputy_id, required: amount > 50}
  anybody: {members: [wang]}
"""


def policy() -> Policy:
    """The policy with two roles that have to be filled."""
    return build(*read_text(POLICY))


def told(record: dict[str, object]) -> list[tuple[str, object]]:
    """What is wrong, and about which fact."""
    return [(error.reason, error.details["fact"]) for error in policy().validate(record)]


def test_a_required_role_asks_for_the_fact_that_names_its_holder() -> None:
    """Where the condition of the role holds and nobody is named, the role and the fact are told."""
    (error,) = policy().validate({"amount": 10})

    assert error.details == {"fact": "manager_id", "role": "manager"}
    assert error.text() == (
        "the role `manager` is required, and the fact `manager_id` that names who holds it is missing"
    )
    assert error.text("zh") == "必须有人担任 `manager`，但缺少指明担任者的数据项 `manager_id`"


def test_a_condition_of_a_role_decides_whether_it_is_asked_for() -> None:
    """An empty text names nobody; what is named is not asked for; a fact that is required itself is told once."""
    assert told({"amount": 60, "manager_id": "li", "deputy_id": ""}) == [("required", "deputy_id")]
    assert told({"amount": 60, "manager_id": "li", "deputy_id": "wang"}) == []
    assert told({"amount": 200}) == [("required", "manager_id"), ("required", "deputy_id")]


ORDERS = """
policy: x
version: 1
records:
  line: {product: {type: string}, count: {type: number}}
  order: {amount: {type: number}, lines: {type: [line]}}
facts:
  amount: {type: number}
  orders: {type: [order]}
"""


def test_misspelt_facts_and_fields_are_told_with_what_was_meant() -> None:
    """A name that resembles a missing one is told, however deep it stands; other columns of a CRM are not."""
    record = {"amuont": 5, "region": "north", "orders": [{"amount": 1, "lines": [{"prodct": "oil", "note": "x"}]}]}

    found = build(*read_text(ORDERS)).validate(record)

    assert [error.text() for error in found] == [
        "`amuont` is no fact of the policy: did you mean `amount`?",
        "the fact `orders` has no field `prodct`: did you mean `product`?",
    ]
    assert [error.text("zh") for error in found] == [
        "`amuont` 不是本制度的数据项，是否想写 `amount`？",
        "数据项 `orders` 没有字段 `prodct`，是否想写 `product`？",
    ]
    assert build(*read_text(ORDERS)).validate({"amount": 5, "orders": [{"amount": 1, "lines": []}]}) == ()
