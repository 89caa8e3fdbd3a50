"""YAML to model: the only door to the YAML and JSON Schema packages."""

from relflow.reader.merge import apply_overlay, set_parameters
from relflow.reader.policies import read_overlay, read_policy, read_tests, read_text, read_texts

__all__ = [
    "apply_overlay",
    "read_overlay",
    "read_policy",
    "read_tests",
    "read_text",
    "read_texts",
    "set_parameters",
]
