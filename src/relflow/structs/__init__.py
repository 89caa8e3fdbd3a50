"""Data classes as the standard library makes them, at a fraction of what defining one costs.

The standard decorator compiles six functions for each class when its module is imported: a third of a second for a
command that loads the whole package. Here nothing is compiled for a class that has few instances: what compares,
shows, guards and first fills them is shared code over its fields. `dataclasses.fields`, `replace`, `match`, pickling
and copying work as ever. Annotations have to be texts, as `from __future__ import annotations` makes them.
"""

from relflow.structs.making import dataclass

__all__ = ["dataclass"]
