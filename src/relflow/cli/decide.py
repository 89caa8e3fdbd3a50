"""`relflow decide`: decisions and levels in force, for one record or a file of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.answers import as_dict, show_many, show_one
from relflow.cli.failures import FAILED, FINE, UNREADABLE
from relflow.cli.given import columns_fit, known_days, load_policy
from relflow.cli.records import facts_option, read_records
from relflow.cli.screen import print_json, progress
from relflow.cli.session import current
from relflow.cli.typed import facts
from relflow.cli.words import argument
from relflow.cli.words import command as make
from relflow.errors import FactError

if TYPE_CHECKING:
    from relflow.cli.answers import Answer
    from relflow.policy import Policy

__all__ = ["command"]

_ID = "id"


@make(
    "decide",
    en="Decide about accounts.\n"
    "NAME is a decision, a tier or a risk; without it all are decided. PATH is the policy, default: this folder. "
    "Facts are name=value, or stand in --facts.",
    zh="对客户作出判定。\nNAME 为判定、等级或风险，不写则全部判定；PATH 为制度，默认为当前文件夹。"
    "数据项写成 名称=值，或放在 --facts 里。",
)
@argument(
    "words",
    nargs=-1,
    metavar="[NAME] [PATH] [FACT=VALUE]...",
    en="What to decide, and about whom.",
    zh="判定什么，关于谁。",
)
@facts_option
@options.known_option
@options.at_option
@options.as_of_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json")
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
    """Decide, and print the answers."""
    name, path, texts = options.target(words)
    policy = load_policy(path, overlay, plugins, as_of)
    records, several = read_records(facts_file) if facts_file else ([{}], False)
    names = [name] if name else [*policy.program.decisions, *policy.program.schemes]
    when = options.moment(at, policy.program.zone)
    answer = partial(_answers, policy, names, texts, when, known_days(known, policy))
    fits = facts_file is None or columns_fit(
        policy, names, {*texts, *(column for record in records for column in record)}
    )
    if several:
        return max(_many(names, records, answer, form), FINE if fits else FAILED)
    answers = answer(records[0])
    if form == "json":
        found = [as_dict(answer) for answer in answers.values()]
        print_json(found[0] if name else found)
    else:
        show_one(f"{policy.id} {policy.version}", answers)
    return FINE if fits else FAILED


def _answers(
    policy: Policy,
    names: Sequence[str],
    texts: Mapping[str, str],
    at: date,
    known: Mapping[str, date],
    record: Mapping[str, object],
) -> dict[str, Answer]:
    given = facts(policy, record, texts)
    schemes = policy.program.schemes
    return {
        name: (policy.assign if name in schemes else policy.decide)(name, given, at=at, known=known) for name in names
    }


def _many(
    names: Sequence[str],
    records: Sequence[Mapping[str, object]],
    answer: Callable[[Mapping[str, object]], dict[str, Answer]],
    form: str,
) -> int:
    """A line a record; one that cannot be read holds up none of the others."""
    rows: list[tuple[str, dict[str, Answer] | str]] = []
    for number, record in enumerate(progress(records, "deciding", "正在判定"), 1):
        id_ = str(record.get(_ID, number))
        try:
            rows.append((id_, answer(record)))
        except FactError as error:
            rows.append((id_, error.text(current().lang)))
    if form == "json":
        print_json([_row(id_, answers) for id_, answers in rows])
    else:
        show_many(names, rows)
    return UNREADABLE if any(isinstance(answers, str) for _, answers in rows) else FINE


def _row(id_: str, answers: Mapping[str, Answer] | str) -> dict[str, object]:
    if isinstance(answers, str):
        return {_ID: id_, "error": answers}
    return {_ID: id_, "answers": [as_dict(answer) for answer in answers.values()]}
