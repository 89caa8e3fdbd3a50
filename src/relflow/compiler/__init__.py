"""From a model to a program, in named stages that tolerate mistakes and report all of them."""

from relflow.compiler.expressions import Expressions
from relflow.compiler.head import effective_of
from relflow.compiler.literals import read
from relflow.compiler.stages import STAGES, compile_model
from relflow.compiler.types import Types
from relflow.compiler.world import World

__all__ = ["STAGES", "Expressions", "Types", "World", "compile_model", "effective_of", "read"]
