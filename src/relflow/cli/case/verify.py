"""`relflow case verify`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.anchors import key_option, read_anchors, read_key
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "verify",
    en="Find what was changed in cases and their histories behind relflow's back.\n"
    "With anchors also lost cases, cut tails and histories written anew. Exit 1 if something is not as it was written.",
    zh="找出绕过 relflow 对工单及其历史所作的改动。\n"
    "有锚点时还能发现丢失的工单、被截断或重写的历史。发现问题时退出码为 1。",
)
@argument("cases", nargs=-1, metavar="[CASE]...", en="Only these cases; default: all.", zh="只检查这些工单，默认全部。")
@option(
    "--anchors",
    metavar="FILE",
    en="What `relflow case anchor` printed earlier.",
    zh="之前由 `relflow case anchor` 输出的文件。",
)
@key_option
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, cases: tuple[str, ...], anchors: str | None, key_file: str | None, form: str) -> int:
    """Verify and report."""
    if anchors is not None and key_file is None:
        raise Problem(say("`--anchors` needs `--key-file`", "`--anchors` 需要 `--key-file`"))
    key = read_key(key_file) if key_file is not None else None
    known = list(read_anchors(anchors)) if anchors is not None else []
    if cases:
        latest = {one.case: one for one in sorted(known, key=lambda one: one.seq)}
        damages = [found for case in cases for found in desk.engine.verify(case, known=latest.get(case), key=key)]
        looked, against = len(cases), sum(case in latest for case in cases)
    else:
        whole = desk.engine.verify_all(known, key=key)
        damages, looked, against = list(whole.damages), whole.cases, whole.anchors
    if form == "json":
        lang = current().lang
        print_json(
            [{"case": one.case, "seq": one.seq, "reason": one.reason, "text": one.text(lang)} for one in damages]
        )
    else:
        for one in damages:
            data(say("{case}: {text} ({reason})", "{case}：{text}（{reason}）",
                     case=one.case, text=one.text(current().lang), reason=one.reason))  # fmt: skip
    note(
        say(
            "cases: {cases}, against anchors: {anchors}, not as written: {count}",
            "工单：{cases}，对照锚点：{anchors}，与所写不符：{count}",
            cases=looked, anchors=against, count=len(damages),
        )
    )  # fmt: skip
    return FAILED if damages else FINE
