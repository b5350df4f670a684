"""Runs diagrams: tokens move here, data stay with the case. The only code that knows SpiffWorkflow."""

from processes.engine.cache import ExecutableCache, executable_cache, load_executable
from processes.engine.compile import Executable, compile_release
from processes.engine.errors import (
    Deadlock,
    DiagramRefused,
    EndlessLoop,
    EngineError,
    MessageNotExpected,
    StateUnreadable,
    TaskNotWaiting,
)
from processes.engine.placing import CannotPlace, Placed, place
from processes.engine.run import Run
from processes.engine.skipping import skip_to, targets
from processes.engine.step import Happening, OperatorResult, Operators, Step, WaitingTask

__all__ = [
    "CannotPlace",
    "Deadlock",
    "DiagramRefused",
    "EndlessLoop",
    "EngineError",
    "Executable",
    "ExecutableCache",
    "Happening",
    "MessageNotExpected",
    "OperatorResult",
    "Operators",
    "Placed",
    "Run",
    "StateUnreadable",
    "Step",
    "TaskNotWaiting",
    "WaitingTask",
    "compile_release",
    "executable_cache",
    "load_executable",
    "place",
    "skip_to",
    "targets",
]
