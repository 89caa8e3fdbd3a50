"""The policy whose manual is in Traditional Chinese speaks it throughout: labels, reasons, messages, handbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relflow import Actor, Engine
from relflow.cli.app import run
from relflow.feel import Scope
from relflow.model.values import Wording
from relflow.policy import load
from relflow.text import Text
from relflow.workflow.traditional import TRADITIONAL

POLICY = "rules/petrochemical"
OVERLAY = "rules/petrochemical/example.overlay.yaml"
TELLTALE = [
    line.split() if " " in line else list(line)
    for line in Path("tests/cases/traditional/telltale.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
SIMPLIFIED = sorted({one for line in TELLTALE for one in line})


def texts(value: object, seen: set[int]) -> Iterator[Text]:
    """Every text below `value`."""
    if isinstance(value, Text | Wording):
        yield value if isinstance(value, Text) else value.text
        return
    if id(value) in seen or isinstance(value, Scope):  # a scope holds the functions of the language, not the policy's
        return
    seen.add(id(value))
    inner: list[object] = []
    if isinstance(value, Mapping):
        inner = list(value.values())
    elif isinstance(value, list | tuple | frozenset):
        inner = list(value)
    elif is_dataclass(value):
        inner = [getattr(value, field.name) for field in fields(value)]
    for item in inner:
        yield from texts(item, seen)


def written(overlay: str | None = None) -> list[dict[str, str]]:
    """What the policy and the workflows it uses say to people: labels and messages, and the reasons in its tables."""
    policy = load(POLICY, overlay=overlay)
    return [dict(text.pairs) for text in texts((policy.model, policy.program.decisions), set())]


def simplified(text: str) -> list[str]:
    """The characters of `text` that only Simplified Chinese has, and words of that side."""
    return [one for one in SIMPLIFIED if one in text]


@pytest.mark.parametrize("overlay", [None, OVERLAY])
def test_every_text_in_chinese_is_also_in_traditional_chinese(overlay: str | None) -> None:
    """Labels, reasons and messages of the policy, the company's values, the workflows it uses."""
    chinese = [pairs for pairs in written(overlay) if "zh" in pairs]

    assert len(chinese) > 500
    assert [pairs for pairs in chinese if not pairs.get("zh_TW")] == []
    assert [pairs["zh_TW"] for pairs in chinese if simplified(pairs["zh_TW"])] == []


def test_telltale_characters_find_simplified_texts() -> None:
    """The list would notice: nearly all Simplified texts that differ hold one of its characters."""
    marked = [bool(simplified(pairs["zh"])) for pairs in written() if pairs.get("zh") != pairs.get("zh_TW")]

    assert sum(marked) > 0.9 * len(marked) > 0


def test_the_handbook_holds_no_simplified_character(tmp_path: Path) -> None:
    """`relflow docs --lang zh_TW` is one page in one script, marked so for browsers."""
    page = tmp_path / "handbook.html"
    code = run(["docs", POLICY, "--overlay", OVERLAY, "--lang", "zh_TW", "--out", str(page)])
    text = page.read_text("utf-8")

    assert code == 0
    assert '<html lang="zh-TW">' in text
    assert "重點客戶" in text
    assert simplified(text) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            ["is_key", 'purchases=[{"quantity": 5, "amount": 80, "bought_on": "2026-01-10"}]'],
            ["採購數量", "不低於 15", "還差 10", "缺失或不低於 5"],
        ),
        (["tier"], ["等於 0", "採購量大、頻率高且重要", "缺失：採購紀錄"]),
        (
            ["tier", "purchases=[]", "buying_intent=true"],
            ["潛在客戶", "有購買意向，尚未購買 (S001-2.1-1c)", "第 1 行"],
        ),
    ],
)
def test_an_explanation_is_in_traditional_chinese(
    question: list[str], expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer, its reason, what is asked, short and missing: the policy's words and relflow's own."""
    name, *facts = question
    code = run(["explain", name, POLICY, *facts, "--overlay", OVERLAY, "--lang", "zh_TW", "--at", "2026-07-01"])
    out = capsys.readouterr().out

    assert code == 0
    assert [words for words in expected if words not in out] == []
    assert simplified(out) == []


def test_a_timeline_is_in_traditional_chinese() -> None:
    """What happened, the particulars, what the clocks did, in the policy's words and relflow's own."""
    policy = load(POLICY, overlay=OVERLAY)
    opened, late = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 4, 1, tzinfo=UTC)
    with Engine(policy, store="memory:", clock=lambda: late) as engine:
        service = Actor("wang", roles=("customer_service",))
        data = {"channel": "phone", "description": "C-1"}
        case = engine.open("complaint", account="C-17", data=data, actor=service, key="t-1", at=opened)
        engine.run_due()
        lines = [line.render("zh_TW") for line in engine.timeline(case.id)]

    assert "建立客戶投訴工單" in lines[0]
    assert "首次回應開始計時" in lines[0]
    assert any("到期" in line and "自動" in line for line in lines[1:])
    assert simplified("\n".join(lines)) == []


@pytest.mark.parametrize("zh", TRADITIONAL)
def test_each_sentence_of_timelines_has_its_traditional_wording(zh: str) -> None:
    """The wordings fill the same slots, and each stands under a sentence that timelines still say."""
    sources = "".join(
        path.read_text("utf-8") for path in Path("src/relflow/workflow").glob("*.py") if path.stem != "traditional"
    )
    slots = re.compile(r"\{\w+\}")

    assert sorted(slots.findall(zh)) == sorted(slots.findall(TRADITIONAL[zh]))
    assert simplified(TRADITIONAL[zh]) == []
    assert f'"{zh.removesuffix("（{clause}）")}"' in sources
