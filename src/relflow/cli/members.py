"""The commands of `relflow`: where each lives and what it does, so that the list needs no imports."""

from __future__ import annotations

from collections.abc import Mapping

from relflow.text import Text

__all__ = ["members"]

# in the order in which people need them: name, English, Chinese
_COMMANDS = (
    (
        "demo",
        "Decide about 2,357 real customers and run one complaint.",
        "对 2,357 家真实客户分级，并处理一起投诉。",
    ),
    ("init", "Start a policy in a folder.", "在文件夹中新建一份制度。"),
    ("new", "Add a decision or a workflow, with its test.", "新增判定或流程，连同测试。"),
    ("check", "Find every mistake, each at its line with the remedy.", "找出所有错误，指明行列并给出改法。"),
    ("test", "Run the policy's tests.", "运行制度的测试。"),
    ("decide", "Decide about accounts.", "对客户作出判定。"),
    (
        "explain",
        "Say why a decision came out so, and what would change it.",
        "说明判定的理由，以及怎样会改变结果。",
    ),
    ("plan", "Plan the contacts of an account.", "安排客户的联系计划。"),
    ("figures", "Work a key figure out over a file.", "用文件计算考核指标。"),
    ("fmt", "Align the tables of a policy's files.", "对齐制度文件中的表格。"),
    ("table", "Edit tables in a spreadsheet.", "用电子表格编辑表格。"),
    ("diff", "Say what changed between two versions, and who moves.", "说明两个版本的差异，以及哪些客户会变动。"),
    ("case", "Open, advance and look at cases.", "新建、推进和查看工单。"),
    ("worker", "Do what is due, again and again.", "持续处理到期工单。"),
    ("simulate", "Play a case with a clock that you move.", "用可拨动的时钟演练工单。"),
    ("diagram", "Draw the states of a workflow.", "绘制流程的状态图。"),
    ("calendar", "Show working days and do working-time arithmetic.", "查看工作日，计算工作时间。"),
    ("feel", "Evaluate a FEEL expression.", "计算 FEEL 表达式。"),
    ("docs", "Write the policy as a handbook.", "将制度输出为手册。"),
    ("trace", "Trace clauses to elements and tests.", "由条款追溯到落实它的规则和测试。"),
    ("types", "Print the policy's facts as Python types.", "将制度的数据项输出为 Python 类型。"),
    ("schema", "Print the JSON Schema for editors.", "输出供编辑器使用的 JSON Schema。"),
)


def members() -> Mapping[str, tuple[str, Text]]:
    """Each command's name with its home `module:attribute` and its short help."""
    return {name: (f"relflow.cli.{name}:command", Text((("en", en), ("zh", zh)))) for name, en, zh in _COMMANDS}
