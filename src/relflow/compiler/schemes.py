"""Stage: the schemes, their levels, and the decisions from which these follow."""

from __future__ import annotations

import re

from relflow.compiler.literals import DID_YOU_MEAN, read
from relflow.compiler.world import World, ids, label, text, texts
from relflow.diagnostics import Diagnostic, Message, Severity, nearest
from relflow.feel.findings import type_word
from relflow.feel.types import AnyType, StringType, Type
from relflow.model import Scheme as SchemeModel
from relflow.model import Value
from relflow.program import DURATION, Broken, Code, Scheme
from relflow.text import Text

__all__ = ["compile_schemes", "declare_schemes"]

UNKNOWN_DECISION = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no decision `{text}` from which the levels of `{scheme}` follow",
    "没有可确定 `{scheme}` 等级的判定 `{text}`",
    "declare it under `decisions:`",
    "在 `decisions:` 下声明",
)
UNKNOWN_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is not a level of `{scheme}` ({known})",
    "`{scheme}` 没有 `{text}` 这一级（现有：{known}）",
    "choose one of them",
    "选择其中一个",
)
NOT_LOWER_AFTER = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is neither a number of reviews nor a duration",
    "`{text}` 既不是复核次数也不是时长",
    "write `2 reviews` or `30 days`",
    "写成 `2 reviews`、`2 次复核` 或 `30 天`",
)
NO_FROM = Message.of(
    "missing-from",
    Severity.ERROR,
    "nothing says from which decision the level of `{scheme}` follows",
    "未说明 `{scheme}` 的等级由哪个判定确定",
    "write `from:` and the decision's name",
    "填写 `from:` 和判定名称",
)
NO_LEVELS = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{decision}` answers {found}, and a level of `{scheme}` is a text",
    "`{decision}` 的结果是{found}，而 `{scheme}` 的等级是文字",
    "let it answer a level: `output: {levels_of: {scheme}}`",
    "让它给出等级：`output: {levels_of: {scheme}}`",
)
ANY_TEXT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "nothing keeps the answers of `{decision}` to the levels of `{scheme}`",
    "没有限定 `{decision}` 的结果必须是 `{scheme}` 的等级",
    "declare its output: `output: {levels_of: {scheme}}`",
    "声明其输出：`output: {levels_of: {scheme}}`",
)
OTHER_LEVELS = Message.of(
    "unknown-value",
    Severity.ERROR,
    "`{decision}` may answer {others}, and the levels of `{tier}` are {known}",
    "`{decision}` 可能给出 {others}，而 `{tier}` 的等级是 {known}",
    "write the same levels in both, highest first",
    "两处应为相同的等级，从高到低排列",
)
_SO_MANY = Text(
    (
        ("en", "write `{number} reviews` or `{number} days`"),
        ("zh", "写成 `{number} 次复核` 或 `{number} 天`"),
    )
)
_REVIEWS = ("reviews", "review", "次复核", "次评审", "次")


def declare_schemes(world: World) -> None:
    """The levels of schemes, and their names as texts with an order."""
    for scheme in world.model.schemes:
        choices = scheme.levels
        names = choices.names() if choices is not None and not choices.suggested else ()
        world.types.levels[scheme.name] = names
        world.expressions.declare(scheme.name, StringType(levels=names or None, scheme=scheme.name))


def compile_schemes(world: World) -> None:
    """Tiers and risks."""
    decisions = {decision.name for decision in world.model.decisions}
    for scheme in world.model.schemes:
        world.nodes[scheme.name] = _scheme(world, scheme, decisions)


def _scheme(world: World, scheme: SchemeModel, decisions: set[str]) -> Scheme:
    levels = world.types.levels[scheme.name]
    from_ = scheme.from_.text if scheme.from_ is not None else None
    if scheme.from_ is None:
        world.report(NO_FROM.at(scheme.id.span, scheme=scheme.name))
    elif from_ not in decisions:
        near = nearest(scheme.from_.text, decisions)
        help_ = DID_YOU_MEAN if near is not None else None
        found = UNKNOWN_DECISION.at(
            scheme.from_.span, help=help_, text=scheme.from_.text, scheme=scheme.name, near=near or ""
        )
        world.report(found)
    else:
        _check_answers(world, scheme, world.nodes[scheme.from_.text].type, levels)
    for gift in scheme.gives:
        if levels and gift.level.text not in levels:
            near = nearest(gift.level.text, levels)
            help_ = DID_YOU_MEAN if near is not None else None
            fields = {"text": gift.level.text, "scheme": scheme.name, "near": near or ""}
            world.report(UNKNOWN_LEVEL.at(gift.level.span, help=help_, known=levels, **fields))
    reviews, after = _lower_after(world, scheme.lower_after)
    return Scheme(
        id=scheme.name,
        span=scheme.id.span,
        type=StringType(levels=levels or None, scheme=scheme.name),
        inputs=(from_,) if from_ is not None else (),
        label=label(scheme),
        source=ids(scheme.source),
        because=text(scheme.because),
        kind=scheme.kind,
        from_=from_,
        levels=levels,
        labels=texts(scheme.levels.labels()) if scheme.levels is not None else {},
        review_every=world.code(scheme.review_every, DURATION),
        lower_reviews=reviews,
        lower_after=after,
        minimum_stay=world.code(scheme.minimum_stay, DURATION),
        gives={gift.level.text: ids(gift.items) for gift in scheme.gives},
    )


def _check_answers(world: World, scheme: SchemeModel, type_: Type, levels: tuple[str, ...]) -> None:
    """Whether all that the decision may answer are levels."""
    if scheme.from_ is None or isinstance(type_, AnyType) or not levels:
        return
    decision, span = scheme.from_.text, scheme.from_.span
    if not isinstance(type_, StringType):
        world.report(NO_LEVELS.at(span, found=type_word(type_), decision=decision, scheme=scheme.name))
        return
    if type_.allowed is None:
        if type_.scheme is None:
            world.report(ANY_TEXT.at(span, decision=decision, scheme=scheme.name))
        return
    others = tuple(answer for answer in type_.allowed if answer not in levels)
    if others:
        world.report(OTHER_LEVELS.at(span, decision=decision, tier=scheme.name, others=others, known=levels))


def _lower_after(world: World, value: Value | None) -> tuple[int | None, Code | Broken | None]:
    if value is None or value.null:
        return None, None
    words = value.text.text.strip()
    for word in _REVIEWS:
        if not value.formula and words.endswith(word):
            count = words.removesuffix(word).strip()
            if count.isdecimal() and int(count) > 0:
                return int(count), None
            world.report(NOT_LOWER_AFTER.at(value.span, text=words))
            return None, None
    if not value.formula and isinstance(found := read(value, DURATION), Diagnostic) and found.name == "not-a-duration":
        world.report(_not_lower_after(value, words))
        return None, None
    return None, world.code(value, DURATION)


def _not_lower_after(value: Value, words: str) -> Diagnostic:
    """A bare number is likely one of reviews."""
    number = re.search(r"\d+", words)
    if number is None or not int(number[0]):
        return NOT_LOWER_AFTER.at(value.span, text=words)
    return NOT_LOWER_AFTER.at(value.span, help=_SO_MANY, text=words, number=number[0])
