"""Every key that a file may hold: what the reader takes, and what the JSON Schema says, come from here."""

from relflow.reader.vocabulary.files import KINDS, OVERLAY, POLICY, SECTIONS, SECTION_FILE, TESTS, WORKFLOW

__all__ = ["KINDS", "OVERLAY", "POLICY", "SECTIONS", "SECTION_FILE", "TESTS", "WORKFLOW"]
