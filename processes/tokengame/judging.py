"""What a disagreement of the two executions means for a diagram: it may not run."""

from __future__ import annotations

from processes.engine.compile import Executable
from processes.explore.results import Explored, Fault, Path
from processes.findings import Finding
from processes.tokengame.agreement import Disagreement, compare_executions
from processes.tokengame.game import Unplayable

MOST = 5


def faults_between(explored: Explored, executable: Executable) -> tuple[Fault, ...]:
    """A fault for each place where the executions part, with the path to it; most important first.

    What the game does not play is a fault too, which forbids running: nothing is passed unseen.
    """
    try:
        found = compare_executions(explored, executable, MOST)
    except Unplayable as unplayed:
        return (Fault(_not_played(unplayed)),)
    return tuple(Fault(_differs(one), _path(explored, one)) for one in found)


def _differs(one: Disagreement) -> Finding:
    return Finding(
        "executions_differ",
        "error",
        one.act.element,
        "",
        0,
        f"两种独立的执行在这里走得不一样：运行的引擎{one.engine}；按 BPMN 标准{one.game}。",
        "请换一种画法，并把这张图报告给系统的开发者。",
    )


def _not_played(unplayed: Unplayable) -> Finding:
    element = unplayed.element
    return Finding(
        "not_compared",
        "error",
        element.id,
        element.name,
        element.line,
        "这个图元没有第二种执行可以对照，不能证明它走得对。",
        "请换一种画法。",
    )


def _path(explored: Explored, one: Disagreement) -> Path:
    if one.state is None:
        facts = explored.states[0].facts if explored.states else {}
        return Path("两种执行不一样", facts, (one.act,))
    path = explored.path_to(one.state, "两种执行不一样")
    return Path(path.title, path.facts, (*path.acts, one.act))
