"""The six verbs: each turns an action of the program into data of the step; nothing is sent or carried out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relflow.program.workflows import Action, Recipient
from relflow.results import Child, Effect, Message, Opening, Performance
from relflow.results.quick import maker
from relflow.text import Text
from relflow.workflow.data import typed
from relflow.workflow.draft import Draft
from relflow.workflow.phrases import phrase
from relflow.workflow.texts import filled

__all__ = ["carry_out"]

make_message = maker(Message)
make_effect = maker(Effect)
make_text = maker(Text)


def carry_out(draft: Draft, actions: Sequence[Action], cause: str, what: Text) -> None:
    """Do what `actions` say, in order; a later one sees what an earlier one set.

    `cause` names the event or the clock's step for programs, `what` says it in notifications that have no text.
    """
    for action in actions:
        if action.for_each is None:
            _VERBS[action.verb](draft, action, cause, what)
            continue
        outer = draft.scene.local
        for item in _items(draft.scene.value(action.for_each)):
            draft.scene.local = {**outer, "item": item}
            _VERBS[action.verb](draft, action, cause, what)
        draft.scene.local = outer


def _items(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _values(draft: Draft, action: Action) -> dict[str, object]:
    return {name: draft.scene.value(formula) for name, formula in action.values}


def _notify(draft: Draft, action: Action, cause: str, what: Text) -> None:
    given = _values(draft, action) if action.values else {}
    fields: dict[str, object] = {
        "workflow": draft.workflow.id,
        "state": draft.state,
        "account": draft.case.account,
    }
    if given:
        fields.update({name: value for name, value in given.items() if name not in action.private})
    if action.message is None:
        name, text = cause, _plain(draft, what)
    else:
        outer = draft.scene.local
        draft.scene.local = {**outer, **given}
        name, (text, shown_) = action.message.id, filled(draft.scene, action.message)
        draft.scene.local = outer
        fields.update(shown_)
    told: set[str] = set()
    for recipient in action.recipients:
        people = _people(draft, recipient)
        # whoever is meant twice, as the owner and by a role, is told once
        for person in people:
            if person not in told:
                told.add(person)
                key = draft.key()
                draft.messages.append(make_message(key, draft.case.id, draft.ordinal, person, name, text, fields))
        draft.effects.append(make_effect("notify", recipient.name, {"message": name, "recipients": people}, cause))


def _plain(draft: Draft, what: Text) -> Text:
    """The words of a notification that has no text of its own: the workflow, the case, what happened."""
    known = draft.machine.around
    around = known.get(what.pairs)
    if around is None:
        around = known[what.pairs] = _around(draft.workflow.label, what)
    case = draft.case.id
    return make_text(tuple([(lang, before + case + after) for lang, before, after in around]))


def _around(label: Text, what: Text) -> tuple[tuple[str, str, str], ...]:
    """What stands before and behind the case's id, in each language."""
    said = phrase("{label} {case}: {what}", "{label} {case}：{what}", label=label, case="\0", what=what)
    return tuple((lang, text.partition("\0")[0], text.partition("\0")[2]) for lang, text in said.pairs)


def _people(draft: Draft, recipient: Recipient) -> tuple[str, ...]:
    """Those who are meant, with their stand-ins in the place of people who are away."""
    people = _meant(draft, recipient)
    stand_ins = draft.roles.stand_ins
    if not stand_ins or stand_ins.keys().isdisjoint(people):
        return people
    for person in people:
        if person in stand_ins:
            draft.findings.append(f"stand_in:{stand_ins[person]}:{person}")
    return tuple(dict.fromkeys(stand_ins.get(person, person) for person in people))


def _meant(draft: Draft, recipient: Recipient) -> tuple[str, ...]:
    """The ids to write to: users of the host, `customer:<account>`, or a role whose holders the host does not list."""
    if recipient.kind == "customer":
        return (f"customer:{draft.case.account}",) if draft.case.account else _nobody(draft, recipient.name)
    if recipient.kind == "owner":
        return (draft.owner,) if draft.owner else _nobody(draft, recipient.name)
    if recipient.formula is not None:
        listed = tuple(str(one) for one in _items(draft.scene.value(recipient.formula)) if one not in (None, ""))
        return listed or _nobody(draft, recipient.name)
    members = draft.roles.members.get(recipient.name)
    if members is None:
        return (recipient.name,)
    return tuple(members) or _nobody(draft, recipient.name)


def _nobody(draft: Draft, recipient: str) -> tuple[str, ...]:
    draft.findings.append(f"nobody:{recipient}")
    return ()


def _assign(draft: Draft, action: Action, cause: str, _: Text) -> None:
    person = _person(draft, action.recipients[0], draft.owner)
    draft.effects.append(Effect("assign", action.recipients[0].name, {"owner": person}, cause))
    if person is not None and person != draft.owner:
        draft.put("owner", person)


def _person(draft: Draft, recipient: Recipient, now: str | None) -> str | None:
    """One person of those meant: whoever has it already, else the first."""
    if recipient.kind == "role" and recipient.name not in draft.roles.members:
        draft.findings.append(f"nobody:{recipient.name}")
        return None
    people = _people(draft, recipient)
    if not people:
        return None
    return now if now in people else people[0]


def _open(draft: Draft, action: Action, cause: str, _: Text) -> None:
    data = _values(draft, action)
    owner = _person(draft, action.assign, None) if action.assign is not None else None
    key = draft.key()
    draft.openings.append(
        Opening(
            key,
            action.target,
            {name: value for name, value in data.items() if value is not None},
            draft.case.account,
            draft.case.id,
            owner,
            f"{draft.workflow.id}.{cause}",
            draft.case.subject,
        )
    )
    draft.children = (*draft.children, Child(key, action.target))
    draft.effects.append(Effect("open", action.target, {"case": key}, cause))


def _set(draft: Draft, action: Action, cause: str, _: Text) -> None:
    for name, value in _values(draft, action).items():
        good, bad = typed(draft.workflow, {name: value})
        if bad:
            draft.findings.append(f"unfit:{name}")
        for key, fit in good.items():
            if draft.scene.data.get(key) != fit:
                draft.put(key, fit)
        draft.effects.append(Effect("set", name, good, cause))


def _move(draft: Draft, action: Action, cause: str, _: Text) -> None:
    """One step up or down the datum's values; at the end of them nothing moves, which is recorded all the same."""
    choices = draft.workflow.data[action.target].choices
    now = draft.scene.data.get(action.target)
    values: dict[str, object] = {"from": now, "to": now}
    if now is None or now not in choices:
        draft.findings.append(f"unset:{action.target}")
    else:
        step = -1 if action.verb == "raise" else 1
        place = min(max(choices.index(str(now)) + step, 0), len(choices) - 1)
        values["to"] = choices[place]
        if choices[place] != now:
            draft.put(action.target, choices[place])
    draft.effects.append(Effect(action.verb, action.target, values, cause))


def _perform(draft: Draft, action: Action, cause: str, _: Text) -> None:
    arguments: Mapping[str, object] = _values(draft, action)
    key = draft.key()
    draft.performances.append(Performance(key, draft.case.id, draft.ordinal, action.target, arguments))
    draft.effects.append(Effect("perform", action.target, {"key": key}, cause))


_VERBS = {
    "notify": _notify,
    "assign": _assign,
    "open": _open,
    "set": _set,
    "raise": _move,
    "lower": _move,
    "perform": _perform,
}
