"""Regular expressions of XPath 3.1, run so that no pattern can hang on any text."""

from relflow.feel.regex.machines import MOST_STEPS, Steps
from relflow.feel.regex.matching import Compiled, compile_pattern
from relflow.feel.regex.messages import PatternError

__all__ = ["MOST_STEPS", "Compiled", "PatternError", "Steps", "compile_pattern"]
