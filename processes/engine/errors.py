"""What can go wrong while a process runs; every message is a Chinese sentence for people.

After any of these the run that raised it is half moved: throw it away and roll back.
"""

from __future__ import annotations

from collections.abc import Sequence

from processes.findings import Finding


class EngineError(Exception):
    """The process cannot go on as drawn; `element` is the path of the place."""

    def __init__(self, message: str, element: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.element = element


class DiagramRefused(EngineError):
    """The diagram cannot be run; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("流程图不能运行：" + "；".join(finding.message for finding in findings))
        self.findings = tuple(findings)


class TaskNotWaiting(EngineError):
    """Somebody else, another tab or the clock was faster."""


class MessageNotExpected(EngineError):
    """Nothing in the process waits for this message now."""


class EndlessLoop(EngineError):
    """The process ran in a circle without ever reaching somebody who decides."""


class Deadlock(EngineError):
    """A join waits for a token that can never come, and nothing else moves."""


class StateUnreadable(EngineError):
    """The stored state does not fit the release that should carry it on."""
