"""Notifications of relflow to chat services, WeCom, DingTalk, Feishu and Slack among them, through Apprise."""

from relflow_apprise.chat import SERVICES, Chat, from_environment

__all__ = ["SERVICES", "Chat", "from_environment"]
