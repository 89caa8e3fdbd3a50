"""Which store an engine works on: an address, a Store, or connections that a plugin opens."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import cast

from relflow.errors import PluginError, StoreError
from relflow.hooks import Plugins
from relflow.stores import Link, SqlStore, Store

__all__ = ["store_of"]


def store_of(asked: str | Store | None, plugins: Plugins) -> Store:
    """The store. Raises StoreError if nobody knows the address, PluginError if two plugins claim it."""
    if asked is None:
        return _connected(plugins) if plugins.names("relflow_connect") else _found("memory:", plugins)
    return _found(asked, plugins) if isinstance(asked, str) else asked


def _connected(plugins: Plugins) -> Store:
    """A SQL store on connections that a plugin opens for each unit of work."""

    def connect(tenant: str, write: bool) -> AbstractContextManager[Link]:
        del write
        answer = plugins.first("relflow_connect", tenant=tenant)
        if answer is None:
            raise StoreError.of(
                "no-connection", "no plugin opened a connection for the store", "没有插件为存储打开连接", tenant=tenant
            )
        return cast("AbstractContextManager[Link]", answer)

    return SqlStore(connect)


def _found(url: str, plugins: Plugins) -> Store:
    claims = [(name, store) for name, store in plugins.answers("relflow_store", url=url) if store is not None]
    if len(claims) > 1:
        names_en, names_zh = " and ".join(name for name, _ in claims), "、".join(name for name, _ in claims)
        raise PluginError.of(
            "two-claims",
            f"{names_en} both offer a store for `{url}`: name only one of them",
            f"{names_zh} 都为 `{url}` 提供存储：只能保留一个",
            hook="relflow_store",
        )
    if not claims:
        raise StoreError.of(
            "bad-url",
            f"no store is known for `{url}`: write `sqlite:///cases.db`, `memory:`, or name the plugin that offers it",
            f"没有与 `{url}` 对应的存储：应写成 `sqlite:///cases.db`、`memory:`，或指定提供它的插件",
            url=url,
        )
    return cast("Store", claims[0][1])
