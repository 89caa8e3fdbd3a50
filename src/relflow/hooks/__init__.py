"""Hooks: what a host or a plugin may implement, and the plugins of an engine."""

from relflow.hooks.plugins import GROUP, Plugins
from relflow.hooks.specs import PROJECT, hookimpl, hookspec

__all__ = ["GROUP", "PROJECT", "Plugins", "hookimpl", "hookspec"]
