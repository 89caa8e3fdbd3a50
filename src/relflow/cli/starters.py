"""Files to begin with, in the language of the session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from relflow.cli.screen import note
from relflow.cli.session import Problem, current, say

__all__ = ["identifier", "write"]

_FOLDER = Path(__file__).parent / "starter"
_ID = re.compile(r"[a-z\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff]*")


def identifier(name: str) -> str:
    """`name` as an id: lower case, `_` for what an id may not hold."""
    found = re.sub(r"[^a-z0-9_\u4e00-\u9fff]+", "_", name.lower()).strip("_")
    if not _ID.fullmatch(found):
        raise Problem(
            say(
                "`{name}` makes no id; use small letters or Chinese, digits and `_`, a letter first",
                "`{name}` 不能作标识；请用小写字母或汉字开头，后接字母、汉字、数字或 `_`",
                name=name,
            )
        )
    return found


def write(folder: Path, files: Mapping[str, str], name: str) -> None:
    """Write starter files (their name in the folder, the starter they come from), all or none of them.

    A file that exists is never touched.
    """
    from relflow.reader import aligned

    taken = [folder / file for file in files if (folder / file).exists()]
    if taken:
        raise FileExistsError(17, "", str(taken[0]))
    lang = "zh" if current().lang.startswith("zh") else "en"
    folder.mkdir(parents=True, exist_ok=True)
    year = str(datetime.now().astimezone().year)
    for file, starter in files.items():
        text = (_FOLDER / lang / starter).read_text(encoding="utf-8")
        filled = text.replace("{id}", name).replace("{year}", year)
        (folder / file).write_text(aligned(filled), encoding="utf-8", newline="\n")
        note(say("wrote {file}", "已写入 {file}", file=folder / file))
