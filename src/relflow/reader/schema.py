"""What a file may hold, as JSON Schema for editors: made from the vocabulary that the reader uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from relflow.reader.reading import Schemas
from relflow.reader.vocabulary import KINDS, SECTION_FILE

__all__ = ["SCHEMA_FILE", "schema", "schema_text"]

SCHEMA_FILE: Final = Path(__file__).with_name("relflow.schema.json")
"""The schema as it is shipped, for an editor's `# yaml-language-server: $schema=…`."""

_ID: Final = "urn:relflow:schema:1"


def schema() -> dict[str, object]:
    """The schema: draft-07, for every kind of file, told apart by the key that names the kind."""
    schemas = Schemas()
    branch = SECTION_FILE.schema(schemas)
    for name, part in reversed(list(KINDS.items())):
        schemas.relaxed = name == "overlay"
        branch = {"if": {"required": [name]}, "then": part.schema(schemas), "else": branch}
        schemas.relaxed = False
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": _ID,
        "title": "relflow",
        "description": "A policy, a workflow, an overlay or tests for relflow\n\nrelflow 的制度、流程、企业配置或测试",
        "type": "object",
        **branch,
        "definitions": dict(sorted(schemas.definitions.items())),
    }


def schema_text() -> str:
    """The schema as the shipped file has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
