"""What a policy means: compiled, frozen, each part with its place."""

from relflow.program.asking import Asking
from relflow.program.cadences import Cadence, Cap, KeyNode, PlanRow, TouchpointKind, Valued
from relflow.program.channels import Channel
from relflow.program.code import Broken, Code
from relflow.program.conform import DURATION, ConformError, DurationType, conform
from relflow.program.index import ColumnIndex
from relflow.program.instants import as_day, as_instant
from relflow.program.nodes import Category, Decision, Fact, Indicator, Node, Outcome, Parameter, Role, Scheme
from relflow.program.obligations import Kpi, Obligation, Streak
from relflow.program.ordering import MAX_CHAIN, in_order
from relflow.program.program import Clause, MessageTemplate, Program
from relflow.program.regions import Interval, Region
from relflow.program.run import KNOWN, Run, evaluate, wrong_fact
from relflow.program.scorecards import Band, Criterion, Scorecard
from relflow.program.standings import Change, Lower, Place, advance, lowering
from relflow.program.tables import Aggregation, Cell, Column, HitPolicy, OutputColumn, Row, Table

__all__ = [
    "DURATION",
    "KNOWN",
    "MAX_CHAIN",
    "Aggregation",
    "Asking",
    "Band",
    "Broken",
    "Cadence",
    "Cap",
    "Category",
    "Cell",
    "Change",
    "Channel",
    "Clause",
    "Code",
    "Column",
    "ColumnIndex",
    "ConformError",
    "Criterion",
    "Decision",
    "DurationType",
    "Fact",
    "HitPolicy",
    "Indicator",
    "Interval",
    "KeyNode",
    "Kpi",
    "Lower",
    "MessageTemplate",
    "Node",
    "Obligation",
    "Outcome",
    "OutputColumn",
    "Parameter",
    "Place",
    "PlanRow",
    "Program",
    "Region",
    "Role",
    "Row",
    "Run",
    "Scheme",
    "Scorecard",
    "Streak",
    "Table",
    "TouchpointKind",
    "Valued",
    "advance",
    "as_day",
    "as_instant",
    "conform",
    "evaluate",
    "in_order",
    "lowering",
    "wrong_fact",
]
