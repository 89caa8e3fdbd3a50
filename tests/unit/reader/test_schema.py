"""The JSON Schema says what the reader takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from relflow import shipped
from relflow.reader import SCHEMA_FILE, read_policy, read_tests, schema, schema_text
from relflow.reader.mappings import Part
from relflow.reader.vocabulary import KINDS, SECTION_FILE
from tests.unit.reader.instances import instance

CORPUS = Path("tests/cases/reader")
GOOD = sorted(
    [*CORPUS.rglob("*.yaml"), *shipped.folder("rules").rglob("*.yaml"), *shipped.folder("workflows").glob("*.yaml")]
)
REJECTS = [
    pytest.param(case, id=f"{path.stem}: {case['note']}")
    for path in sorted(Path("tests/rejects/reader").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
    # what is not YAML gives an editor nothing to hold against the schema
    if case["schema"] != "unreadable"
]
VALIDATOR = jsonschema.Draft7Validator(schema())


def test_shipped_schema_is_the_one_the_vocabulary_makes() -> None:
    """The file that editors read is up to date: write `schema_text()` to it after a change of the vocabulary."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()


def test_schema_is_valid_draft_07_with_a_stable_id() -> None:
    """Editors know the schema by its id, and older ones stop at draft-07."""
    made = schema()

    jsonschema.Draft7Validator.check_schema(made)
    assert made["$id"] == "urn:relflow:schema:1"
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", GOOD, ids=str)
def test_schema_accepts_good_files(path: Path) -> None:
    """What the reader takes, an editor does not underline."""
    errors = [
        f"{list(error.absolute_path)}: {error.message[:200]}"
        for error in VALIDATOR.iter_errors(instance(path.read_text("utf-8")))
    ]

    assert errors == []


@pytest.mark.parametrize("case", REJECTS)
def test_schema_and_reader_agree_on_bad_shapes(case: dict[str, object]) -> None:
    """A file that the reader refuses for its shape is refused by the schema too; the case says which those are."""
    texts = case["files"]
    assert isinstance(texts, dict)

    refused = any(not VALIDATOR.is_valid(instance(text)) for name, text in texts.items() if not name.endswith(".csv"))

    assert refused == (case["schema"] == "refuses")


def described(node: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every property of the schema with its description."""
    if isinstance(node, dict):
        for name, value in (node.get("properties") or {}).items() if isinstance(node.get("properties"), dict) else ():
            if path.endswith("/text") or name == "suggested" or name == "file":
                continue
            yield f"{path}/{name}", value.get("description")
        for name, value in node.items():
            yield from described(value, f"{path}/{name}")
    elif isinstance(node, list):
        for item in node:
            yield from described(item, path)


def test_every_key_has_a_hover_text_in_both_languages() -> None:
    """An analyst who points at a key reads what it means, in English and in Chinese."""
    missing = [
        path
        for path, text in described(schema())
        if not isinstance(text, str) or "\n\n" not in text or not any("\u4e00" <= sign <= "\u9fff" for sign in text)
    ]

    # languages have no meaning to explain
    assert [path for path in missing if not path.endswith(("/en", "/zh", "/zh_TW"))] == []


def parts(part: object, seen: dict[str, Part]) -> dict[str, Part]:
    """Every part of the vocabulary, by name."""
    if isinstance(part, Part) and part.name not in seen:
        seen[part.name] = part
        for key in {**part.keys, **part.common}.values():
            parts(key.shape, seen)
    for name in ("part", "item", "value"):
        inner = getattr(part, name, None) if not isinstance(part, Part) else None
        if inner is not None:
            parts(inner, seen)
    return seen


def test_the_full_policy_uses_every_key() -> None:
    """The example that holds everything is complete, so that a key nobody reads would be noticed."""
    vocabulary: set[str] = set()
    for root in (*KINDS.values(), SECTION_FILE):
        for part in parts(root, {}).values():
            vocabulary |= set(part.keys)
    text = "\n".join(path.read_text("utf-8") for path in (CORPUS / "full").rglob("*.yaml"))
    text += (CORPUS / "workflows/repair.yaml").read_text("utf-8")
    used = {word for word in vocabulary if f"{word}:" in text}

    assert vocabulary - used == set()


def test_the_full_policy_reads_without_findings() -> None:
    """Every construct of the language is read."""
    model, found = read_policy(CORPUS / "full", CORPUS / "full/company.overlay.yaml")
    tests, more = read_tests(CORPUS / "full/rules.test.yaml")

    assert [finding.text() for finding in (*found, *more)] == []
    assert model is not None
    assert tests is not None
    assert len(tests.tests) == 7


def test_schema_text_is_json() -> None:
    """What `relflow schema` prints is the schema."""
    assert json.loads(schema_text()) == schema()
