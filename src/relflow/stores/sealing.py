"""Personal values apart from the history: a surrogate in the documents, the value in a vault that can be emptied."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Final

from relflow.stores.codec import Sealed, encode

__all__ = ["SALT", "Sealer", "holds_sealed"]

SALT: Final = "salt"


def _new_salt() -> str:
    """A secret of one case; without it nobody can guess a value from its surrogate."""
    return secrets.token_hex(16)


def holds_sealed(text: object) -> bool:
    """Whether a document has surrogates, so that it needs the vault to be read."""
    said = str(text)
    return "$" in said and '"$sealed"' in said


class Sealer:
    """Seals the values of `names`; equal values of one case and name get the same surrogate.

    `kept` gives the case's secret, None where it has none yet. It is asked for with the first value that is sealed, and
    one that is made then is noted in `vault` with the values.
    """

    def __init__(self, kept: Callable[[], str | None], names: frozenset[str]) -> None:
        self._kept = kept
        self._salt = b""
        self._names = names
        self._marks: dict[tuple[str, int], tuple[Sealed, object]] = {}
        self.vault: dict[str, str] = {}

    def __call__(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """The mapping with its personal values sealed; they are noted in `vault` as canonical text."""
        if self._names.isdisjoint(values):
            return values
        return {name: self._seal(name, value) if name in self._names else value for name, value in values.items()}

    def text(self, values: Mapping[str, object]) -> str:
        """The mapping as canonical text, with its personal values sealed."""
        return encode(self(values))

    def _seal(self, name: str, value: object) -> object:
        if value is None:
            return None
        # what an event brings stands in its data, in what changes and in the case: once is enough for the same object
        known = self._marks.get((name, id(value)))
        if known is not None:
            return known[0]
        mark = self._mark(name, value)
        # the value stays here, so that no other object can take its id
        self._marks[name, id(value)] = mark, value
        return mark

    def _mark(self, name: str, value: object) -> Sealed:
        text = encode(value)
        salt = self._salt or self._find_salt()
        whole = hmac.new(salt, f"{name}\n{text}".encode("ascii", "backslashreplace"), hashlib.sha256).hexdigest()
        surrogate = whole[:32]
        self.vault[surrogate] = text
        return Sealed(surrogate)

    def _find_salt(self) -> bytes:
        found = self._kept()
        if found is None:
            found = self.vault[SALT] = _new_salt()
        self._salt = found.encode()
        return self._salt
