"""Conditions as sentences."""

from __future__ import annotations

import pytest

from relflow.explain.sentences import Called, sentence
from relflow.explain.showing import text_of
from relflow.feel import Scope, parse

LABELS = {
    "channel": text_of("Channel", "渠道"),
    "important": text_of("Important", "重要事项"),
    "years": text_of("Years", "合作年限"),
    "least": text_of("Least years", "最低年限"),
    "cause": text_of("Cause", "原因"),
}
VALUES = {"channel": {"mail": text_of("Mail", "邮件"), "phone": text_of("Phone", "电话")}}
CALLED = Called(LABELS.get, lambda name: VALUES.get(name, {}))


@pytest.mark.parametrize(
    ("condition", "en", "zh"),
    [
        ("important", "Important is yes", "重要事项为“是”"),
        ("not(important)", "Important is no", "重要事项为“否”"),
        ('channel = "mail"', "Channel is Mail", "渠道为邮件"),
        ('channel != "mail"', "Channel is not Mail", "渠道不是邮件"),
        ('channel in ("mail", "phone")', "Channel is Mail or Phone", "渠道为邮件或电话"),
        ("years >= 5", "Years at least 5", "合作年限不低于 5"),
        ("years < least", "Years less than “Least years”", "合作年限低于“最低年限”"),
        ("cause != null", "Cause is given", "已填写原因"),
        ("cause = null", "Cause is not given", "未填写原因"),
        ("years > 3 and important", "Years more than 3 and Important is yes", "合作年限高于 3，且重要事项为“是”"),
        (
            "important and (cause != null or years > 3)",
            "Important is yes and (Cause is given or Years more than 3)",
            "重要事项为“是”，且（已填写原因，或合作年限高于 3）",
        ),
        (
            "cause != null or important and years > 3",
            "Cause is given or (Important is yes and Years more than 3)",
            "已填写原因，或（重要事项为“是”，且合作年限高于 3）",
        ),
        ("cause != null and cause = 3", "Cause is exactly 3", "原因等于 3"),
        ("today() - years >= least", "Years at least “Least years” ago", "合作年限距今不少于“最低年限”"),
        (
            "every c in children satisfies c.closed",
            "all cases that it opened are closed",
            "由它新建的工单均已关闭",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: str, en: str, zh: str) -> None:
    """Names stand under their labels, values too; brackets keep what belongs together."""
    said = sentence(parse(condition, Scope(open=True)).tree, condition, CALLED)

    assert said is not None
    assert (said.text("en"), said.text("zh")) == (en, zh)


@pytest.mark.parametrize(
    "condition",
    [
        "unlabelled > 3",
        "years > 3 and unlabelled",
        "years < unlabelled",
        "years + 1 > 3",
        "years > null",
        "some c in children satisfies c.closed",
    ],
)
def test_what_has_no_plain_words_stays_a_formula(condition: str) -> None:
    """A name without a label, arithmetic and loops are better said by the formula itself."""
    assert sentence(parse(condition, Scope(open=True)).tree, condition, CALLED) is None
