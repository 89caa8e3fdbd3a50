"""The body of an entry while it is written: what each name is called there, and whether it may be None."""

from __future__ import annotations

from dataclasses import field

from relflow.feel import Emitter
from relflow.feel.tree import Name
from relflow.feel.types import NumberType, Type
from relflow.program import Code
from relflow.rules.fast.writer import LEAVE, Writer
from relflow.structs import dataclass

__all__ = ["Body"]


@dataclass(slots=True)
class Body:
    """`names` are the locals of FEEL names; those in `exact` may hold a Decimal.

    Those in `nullable` may hold None, which always means that something is missing: what is null by itself leaves.

    Straight code reads guarded values only; what may be a Decimal is read by the general code.
    """

    writer: Writer
    names: dict[str, str]
    types: dict[str, Type]
    nullable: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    bounded: set[str] = field(default_factory=set)
    emitters: list[Emitter] = field(default_factory=list)

    def emitter(self, code: Code, *, input_nullable: bool = False) -> Emitter:
        """The emitter that an expression needs: a straight one if all that it reads is guarded."""
        names = {name: self.names[name] for name in code.reads if name != "?"}
        safe = any(name in self.exact for name in names)
        nullable = {name for name in names if name in self.nullable} | ({"?"} if input_nullable else set())
        emitter = Emitter(self.writer.pool, names, safe=safe, nullable=nullable)
        self.emitters.append(emitter)
        return emitter

    def value(self, code: Code) -> str:
        """The source of an expression's value."""
        return self.emitter(code).value(code.checked)

    def operand(self, code: Code) -> tuple[str, bool]:
        """A local with a column's value, for comparisons with literals, and whether it may be None.

        A number that may be a Decimal is made an int or a float where it can be, and None leaves the fast path.
        """
        if isinstance(code.tree, Name):
            feel = code.tree.name
            if feel not in self.exact:
                return self.names[feel], feel in self.nullable
            source, nullable = self.names[feel], feel in self.nullable
        else:
            source, nullable = self.value(code), True
        local = self.writer.new("c")
        self.writer.add(f"{local} = {source}")
        if isinstance(code.type, NumberType):
            self.writer.add(f"if {local}.__class__ is not _int and {local} is not None:")
            self.writer.add(f"{local} = _plain({local})", 1)
            self.writer.add(f"if {local} is None: {LEAVE}", 1)
        return local, nullable

    def missing(self, code: Code) -> str:
        """The condition under which something that an expression reads is missing; empty where nothing can be."""
        names = (self.names[name] for name in dict.fromkeys(code.reads) if name in self.nullable)
        return " or ".join(f"{local} is None" for local in names)

    def condition(self, code: Code, input: str | None = None, *, input_nullable: bool = False) -> tuple[str, bool]:
        """The source of a condition or cell, and whether its value may be None because something is missing.

        Where nothing that it reads may be None it is a plain truth; else True, False or None, with nulls open.
        """
        nullable = input_nullable or any(name in self.nullable for name in code.reads)
        if not nullable and not any(name in self.exact for name in code.reads):
            return self.emitter(code).truth(code.checked, input), False
        names = {name: self.names[name] for name in code.reads if name != "?"}
        return Emitter(self.writer.pool, names).value(code.closed, input), True
