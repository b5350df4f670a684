"""Keeps the state as small as what is still open, however long the case has run.

Our specs look at nothing behind a token except, for the activity and the events that share a
border or race, the split or gateway that holds them together. So everything finished can go; an
unfinished token whose parent goes hangs from the root. Sub-workflows of dropped tokens were
dropped when those tokens ended.
"""

from __future__ import annotations

from processes.engine.tokens import ROOT, UNFINISHED, CalledWorkflow, CaseWorkflow, Token


def compact(workflow: CaseWorkflow) -> None:
    """Drop every finished token that nothing unfinished needs."""
    for part in workflow.workflows():
        _compact_part(part)


def is_held(token: Token) -> bool:
    """Whether an unfinished token still needs its parent: they wait for each other's end."""
    parent = token.workflow.tasks.get(token._parent)
    return parent is not None and getattr(parent.task_spec, "gathers", False)


def _compact_part(workflow: CaseWorkflow | CalledWorkflow) -> None:
    tokens, root = workflow.tasks, workflow.task_tree
    live = [token for token in tokens.values() if token._state & UNFINISHED]
    if len(live) + 1 == len(tokens) and len(root._children) == len(live):
        return
    kept: dict[str, Token] = {}
    for token in live:
        if is_held(token):
            kept[token._parent] = tokens[token._parent]
    for holder in kept.values():
        holder._children = []
        holder._parent = root.id
    root._children = list(kept)
    for token in live:
        if token._parent in kept:
            kept[token._parent]._children.append(token.id)
        else:
            token._parent = root.id
            root._children.append(token.id)
        token._children = []
    everything = [*kept.values(), *live]
    if len(everything) > 1:
        everything.sort(key=lambda token: int(token.id))
    workflow.tasks = {ROOT: root, **{token.id: token for token in everything}}
