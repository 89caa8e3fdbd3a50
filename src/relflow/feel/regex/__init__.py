"""Regular expressions of XPath 3.1, run so that no pattern can hang on any text."""

from relflow.feel.regex.matching import Compiled, compile_pattern
from relflow.feel.regex.messages import PatternError

__all__ = ["Compiled", "PatternError", "compile_pattern"]
