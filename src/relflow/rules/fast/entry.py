"""One function that loads the facts of a question, guards them, and decides all that it depends on in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from relflow.feel.types import BOOLEAN, NumberType, StringType, Type
from relflow.program import (
    KNOWN,
    Code,
    ConformError,
    Decision,
    Fact,
    Indicator,
    Node,
    Parameter,
    Program,
    Scheme,
    Scorecard,
    Table,
    conform,
)
from relflow.results import Decision as Answer
from relflow.rules.fast.body import Body
from relflow.rules.fast.guards import guard
from relflow.rules.fast.hostvalues import fitting, lighter, plain
from relflow.rules.fast.nulls import null_tolerant
from relflow.rules.fast.remembering import remembering
from relflow.rules.fast.scorecards import write_scorecard
from relflow.rules.fast.tables import write_table
from relflow.rules.fast.writer import LEAVE, UnsupportedError, Writer
from relflow.rules.questions import Question, local_instant

__all__ = ["fast_entry"]

PARAMETERS = "record, at, state, known"
_UNKNOWN = object()


def fast_entry(question: Question) -> Callable[..., Answer] | None:
    """The function of a question; None where only the general run can decide it."""
    try:
        return _Entry(question).build()
    except UnsupportedError:
        return None


class _Entry:
    """Writes the entry of one question."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.program: Program = question.program
        self.order = _needed(self.program, question.name)
        nodes = self.program.nodes
        self.facts = [name for name in question.facts if name in self.order]
        names = {name: f"f{index}" for index, name in enumerate(question.facts)}
        names |= {name: f"n{index}" for index, name in enumerate(self.order) if name not in names}
        self.writer = Writer()
        types = {name: nodes[name].type for name in self.order}
        self.body = Body(self.writer, names, types)
        self.seen: list[tuple[str, str | None]] = []

    def build(self) -> Callable[..., Answer]:
        """The function."""
        nodes = [self.program.nodes[name] for name in self.order]
        self.body.nullable = {node.id for node in nodes if isinstance(node, Fact) and null_tolerant(nodes, node.id)}
        self.tolerant = {node.id for node in nodes if not isinstance(node, Fact) and null_tolerant(nodes, node.id)} - {
            self.question.name
        }
        conformed = [fact for fact in self.facts if _guarded(self.program.nodes[fact].type) is False]
        inner = Writer(pool=self.writer.pool)
        self.writer = self.body.writer = inner
        row = "-1"
        for node in nodes:
            row = self.node(node)
            if not isinstance(node, Fact):
                self.seen.append((node.id, row if row != "-1" else None))
        name = self.body.names[self.question.name]
        inner.add(f"return _Decision(_question, {name}, False, {row}, {self.kept()})")
        if all(_reads_all(node) for node in nodes):
            self.question.remembered = remembering(nodes, self.question.facts, self.seen[:-1])
        lines = [f"def entry({PARAMETERS}):", *self.load(), *self.checks(conformed), *inner.lines]
        return self.define("\n".join(lines))

    def values(self) -> str:
        """The source of the values that a decision keeps."""
        facts = "".join(f"{self.body.names[fact]}, " for fact in self.question.facts)
        return f"({facts}at, state, known)"

    def kept(self) -> str:
        """The source of the values that a decision keeps, and of what was answered on the way to it."""
        way = [(name, row) for name, row in self.seen if name != self.question.name]
        seen = "".join(f"{self.body.names[name]}, {f'{row}, ' if row else ''}" for name, row in way)
        return f"{self.values()}, ({seen})"

    def unknown(self, node: Node) -> str:
        """The line for an unknown answer: it is the decision's own, or marked for `settle`, or leaves the fast path."""
        last = self.program.nodes[self.question.name]
        if node is last:
            return f"return _Decision(_question, None, True, -1, {self.kept()})"
        if isinstance(last, Scheme) and last.from_ == node.id:
            return f"return _Decision(_question, None, True, -1, {self.values()})"
        return f"{self.body.names[node.id]} = _unknown" if node.id in self.tolerant else LEAVE

    def define(self, source: str) -> Callable[..., Answer]:
        """The function of generated source, which holds only names that we made."""
        names = self.writer.pool.namespace()
        program = self.program

        def now(at: Any) -> Any:
            return local_instant(program, at)

        names |= {
            "_Decision": Answer,
            "_question": self.question,
            "_slow": self.question.decide,
            "_plain": plain,
            "_lighter": lighter,
            "_Decimal": Decimal,
            "_bisect": bisect_right,
            "_conform": conform,
            "_fitting": fitting,
            "_ConformError": ConformError,
            "_now_of": now,
            "_KeyError": KeyError,
            "_Exception": Exception,
            "_unknown": _UNKNOWN,
            "_dict": dict,
        }
        exec(compile(source, f"<{self.question.name}>", "exec"), names)  # noqa: S102
        entry: Callable[..., Answer] = names["entry"]
        return entry

    def load(self) -> list[str]:
        """Facts out of the record; a key that is not there is a missing fact."""
        lines = []
        nodes = self.program.nodes.values()
        if any(isinstance(node, Scheme) for node in nodes if node.id in self.order):
            lines.append(f"    if state: {LEAVE}")
        if any(node.reads_time for node in nodes if node.id in self.order):
            lines += [f"    if at is None: {LEAVE}", "    _now = _now_of(at)"]
        skipped = [fact for fact in self.question.facts if fact not in self.facts]
        lines += [f"    {self.body.names[fact]} = None" for fact in skipped]
        if not self.facts:
            return lines
        locals_ = [(self.body.names[fact], fact) for fact in self.facts]
        lines.append("    try:")
        lines += [f"        {local} = record[{fact!r}]" for local, fact in locals_]
        lines += ["    except _KeyError:", f"        if record.__class__ is not _dict: {LEAVE}"]
        lines.append("        get = record.get")
        lines += [f"        {local} = get({fact!r})" for local, fact in locals_]
        lines += ["    except _Exception:", f"        {LEAVE}"]
        return lines

    def checks(self, conformed: list[str]) -> list[str]:
        """The guard of all facts; those of composed types are conformed by a call."""
        lines = []
        guards = []
        for fact in self.facts:
            local = self.body.names[fact]
            if fact in conformed:
                continue
            nullable = fact in self.body.nullable
            type_ = self.program.nodes[fact].type
            guards.append(guard(self.writer, type_, local, nullable=nullable) or "True")
            narrow = _narrowest(self.body, fact, type_, local)
            if narrow is not None:
                guards.append(narrow)
        if guards:
            lines += self.guarded(" and ".join(guards))
        for fact in conformed:
            local, wanted = self.body.names[fact], self.writer.kept(self.program.nodes[fact].type)
            lines += [
                "    try:",
                f"        {local} = _conform({local}, {wanted})",
                f"    except _ConformError: {LEAVE}",
            ]
            if fact not in self.body.nullable:
                lines.append(f"    if {local} is None: {LEAVE}")
        return lines

    def guarded(self, guards: str) -> list[str]:
        """Odd values leave the fast path; short decimals are made ordinary where no answer would show it."""
        numbers = [fact for fact in self.facts if isinstance(self.program.nodes[fact].type, NumberType)]
        if not numbers or not _settled(self.program, self.question.name):
            return [f"    if not ({guards}): {LEAVE}"]
        locals_ = [self.body.names[fact] for fact in numbers]
        lines = [f"        if {local}.__class__ is _Decimal: {local} = _lighter({local})" for local in locals_]
        return [f"    if not ({guards}):", *lines, f"        if not ({guards}): {LEAVE}"]

    # ---- nodes

    def node(self, node: Node) -> str:
        """Write the lines of one node; gives the source of the row that decided."""
        name = self.body.names[node.id]
        last = node.id == self.question.name
        match node:
            case Fact():
                return "-1"
            case Parameter():
                self.parameter(node, name)
                return "-1"
            case Scheme(from_=str(from_)):
                self.writer.add(f"{name} = {self.body.names[from_]}")
                self.inherit(node.id, from_)
                return self.row_of(from_)
            case Decision(body=Table() as table):
                row = f"r{name}"
                write_table(self.body, table, name, row, self.unknown(node), fresh=last)
                self.settle(node, name, row)
                return row
            case Decision(body=Scorecard() as card):
                write_scorecard(self.body, card, name, self.unknown(node))
                self.settle(node, name)
                return "-1"
            case Decision(body=Code() as code, check=check):
                self.writer.add(f"{name} = {self.body.value(code)}")
                if check:
                    self.fit(node.type, name)
                self.settle_code(node, name, code, no_match=node.no_match)
                return "-1"
            case Indicator(when=Code() as code):
                self.indicator(code, name)
                self.settle_code(node, name, code)
                return "-1"
            case _:
                raise UnsupportedError

    def fit(self, type_: Type, name: str) -> None:
        """A value that is not of its decision's type leaves the fast path."""
        if isinstance(type_, StringType) and type_.allowed is not None:
            texts = self.writer.kept(frozenset(type_.allowed))
            self.writer.add(
                f"if {name} is not None and ({name}.__class__ is not _str or {name} not in {texts}): {LEAVE}"
            )
        else:
            self.writer.add(f"{name} = _fitting({name}, {self.writer.kept(type_)})")

    def indicator(self, code: Code, name: str) -> None:
        """A condition's value: true, false, or null if it is neither."""
        self.writer.add(f"{name} = {self.body.emitter(code).ternary(code.closed)}")

    def row_of(self, name: str) -> str:
        """The row variable of a decision that was written before."""
        node = self.program.nodes[name]
        table = isinstance(node, Decision) and isinstance(node.body, Table)
        return f"r{self.body.names[name]}" if table else "-1"

    def inherit(self, name: str, from_: str) -> None:
        """What is known of one name's values holds for another's."""
        for kind in (self.body.nullable, self.body.exact):
            if from_ in kind:
                kind.add(name)

    def settle(self, node: Node, name: str, row: str | None = None) -> None:
        """After a table or scorecard: a null of its own leaves where others read it, an unknown answer becomes None."""
        if node.id != self.question.name:
            self.writer.add(f"if {name} is None: {LEAVE}")
            if node.id in self.tolerant and any(read in self.body.nullable for read in node.inputs):
                line = f"{name} = None; {row} = -1" if row else f"{name} = None"
                self.writer.add(f"if {name} is _unknown: {line}")
                self.body.nullable.add(node.id)
        self.narrow(node)

    def settle_code(self, node: Node, name: str, code: Code, *, no_match: bool = False) -> None:
        """After a formula: null is unknown if something that it reads is missing; null by itself leaves."""
        missing = "" if no_match else self.body.missing(code)
        if missing and node.id == self.question.name:
            self.writer.add(f"if {name} is None and ({missing}): {self.unknown(node)}")
        if missing and node.id in self.tolerant:
            self.writer.add(f"if {name} is None and not ({missing}): {LEAVE}")
            self.body.nullable.add(node.id)
        else:
            self.writer.add(f"if {name} is None: {LEAVE}")
        self.narrow(node)

    def narrow(self, node: Node) -> None:
        """What others may take for granted of a node's values."""
        number = isinstance(node.type, NumberType)
        plain_ = _whole(node) if number else isinstance(node.type, StringType) or node.type == BOOLEAN
        if not plain_:
            self.body.exact.add(node.id)

    def parameter(self, node: Parameter, name: str) -> None:
        """A parameter's value, by level and day where it differs."""
        if node.code is not None:
            raise UnsupportedError
        if node.per is None and not node.reads_time:
            value = node.value(None, None)
            if value is None:
                raise UnsupportedError
            self.writer.add(f"{name} = {self.writer.kept(value)}")
        else:
            if node.reads_time or node.per is None:
                raise UnsupportedError
            self.writer.add(f"{name} = {self.writer.kept(node.value)}({self.body.names[node.per]}, None)")
            self.body.nullable.add(node.id)
        self.body.exact.add(node.id)


def _needed(program: Program, name: str) -> tuple[str, ...]:
    """The names that deciding `name` reads where no state is given, itself last. Raises UnsupportedError."""
    order: dict[str, None] = {}

    def visit(current: str) -> None:
        if current in order:
            return
        if current.startswith(KNOWN) or current not in program.nodes:
            raise UnsupportedError
        for needed in program.nodes[current].inputs:
            visit(needed)
        order[current] = None

    visit(name)
    return tuple(order)


def _reads_all(node: Node) -> bool:
    """Whether a name asks for all of its inputs each time, so that each of them is a step of the trace."""
    table = node.body if isinstance(node, Decision) else None
    if not isinstance(table, Table):
        return True
    return not any(row.computed or any(cell.complex for cell in row.cells) for row in table.rows)


def _settled(program: Program, name: str) -> bool:
    """Whether a name's answers rest on what the policy states, so that none is a host's number or computed from one."""
    node = program.nodes[name]
    if isinstance(node.type, StringType) or node.type == BOOLEAN:
        return True
    match node:
        case Parameter(code=None) | Decision(body=Scorecard()):
            return True
        case Scheme(from_=str(from_)):
            return _settled(program, from_)
        case Decision(body=Table() as table):
            return not any(row.computed for row in table.rows)
        case Decision(body=Code() as code):
            return all(_settled(program, read) for read in code.reads)
        case _:
            return False


def _guarded(type_: Type) -> bool:
    """Whether a fact of that type is guarded by a condition, not by a call."""
    return guard(Writer(), type_, "v", nullable=False) is not None


def _narrowest(body: Body, fact: str, type_: Type, local: str) -> str | None:
    """The narrower guard that arithmetic on a fact asks for."""
    for emitter in body.emitters:
        wanted = emitter.guard(fact, type_, local)
        if "1000000000000000" in wanted:
            return wanted
    return None


def _whole(node: Node) -> bool:
    """Whether a node's numbers are all ints."""
    if not isinstance(node, Decision):
        return False
    if isinstance(node.body, Scorecard):
        return True
    if isinstance(node.body, Table):
        outputs = [row.outputs[0] for row in node.body.rows]
        return all(output is None or output.__class__ is int for output in (*outputs, node.body.default))
    return False
