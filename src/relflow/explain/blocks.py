"""An explanation put together from a decision's trace."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePath

from relflow.explain.conditions import Subjects, cell_line, condition_lines
from relflow.explain.explanation import Block, Explanation, Line
from relflow.explain.formulas import formula_blocks
from relflow.explain.scorecards import card_blocks
from relflow.explain.showing import HIDDEN, both, show, standing_out, text_of
from relflow.explain.standings import standing_remarks
from relflow.feel import Scope
from relflow.program import Scorecard
from relflow.results import CellTrace, Decision, RowTrace, Standing, Trace, TraceStep
from relflow.text import Text, spaced

__all__ = ["explain"]

_NOTHING = Text(())
_UNKNOWN = text_of("unknown", "未知")
_NO_RULE = text_of("no rule fits", "没有适用的规则", "沒有適用的規則")
_PROVISIONAL = text_of(
    "provisional: it rests on a year whose official holiday list is not published",
    "暂定：所依据的年份尚未公布放假安排",
    "暫定：所依據的年份尚未公布放假安排",
)


def explain(
    decision: Decision,
    *,
    labels: Mapping[str, Text] | None = None,
    hidden: Collection[str] = (),
    scope: Scope | None = None,
    cards: Mapping[str, Scorecard] | None = None,
    standing: Standing | None = None,
    choices: Mapping[str, Mapping[str, Text]] | None = None,
    fixed: Mapping[str, object] | None = None,
) -> Explanation:
    """Why `decision` answers what it answers.

    `labels` are what people call its possible values; the values of facts named in `hidden` are not shown; `scope` is
    that of the policy's expressions, `cards` are its scorecards by decision. For a scheme `standing` says why its level
    is in force; the rest is about the decision from which it follows. `choices` are what people call the values of a
    name, `fixed` the figures that the company has set, as they were on the day.
    """
    trace = decision.trace()
    step = trace.steps[-1]
    if step.kind == "scheme":
        step = trace.step(step.text) or step
    subjects = Subjects(
        {**(fixed or {}), **{known.name: known.value for known in trace.steps}},
        {known.name: known.label for known in trace.steps if known.label},
        frozenset(hidden),
        scope or Scope(open=True),
        _instant(trace.at),
        choices or {},
    )
    names = labels or {}
    # the level in force may already be what the rule does not say yet
    kept = standing is not None and standing.says != standing.level
    first, others = _own_blocks(step, trace, subjects, names, cards or {}, kept=kept)
    remarks = (*(standing_remarks(standing) if standing is not None else ()), *_missing(decision))
    if decision.provisional:
        remarks += (_PROVISIONAL,)
    return Explanation(
        decision.name,
        HIDDEN if subjects.gives_away(decision.value) else _answer(decision, names),
        _place(trace, step),
        _because(decision, step),
        (first, *others, *_grounds(step, trace, subjects)),
        remarks,
    )


def _instant(text: str | None) -> date | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _answer(decision: Decision, labels: Mapping[str, Text]) -> Text:
    if decision.unknown:
        return _UNKNOWN
    if decision.value is None:
        return _NO_RULE
    return _named(decision.value, labels)


def _named(value: object, labels: Mapping[str, Text]) -> Text:
    return show(value, labels)


def _because(decision: Decision, step: TraceStep) -> Text:
    rule, because = decision.rule, decision.because
    if rule is None:
        rule = next((row.rule for row in step.rows if row.index == step.row), None)
        because = rule.because if rule is not None and rule.because is not None else _NOTHING
    if rule is None or not because:
        return _NOTHING
    clause = f" ({', '.join(rule.source)})" if rule.source else ""
    return text_of(because.text("en") + clause, because.text("zh") + clause, because.text("zh_TW") + clause)


def _place(trace: Trace, step: TraceStep) -> Text:
    rule = next((row.rule for row in step.rows if row.index == step.row), None)
    span = rule.span if rule is not None else step.span
    file = f"{PurePath(span.source.name).name}:{span.line}"
    policy = f"{trace.policy} {trace.version}"
    if rule is None:
        return text_of(f"{policy}, {file}", f"{policy}，{file}")
    return text_of(f"{policy}, row {rule.number}, {file}", f"{policy}，第 {rule.number} 行，{file}")


def _own_blocks(
    step: TraceStep,
    trace: Trace,
    subjects: Subjects,
    labels: Mapping[str, Text],
    cards: Mapping[str, Scorecard],
    *,
    kept: bool,
) -> tuple[Block, tuple[Block, ...]]:
    """What counted, and what would have to change."""
    if step.rows:
        hit = [row for row in step.rows if row.result == "hit"]
        shown = hit or [row for row in step.rows if row.result == "open"]
        lines = tuple(_distinct(line for row in shown for line in _row_lines(row, subjects)))
        return Block(_NOTHING, lines), tuple(_alternatives(step, trace, subjects, labels, kept=kept))
    if step.criteria:
        return card_blocks(step, cards.get(step.name), subjects, labels)
    return formula_blocks(step, trace, subjects)


def _row_lines(row: RowTrace, subjects: Subjects) -> Iterator[Line]:
    for cell in row.cells:
        if cell.test.strip() != "-":
            yield cell_line(cell.column, cell.test, cell.value, cell.result, subjects)


def _alternatives(
    step: TraceStep, trace: Trace, subjects: Subjects, labels: Mapping[str, Text], *, kept: bool
) -> Iterator[Block]:
    """For each other answer that an earlier row gives: the rows nearest to it, and what they lack."""
    nearest: dict[str, list[RowTrace]] = {}
    outputs: dict[str, object] = {}
    for row in step.rows:
        if row.result == "no" and row.output != step.value and row.output is not None:
            nearest.setdefault(repr(row.output), []).append(row)
            outputs[repr(row.output)] = row.output
    for key, rows in nearest.items():
        least = min(_failing(row) for row in rows)
        chosen = [row for row in rows if _failing(row) == least]
        lines = tuple(_distinct(line for row in chosen for line in _lacking(row, trace, subjects)))
        yield Block(_would_make(_named(outputs[key], labels), chosen, outputs[key], kept=kept), lines)


def _failing(row: RowTrace) -> int:
    return sum(cell.result is not True for cell in row.cells)


def _lacking(row: RowTrace, trace: Trace, subjects: Subjects) -> Iterator[Line]:
    for cell in row.cells:
        if cell.result is not True:
            yield from _taken_apart(cell, trace, subjects) or (
                cell_line(cell.column, cell.test, cell.value, cell.result, subjects),
            )


def _taken_apart(cell: CellTrace, trace: Trace, subjects: Subjects) -> tuple[Line, ...]:
    """Instead of "it is false": the comparisons inside the decision that keep it from being true."""
    inner = trace.step(cell.column)
    if inner is None or inner.kind not in ("expression", "indicator") or cell.test.strip() != "true":
        return ()
    return condition_lines(inner.text, subjects, wanted=False)


def _would_make(answer: Text, rows: list[RowTrace], value: object, *, kept: bool) -> Text:
    """The heading; one becomes a level or a choice, any other answer is come to."""
    numbers = [str(row.rule.number) for row in rows]
    clauses = list(dict.fromkeys(clause for row in rows for clause in row.rule.source))
    *first, last = numbers
    en = ", ".join([f"rows {', '.join(first)} and {last}" if first else f"row {last}", *clauses])
    zh = "，".join([f"第 {'、'.join(numbers)} 行", *clauses])
    if kept:
        return text_of(
            f"what would make the rule say {answer.text('en')} ({en}):",
            spaced("怎样才会按规则成为", standing_out(answer, "zh"), f"（{zh}）："),
            spaced("怎樣才會依規則成為", standing_out(answer, "zh_TW"), f"（{zh}）："),
        )
    return text_of(
        f"what would make it {answer.text('en')} ({en}):",
        spaced("怎样才会成为" if isinstance(value, str) else "怎样才会得到", standing_out(answer, "zh"), f"（{zh}）："),
        spaced(
            "怎樣才會成為" if isinstance(value, str) else "怎樣才會得到", standing_out(answer, "zh_TW"), f"（{zh}）："
        ),
    )


def _grounds(step: TraceStep, trace: Trace, subjects: Subjects) -> Iterator[Block]:
    """What the yes-or-no decisions rest on that counted for the answer."""
    counted = {
        cell.column for row in step.rows if row.result == "hit" for cell in row.cells if cell.test.strip() != "-"
    }
    for name in step.reads:
        inner = trace.step(name)
        if step.rows and name not in counted:
            continue
        if inner is not None and inner.kind in ("expression", "indicator") and inner.value is True:
            lines = condition_lines(inner.text, subjects)
            if lines:
                clause = f" ({', '.join(inner.source)})" if inner.source else ""
                label = subjects.label(name)
                chinese = [f"{label.text(lang)}{clause}：" for lang in ("zh", "zh_TW")]
                yield Block(text_of(f"{label.text('en')}{clause}:", *chinese), lines)


def _missing(decision: Decision) -> Iterator[Text]:
    for item in decision.missing:
        label = item.label or both(str(item))
        clause = f" ({', '.join(item.source)})" if item.source else ""
        if item.kind == "fact":
            chinese = [f"缺失：{label.text(lang)}{clause}" for lang in ("zh", "zh_TW")]
            yield text_of(f"missing: {label.text('en')}{clause}", *chinese)
        elif item.kind == "date":
            yield text_of(
                f"missing: since when {label.text('en')} is known{clause}",
                f"缺失：“{label.text('zh')}”的更新日期{clause}",
                f"缺失：「{label.text('zh_TW')}」的更新日期{clause}",
            )
        else:
            yield text_of(
                f"left open by the manual: {label.text('en')}{clause}",
                f"制度未规定：{label.text('zh')}{clause}",
                f"制度未規定：{label.text('zh_TW')}{clause}",
            )


def _distinct(lines: Iterator[Line]) -> Iterator[Line]:
    seen: set[Line] = set()
    for line in lines:
        if line not in seen:
            seen.add(line)
            yield line
