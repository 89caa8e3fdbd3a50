"""The real yaml-language-server checks, explains and completes files by the schema; `npm i -g yaml-language-server`."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from relflow.reader import SCHEMA_FILE

SERVER = shutil.which("yaml-language-server")
GOOD = sorted(Path("tests/cases/reader").rglob("*.yaml"))
HEAD = f"# yaml-language-server: $schema={SCHEMA_FILE.resolve().as_uri()}\n"

pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not installed")


class Editor:
    """As much of an editor as the language server's protocol needs."""

    def __init__(self) -> None:
        assert SERVER is not None
        self.process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count = 0
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        }
        self.ask("initialize", processId=None, rootUri="file:///", capabilities=capabilities)
        self.send(method="initialized", params={})

    def send(self, **message: object) -> None:
        """One message to the server."""
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is wanted; what the server asks meanwhile is answered."""
        stream = self.process.stdout
        assert stream is not None
        while True:
            size = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length"):
                    size = int(line.split(b":")[1])
            assert size, "the server ended"
            message: dict[str, Any] = json.loads(stream.read(size))
            if "method" in message and "id" in message:
                settings = [{"validate": True, "hover": True, "completion": True}, {}, {}, {}, {}]
                asked = message["method"] == "workspace/configuration"
                self.send(id=message["id"], result=settings if asked else None)
            elif wanted(message):
                return message

    def ask(self, method: str, **params: object) -> Any:
        """The answer to a request."""
        self.count += 1
        number = self.count
        self.send(id=number, method=method, params=params)
        return self.wait(lambda message: message.get("id") == number)["result"]

    def open(self, name: str, text: str) -> list[str]:
        """What the editor underlines in a text."""
        uri = f"file:///{name}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": HEAD + text}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        shown = self.wait(lambda message: message.get("params", {}).get("uri") == uri)
        return [finding["message"] for finding in shown["params"]["diagnostics"]]

    def at(self, what: str, name: str, line: int, column: int) -> Any:
        """What the editor shows at a place of a text that is open."""
        document = {"uri": f"file:///{name}"}
        return self.ask(f"textDocument/{what}", textDocument=document, position={"line": line, "character": column})


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """An editor with the server running."""
    editor = Editor()
    yield editor
    editor.process.kill()
    editor.process.communicate()


@pytest.mark.parametrize("path", GOOD, ids=str)
def test_editor_underlines_nothing_in_good_files(editor: Editor, path: Path) -> None:
    """Versions, days and shares are not taken for something else."""
    assert editor.open(path.name, path.read_text("utf-8")) == []


def test_editor_helps_with_a_tier(editor: Editor) -> None:
    """A misspelt key is underlined, a key explained in both languages, the next one offered."""
    findings = editor.open("a.yaml", "policy: x\ntiers:\n  t: {form: d, levels: [a, b]}\n  u:\n    from: d\n    \n")
    hover = editor.at("hover", "a.yaml", 3, 17)
    offered = [item["label"] for item in editor.at("completion", "a.yaml", 6, 4)["items"]]

    assert any("form" in finding for finding in findings)
    assert "highest first" in hover["contents"]["value"]
    assert "从高到低" in hover["contents"]["value"]
    assert {"levels", "review_every", "lower_after", "gives"} <= set(offered)
