"""A message as a letter: headers that nobody can add to, a text that any mail program shows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Final

from relflow import Outgoing

__all__ = ["Letterhead", "address_of", "letter", "message_id"]

LONGEST_SUBJECT: Final = 120
# what no line of a letter has business with: control characters but the tab, and characters that turn text around
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends: `sender` as an address of its own, `name` beside it, `prefix` before every subject."""

    sender: Address
    prefix: str = ""

    @classmethod
    def of(cls, sender: str, name: str = "", prefix: str = "") -> Letterhead:
        """A letterhead. Raises ValueError for a sender that is no address."""
        return cls(address_of(sender, _clean(name)), _clean(prefix))


def address_of(text: str, name: str = "") -> Address:
    """One mail address. Raises ValueError for anything else: several addresses, a name, a line break.

    A domain in other letters than ASCII is written the way that mail servers understand.
    """
    if text != text.strip() or not text.isprintable() or any(sign in text for sign in "<>,;:()[]\\\"' "):
        raise ValueError("not a mail address")
    user, at, domain = text.rpartition("@")
    if not (user and at and domain and "@" not in user and "." not in (user[0], user[-1])):
        raise ValueError("not a mail address")
    try:
        return Address(name, username=user, domain=domain.encode("idna").decode("ascii"))
    except (MessageError, UnicodeError, IndexError) as error:
        raise ValueError("not a mail address") from error


def message_id(tenant: str, key: str, domain: str) -> str:
    """The Message-ID of a message: the same at every attempt, and nothing can be read from it."""
    digest = hashlib.sha256(f"{len(tenant)}:{tenant}{key}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"<relflow.{digest[:40]}@{domain}>"


def letter(head: Letterhead, tenant: str, message: Outgoing, now: float) -> EmailMessage:
    """The letter for a message; the subject is its first line. Raises ValueError if the address is none.

    `now` is the moment of the attempt, in seconds since 1970.
    """
    recipient = address_of(message.to.address)
    text = _lines(message.text)
    made = EmailMessage(policy=SMTP)
    made["From"] = head.sender
    made["To"] = recipient
    made["Subject"] = _subject(head.prefix, text)
    made["Date"] = formatdate(now)
    made["Message-ID"] = message_id(tenant, message.key, head.sender.domain)
    # no holiday notice comes back for it (RFC 3834)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text + "\n", charset="utf-8", cte="quoted-printable" if text.isascii() else "base64")
    made["Content-Language"] = "zh-CN" if message.to.lang.startswith("zh") else "en"
    return made


def _subject(prefix: str, text: str) -> str:
    first = _clean(next((line for line in text.split("\n") if line.strip()), "")).strip()
    whole = f"{prefix} {first}".strip()
    return whole if len(whole) <= LONGEST_SUBJECT else whole[: LONGEST_SUBJECT - 1] + "…"


def _lines(text: str) -> str:
    return "\n".join(_clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _clean(text: str) -> str:
    """A line without what does not belong into one; half a surrogate pair becomes a question mark."""
    return _CONTROL.sub("", text).replace("\n", " ").encode("utf-8", "replace").decode("utf-8")
