"""Notifications as mail, by the mail settings of the host."""

from __future__ import annotations

import hashlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from relflow import Delivered, Failed, Outgoing, hookimpl
from relflow_django.settings import Configuration

__all__ = ["Mail"]

LONGEST_SUBJECT = 100


class Mail:
    """Delivers whatever has a mail address.

    Every attempt carries the same `Message-ID`, made from the message's key, so that a mail program shows once what
    was sent twice.
    """

    def __init__(self, chosen: Configuration) -> None:
        self._from = chosen.from_email

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | Failed | None:
        """Send the message; a channel other than mail is left to others."""
        if message.to.channel not in ("", "email") or "@" not in message.to.address:
            return None
        sender = self._from or settings.DEFAULT_FROM_EMAIL
        identity = message_id(tenant, message.key, sender)
        mail = EmailMessage(
            subject=subject(message.text),
            body=message.text,
            from_email=sender,
            to=[message.to.address],
            headers={"Message-ID": identity, "X-Relflow-Key": message.key, "Auto-Submitted": "auto-generated"},
        )
        try:
            sent = mail.send()
        except smtplib.SMTPRecipientsRefused:
            return Failed("the mail server refuses the recipient", retry=False)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # the server's words may hold the address
            return Failed(f"mail: {type(error).__name__}")
        return Delivered(identity) if sent else Failed("the mail backend sent nothing")


def message_id(tenant: str, key: str, sender: str) -> str:
    """A `Message-ID` that is the same at every attempt, on whatever machine, and tells nothing."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(f"{tenant}\0{key}".encode()).hexdigest()
    return f"<relflow.{digest[:40]}@{domain}>"


def subject(text: str) -> str:
    """The first line, shortened."""
    line = text.strip().split("\n", 1)[0].strip()
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
