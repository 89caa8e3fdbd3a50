"""`relflow new`: a decision or a workflow, with its test beside it."""

from __future__ import annotations

from pathlib import Path

import click

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import note
from relflow.cli.session import Problem, say
from relflow.cli.starters import identifier, write
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]

# expressions may use any of them, so they share one space of names
_NAMED = ("parameters", "facts", "decisions", "tiers", "risks", "indicators")


@make(
    "new",
    en="Add a decision or a workflow, with its test.",
    zh="新增判定或流程，连同测试。",
)
@argument("kind", type=click.Choice(["decision", "workflow"]), en="What to add.", zh="新增什么：判定或流程。")
@argument("name", en="Its id.", zh="它的标识。")
@argument("folder", default=".", en="The policy's folder; default: this one.", zh="制度文件夹，默认为当前文件夹。")
@options.lang_option
def command(kind: str, name: str, folder: str) -> int:
    """Write the pair of files and say what comes next."""
    id_ = identifier(name)
    _refuse_known(Path(folder), id_)
    write(Path(folder), {f"{id_}.yaml": f"{kind}.yaml", f"{id_}.test.yaml": f"{kind}.test.yaml"}, id_)
    where = "" if folder == "." else f" {folder}"
    note(say("next: relflow test{where}", "下一步：relflow test{where}", where=where))
    return FINE


def _refuse_known(folder: Path, name: str) -> None:
    """Refuse a name that the policy has already: a second one would be the next check's error."""
    from relflow.reader import read_policy

    model = read_policy(folder)[0] if (folder / "policy.yaml").is_file() else None
    if model is None:
        return
    for section in (*_NAMED, "workflows"):
        for element in getattr(model, section):
            if element.name == name:
                place = f"{element.id.span.source.name}:{element.id.span.line}"
                raise Problem(
                    say(
                        "`{name}` is there already, at {place}; choose another name, or edit it there",
                        "`{name}` 已存在，位于 {place}；请换一个名称，或直接修改原处",
                        name=name,
                        place=place,
                    )
                )
