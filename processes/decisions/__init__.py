"""Decision tables (DMN): read from a diagram, compiled through an allow-list, and asked.

A table stands inside its business rule task, so it is frozen, compared and moved with the diagram.
Nothing is given to eval: inputs are expressions of ours, entries a small part of FEEL.
"""

from processes.decisions.feel import FeelError, Test, parse_literal, parse_tests
from processes.decisions.reading import DMN, Decision, DecisionInput, DecisionOutput, DecisionRule
from processes.decisions.table import DecisionError, Problem, Table, compile_decision, problems_of

__all__ = [
    "DMN",
    "Decision",
    "DecisionError",
    "DecisionInput",
    "DecisionOutput",
    "DecisionRule",
    "FeelError",
    "Problem",
    "Table",
    "Test",
    "compile_decision",
    "parse_literal",
    "parse_tests",
    "problems_of",
]
