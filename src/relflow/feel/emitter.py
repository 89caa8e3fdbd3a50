"""Checked expressions as Python source, for whoever fuses them into a larger function.

    pool = Pool()
    emitter = Emitter(pool, {"annual_amount_cny": "v0", "tier": "v1"})
    source = emitter.truth(checked_cell, input="v0")     # one Python expression, truthy exactly where the cell holds
    decide = pool.build("decide", ("_now", "v0", "v1"), source)

Everything that the source refers to is a local name given by the caller, `_now` (the instant for `now()` and
`today()`: an aware datetime, a date, or None) where `checked.reads_time`, or a name of `pool.namespace()`. A pool can
be pickled beside the source, so that functions can be built again elsewhere.

`safe=True` is code for values of any kind that came in through `relflow.feel.entered`. `safe=False` is straight Python
for values that meet `guard`: it must only run behind that guard, and leaves everything that has no fast form to the
general helpers. Names in `nullable` may be None behind the guard. A guard of `True` (lists, records, dates with time)
promises nothing: such values have to come in through `entered`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from relflow.feel.checked import Checked
from relflow.feel.code import Code, Frame
from relflow.feel.fast import Fast
from relflow.feel.general import General
from relflow.feel.guards import guard
from relflow.feel.pool import Pool
from relflow.feel.types import Type

__all__ = ["Emitter"]


class Emitter:
    """Emits checked expressions; `names` are the Python locals of FEEL names, `constants` are names folded away."""

    def __init__(
        self,
        pool: Pool,
        names: Mapping[str, str],
        constants: Mapping[str, Any] | None = None,
        *,
        safe: bool = True,
        nullable: Collection[str] | None = None,
    ) -> None:
        self.pool = pool
        self.safe = safe
        self.nullable = nullable
        self._constants = dict(constants or {})
        self._bounded: set[str] = set()
        self._names = {**names, **{name: pool.constant(value) for name, value in self._constants.items()}}

    def value(self, checked: Checked, input: str | None = None) -> str:
        """The expression's value; `input` is the Python source of a cell's input value."""
        return self._text(checked, input, "value")

    def ternary(self, checked: Checked, input: str | None = None) -> str:
        """A condition as True, False or None; a value that is no boolean is None."""
        return self._text(checked, input, "ternary")

    def truth(self, checked: Checked, input: str | None = None) -> str:
        """Truthy exactly where the condition is true; null and false are not told apart."""
        return self._text(checked, input, "truth")

    def guard(self, name: str, type_: Type, source: str) -> str:
        """The Python condition on a value that the code emitted so far with `safe=False` relies on.

        Ask after all code is emitted: arithmetic asks for narrower guards. `name` is `?` for an input value.
        """
        nullable = self.nullable is None or name in self.nullable
        return guard(type_, source, nullable=nullable, bounded=source in self._bounded)

    def _text(self, checked: Checked, input: str | None, kind: str) -> str:
        if checked.tree is None or not checked.ok:
            raise ValueError("an expression with errors cannot be compiled")
        generator = self._generator(checked, input)
        generator.share(checked.tree)
        code = getattr(generator, kind)(checked.tree)
        return code.text if isinstance(code, Code) else str(code)

    def _generator(self, checked: Checked, input: str | None) -> General:
        frames = (Frame(self._names),)
        if self.safe:
            general = General(self.pool, checked.scope, frames, checked.types, input=input)
            general.constants = self._constants
            return general
        return Fast(
            self.pool,
            checked.scope,
            frames,
            checked.types,
            input=input,
            input_type=checked.input,
            nullable=self.nullable,
            constants=self._constants,
            bounded=self._bounded,
        )
