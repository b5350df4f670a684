"""A second execution of diagrams: a small token game, written from the BPMN standard alone.

It shares the reading of diagrams, the expressions and the decision tables with the engine, and
nothing else. `compare_executions` lets both take the same steps and tells where they part.

What it does not play it refuses by name, never by guessing.
"""

from processes.tokengame.agreement import Disagreement, compare_executions
from processes.tokengame.game import Game, Marking, Unplayable
from processes.tokengame.judging import faults_between

__all__ = [
    "Disagreement",
    "Game",
    "Marking",
    "Unplayable",
    "compare_executions",
    "faults_between",
]
