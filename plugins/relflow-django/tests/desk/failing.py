"""A mail server that is away."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected
from typing import Any, NoReturn

from django.core.mail.backends.base import BaseEmailBackend

__all__ = ["Backend"]


class Backend(BaseEmailBackend):
    """Fails."""

    def send_messages(self, email_messages: Any) -> NoReturn:
        """The connection breaks, with the recipient in the words of the error."""
        raise SMTPServerDisconnected("wang@desk.example: connection closed")
