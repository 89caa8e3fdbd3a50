"""What every text for users keeps: both languages, the same slots, the house's manner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from relflow.diagnostics import Message
from relflow.text import Text
from tests.contracts.code import modules

SLOT = re.compile(r"\{(\w*)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# entry modules run when imported
SKIPPED = {"relflow.__main__"}
# words that the glossary has another for: the same thing is called the same everywhere
STRANGERS = {
    "开立": "新建",
    "发起工单": "新建工单",
    "终结状态": "终止状态",
    "信息类别": "数据类别",
    "保留词": "保留字",
    "时间长度": "时长",
    "尚未取值": "尚未设定",
    "布尔": "真假值",
    "宿主": "业务系统",
    "触点": "联系",
    "公司": "企业",
}


def values(value: object, depth: int = 0) -> Iterator[object]:
    """A value, and what it holds if it is a plain container."""
    yield value
    if depth < 3 and isinstance(value, dict):
        for item in value.values():
            yield from values(item, depth + 1)
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from values(item, depth + 1)


def constants(kind: type) -> list[tuple[str, object]]:
    """Every constant of a kind in the package, with where it stands; constants imported elsewhere count once."""
    found: dict[int, tuple[str, object]] = {}
    for module in modules():
        if module.name in SKIPPED:
            continue
        for name, value in vars(import_module(module.name)).items():
            for item in values(value) if not name.startswith("__") else ():
                if isinstance(item, kind):
                    found.setdefault(id(item), (f"{module.name}.{name}", item))
    return list(found.values())


MESSAGES = [pytest.param(item, id=f"{place}-{item.name}") for place, item in constants(Message)]  # type: ignore[attr-defined]
TEXTS = [pytest.param(item, id=place) for place, item in constants(Text)]


def in_both(text: Text) -> dict[str, str]:
    """The text by language, English and Chinese at least."""
    by_language = dict(text.pairs)
    assert {"en", "zh"} <= set(by_language), by_language
    return by_language


def slots(text: str) -> set[str]:
    """The fields that a text fills in."""
    return set(SLOT.findall(text))


@pytest.mark.parametrize("message", MESSAGES)
def test_message_says_the_same_in_both_languages(message: Message) -> None:
    """A finding and its remedy stand in English and in Chinese, each filling the same fields."""
    text = in_both(message.text)
    remedy = in_both(message.help) if message.help is not None else None

    assert slots(text["en"]) == slots(text["zh"])
    assert CHINESE.search(text["zh"])
    if remedy:
        assert slots(remedy["en"]) == slots(remedy["zh"])


@pytest.mark.parametrize("message", MESSAGES)
def test_message_keeps_the_house_manner(message: Message) -> None:
    """A finding has a kebab-case name; its texts are one line, start lower case and end without a full stop."""
    texts = [*message.text.pairs, *(message.help.pairs if message.help else ())]

    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", message.name)
    for _, text in texts:
        assert "\n" not in text
        assert not text.endswith((".", "。"))
        assert not re.match(r"[A-Z][a-z]", text), text


@pytest.mark.parametrize("message", MESSAGES)
def test_message_comes_with_a_remedy(message: Message) -> None:
    """Whatever a policy is told of says what to do; a reason for null, which is no finding, says only what happened."""
    assert message.help is not None or message.name.startswith("null-")


@pytest.mark.parametrize("message", MESSAGES)
def test_a_chinese_remedy_comes_without_courtesies(message: Message) -> None:
    """It says what to write, as the English one does."""
    assert message.help is None or not message.help.text("zh").startswith("请")


@pytest.mark.parametrize("text", [*MESSAGES, *TEXTS])
def test_chinese_calls_a_thing_by_its_one_name(text: Message | Text) -> None:
    """No text uses a word for which the glossary has another."""
    texts = (text,) if isinstance(text, Text) else (text.text, text.help)
    said = " ".join(one.text("zh") for one in texts if one is not None)

    assert [f"{stranger}: {word}" for stranger, word in STRANGERS.items() if stranger in said] == []


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_has_one_language_has_the_other(text: Text) -> None:
    """A constant text is empty, the same everywhere, or written in English and Chinese, with the same slots."""
    if set(text.languages()) <= {""}:
        return
    by_language = in_both(text)

    assert slots(by_language["en"]) == slots(by_language["zh"])
