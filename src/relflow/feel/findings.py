"""What the checker of types may find, in both languages."""

from __future__ import annotations

from typing import Final

from relflow.diagnostics import Message, Severity
from relflow.feel import types
from relflow.feel.types import FunctionType, ListType, NumberType, RangeType, RecordType, StringType, Type
from relflow.text import Text

__all__ = ["either", "type_word"]


def _error(name: str, en: str, zh: str, help_en: str | None = None, help_zh: str | None = None) -> Message:
    return Message.of(name, Severity.ERROR, en, zh, help_en, help_zh)


UNKNOWN_NAME: Final = _error(
    "unknown-name",
    "`{name}` is not known here",
    "这里没有 `{name}`",
    "declare it, or correct the name",
    "先声明，或更正名称",
)
DID_YOU_MEAN: Final = Text((("en", "did you mean `{near}`?"), ("zh", "是否想写 `{near}`？")))
QUOTE_IT: Final = Text(
    (("en", 'if it is a text, write it in quotes: `"{name}"`'), ("zh", '如果是文字，请加英文引号：`"{name}"`'))
)
UNKNOWN_FIELD: Final = _error(
    "unknown-name",
    "there is no `{name}` in {owner}",
    "{owner}里没有 `{name}`",
    "declare it there, or correct the name",
    "在其中声明，或更正名称",
)
UNKNOWN_FUNCTION: Final = _error(
    "unknown-name",
    "there is no function `{name}`",
    "没有函数 `{name}`",
    "there are e.g. `count`, `sum`, `mean`, `contains`, `string length`; the reference lists all",
    "现有函数例如 `count`、`sum`、`mean`、`contains`、`string length`，参考手册有全部列表",
)
NOT_CALLABLE: Final = _error(
    "wrong-type",
    "`{name}` is {kind} and cannot be called",
    "`{name}` 是{kind}，不能调用",
    "take the brackets out, or write an operator before them",
    "去掉括号，或在括号前写运算符",
)
WRONG_COUNT: Final = _error(
    "wrong-arguments",
    "`{name}` cannot be called with {count} arguments",
    "`{name}` 不能带 {count} 个参数调用",
    "it is called as {forms}",
    "用法：{forms}",
)
WRONG_NAMES: Final = _error(
    "wrong-arguments",
    "`{name}` has no parameters of these names: {names}",
    "`{name}` 没有这些参数：{names}",
    "it is called as {forms}",
    "用法：{forms}",
)
WRONG_ARGUMENT: Final = _error(
    "wrong-type",
    "`{name}` cannot use {kind} as its argument here",
    "`{name}` 的这个参数不能是{kind}",
    "it is called as {forms}",
    "用法：{forms}",
)
NEVER_EQUAL: Final = _error(
    "wrong-type",
    "{left} is never equal to {right}: they cannot be compared",
    "{left}与{right}无法比较",
    "write values of one kind on both sides",
    "两边请写同一类值",
)
NEVER_ORDERED: Final = _error(
    "wrong-type",
    "{kind} has no order",
    "{kind}没有大小之分",
    "ask whether it is equal, with `=` or `!=`",
    "用 `=` 或 `!=` 判断是否相等",
)
NOT_ORDERED: Final = _error(
    "wrong-type",
    "{left} cannot be compared with {right}",
    "{left}与{right}无法比较",
    "write values of one kind on both sides",
    "两边请写同一类值",
)
LIST_NOT_ITEM: Final = Text(
    (("en", "use `list contains(list, value)` or `in`"), ("zh", "用 `list contains(列表, 值)` 或 `in`"))
)
ORDER_OF_TEXT: Final = _error(
    "order-of-text",
    "`{operator}` compares these texts letter by letter, not by their rank",
    "`{operator}` 按字母顺序比较文字，而不是按等级高低",
    "write `at_least({name}, {level})`",
    "写成 `at_least({name}, {level})`",
)
UNITS: Final = _error(
    "different-units",
    "{left} cannot be compared with {right}",
    "{left} 与 {right} 不能比较",
    "convert one of them, or declare both with the same `unit`",
    "换算其中一个，或声明相同的 `unit`",
)
UNITS_SUM: Final = _error(
    "different-units",
    "{left} and {right} cannot be added or subtracted",
    "{left} 与 {right} 不能相加减",
    "convert one of them, or declare both with the same `unit`",
    "换算其中一个，或声明相同的 `unit`",
)
NOT_ALLOWED: Final = _error(
    "unknown-value",
    "`{value}` is not one of the values ({allowed})",
    "没有 `{value}` 这个值（现有：{allowed}）",
    "choose one of them, or add it to `one_of`",
    "选择其中一个，或加到 `one_of` 中",
)
NOT_A_LEVEL: Final = _error(
    "unknown-name",
    "`{value}` is not a level of `{scheme}` ({allowed})",
    "`{scheme}` 没有 `{value}` 这一级（现有：{allowed}）",
    "choose one of them",
    "选择其中一个",
)
BELOW: Final = _error(
    "out-of-bounds",
    "`{value}` is below the least value, {bound}",
    "`{value}` 小于最小值 {bound}",
    "write a value from {bound} upward, or change `min`",
    "写不小于 {bound} 的值，或修改 `min`",
)
ABOVE: Final = _error(
    "out-of-bounds",
    "`{value}` is above the greatest value, {bound}",
    "`{value}` 大于最大值 {bound}",
    "write a value up to {bound}, or change `max`",
    "写不大于 {bound} 的值，或修改 `max`",
)
NOT_A_CONDITION: Final = _error(
    "not-a-condition",
    "this is {kind}: it is never true or false",
    "这是{kind}，永远不会是真或假",
    'compare it with something, e.g. `… > 0`, `… = "x"` or `… != null`',
    '与某个值比较，例如 `… > 0`、`… = "x"` 或 `… != null`',
)
WRONG_RESULT: Final = _error(
    "wrong-type",
    "this is {kind}, {wanted} is expected",
    "这是{kind}，应为{wanted}",
    "write an expression that gives {wanted}, or change the declared type",
    "写结果为{wanted}的表达式，或修改声明的类型",
)
NO_OPERATION: Final = _error(
    "wrong-type",
    "`{operator}` does not work with {left} and {right}",
    "`{operator}` 不能用于{left}和{right}",
    "use values that go together: numbers with numbers, a date with a duration",
    "使用能一起运算的值：数字与数字，日期与时长",
)
NO_SIGN: Final = _error(
    "wrong-type",
    "`-` does not work with {kind}",
    "`-` 不能用于{kind}",
    "write it before a number or a duration only",
    "只能写在数字或时长前面",
)
NOT_A_POSITION: Final = _error(
    "wrong-type",
    "{kind} neither filters a list nor is a position in it",
    "{kind}既不能筛选列表，也不是位置",
    "write a condition such as `[value > 5]`, or a position such as `[1]`",
    "写条件，例如 `[value > 5]`，或位置，例如 `[1]`",
)
NO_POSITION_0: Final = Message.of(
    "out-of-bounds",
    Severity.WARNING,
    "a list has no item 0: positions begin with 1, and this is null",
    "列表没有第 0 项：位置从 1 开始，这里的结果为空",
    "write `[1]` for the first item, `[-1]` for the last",
    "第一项写 `[1]`，最后一项写 `[-1]`",
)
NOT_COUNTABLE: Final = _error(
    "wrong-type",
    "only whole numbers and dates can be counted through, not {kind}",
    "只有整数和日期可以逐个取值，{kind}不行",
    "write whole numbers or dates, e.g. `1..12`",
    "写整数或日期，例如 `1..12`",
)
NOT_A_LIST: Final = _error(
    "wrong-type",
    "{kind} has no items to go through",
    "{kind}没有可逐个处理的项",
    "put it in brackets to make a list of one: `[...]`",
    "放进方括号就是只有一项的列表：`[...]`",
)
RANGE_ENDS: Final = _error(
    "wrong-type",
    "a range goes from {left} to {right}",
    "区间的两端是{left}和{right}",
    "write two ends of one kind, e.g. `[5..10]`",
    "两端请写同一类值，例如 `[5..10]`",
)
RANGE_ORDER: Final = _error(
    "empty-range",
    "this range is empty: its lower end is above its upper end",
    "区间为空：下限大于上限",
    "swap them",
    "对调",
)
BAD_LITERAL: Final = _error(
    "bad-date",
    "`{text}` is neither a date, a time, a date and time nor a duration",
    "`{text}` 不是日期、时间、日期时间或时长",
    'write `@"2026-01-31"`, `@"09:30:00"`, `@"2026-01-31T09:30:00"`, `@"P30D"` or `@"P3M"`',
    '写成 `@"2026-01-31"`、`@"09:30:00"`、`@"2026-01-31T09:30:00"`、`@"P30D"` 或 `@"P3M"`',
)
UNKNOWN_TYPE: Final = _error(
    "unknown-name",
    "there is no type `{name}`",
    "没有类型 `{name}`",
    "write e.g. `number`, `string`, `boolean`, `date` or `list<number>`",
    "写成 `number`、`string`、`boolean`、`date` 或 `list<number>` 等",
)
THOUSANDS: Final = _error(
    "thousands-separator",
    'a comma in a cell means "or": this matches {matches}',
    "单元格里的逗号表示“或”，这里会匹配 {matches}",
    "write {plain}",
    "写成 {plain}",
)
BARE_DATE: Final = _error(
    "bare-date",
    "`{text}` is a subtraction: {result}",
    "`{text}` 是减法，等于 {result}",
    'write `@"{date}"`',
    '写成 `@"{date}"`',
)
SLASHED_DATE: Final = _error(
    "bare-date",
    "`{text}` is a division and no date",
    "`{text}` 是除法，不是日期",
    'write `@"{date}"`',
    '写成 `@"{date}"`',
)
SPOKEN_DATE: Final = _error(
    "bare-date",
    "`{text}` is no date to the expression language",
    "表达式语言不认识 `{text}` 这种日期",
    'write `@"{date}"`',
    '写成 `@"{date}"`',
)
BARE_RANGE: Final = _error(
    "bare-range",
    "`{text}` is no range: from and to stand in brackets with two dots between them",
    "`{text}` 不是区间：上下限之间用两个点，并放在方括号里",
    "write `[{low}..{high}]`, or `[{low}..{high})` if {high} itself does not count",
    "写成 `[{low}..{high}]`；不含 {high} 时写 `[{low}..{high})`",
)
SUBTRACTION: Final = Message.of(
    "bare-range",
    Severity.WARNING,
    "`{text}` is a subtraction: {result}",
    "`{text}` 是减法，等于 {result}",
    "for a range write `[{low}..{high}]`",
    "表示区间请写 `[{low}..{high}]`",
)
WITHOUT_QUOTES: Final = Text((("en", "write it without quotes: `{plain}`"), ("zh", "去掉引号：`{plain}`")))
DATE_LITERAL: Final = Text((("en", 'write a date as `@"{date}"`'), ("zh", '日期写成 `@"{date}"`')))
ONLY_THE_TEST: Final = Text(
    (
        ("en", "the column already says what is compared: write the test alone, such as `> 5`"),
        ("zh", "列标题已经说明比较对象，这里只写条件，例如 `> 5`"),
    )
)
ONE_AT_A_TIME: Final = Text(
    (
        ("en", "compare twice: `{first} and {second}`"),
        ("zh", "分成两次比较：`{first} and {second}`"),
    )
)
WRITE_UNEQUAL: Final = Text((("en", "write `!=`"), ("zh", "写成 `!=`")))
WITH_UNIT: Final = Text(
    (
        ("en", "give the number its unit: `days({number})`, or `months({number})`"),
        ("zh", "给数字加上单位：`days({number})` 或 `months({number})`"),
    )
)
FROM_TODAY: Final = Text(
    (
        ("en", "compare a length of time with it, e.g. `today() - … > days({number})`"),
        ("zh", "比较时长，例如 `today() - … > days({number})`"),
    )
)
TWO_KINDS: Final = Text(
    (
        ("en", "count both in days or both in months; two dates are days apart: `days(90)`"),
        ("zh", "两边都按天计或都按月计；两个日期之差按天计：`days(90)`"),
    )
)
WRITE_TRUTH: Final = Text((("en", "write `{truth}`"), ("zh", "写成 `{truth}`")))

_WORDS: Final = {
    "boolean": ("a boolean", "真假值"),
    "date": ("a date", "日期"),
    "time": ("a time", "时间"),
    "date and time": ("a date and time", "日期时间"),
    "days and time duration": ("a duration in days", "按天计的时长"),
    "years and months duration": ("a duration in months", "按月计的时长"),
    "working time duration": ("a duration of working time", "工作时长"),
}


def type_word(type_: Type) -> Text:
    """A type in the words of people."""
    match type_:
        case NumberType(unit=str(unit)):
            en, zh = f"an amount in {unit}", f"以 {unit} 计的数"
        case NumberType():
            en, zh = "a number", "数字"
        case StringType():
            en, zh = "a text", "文字"
        case ListType():
            en, zh = "a list", "列表"
        case RecordType(name=str(name)):
            en, zh = f"`{name}`", f"`{name}`"
        case RecordType():
            en, zh = "a record", "记录"
        case RangeType():
            en, zh = "a range", "区间"
        case FunctionType():
            en, zh = "a function", "函数"
        case _:
            en, zh = _WORDS.get(str(type_), ("null" if type_ == types.NULL else "any value", "空值"))
    return Text((("en", en), ("zh", zh)))


def either(items: tuple[str, ...]) -> Text:
    """Some texts of which one holds, as the languages list them: `a, or b`, `a 或 b`."""
    if len(items) == 1:
        return Text.of(items[0])
    if len(items) == 2:
        return Text((("en", " or ".join(items)), ("zh", " 或 ".join(items))))
    chinese = "、".join(items[:-1]) + " 或 " + items[-1]
    return Text((("en", ", or ".join(items)), ("zh", chinese)))
