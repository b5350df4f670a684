"""The tokens of a case as compact JSON text, and back.

    [1, last id, [part, …]]      part: [id of the token it lies in, [row, …]]
    row: [id, element, state, row of its parent or -1 for the root, internal data or 0]

A finished case has no parts. No variables are written: they belong to the case. Elements are named,
not numbered, so a person can read what is stored.
"""

from __future__ import annotations

from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from processes.engine.compile import Executable
from processes.engine.context import Context
from processes.engine.errors import StateUnreadable
from processes.engine.events import Catching
from processes.engine.tokens import ROOT, CalledWorkflow, CaseWorkflow, Token

VERSION = 1


def dump_state(workflow: CaseWorkflow) -> str:
    """The tokens as text. The workflow should be compacted first, and must have come to rest."""
    parts: list[Any] = []
    if not workflow.completed:
        parts.append([ROOT, _rows(workflow)])
        parts.extend([token, _rows(part)] for token, part in workflow.subprocesses.items())
    return orjson.dumps([VERSION, workflow.last_id, parts]).decode()


def load_state(text: str, executable: Executable, context: Context) -> CaseWorkflow:
    """Rebuild the workflow on its specs; raises StateUnreadable when they do not fit."""
    try:
        version, last_id, parts = orjson.loads(text)
        if version != VERSION:
            raise StateUnreadable(f"状态的版本 {version} 不认识")
        workflow = CaseWorkflow(executable, context)
        workflow.last_id = last_id
        workflow.completed = not parts
        for holder, rows in parts:
            _fill(workflow if holder == ROOT else _part(workflow, holder), rows)
        _watch(workflow)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StateUnreadable("保存的状态与这一版流程对不上") from error
    return workflow


def _rows(workflow: CaseWorkflow | CalledWorkflow) -> list[list[Any]]:
    rows: list[list[Any]] = []
    places = {ROOT: -1}
    for token in workflow.tasks.values():
        if token.id == ROOT:
            continue
        parent = places[token._parent]
        places[token.id] = len(rows)
        name = token.task_spec.name
        rows.append([token.id, name, token._state, parent, token.internal_data or 0])
    return rows


def _part(workflow: CaseWorkflow, holder: str) -> CalledWorkflow:
    for part in workflow.workflows():
        if holder in part.tasks:
            return workflow.open_inner(part.tasks[holder])
    raise KeyError(holder)


def _fill(part: CaseWorkflow | CalledWorkflow, rows: list[list[Any]]) -> None:
    specs = part.spec.task_specs
    made: list[Token] = []
    for id, name, state, parent, internal in rows:
        above = made[parent] if parent >= 0 else part.task_tree
        token = Token(part, specs[name], above, state, id)
        if internal:
            token.internal_data = internal
        made.append(token)


def _watch(workflow: CaseWorkflow) -> None:
    """Register waiting events in the order in which they began, as the first run had them."""
    waiting = [
        token
        for token in workflow.all_tokens()
        if token._state == TaskState.WAITING and isinstance(token.task_spec, Catching)
    ]
    if len(waiting) > 1:
        waiting.sort(key=lambda token: int(token.id))
    for token in waiting:
        workflow.event_manager.add_task(token)
