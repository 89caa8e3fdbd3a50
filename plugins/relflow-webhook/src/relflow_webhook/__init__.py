"""Notifications of relflow by HTTP: signed, with an idempotency key and a window against replays."""

from relflow_webhook.receiver import Accepted, Receiver
from relflow_webhook.sender import Webhook, from_environment
from relflow_webhook.signature import SignatureError, sign, verify

__all__ = ["Accepted", "Receiver", "SignatureError", "Webhook", "from_environment", "sign", "verify"]
