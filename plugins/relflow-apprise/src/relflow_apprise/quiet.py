"""What Apprise logs while we send: tokens, addresses and texts, so it is kept from every handler."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["unheard"]

_SENDING: Final[ContextVar[bool]] = ContextVar("relflow_apprise_sending", default=False)


class _Filter(logging.Filter):
    """Lets through what others in this process log through Apprise."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is somebody else's."""
        del record
        return not _SENDING.get()


_FILTER: Final = _Filter()


@contextmanager
def unheard() -> Iterator[None]:
    """Nothing that Apprise says in this context reaches a log."""
    logger = logging.getLogger("apprise")
    if _FILTER not in logger.filters:
        logger.addFilter(_FILTER)
    token = _SENDING.set(True)
    try:
        yield
    finally:
        _SENDING.reset(token)
