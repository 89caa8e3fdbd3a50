"""What can be wrong with a sheet."""

from __future__ import annotations

from relflow.diagnostics import Message, Severity

__all__ = [
    "BROKEN_ROW",
    "CARD_PARTS",
    "CELL_ERROR",
    "FORMULA",
    "LINE_BREAK",
    "MERGED",
    "NOT_A_TABLE",
    "NO_TABLE",
    "NO_WORKBOOK",
    "OPEN_CSV",
    "OUTSIDE_COLUMNS",
    "SETTING",
    "TWICE",
    "TYPE_CHANGED",
    "UNKNOWN_TABLE",
    "WRITTEN_ELSE",
]

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

NO_TABLE = Message.of(
    "sheet",
    _ERROR,
    "no row of this sheet is the heading of a table",
    "此工作表中没有表头行",
    "the heading has a cell `||` between conditions and results; `relflow table export` writes one",
    "表头行在条件与结果之间有一格 `||`；可用 `relflow table export` 导出样例",
)
UNKNOWN_TABLE = Message.of(
    "sheet",
    _ERROR,
    "the policy has no table `{name}` ({known})",
    "制度中没有表格 `{name}`（现有：{known}）",
    "correct the name beside `table`, or say it: `relflow table import FILE --name {nearest}`",
    "改正 `table` 旁的名称，或用 `relflow table import 文件 --name {nearest}` 指定",
)
CARD_PARTS = Message.of(
    "sheet",
    _ERROR,
    "a sheet changes the points, weights and bands of the scorecard `{name}`, not its criteria, levels and formulas",
    "工作表只能修改评分卡 `{name}` 的分数、权重和分档，不能修改评分项、等级和公式",
    "leave the other cells as `relflow table export` writes them, and change the rest in the file",
    "其他单元格保持 `relflow table export` 导出的内容，其余改动写在文件里",
)
NOT_A_TABLE = Message.of(
    "sheet",
    _ERROR,
    "`{name}` is no block of lines in its file, so no sheet can replace it",
    "`{name}` 在文件中不是按行书写的表格，无法用工作表替换",
    "write it as `table: |` with a line for each row",
    "写成 `table: |`，每行一条规则",
)
WRITTEN_ELSE = Message.of(
    "sheet",
    _ERROR,
    "two sheets are about `{name}`",
    "有两张工作表都写着 `{name}`",
    "keep one of them",
    "只保留一张",
)
OUTSIDE_COLUMNS = Message.of(
    "sheet-cell",
    _ERROR,
    "this cell stands outside of the heading's columns",
    "此单元格不在表头各列之内",
    "give its column a heading, or empty it",
    "为这一列写上表头，或清空此格",
)
LINE_BREAK = Message.of(
    "sheet-cell",
    _ERROR,
    "a cell of a table is one line; this one has a line break",
    "表格单元格只能有一行，此格含换行",
    "write it on one line",
    "写成一行",
)
BROKEN_ROW = Message.of(
    "sheet-cell",
    _ERROR,
    "a quotation mark in this row is not closed, so its cells cannot be told apart",
    "本行有引号没有闭合，无法区分各单元格",
    "close it, or take it out",
    "补上引号或去掉",
)
FORMULA = Message.of(
    "sheet-cell",
    _ERROR,
    "this cell holds a formula of the spreadsheet: `{text}`",
    "此单元格是电子表格公式：`{text}`",
    "write its value; for a value that the policy works out, put an apostrophe before the `=`",
    "写成数值；若要由制度计算，请在 `=` 前加一个单引号",
)
CELL_ERROR = Message.of(
    "sheet-cell",
    _ERROR,
    "the spreadsheet shows an error here: `{text}`",
    "电子表格在此显示错误：`{text}`",
    "write the condition or the value again",
    "重新填写条件或数值",
)
MERGED = Message.of(
    "sheet-cell",
    _ERROR,
    "the cells {text} are merged; only the first of them has a value",
    "单元格 {text} 已合并，只有第一格有值",
    "take the merge apart and fill each cell",
    "取消合并并逐格填写",
)
NO_WORKBOOK = Message.of(
    "sheet",
    _ERROR,
    "this is no workbook that can be read",
    "无法读取此工作簿",
    "save it as .xlsx, or as CSV (UTF-8)",
    "另存为 .xlsx，或 CSV（UTF-8）",
)
OPEN_CSV = Message.of(
    "sheet",
    _ERROR,
    "this is not CSV (a quotation mark that is not closed?)",
    "这里不是 CSV（引号没有闭合？）",
    "save it as CSV divided by commas (UTF-8)",
    "另存为逗号分隔的 CSV（UTF-8）",
)
SETTING = Message.of(
    "sheet",
    _ERROR,
    "`{name}` has no setting `{text}`",
    "`{name}` 没有 `{text}` 这一设置",
    "beside the table's name stand only `hit_policy` and `aggregation`, each with its value",
    "表格名称旁只能写 `hit_policy` 和 `aggregation` 及其值",
)
TWICE = Message.of(
    "sheet",
    _ERROR,
    "the heading has `||` twice",
    "表头中 `||` 出现了两次",
    "keep the one between conditions and results",
    "只保留条件与结果之间的那一个",
)
TYPE_CHANGED = Message.of(
    "sheet-type",
    _WARNING,
    "the type of `{name}` is `{old}` in the policy; `{new}` is not taken over",
    "制度中 `{name}` 的类型是 `{old}`，`{new}` 不会被采用",
    "change the type where the policy declares it",
    "在制度声明处修改类型",
)
