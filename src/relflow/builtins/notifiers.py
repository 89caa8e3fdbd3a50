"""Notifiers for a terminal, a log and a file: where a message goes that no other plugin delivers."""

from __future__ import annotations

import json
import logging
import sys
import threading
from pathlib import Path
from typing import TextIO

from relflow.hooks import hookimpl
from relflow.results import Delivered, Outgoing, Recipient

__all__ = ["ConsoleNotifier", "FileNotifier", "LogNotifier"]


class ConsoleNotifier:
    """Prints each message on a line: to whom, what, and its key. `stream` is standard output unless given."""

    def __init__(self, stream: TextIO | None = None, *, lang: str = "en") -> None:
        self._stream = stream
        self._lang = lang

    @hookimpl(trylast=True)
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient:
        """Everybody is reached at the terminal."""
        del tenant
        return Recipient(recipient, "console", self._lang)

    @hookimpl(trylast=True)
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | None:
        """Print it."""
        del tenant
        if message.to.channel not in {"", "console"}:
            return None
        stream = self._stream or sys.stdout
        stream.write(f"-> {message.recipient}: {message.text}  [{message.key}]\n")
        stream.flush()
        return Delivered()


class LogNotifier:
    """Writes each message's key, name and recipient to the log `relflow.notify`; never its text or fields."""

    def __init__(self, *, level: int = logging.INFO) -> None:
        self._level = level
        self._log = logging.getLogger("relflow.notify")

    @hookimpl(trylast=True)
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient:
        """Everybody is reached by the log."""
        del tenant
        return Recipient(recipient, "log")

    @hookimpl(trylast=True)
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | None:
        """Log it."""
        if message.to.channel not in {"", "log"}:
            return None
        self._log.log(self._level, "%s %s to %s (%s)", tenant, message.name, message.recipient, message.key)
        return Delivered()


class FileNotifier:
    """Appends each message as a line of JSON to a file, for a program that sends them on."""

    def __init__(self, path: str | Path, *, lang: str = "en") -> None:
        self._path = Path(path)
        self._lang = lang
        self._lock = threading.Lock()

    @hookimpl(trylast=True)
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient:
        """Everybody is reached through the file."""
        del tenant
        return Recipient(recipient, "file", self._lang)

    @hookimpl(trylast=True)
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | None:
        """Append it; the line is written by one call, so lines of several threads do not mix."""
        if message.to.channel not in {"", "file"}:
            return None
        line = {
            "attempt": message.attempt,
            "case": message.case,
            "key": message.key,
            "name": message.name,
            "recipient": message.recipient,
            "tenant": tenant,
            "text": message.text,
        }
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Delivered()
