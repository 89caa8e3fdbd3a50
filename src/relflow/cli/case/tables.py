"""`relflow case tables`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import store_url
from relflow.cli.case.files import sqlite_file, store_option
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, say
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make(
    "tables",
    en="Say whether the tables of a store fit this relflow; --migrate makes or updates them.\n"
    "Stop the workers and take a backup first. Exit 1 if they do not fit.",
    zh="检查存储的表结构是否与此版本的 relflow 相符；--migrate 用于建立或升级。\n"
    "请先停止 worker 并备份。不相符时退出码为 1。",
)
@option("--migrate", is_flag=True, en="Make the tables, or bring them forward.", zh="建立表，或升级表结构。")
@store_option
@options.plugin_option
@options.lang_option
def command(migrate: bool, store: str, plugins: tuple[str, ...]) -> int:
    """Ask the store, or have it migrate."""
    from relflow.builtins import DEFAULT_PLUGINS
    from relflow.engine.storage import store_of
    from relflow.hooks import Plugins
    from relflow.stores import SCHEMA_VERSION

    url = store_url(store)
    if url.startswith("sqlite:") and not migrate and not sqlite_file(store).exists():
        # merely asking must not make the file
        raise Problem(say("there is no store `{store}`", "没有存储 `{store}`", store=store))
    found = store_of(url, Plugins((*DEFAULT_PLUGINS, *plugins)))
    try:
        version = found.migrate() if migrate else found.version()
    finally:
        found.close()
    data(
        say(
            "schema {version}; this relflow needs {wanted}",
            "表结构版本 {version}；此版本的 relflow 需要 {wanted}",
            version=version,
            wanted=SCHEMA_VERSION,
        )
    )
    if version == SCHEMA_VERSION:
        return FINE
    # the address may hold a password: it is not repeated here
    if version > SCHEMA_VERSION:
        note(say("  help: update relflow on this machine", "  改法：请升级本机的 relflow"))
    elif version == 0:
        note(say("  help: the same command with `--migrate` makes them", "  改法：同一命令加上 `--migrate` 即可建立"))
    else:
        note(
            say(
                "  help: take a backup, then the same command with `--migrate`",
                "  改法：先备份，再用同一命令加上 `--migrate`",
            )
        )
    return FAILED
