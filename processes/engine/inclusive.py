"""The inclusive gateway: every way that holds goes on, and the join waits for whoever can still come.

The join follows BPMN 2.0 (13.4.3) to the letter. It is activated when some incoming flow has a token
and every token that can still reach an empty incoming flow can also reach one that has a token,
both without passing through the gateway. It then takes one token of each flow that has one.

Whether that holds depends on every other token, so a join is looked at only when nothing else can
move on its own: the gateway whose token has waited longest first, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from processes.engine.events import Boundary, Race
from processes.engine.nodes import FLOW, Node
from processes.engine.tokens import CaseWorkflow, Token


class Inclusive(Node, BpmnSpecMixin):
    """`reachers` has for each incoming flow the elements from which a token can still come to it."""

    reachers: Mapping[str, frozenset[str]] = {}
    joins = True
    conditional = True

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.reachers) < 2:
            return True
        my_task._set_state(TaskState.WAITING)
        joining = my_task.workflow.top_workflow.joining
        if joining is not None:
            joining.append(my_task)
        return False

    def is_activated(self, arrived: Iterable[str], places: Iterable[str]) -> bool:
        """Whether the join may go on: `arrived` flows have tokens, others stand at `places`."""
        here = frozenset().union(*(self.reachers[flow] for flow in arrived))
        empty = (flow for flow in self.reachers if flow not in arrived)
        coming = frozenset().union(*(self.reachers[flow] for flow in empty))
        return not any(place in coming and place not in here for place in places)


def merge_one(top: CaseWorkflow) -> bool:
    """Let the first inclusive join that is activated go on; False when there is none."""
    known = top.all_tokens() if top.joining is None else top.joining
    waiting = top.joining = [token for token in known if _is_joining(token)]
    groups: dict[tuple[int, str], dict[str, Token]] = {}
    for token in sorted(waiting, key=lambda token: int(token.id)):
        group = groups.setdefault((id(token.workflow), token.task_spec.name), {})
        group.setdefault(token.internal_data[FLOW], token)
    for group in groups.values():
        first, *others = group.values()
        if first.task_spec.is_activated(group, _places(first)):
            for token in others:
                token._set_state(TaskState.COMPLETED)
            first._set_state(TaskState.READY)
            first.task_spec._on_ready(first)
            return True
    return False


def _is_joining(token: Token) -> bool:
    return token._state == TaskState.WAITING and isinstance(token.task_spec, Inclusive)


def _places(joining: Token) -> Iterator[str]:
    """The elements at which the other tokens of the level stand; events of a race at its gateway."""
    for token in joining.workflow.live_tokens():
        if token.task_spec is joining.task_spec or isinstance(token.task_spec, Boundary):
            continue
        parent = token.parent
        if parent is not None and isinstance(parent.task_spec, Race):
            yield parent.task_spec.element.id
        else:
            yield token.task_spec.element.id
