"""Functions, calendars and checks belong to the loading of a policy: an engine takes none behind its back."""

from __future__ import annotations

from relflow.engine.core import AnyPolicy
from relflow.errors import PluginError
from relflow.hooks import Plugins
from relflow.policy import Policy
from relflow.policy.offers import OFFERS

__all__ = ["refuse_late_offers"]


def refuse_late_offers(policy: AnyPolicy, known: Plugins) -> None:
    """Raise PluginError for a plugin that offers something which the policy was loaded without."""
    if not isinstance(policy, Policy) or not any(known.names(hook) for hook in OFFERS):
        return
    loaded = {name for hook in OFFERS for name in Plugins(policy.plugins).names(hook)}
    for hook in OFFERS:
        for name in known.names(hook):
            if name not in loaded:
                raise PluginError.of(
                    "late-offer",
                    f"plugin `{name}` implements `{hook}`, but the policy was loaded without it: "
                    "pass it as `load(plugins=…)` as well",
                    f"插件 `{name}` 实现了 `{hook}`，但加载制度时未使用它：请同时传入 `load(plugins=…)`",
                    plugin=name,
                    hook=hook,
                )
