"""Notifications of relflow by mail: encrypted on the way, safe against injection, each under a stable Message-ID."""

from relflow_mail.letters import Letterhead, letter, message_id
from relflow_mail.sender import Mail, from_environment

__all__ = ["Letterhead", "Mail", "from_environment", "letter", "message_id"]
