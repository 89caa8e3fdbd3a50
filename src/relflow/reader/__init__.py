"""YAML to model: the only door to the YAML and JSON Schema packages."""

from relflow.reader.layout import aligned
from relflow.reader.merge import apply_overlay, set_parameters
from relflow.reader.policies import read_overlay, read_policy, read_tests, read_text, read_texts
from relflow.reader.schema import SCHEMA_FILE, schema, schema_text

__all__ = [
    "SCHEMA_FILE",
    "aligned",
    "apply_overlay",
    "read_overlay",
    "read_policy",
    "read_tests",
    "read_text",
    "read_texts",
    "schema",
    "schema_text",
    "set_parameters",
]
