"""The built-in functions of DMN 1.5, one module a family, and the two that relflow adds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from relflow.feel.builtins.aggregates import AGGREGATES
from relflow.feel.builtins.booleans import BOOLEANS
from relflow.feel.builtins.calendar import CALENDAR
from relflow.feel.builtins.contexts import CONTEXTS
from relflow.feel.builtins.conversion import CONVERSION
from relflow.feel.builtins.lists import LISTS
from relflow.feel.builtins.numbers import NUMBERS
from relflow.feel.builtins.patterns import PATTERNS
from relflow.feel.builtins.relations import RELATIONS
from relflow.feel.builtins.rounding import ROUNDING
from relflow.feel.builtins.strings import STRINGS
from relflow.feel.builtins.temporal import TEMPORAL
from relflow.feel.definition import Builtin

__all__ = ["BUILTINS", "FAMILIES"]

FAMILIES: Final[Mapping[str, tuple[Builtin, ...]]] = MappingProxyType(
    {
        "conversion": CONVERSION,
        "boolean": BOOLEANS,
        "string": (*STRINGS, *PATTERNS),
        "list": (*LISTS, *AGGREGATES),
        "number": (*NUMBERS, *ROUNDING),
        "date and time": (*TEMPORAL, *CALENDAR),
        "range": RELATIONS,
        "context": CONTEXTS,
    }
)
BUILTINS: Final[Mapping[str, Builtin]] = MappingProxyType(
    {builtin.name: builtin for family in FAMILIES.values() for builtin in family}
)
