"""`relflow init`: a first policy that checks and tests clean."""

from __future__ import annotations

from pathlib import Path

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import note
from relflow.cli.session import say
from relflow.cli.starters import identifier, write
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]

_FILES = {"policy.yaml": "policy.yaml", "tiers.yaml": "tiers.yaml", "tiers.test.yaml": "tiers.test.yaml"}


@make(
    "init",
    en="Start a policy in a folder.\nIt holds one table of tiers and its test; files that exist are never touched.",
    zh="在文件夹中新建一份制度。\n内含一张分级表及其测试；已有的文件不会改动。",
)
@argument("folder", default=".", en="Where; default: this folder.", zh="位置，默认为当前文件夹。")
@option("--name", metavar="ID", en="The policy's id; default: the folder's name.", zh="制度标识，默认取文件夹名。")
@options.lang_option
def command(folder: str, name: str | None) -> int:
    """Write the files and say what comes next."""
    place = Path(folder)
    write(place, _FILES, identifier(name or place.resolve().name))
    where = "" if folder == "." else f" {folder}"
    note(say("next: relflow check{where}", "下一步：relflow check{where}", where=where))
    return FINE
