"""`relflow docs`: the policy as a handbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.model import Model
    from relflow.text import Text

__all__ = ["command"]


@make(
    "docs",
    en="Write the policy as a handbook.\nOne HTML page that needs nothing else; a browser prints it to PDF.",
    zh="将制度输出为手册。\n单个 HTML 文件，可在浏览器中打印为 PDF。",
)
@argument("path", default=".", en="The policy; default: this folder.", zh="制度，默认为当前文件夹。")
@option("--out", metavar="FILE", en="Where to; default: NAME.LANG.html.", zh="输出文件，默认 名称.语言.html。")
@options.overlay_option
@options.plugin_option
@options.lang_option
def command(path: str, out: str | None, overlay: str | None, plugins: tuple[str, ...]) -> int:
    """Write the page."""
    from relflow.policy import load
    from relflow.report.handbook import handbook
    from relflow.review.tracing import carried

    lang = current().lang
    policy = load(options.policy_source(path), overlay=overlay, plugins=plugins)
    file = Path(out or f"{policy.id}.{lang}.html")
    text = handbook(policy.program, lang, carried(policy.model), _named(policy.model))
    file.write_text(text, encoding="utf-8")
    data(say("handbook: {file}", "手册：{file}", file=file))
    return FINE


def _named(model: Model) -> dict[str, Text]:
    """What people call events and the fields of records, which the program does not keep."""
    elements = [*model.events, *(field for record in model.records for field in record.fields)]
    return {one.name: one.label.text for one in elements if one.label is not None}
