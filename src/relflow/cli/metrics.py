"""Health and metrics over HTTP, for whoever watches a worker: `/metrics` for Prometheus, `/health` for probes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from relflow.cli.session import Problem, say
from relflow.errors import RelflowError

if TYPE_CHECKING:
    from relflow.engine import Engine

__all__ = ["address", "serving"]

HERE = "127.0.0.1"


def address(text: str) -> tuple[str, int]:
    """`[HOST:]PORT` taken apart; without a host only this machine may ask."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise Problem(say("`--metrics` is a port or host:port", "`--metrics` 应为端口或 主机:端口"))
    return host or HERE, int(port)


@contextmanager
def serving(engine: Engine, place: tuple[str, int] | None) -> Iterator[int | None]:
    """Answer at `place` until the block is left; the port that is listened on, None without a place."""
    if place is None:
        yield None
        return
    server = ThreadingHTTPServer(place, _handler(engine))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(engine: Engine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Two pages, both read-only."""

        def do_GET(self) -> None:
            """Answer a GET."""
            pages = {"/metrics": _metrics, "/health": _health}
            page = pages.get(self.path)
            try:
                code, kind, text = page(engine) if page is not None else (404, "text/plain", "not found\n")
            except RelflowError as error:
                # the store is away: that is what whoever watches wants to hear
                code, kind, text = 503, "application/json", json.dumps({"ok": False, "reason": error.reason})
            body = text.encode("utf-8")
            self.send_response(code)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a probe every second is no news."""

    return Handler


def _metrics(engine: Engine) -> tuple[int, str, str]:
    from relflow.engine.health import prometheus

    return 200, "text/plain; version=0.0.4", prometheus([engine.health()])


def _health(engine: Engine) -> tuple[int, str, str]:
    health = engine.health()
    problems = [en for en, _ in health.problems()]
    said = {"ok": not problems, "problems": problems, **health.to_dict()}
    return (503 if problems else 200), "application/json", json.dumps(said, ensure_ascii=False)
