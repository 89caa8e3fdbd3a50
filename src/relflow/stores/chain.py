"""The hash chain of a case's history: one SHA-256 over the one before, the line and the case as the step left it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from relflow.stores.codec import encode
from relflow.stores.protocols import Inspection, Line, StoreUnit
from relflow.text import Text

__all__ = ["GENESIS", "Anchor", "Damage", "anchor", "chained", "digest_of", "link_of", "signed", "verify"]

GENESIS: Final = "0" * 64


def digest_of(text: str) -> str:
    """The SHA-256 of a canonical text, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link_of(tenant: str, case: str, seq: int, case_digest: str) -> str:
    """What stands between a head and the next line in its hash: whose line it is and what the case was after it."""
    # the lengths keep apart what would otherwise read the same
    return f"\n{len(tenant)}:{tenant}{len(case)}:{case}{seq}\n{case_digest}\n"


def chained(previous: str, link: str, body: str) -> str:
    """The hash of a line: what came before it, and what it says."""
    return digest_of(previous + link + body)


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written; `seq` is the line, None for the case itself."""

    case: str
    seq: int | None
    reason: str
    message: Text

    def text(self, lang: str = "en") -> str:
        """What is wrong, for people."""
        return self.message.text(lang)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A case's length and head at one moment, signed; kept elsewhere it shows a cut tail and a recomputed chain."""

    tenant: str
    case: str
    seq: int
    digest: str
    signature: str


def signed(tenant: str, case: str, seq: int, digest: str, key: bytes) -> Anchor:
    """An anchor for a case at `seq`; `key` is the secret of whoever keeps the anchors."""
    said = encode([tenant, case, seq, digest]).encode("ascii")
    return Anchor(tenant, case, seq, digest, hmac.new(key, said, sha256).hexdigest())


def _damage(case: str, seq: int | None, reason: str, en: str, zh: str) -> Damage:
    return Damage(case, seq, reason, Text((("en", en), ("zh", zh))))


def verify(unit: StoreUnit, case: str, *, known: Anchor | None = None, key: bytes | None = None) -> list[Damage]:
    """Everything in a case and its history that is not as it was written; an empty list if all is well.

    `known` with its `key` also finds what a chain alone cannot: a missing case, a cut tail, a chain computed anew.
    """
    row = unit.inspect(case)
    if row is None:
        return [_damage(case, None, "lost-case", "the case is missing", "工单已丢失")]
    lines = list(_lines(unit, case))
    found = list(_broken_links(case, unit.tenant, lines))
    found += _case_damage(case, row, lines)
    if known is not None:
        found += _anchor_damage(case, lines, known, key)
    return found


def anchor(unit: StoreUnit, case: str, key: bytes) -> Anchor | None:
    """An anchor at the head of a case's history; None without such a case."""
    lines = list(_lines(unit, case))
    return signed(unit.tenant, case, lines[-1].seq, lines[-1].digest, key) if lines else None


def _lines(unit: StoreUnit, case: str) -> Iterable[Line]:
    after = 0
    while page := unit.history(case, after):
        yield from page
        after = page[-1].seq


def _broken_links(case: str, tenant: str, lines: list[Line]) -> Iterable[Damage]:
    previous = GENESIS
    for position, line in enumerate(lines, start=1):
        if line.seq != position:
            yield _damage(case, position, "missing-line", f"line {position} is missing", f"第 {position} 条记录缺失")
            return
        if chained(previous, link_of(tenant, case, position, line.case_digest), line.body) != line.digest:
            yield _damage(
                case, position, "changed-line", f"line {position} was changed", f"第 {position} 条记录被改动过"
            )
        previous = line.digest


def _case_damage(case: str, row: Inspection, lines: list[Line]) -> list[Damage]:
    if not lines:
        return [_damage(case, None, "no-history", "the case has no history", "工单没有历史记录")]
    if lines[-1].seq < row.version:
        return [_damage(case, None, "cut-tail", "the latest lines are missing", "最新的若干条记录缺失")]
    last = lines[-1]
    if digest_of(row.document) != last.case_digest or row.digest != last.digest or row.strays:
        en, zh = "the case was changed outside of a step", "工单在步骤之外被改动过"
        return [_damage(case, None, "changed-case", en, zh)]
    return []


def _anchor_damage(case: str, lines: list[Line], known: Anchor, key: bytes | None) -> list[Damage]:
    expected = signed(known.tenant, known.case, known.seq, known.digest, key or b"")
    if not hmac.compare_digest(expected.signature, known.signature):
        return [_damage(case, None, "false-anchor", "the anchor's signature is false", "锚点签名不符")]
    at = next((line for line in lines if line.seq == known.seq), None)
    if at is None:
        return [_damage(case, known.seq, "cut-tail", "the latest lines are missing", "最新的若干条记录缺失")]
    if at.digest != known.digest:
        return [_damage(case, known.seq, "other-chain", "the chain was computed anew", "哈希链被重新计算过")]
    return []
