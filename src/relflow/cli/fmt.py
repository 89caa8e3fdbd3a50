"""`relflow fmt`: tables aligned, meaning untouched."""

from __future__ import annotations

from pathlib import Path

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "fmt",
    en="Align the tables of a policy's files.\nComments and everything else stay as they are.",
    zh="对齐制度文件中的表格。\n注释和其余内容保持不变。",
)
@argument(
    "paths",
    nargs=-1,
    metavar="[PATH]...",
    en="Files or folders; default: this folder.",
    zh="文件或文件夹，默认为当前文件夹。",
)
@option(
    "--check",
    is_flag=True,
    en="Change nothing; exit 1 if something would change.",
    zh="不修改，仅检查；需要修改时退出码为 1。",
)
@options.lang_option
def command(paths: tuple[str, ...], check: bool) -> int:
    """Rewrite the files that are not aligned yet."""
    from relflow.reader import aligned

    changed = 0
    for file in _files(paths or (".",)):
        before = _text(file)
        after = aligned(before)
        if after == before:
            continue
        changed += 1
        if check:
            data(say("would align {file}", "需要对齐 {file}", file=file))
        else:
            file.write_bytes(after.encode("utf-8"))
            data(say("aligned {file}", "已对齐 {file}", file=file))
    if not changed:
        note(say("all tables are aligned", "表格均已对齐"))
    return FAILED if check and changed else FINE


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise Problem(
        say(
            "`{file}` is not UTF-8; `relflow check` says more",
            "`{file}` 不是 UTF-8 编码；详情请运行 `relflow check`",
            file=file,
        )
    )


def _files(paths: tuple[str, ...]) -> list[Path]:
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise Problem(say("`{path}`: there is no such file or folder", "`{path}`：没有这个文件或文件夹", path=name))
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return found
