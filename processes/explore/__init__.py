"""Explores a diagram: every state that answers, outcomes, timers and messages can bring about.

    found = explore(diagram, called, forms, scenarios)
    found.findings      # dead flows, standstills, claims never given back, each with its path
    found.ends          # the ends that were reached

The production engine itself takes every step, so what is shown is what runs. What cannot be
explored (a value nobody knows, too many states) is a finding too: nothing is passed over silently.
"""

from processes.explore.results import Explored, Path
from processes.explore.walk import explore

__all__ = ["Explored", "Path", "explore"]
