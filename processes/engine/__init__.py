"""Runs diagrams: tokens move here, data stay with the case. The only code that knows SpiffWorkflow."""

from processes.engine.cache import ExecutableCache, executable_cache, load_executable
from processes.engine.compile import Executable, compile_release
from processes.engine.errors import (
    DiagramRefused,
    EndlessLoop,
    EngineError,
    MessageNotExpected,
    StateUnreadable,
    TaskNotWaiting,
)
from processes.engine.run import Run
from processes.engine.step import Happening, OperatorResult, Operators, Step, WaitingTask

__all__ = [
    "DiagramRefused",
    "EndlessLoop",
    "EngineError",
    "Executable",
    "ExecutableCache",
    "Happening",
    "MessageNotExpected",
    "OperatorResult",
    "Operators",
    "Run",
    "StateUnreadable",
    "Step",
    "TaskNotWaiting",
    "WaitingTask",
    "compile_release",
    "executable_cache",
    "load_executable",
]
