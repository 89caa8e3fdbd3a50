"""Data classes as the standard library makes them, at a fraction of what defining one costs.

The standard decorator compiles six functions for each class when its module is imported: a third of a second for a
command that loads the whole package. Here nothing is compiled for a class that has few instances: what compares,
shows, guards and first fills them is shared code over its fields. `dataclasses.fields`, `replace`, `match`, pickling
and copying work as ever. Annotations have to be texts, as `from __future__ import annotations` makes them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from relflow.structs.making import made

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, kw_only=False, **rare):
        """As `dataclasses.dataclass`; with arguments beyond these four it is that."""

        def wrap(found):
            if rare:
                return dataclasses.dataclass(frozen=frozen, eq=eq, slots=slots, kw_only=kw_only, **rare)(found)
            return made(found, frozen=frozen, eq=eq, slots=slots, kw_only=kw_only)

        return wrap if cls is None else wrap(cls)
