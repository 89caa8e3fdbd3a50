"""Policy tests under unittest."""

from __future__ import annotations

import unittest

from relflow.testing import suite

POLICY = """
policy: small
version: 1
facts: {amount: {type: number}}
decisions: {twice: {expression: amount * 2}}
"""
TESTS = """
tests:
  - it: doubles
    given: {amount: 2}
    expect: {twice: 4}
  - it: doubles wrongly
    given: {amount: 2}
    expect: {twice: 5}
"""


def test_a_suite_passes_and_fails_as_the_tests_do(tmp_path):
    """Each test is a case of its own; a failure is told as the analyst reads it, without a traceback of ours."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "small.test.yaml").write_text(TESTS, encoding="utf-8")
    result = unittest.TestResult()
    suite(tmp_path).run(result)

    assert (result.testsRun, len(result.failures), result.errors) == (2, 1, [])
    case, told = result.failures[0]
    assert case.id() == str(case) == f"{tmp_path}/small.test.yaml:6: doubles wrongly"
    assert case.shortDescription() == "doubles wrongly"
    assert "`twice` is 4, the test says 5" in told


def test_a_suite_can_be_selected(tmp_path):
    """Only tests whose name holds the text."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "small.test.yaml").write_text(TESTS, encoding="utf-8")

    assert suite(tmp_path, select="wrongly").countTestCases() == 1
