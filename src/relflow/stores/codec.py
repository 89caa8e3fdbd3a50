"""FEEL values as canonical JSON text and back: the same value always gives the same bytes.

Whatever JSON lacks is an object with one key that begins with `$` (`{"$decimal": "0.10"}`); a mapping of the user
that has such a key itself is written as `{"$map": {...}}`. The text is ASCII: no NUL, no lone surrogate and no
full-width character reaches a database driver. Keys are texts; a number as a key becomes its text.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from relflow.errors import FactError, StoreError
from relflow.values import (
    ExactDateTime,
    ExactDuration,
    ExactTime,
    FarDate,
    WorkingDuration,
    YearsMonthsDuration,
    parse_temporal,
    to_text,
)

__all__ = ["Sealed", "Vault", "decode", "encode", "instant", "microseconds", "quoted", "restore"]

Kept = TypeVar("Kept")
Vault = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What stands in the place of a personal value; the value itself is in the vault, where it can be erased."""

    id: str


EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


def microseconds(at: dt.datetime) -> int:
    """An aware instant as microseconds since 1970 in UTC, the only form in which a column holds an instant."""
    since = at - EPOCH
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


def instant(number: int) -> dt.datetime:
    """The instant of a column, in UTC."""
    # a product is half as dear as a duration made from parts
    return EPOCH + number * _MICROSECOND


def _zoned(value: dt.datetime) -> str:
    zone = getattr(value.tzinfo, "key", None)
    return value.isoformat() + (f"[{zone}]" if zone else "")


def _unzoned(text: str) -> dt.datetime:
    stamp, _, zone = text.partition("[")
    value = dt.datetime.fromisoformat(stamp)
    if not zone:
        return value
    offset = value.utcoffset()
    named = value.replace(tzinfo=ZoneInfo(zone[:-1]))
    # the hour that comes twice in autumn is told apart by its offset
    return named if named.utcoffset() == offset else named.replace(fold=1)


def _days(value: dt.timedelta) -> str:
    return str(value // _MICROSECOND)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise FactError.of("not-a-number", "a number that is not finite cannot be kept", "无法保存非有限的数值")
    return str(value)


def _working(value: WorkingDuration) -> list[str]:
    return [str(value.days), _days(value.time)]


_TAGS: Final[dict[type, tuple[str, Callable[[Any], object]]]] = {
    Decimal: ("$decimal", _decimal),
    dt.datetime: ("$datetime", _zoned),
    dt.date: ("$date", dt.date.isoformat),
    dt.time: ("$time", to_text),
    dt.timedelta: ("$days", _days),
    YearsMonthsDuration: ("$months", lambda value: value.months),
    WorkingDuration: ("$working", _working),
    Sealed: ("$sealed", lambda value: value.id),
    # what the standard library has no class for is kept as FEEL writes it
    FarDate: ("$feel", to_text),
    ExactTime: ("$feel", to_text),
    ExactDateTime: ("$feel", to_text),
    ExactDuration: ("$feel", to_text),
}
_READERS: Final[dict[str, Callable[[Any], object]]] = {
    "$decimal": Decimal,
    "$datetime": _unzoned,
    "$date": dt.date.fromisoformat,
    "$time": parse_temporal,
    "$days": lambda text: int(text) * _MICROSECOND,
    "$months": YearsMonthsDuration,
    "$working": lambda parts: WorkingDuration(Decimal(parts[0]), int(parts[1]) * _MICROSECOND),
    "$feel": parse_temporal,
    "$sealed": Sealed,
}


class _Told(threading.local):
    """How many tags this thread has written since it last looked."""

    tags = 0


_told: Final = _Told()


def _tagged(value: object) -> object:
    """What the JSON encoder is to write for a value that it does not know by itself."""
    known = _TAGS.get(type(value))
    if known is not None:
        _told.tags += 1
        return {known[0]: known[1](value)}
    if isinstance(value, Mapping):
        return dict(value)
    for kind, (tag, write) in _TAGS.items():
        if isinstance(value, kind):
            _told.tags += 1
            return {tag: write(value)}
    raise FactError.of(
        "unknown-value",
        f"a value of type `{type(value).__name__}` cannot be kept",
        f"无法保存类型为 `{type(value).__name__}` 的值",
    )


# the C function behind json.dumps for a text, where this Python has it
quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring_ascii


def _encoder() -> Callable[[object, int], Iterable[str]]:
    """The encoder behind JSONEncoder, without what JSONEncoder does around it: a step writes a handful of values."""
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    try:
        # without markers it keeps nothing from one call to the next; what it gives nobody has typed
        return make(None, _tagged, quoted, None, ":", ",", True, False, False)  # type: ignore[no-any-return]
    except TypeError:
        # not every Python has it, and its arguments are promised to nobody
        plain = json.JSONEncoder(
            sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False, default=_tagged
        )
        return lambda value, _: plain.iterencode(value)


_pieces: Final = _encoder()


def encode(value: object) -> str:
    """The canonical text of a value. Raises FactError for a value that FEEL does not have."""
    try:
        text = "".join(_pieces(value, 0))
        return _told_apart(value, text) if "$" in text else text
    except BaseException as error:
        # what was told of before it stands in no text
        _told.tags = 0
        if (refusal := _refusal(error)) is None:
            raise
        raise refusal from error


def _told_apart(value: object, text: str) -> str:
    """The text, with the user's own `$` keys wrapped where it has a `$` that nobody told of."""
    tags, _told.tags = _told.tags, 0
    if text.count('"$') == tags:
        return text
    text = "".join(_pieces(_escaped(value), 0))
    _told.tags = 0
    return text


def _refusal(error: BaseException) -> FactError | None:
    """What the encoder's error says to people; None where it is no matter of the value."""
    if isinstance(error, ValueError):
        return FactError.of("not-a-number", "a number that is not finite cannot be kept", "无法保存非有限的数值")
    if isinstance(error, (TypeError, RecursionError)):
        return FactError.of("unknown-value", "a value cannot be kept", "有一个值无法保存")
    return None


def _escaped(value: object) -> object:
    """The value with the user's own `$` keys wrapped."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is dict or isinstance(value, Mapping):
        inner = {key: _escaped(item) for key, item in value.items()}  # type: ignore[attr-defined]
        return {"$map": inner} if any(str(key)[:1] == "$" for key in inner) else inner
    if kind is list or kind is tuple:
        return [_escaped(item) for item in value]  # type: ignore[attr-defined]
    return value


def _told_by(tag: dict[str, Any], vault: Vault | None = None) -> object:
    """What an object of a canonical text stands for; one that is no tag stands for itself."""
    if len(tag) != 1:
        return tag
    ((name, inner),) = tag.items()
    if name == "$sealed" and vault is not None:
        return vault.get(inner)
    read = _READERS.get(name)
    return tag if read is None else read(inner)


# json.loads without its look for blanks around a text
_parse: Final = json.JSONDecoder().raw_decode
_parse_tags: Final = json.JSONDecoder(object_hook=_told_by).raw_decode


def decode(text: str, vault: Vault | None = None) -> Any:
    """The value of a canonical text. Raises ValueError where it is damaged.

    With a vault, what was sealed is its value, or null where it was erased.
    """
    # most texts have no tag; a single sign is found ten times as quickly as two
    if "$" not in text or '"$' not in text:
        value, end = _parse(text)
    elif '"$map"' in text:
        # inside a wrapper a key that looks like a tag is none: that has to be read from the outside
        return _read(json.loads(text), vault)
    elif vault is None:
        value, end = _parse_tags(text)
    else:
        value, end = json.JSONDecoder(object_hook=partial(_told_by, vault=vault)).raw_decode(text)
    # what stands behind the value, blanks or an error, is judged in full
    return value if end == len(text) else _read(json.loads(text), vault)


def restore(text: object, of: Callable[[Any], Kept], vault: Vault | None = None) -> Kept:
    """What a stored text stands for. Raises StoreError if the text is damaged."""
    try:
        return of(decode(str(text), vault))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise StoreError.of(
            "corrupt",
            "a row of the store is damaged: restore the store from a backup, or look at the case with `verify`",
            "存储中有一行数据已损坏：请用备份恢复，或用 `verify` 检查该工单",
        ) from error


def _read(value: object, vault: Vault | None) -> object:
    if isinstance(value, dict):
        if len(value) == 1 and "$map" in value:
            return {name: _read(item, vault) for name, item in value["$map"].items()}
        return _told_by({name: _read(item, vault) for name, item in value.items()}, vault)
    if isinstance(value, list):
        return [_read(item, vault) for item in value]
    return value
