"""`relflow schema`: the JSON Schema of policy files, for editors."""

from __future__ import annotations

import json

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "schema",
    en="Print the JSON Schema for editors.\nIt covers policies, workflows, tests and overlays (draft 7).",
    zh="输出供编辑器使用的 JSON Schema。\n涵盖制度、流程、测试和企业配置（draft 7）。",
)
@options.lang_option
def command() -> int:
    """Print the schema."""
    from relflow.reader import schema

    data(json.dumps(schema(), ensure_ascii=False, indent=2))
    return FINE
