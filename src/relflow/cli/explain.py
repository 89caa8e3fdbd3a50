"""`relflow explain`: why an answer came out so, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.records import facts_option, read_records
from relflow.cli.screen import data, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import facts
from relflow.cli.words import argument
from relflow.cli.words import command as make
from relflow.errors import FactError

if TYPE_CHECKING:
    from relflow.explain import Explanation

__all__ = ["command"]


@make(
    "explain",
    en="Say why a decision came out so, and what would change it.\n"
    "NAME is a decision, a tier or a risk, PATH the policy, default: this folder. "
    "Facts are name=value, or stand in --facts.",
    zh="说明判定的理由，以及怎样会改变结果。\nNAME 为判定、等级或风险，PATH 为制度，默认为当前文件夹。"
    "数据项写成 名称=值，或放在 --facts 里。",
)
@argument(
    "words",
    nargs=-1,
    metavar="NAME [PATH] [FACT=VALUE]...",
    en="What to explain, and about whom.",
    zh="解释什么，关于谁。",
)
@facts_option
@options.at_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", "html")
@options.lang_option
def command(
    words: tuple[str, ...],
    facts_file: str | None,
    at: str | None,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Decide once more with everything recorded, and say it."""
    from relflow.policy import load

    name, path, texts = options.target(words)
    if name is None:
        raise Problem(say("say which decision to explain", "请写明要解释的判定"))
    policy = load(path, overlay=overlay, plugins=plugins)
    records, _ = read_records(facts_file) if facts_file else ([{}], False)
    when = options.moment(at, policy.program.zone)
    lang = current().lang
    viewer = tuple(policy.program.roles)  # whoever gives the facts may see them
    found = []
    for record in records:
        try:
            found.append((record.get("id"), policy.explain(name, facts(policy, record, texts), when, viewer=viewer)))
        except FactError as error:
            raise Problem(f"{record['id']}: {error.text(lang)}" if "id" in record else error.text(lang)) from None
    if form == "json":
        print_json(
            [explanation.to_dict(lang) for _, explanation in found] if len(found) > 1 else found[0][1].to_dict(lang)
        )
        return FINE
    if form == "html":
        data(_page(policy.id, policy.version, name, found))
        return FINE
    for number, (id_, explanation) in enumerate(found):
        if number:
            data()
        if id_ is not None:
            data(f"{id_}:")
        data(explanation.text(lang))
    return FINE


def _page(policy: str, version: str, name: str, found: Sequence[tuple[Any, Explanation]]) -> str:
    """One page that stands by itself, a section for each record."""
    from relflow.report.html import Markup, page, section

    lang = current().lang
    sections = [
        section(f"r{number}", str(id_ or name), Markup(explanation.html(lang)))
        for number, (id_, explanation) in enumerate(found, 1)
    ]
    return page(say("Why: {name}", "理由：{name}", name=name), f"{policy} {version}", sections, "relflow", lang)
