"""Checks of a compiled policy, one module each: program in, findings out."""

from relflow.checks.all import CHECKS, check_program

__all__ = ["CHECKS", "check_program"]
