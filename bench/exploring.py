"""How fast diagrams are explored, and how fast the token game plays the same steps.

    python -m bench.exploring [rounds]

Processor time, so other work on the machine counts little. Nothing is asserted; the figures go to docs/exploring.md by hand.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import forms
from processes import library
from processes.diagram import Diagram
from processes.engine import compile_release
from processes.explore import Explored, explore
from processes.scenario import read_scenarios
from processes.tokengame import compare_executions

_T = TypeVar("_T")


def timed(work: Callable[[], _T]) -> tuple[_T, float]:
    """What the work gives, and its processor time in seconds."""
    begun = time.process_time()
    given = work()
    return given, time.process_time() - begun


def main() -> None:
    """Go through every packaged diagram; the fastest of so many rounds counts."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    markings = steps = 0
    played_in = slowest = 0.0
    for found in library.find_diagram_files():
        diagram, called = library.load_family(found.family, found.variant)
        explored, walked = min(
            (timed(partial(whole, found, diagram, called)) for _ in range(rounds)),
            key=lambda one: one[1],
        )
        release = compile_release(diagram, called)
        played = min(
            timed(partial(compare_executions, explored, release))[1] for _ in range(rounds)
        )
        acts = 1 + sum(len(state.following) for state in explored.states)
        print(f"{found.source}: {len(explored.states)} markings, {acts} steps, "
              f"explored in {walked:.2f} s, played and compared in {played:.3f} s")  # fmt: skip
        markings += len(explored.states)
        steps += acts
        played_in += played
        slowest = max(slowest, walked + played)
    print(f"{markings} markings, {steps} steps: {steps / played_in:,.0f} steps a second in the token "
          f"game with its comparison; slowest verdict {slowest:.2f} s")  # fmt: skip


def whole(found: library.DiagramFile, diagram: Diagram, called: dict[str, Diagram]) -> Explored:
    text = found.scenarios.read_text(encoding="utf-8") if found.scenarios else ""
    scenarios = read_scenarios(text, found.scenario_source) if text else ()
    return explore(diagram, called, forms.facts(), scenarios)


if __name__ == "__main__":
    main()
