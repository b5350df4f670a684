"""Sets a case down at a step that somebody chose, when it cannot go on by itself.

Every token goes; one begins at the chosen step. The case keeps its answers. It is refused where the
way from there would read an answer that the case does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from processes.elements import Element
from processes.engine.compile import Executable
from processes.engine.context import Context
from processes.engine.errors import EngineError
from processes.engine.placing import CannotPlace
from processes.engine.run import Run
from processes.engine.state import load_state
from processes.engine.step import Operators
from processes.engine.tokens import CaseWorkflow
from processes.engine.unread import find_unmade


def targets(executable: Executable) -> list[Element]:
    """The steps at which a case may be set down: activities of the case's own diagram."""
    elements = executable.diagram.elements.values()
    return [e for e in elements if e.is_activity and e.parent is None and not e.triggered]


def skip_to(
    executable: Executable,
    state: str,
    target: str,
    *,
    variables: dict[str, Any],
    facts: Mapping[str, Any],
    now: datetime,
    operators: Callable[[Run], Operators],
) -> Run:
    """The case at `target`, run on to its next stop; `run.step` says what that did.

    `operators` gives the application's operators for the run that is made.

    Raises CannotPlace with the reason, or what a step may raise.
    """
    if target not in {element.id for element in targets(executable)}:
        raise CannotPlace(f"流程图里没有可以跳到的步骤 {target}", target)
    element = executable.diagram.elements[target]
    unmade = find_unmade(executable.diagram, (), {**facts, **variables}, entering=[target])
    if unmade is not None:
        raise CannotPlace(
            f"不能跳到“{element.name or target}”：之后的“{unmade.reader}”要看“{unmade.maker}”的"
            f" {unmade.name}，这件事项没有办过那一步",
            target,
        )
    context = Context(variables, facts)
    workflow = CaseWorkflow(executable, context)
    workflow.last_id = load_state(state, executable, Context(variables, facts)).last_id
    run = Run(workflow)
    context.begin(now, operators(run))
    spec = executable.spec.task_specs
    entrance = spec.get(f"{target}.BoundaryEventSplit") or spec[target]
    try:
        for node in (*executable.spec.watches, entrance):
            node._update(workflow.task_tree._add_child(node))
        run._finish_step()
    except EngineError as error:
        raise CannotPlace(error.message, error.element) from error
    return run
