"""The conformance suite of stores: what any Store must do, for pytest and unittest alike.

Subclass `StoreConformance` and say how a fresh store is made::

    class TestMyStore(StoreConformance):
        def make_store(self):
            return MyStore(...)

With `unittest`, name `unittest.TestCase` as a second base. `store_machine(make)` gives a Hypothesis state machine over
the same promises; `sample_step` makes steps to write. A store whose units have `write_alone`
passes `ShortcutConformance` as well.
"""

from __future__ import annotations

from relflow.testing.store_accounts import AccountConformance
from relflow.testing.store_cases import CaseConformance
from relflow.testing.store_claims import ClaimConformance
from relflow.testing.store_erasure import ErasureConformance
from relflow.testing.store_machine import store_machine
from relflow.testing.store_samples import MOMENT, sample_step
from relflow.testing.store_shortcuts import ShortcutConformance
from relflow.testing.store_survey import SurveyConformance

__all__ = ["MOMENT", "ShortcutConformance", "StoreConformance", "sample_step", "store_machine"]


class StoreConformance(CaseConformance, ClaimConformance, AccountConformance, ErasureConformance, SurveyConformance):
    """What must hold for every store; each method is a test of its own and starts with a fresh store."""
