"""The plugins of one engine or policy: found, checked and asked."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import entry_points
from typing import Final, cast

import pluggy

from relflow.diagnostics import nearest
from relflow.errors import PluginError
from relflow.hooks import specs
from relflow.hooks.answers import checked

__all__ = ["GROUP", "Plugins"]

GROUP: Final = "relflow"
# two sources of the same thing would make the answer depend on the order in which plugins were named
EXCLUSIVE: Final = ("relflow_connect", "relflow_load_accounts", "relflow_accounts")

_log = logging.getLogger("relflow.hooks")


class Plugins:
    """Plugins given as objects, modules, classes without arguments, or names of the entry-point group `relflow`.

    What an entry point names may also be a function that makes the plugin.

    Of `silent` hooks no implementation is ever called.

    Nothing that is merely installed takes part: a name is an invitation. Raises PluginError for an unknown name, a
    misspelt hook, an argument that a hook does not pass, or two plugins that claim the same thing.
    """

    def __init__(self, plugins: Iterable[object] = (), *, silent: Iterable[str] = ()) -> None:
        self._silent = frozenset(silent)
        self._manager = pluggy.PluginManager(specs.PROJECT)
        self._manager.add_hookspecs(specs)
        for plugin in plugins:
            self._register(plugin)
        self._check_names()
        # nothing is registered later
        self._called = {hook: self._implementations(hook) for hook in vars(specs) if hook.startswith("relflow_")}
        self._check_claims()

    def _register(self, plugin: object) -> None:
        found = _by_name(plugin) if isinstance(plugin, str) else plugin
        # an entry point may also name a function that makes the plugin from the environment
        made = inspect.isclass(found) or (isinstance(plugin, str) and inspect.isfunction(found))
        instance = cast("Callable[[], object]", found)() if made else found
        name = plugin if isinstance(plugin, str) else _name_of(instance)
        if self._manager.has_plugin(name):
            name = f"{name}#{len(self._manager.get_plugins())}"
        try:
            self._manager.register(instance, name)
        except pluggy.PluginValidationError as error:
            raise _misfit(name, instance, str(error)) from error
        except ValueError as error:
            raise PluginError.of(
                "twice", f"plugin `{name}` is named twice", f"插件 `{name}` 被列出两次", plugin=name
            ) from error

    def _check_names(self) -> None:
        """A method that is marked as a hook but named like none would never be called."""
        known = [name for name in vars(specs) if name.startswith("relflow_")]
        for name, plugin in self._manager.list_name_plugin():
            for hook, caller in vars(self._manager.hook).items():
                if hook in known or plugin not in [impl.plugin for impl in caller.get_hookimpls()]:
                    continue
                meant = nearest(hook, known) or ""
                raise PluginError.of(
                    "unknown-hook",
                    f"plugin `{name}` implements `{hook}`, which is no hook" + (f": write `{meant}`" if meant else ""),
                    f"插件 `{name}` 实现了 `{hook}`，但没有这个钩子" + (f"：应写 `{meant}`" if meant else ""),
                    plugin=name,
                    hook=hook,
                )

    def _check_claims(self) -> None:
        for hook in EXCLUSIVE:
            names = self.names(hook)
            if len(names) > 1:
                both_en, both_zh = " and ".join(f"`{name}`" for name in names), "、".join(f"`{n}`" for n in names)
                raise PluginError.of(
                    "two-claims",
                    f"{both_en} both implement `{hook}`: name only one of them",
                    f"{both_zh} 都实现了 `{hook}`：只能保留一个",
                    hook=hook,
                    plugins=tuple(names),
                )

    def _implementations(self, hook: str) -> tuple[pluggy.HookImpl, ...]:
        if hook in self._silent:
            return ()
        # pluggy keeps them in the reverse of the order in which they are called
        return tuple(reversed(getattr(self._manager.hook, hook).get_hookimpls()))

    def names(self, hook: str) -> tuple[str, ...]:
        """The plugins that implement a hook, in the order in which they are asked."""
        return tuple(impl.plugin_name for impl in self._called[hook])

    def first(self, hook: str, **arguments: object) -> object | None:
        """The first answer to a hook that is not None. Raises PluginError for an answer of the wrong kind."""
        if not self._called[hook]:
            return None
        for _, answer in self.answers(hook, **arguments):
            if answer is not None:
                return answer
        return None

    def answers(self, hook: str, **arguments: object) -> Iterator[tuple[str, object]]:
        """Every plugin's answer to a hook, one after the other; an exception carries a note that names the plugin."""
        for impl in self._called[hook]:
            try:
                answer = impl.function(*(arguments[name] for name in impl.argnames))
            except Exception as error:
                error.add_note(f"raised by plugin `{impl.plugin_name}` in `{hook}`")
                raise
            yield impl.plugin_name, checked(impl.plugin_name, hook, answer)

    def tell(self, hook: str, **arguments: object) -> None:
        """Tell every plugin; one that raises is logged, by the kind of its error alone, and the rest still hear."""
        for impl in self._called[hook]:
            try:
                impl.function(*(arguments[name] for name in impl.argnames))
            except Exception as error:  # noqa: BLE001 - a stranger's mistake ends here
                _log.warning("plugin %s raised %s in %s", impl.plugin_name, type(error).__name__, hook)


def _name_of(plugin: object) -> str:
    return str(getattr(plugin, "__name__", None) or type(plugin).__name__)


def _by_name(name: str) -> object:
    """The plugin that an installed package offers under a name."""
    offered = {point.name: point for point in entry_points(group=GROUP)}
    if name in offered:
        return offered[name].load()
    meant = nearest(name, offered)
    hint_en = f": did you mean `{meant}`?" if meant else ": install the package that offers it"
    hint_zh = f"：是否想写 `{meant}`？" if meant else "：请安装提供它的软件包"
    raise PluginError.of(
        "unknown-plugin", f"there is no plugin `{name}`{hint_en}", f"没有名为 `{name}` 的插件{hint_zh}", plugin=name
    )


def _misfit(name: str, plugin: object, said: str) -> PluginError:
    """An implementation asks for an argument that its hook does not pass: say which."""
    for hook, spec in vars(specs).items():
        method = getattr(plugin, hook, None) if hook.startswith("relflow_") else None
        if method is None:
            continue
        passed = list(inspect.signature(spec).parameters)
        wrong = [name for name in inspect.signature(method).parameters if name not in {*passed, "self"}]
        if wrong:
            arguments = ", ".join(passed)
            return PluginError.of(
                "wrong-argument",
                f"plugin `{name}`: `{hook}` has no argument `{wrong[0]}`; it passes ({arguments})",
                f"插件 `{name}`：`{hook}` 没有参数 `{wrong[0]}`；可用的参数是（{arguments}）",
                plugin=name,
                hook=hook,
                argument=wrong[0],
            )
    return PluginError.of(
        "misfit", f"plugin `{name}` cannot be used: {said}", f"插件 `{name}` 无法使用：{said}", plugin=name
    )
