"""`relflow explain`: why an answer came out so, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.given import known_days, load_policy, names_fit
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
@options.known_option
@options.at_option
@options.as_of_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", "html")
@options.lang_option
def command(
    words: tuple[str, ...],
    facts_file: str | None,
    known: tuple[str, ...],
    at: str | None,
    as_of: str | None,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Decide once more with everything recorded, and say it."""
    name, path, texts = options.target(words)
    if name is None:
        raise Problem(say("say which decision to explain", "请写明要解释的判定"))
    policy = load_policy(path, overlay, plugins, as_of)
    records, _ = read_records(facts_file) if facts_file else ([{}], False)
    fits = names_fit(policy.program.facts, {*texts, *(column for record in records for column in record)})
    when, days = options.moment(at, policy.program.zone), known_days(known, policy)
    lang = current().lang
    viewer = tuple(policy.program.roles)  # whoever gives the facts may see them
    found = []
    for record in records:
        try:
            given = facts(policy, record, texts)
            found.append((record.get("id"), policy.explain(name, given, when, known=days, viewer=viewer)))
        except FactError as error:
            place = say("{id}: ", "{id}：", id=record["id"]) if "id" in record else ""
            raise Problem(place + error.text(lang)) from None
    if form == "json":
        shown = [explanation.to_dict(lang) for _, explanation in found]
        print_json(shown[0] if len(shown) == 1 else shown)
    elif form == "html":
        node = policy.program.nodes.get(name)
        label = node.label.text(lang) if node is not None and node.label is not None else name
        data(_page(policy.id, policy.version, label, found))
    else:
        _show(found)
    return FINE if fits else FAILED


def _show(found: Sequence[tuple[Any, Explanation]]) -> None:
    """The explanations below each other."""
    lang = current().lang
    for number, (id_, explanation) in enumerate(found):
        if number:
            data()
        if id_ is not None:
            data(say("{id}:", "{id}：", id=id_))
        data(explanation.text(lang))


def _page(policy: str, version: str, name: str, found: Sequence[tuple[Any, Explanation]]) -> str:
    """One page that stands by itself, a section for each record."""
    from relflow.report.html import Markup, page, section

    lang = current().lang
    sections = [
        section(f"r{number}", str(id_ or name), Markup(explanation.html(lang)))
        for number, (id_, explanation) in enumerate(found, 1)
    ]
    return page(say("Why: {name}", "理由：{name}", name=name), f"{policy} {version}", sections, "relflow", lang)
