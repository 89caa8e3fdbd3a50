"""A PostgreSQL server for tests: Debian's own, started on a socket in a folder of its own and gone afterwards.

`with running() as server:` gives one; in pytest the fixture `relflow_postgres` gives one for the whole session, under
xdist too, and skips where PostgreSQL is not installed. `server.fresh()` is the address of an empty place in it.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

__all__ = ["PostgresServer", "find_binaries", "running", "shared"]

MISSING: Final = "PostgreSQL's server is not installed here (Debian, Ubuntu: apt-get install postgresql)"
WAIT: Final = 60.0
# what is lost when the machine fails is of no interest to most tests; `durable` leaves the server's own settings
_QUICK: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_NAMES: Final = count(1)


def find_binaries() -> Path | None:
    """The folder of the newest server on this machine: `initdb`, `postgres` and `psql` are in it."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_release, reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found and shutil.which("initdb") else None


def _release(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _somebody() -> dict[str, Any]:
    """Whom to run the server as: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("there is neither a user `postgres` nor `nobody` to run the server as")


class PostgresServer:
    """A server in `folder`, reached by a socket there; its superuser is `postgres` and needs no password.

    `durable` keeps PostgreSQL's own settings for what survives a crash; without it commits wait for no disk.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres", *, schema: str | None = None) -> str:
        """The address of a database, with a schema as the place where tables are made and looked for."""
        options = "" if schema is None else "&options=" + quote(f"-csearch_path={schema}", safe="")
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}{options}"

    def fresh(self) -> str:
        """The address of a new, empty schema in the database `postgres`."""
        name = f"t{os.getpid()}_{next(_NAMES)}"
        self.sql(f"CREATE SCHEMA {name}")
        return self.url(schema=name)

    def database(self) -> str:
        """The name of a new, empty database."""
        name = f"d{os.getpid()}_{next(_NAMES)}"
        self.sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return name

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement by `psql`; its rows as lines of text."""
        command = [_tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder)]
        done = subprocess.run(  # noqa: S603 - our own arguments
            [*command, "-U", "postgres", "-d", database, "-c", statement], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def start(self) -> None:
        """Start the server, which makes its files the first time, and wait until it answers."""
        data, somebody = self.folder / "data", _somebody()
        if not data.exists():
            if somebody:
                os.chown(self.folder, somebody["user"], somebody["group"])
            self.folder.chmod(0o755)
            make = [_tool("initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
            subprocess.run([*make, "--locale=C", "-N"], check=True, capture_output=True, cwd="/", **somebody)  # noqa: S603 - our own arguments
        options = ["listen_addresses=", "max_connections=200", "shared_buffers=64MB", "log_min_messages=warning"]
        options += [] if self.durable else _QUICK
        command = [_tool("postgres"), "-D", str(data), "-k", str(self.folder)]
        for option in options:
            command += ["-c", option]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **somebody)  # noqa: S603 - our own arguments
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + WAIT
        while True:
            try:
                self.sql("SELECT 1")
                return
            except RuntimeError:
                if (self._process is not None and self._process.poll() is not None) or time.monotonic() > deadline:
                    self.kill()
                    raise
                time.sleep(0.05)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """Stop at once, by default without caring for the data; SIGINT ends in order."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=WAIT)
            self._process = None

    def kill(self) -> None:
        """Kill the server and what it runs without a word, as a power cut would."""
        if self._process is not None:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
            victims = [int(pid) for pid in children.read_text().split()] if children.exists() else []
            self._process.kill()
            for pid in victims:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait(timeout=WAIT)
            self._process = None


def _tool(name: str) -> str:
    folder = find_binaries()
    if folder is None:
        raise RuntimeError(MISSING)
    return str(folder / name)


@contextmanager
def running(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server of one's own for the length of a block."""
    folder = Path(tempfile.mkdtemp(prefix="relflow-pg-"))
    server = PostgresServer(folder, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def shared(place: Path, owner: int) -> PostgresServer:
    """The server of a test session, whoever of its processes asks first starts it.

    `place` is a folder that all of them see, `owner` the process whose end is the end of the server.
    """
    mark = place / "relflow-postgres"
    with (place / "relflow-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            keeper = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, "-m", "relflow.testing.postgres", str(owner)],
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            assert keeper.stdout is not None
            folder = keeper.stdout.readline().decode().strip()
            if not folder:
                raise RuntimeError("the server of the test session did not start")
            keeper.stdout.close()
            keeper.returncode = 0  # it outlives this process and nobody waits for it, which Popen would warn of
            mark.write_text(folder)
    return PostgresServer(Path(mark.read_text()))


def _keep(owner: int) -> None:
    """Run a server until a process ends."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with running() as server:
        print(server.folder, flush=True)  # noqa: T201 - whoever asked reads it
        while _lives(owner):
            time.sleep(0.2)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        with suppress(ProcessLookupError):
            os.kill(process, 0)
            return not Path("/proc/self").exists()
        return False
    return state != "Z"


if __name__ == "__main__":
    _keep(int(sys.argv[1]))
