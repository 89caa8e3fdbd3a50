"""What names mean where code is emitted, and the constants and temporary names of generated code."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from relflow.feel import calls
from relflow.feel.builtins import BUILTINS
from relflow.feel.code import DEEPEST, NO_CONSTANT, Code, Frame, piece
from relflow.feel.pool import Pool
from relflow.feel.scope import Scope
from relflow.feel.tree import Node
from relflow.feel.types import ANY, AnyType, FunctionType, RecordType, Type

__all__ = ["Naming"]


class Naming:
    """Emits the code of one tree. `types` are the inferred types by `id(node)`; without them all is Any.

    `input` is the Python source of `?`. With `recorded`, each value passes through `_r(number, value)`, where the
    number is the node's place in `tree.walk` order.
    """

    @abstractmethod
    def value(self, node: Node) -> Code:
        """The node's value, null as None."""

    def __init__(
        self,
        pool: Pool,
        scope: Scope,
        frames: tuple[Frame, ...],
        types: Mapping[int, Type],
        *,
        input: str | None = None,
        recorded: Mapping[int, int] | None = None,
    ) -> None:
        self.pool = pool
        self.scope = scope
        self.frames = frames
        self.types = types
        self.input = input
        self.recorded = recorded
        self.constants: Mapping[str, Any] = {}
        self.shared: dict[int, str] = {}
        self._unbound: set[int] = set()

    def type_of(self, node: Node) -> Type:
        """The inferred type, or Any."""
        return self.types.get(id(node), ANY)

    def settled(self, code: Code) -> Code:
        """The same code, moved into a function of its own where brackets get too deep for CPython."""
        if code.depth <= DEEPEST:
            return code
        names = tuple(sorted(code.free))
        return Code(f"{self.pool.function(names, code.text)}({', '.join(names)})", code.free, 1)

    def new(self, prefix: str) -> str:
        """A Python name that no other code of the pool has: values may outlive their expression in closures."""
        return self.pool.new(prefix)

    def constant(self, value: Any) -> Code:
        """A value known now."""
        return Code(self.pool.constant(value), constant=value)

    def quoted(self, value: Any) -> str:
        """A constant's source, fit to stand in a template."""
        return self.pool.constant(value).replace("{", "{{").replace("}", "}}")

    def named(self, name: str) -> Code:
        """What a name means here: the innermost binding, or a field that an item may turn out to have."""
        if name == "?" and self.input is not None:
            return Code(self.input, frozenset({self.input}) if self.input.isidentifier() else frozenset())
        maybe: list[str] = []
        for frame in reversed(self.frames):
            if frame.item is not None:
                found = self._in_item(frame, name)
                if found is not None and frame.certain:
                    return self._picked(name, maybe, found)
                if isinstance(frame.item_type, AnyType | RecordType) and not frame.certain:
                    maybe.append(frame.item)
                if name == "item":
                    return self._picked(name, maybe, Code(frame.item, frozenset({frame.item})))
            elif name in frame.names:
                source = frame.names[name]
                free = {source} if source.isidentifier() and not source.startswith("_c") else set[str]()
                value = self.constants.get(name, NO_CONSTANT) if frame is self.frames[0] else NO_CONSTANT
                return self._picked(name, maybe, Code(source, frozenset(free), constant=value))
        return self._picked(name, maybe, self._global(name))

    def _in_item(self, frame: Frame, name: str) -> Code | None:
        if isinstance(frame.item_type, RecordType) and frame.item_type.field(name) is not None:
            return piece(f"_field({frame.item}, {self.quoted(name)})", free=(frame.item or "",))
        return None

    def _picked(self, name: str, maybe: list[str], found: Code) -> Code:
        if not maybe:
            return found
        scopes = "".join(f"{item}, " for item in maybe)
        return piece(f"_pick({self.quoted(name)}, ({scopes}), {{}})", found, free=maybe)

    def _global(self, name: str) -> Code:
        if name in BUILTINS:
            names = tuple(parameter.name for parameter in BUILTINS[name].signatures[0].parameters)
            fit = calls.fits(BUILTINS[name].signatures, len(names), ())
            arguments = ", ".join(f"_a{index}" for index in range(len(names)))
            now = "_now" if BUILTINS[name].reads_time else "None"
            body = f"_call_builtin({self.pool.builtin(name)}, {self.pool.constant(fit)}, {now}, {arguments})"
            type_ = FunctionType((ANY,) * len(names), BUILTINS[name].signatures[0].returns)
            return self.function_value(
                names, (ANY,) * len(names), type_, arguments, Code(body, frozenset({now} - {"None"}), 1)
            )
        return piece("_unknown({})", self.constant(name))

    def is_bound(self, name: str) -> bool:
        """Whether a name in scope hides the function of that name; one that is known to be no function does not."""
        if any(name in frame.names for frame in self.frames):
            return name not in BUILTINS or isinstance(self.scope.names.get(name, ANY), FunctionType | AnyType)
        return False

    def function_value(
        self, names: tuple[str, ...], wanted: tuple[Type, ...], type_: FunctionType, variables: str, body: Code
    ) -> Code:
        """The value of a function of the text."""
        fixed = ", ".join(map(self.quoted, (names, wanted, type_)))
        bound = [name.strip() for name in variables.split(",")]
        return piece(f"_lambda({fixed}, lambda {variables}: {{}})", body, bound=bound, levels=2)
