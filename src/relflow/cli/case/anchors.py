"""Anchors as lines of a file, and the secret that signs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relflow.cli.session import Problem, say
from relflow.cli.words import option

if TYPE_CHECKING:
    from relflow.stores import Anchor

__all__ = ["key_option", "line_of", "read_anchors", "read_key"]

SHORTEST_KEY = 16

key_option = option(
    "--key-file",
    metavar="FILE",
    en="The secret that signs anchors, at least 16 bytes; keep it apart from the store.",
    zh="用于签名锚点的密钥文件，至少 16 字节；请与存储分开保管。",
)


def read_key(name: str) -> bytes:
    """The secret, without the line's end that editors add."""
    key = Path(name).read_bytes().rstrip(b"\r\n")
    if len(key) < SHORTEST_KEY:
        raise Problem(say("`{file}`: a key has at least 16 bytes", "`{file}`：密钥至少 16 字节", file=name))
    return key


def line_of(anchor: Anchor) -> str:
    """An anchor as a line."""
    return json.dumps(asdict(anchor), ensure_ascii=False)


def read_anchors(name: str) -> Iterator[Anchor]:
    """The anchors of a file; a line that is none is named."""
    from relflow.stores import Anchor

    for number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields: dict[str, Any] = json.loads(line)
            yield Anchor(**fields)
        except (ValueError, TypeError):
            raise Problem(
                say("`{file}`, line {n}: this is no anchor", "`{file}` 第 {n} 行不是锚点", file=name, n=number)
            ) from None
