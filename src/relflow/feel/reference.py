"""The pages about built-in functions, written from their definitions: `python -m relflow.feel.reference PAGE…`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from relflow.feel.builtins import FAMILIES
from relflow.feel.definition import Builtin, Parameter, Signature
from relflow.text import Text

__all__ = ["BEGIN", "END", "functions", "main", "rewritten"]

BEGIN: Final = "<!-- functions: written by `python -m relflow.feel.reference`, do not edit -->"
END: Final = "<!-- end of functions -->"

_FAMILY_NAMES: Final[dict[str, Text]] = {
    name: Text((("en", en), ("zh", zh)))
    for name, en, zh in (
        ("conversion", "Conversion", "类型转换"),
        ("boolean", "Truth values", "真假值"),
        ("string", "Texts", "文字"),
        ("list", "Lists", "列表"),
        ("number", "Numbers", "数字"),
        ("date and time", "Dates, times, durations", "日期、时刻与时长"),
        ("range", "Ranges", "区间"),
        ("context", "Records", "记录"),
    )
}
_CLAUSE: Final = Text((("en", " (DMN 1.5, clause {clause})"), ("zh", "（DMN 1.5 第 {clause} 节）")))
_OURS: Final = Text((("en", " (relflow's own)"), ("zh", "（relflow 自有）")))


def functions(lang: str) -> str:
    """The section on functions in `lang`, as Markdown: all of them by family, then each with its examples."""
    parts = [_contents(lang)]
    for family, builtins in FAMILIES.items():
        parts.append(f"### {_FAMILY_NAMES[family].text(lang)}\n")
        parts.extend(_entry(builtin, lang) for builtin in builtins)
    return "\n".join(parts)


def _contents(lang: str) -> str:
    lines = []
    for family, builtins in FAMILIES.items():
        links = " · ".join(f"[`{builtin.name}`](#{_anchor(builtin)})" for builtin in builtins)
        lines.append(f"- {_FAMILY_NAMES[family].text(lang)}: {links}")
    return "\n".join(lines) + "\n"


def _anchor(builtin: Builtin) -> str:
    return builtin.name.replace(" ", "-")


def _entry(builtin: Builtin, lang: str) -> str:
    signatures = "  \n".join(f"`{_signature(builtin.name, each)}`" for each in builtin.signatures)
    examples = "\n".join(f"{example.expression}  // => {example.result}" for example in builtin.examples)
    own = builtin.clause == "relflow"
    clause = _OURS.text(lang) if own else _CLAUSE.text(lang).replace("{clause}", builtin.clause)
    meaning = builtin.meaning.text(lang)
    return f"#### {builtin.name}\n\n{signatures}\n\n{meaning}{clause}\n\n```feel\n{examples}\n```\n"


def _signature(name: str, signature: Signature) -> str:
    return f"{name}({', '.join(map(_parameter, signature.parameters))}): {signature.returns}"


def _parameter(parameter: Parameter) -> str:
    mark = "?" if parameter.optional else "…" if parameter.variadic else ""
    return f"{parameter.name}{mark}: {parameter.type}"


def rewritten(page: str, lang: str) -> str:
    """A page with its section on functions written anew. Raises ValueError where it has no such section."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no section on functions")
    return f"{before}{BEGIN}\n\n{functions(lang)}\n{END}{after}"


def main(pages: Sequence[str]) -> None:
    """Rewrite the pages at these paths; a `.zh.md` is in Chinese."""
    for name in pages:
        path = Path(name)
        lang = "zh" if name.endswith(".zh.md") else "en"
        path.write_text(rewritten(path.read_text("utf-8"), lang), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
