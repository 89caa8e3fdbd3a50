"""What relflow ships through its own hooks: stores, notifiers, accounts from dictionaries."""

from relflow.builtins.accounts import Accounts, Recipients
from relflow.builtins.notifiers import ConsoleNotifier, FileNotifier, LogNotifier
from relflow.builtins.stores import MemoryStores, SqliteStores

__all__ = [
    "DEFAULT_PLUGINS",
    "Accounts",
    "ConsoleNotifier",
    "FileNotifier",
    "LogNotifier",
    "MemoryStores",
    "Recipients",
    "SqliteStores",
]

DEFAULT_PLUGINS = (MemoryStores, SqliteStores)
