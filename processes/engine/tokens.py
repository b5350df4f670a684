"""SpiffWorkflow's task and workflow classes, reduced to what a token needs.

Library surprises that are answered here (SpiffWorkflow 3.2.0, see README.md here):

* Every change of state computes log extras for loggers that are off, and reads the clock. A token
  only changes its state.
* `_predict` grows a tree of possible futures, recursively: 490 tasks in a row overflow the stack,
  a loop without a decision never stops. Our specs never predict; a child exists once it is reached.
* `TaskIterator` goes no deeper than 1,000, so deep ready tasks become invisible. We keep ready
  tokens in a queue and scan flat dictionaries.
* Running a task passes through hooks and assignments that no element of ours has, and turns an
  exception into a state; here it passes through to the caller, who throws the run away (trap 5).
* `task.data` is copied along the tree and merged at joins. Here it cannot be written at all.
* `uuid4` costs more than the rest of a new task. Tokens are numbered within their case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from processes.engine.context import Context, Scope
from processes.engine.scripts import EXPRESSIONS_ONLY

UNFINISHED = TaskState.NOT_FINISHED_MASK
ROOT = ""
NOWHERE = "-"


class Token(Task):
    """A task of SpiffWorkflow's tree that holds no data and costs little."""

    data: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    triggered = False
    thread_id = 0
    last_state_change = 0

    def __init__(
        self,
        workflow: CaseWorkflow | CalledWorkflow,
        task_spec: Any,
        parent: Token | None,
        state: int,
        id: str,
    ) -> None:
        # On purpose without super().__init__: see the module's docstring.
        self.id = id
        self.workflow = workflow
        self.task_spec = task_spec
        self.internal_data: dict[str, Any] = {}
        self._children: list[str] = []
        self._state = state
        workflow.tasks[id] = self
        if parent is None:
            self._parent: str = NOWHERE
        else:
            self._parent = parent.id
            parent._children.append(id)

    @property
    def unfinished(self) -> bool:
        return bool(self._state & UNFINISHED)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state, self.workflow.next_id())

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        pass

    def run(self) -> bool:
        """Do what the element does; the token is done then, or the step has failed as a whole."""
        spec = self.task_spec
        done: bool = not spec._works or spec._run_hook(self)
        self._state = TaskState.COMPLETED
        spec._on_complete(self)
        return done

    def cancel(self) -> None:
        """Take an unfinished token away. What it led to earlier lives on."""
        if self._state & UNFINISHED:
            self._state = TaskState.CANCELLED
            self.task_spec._on_cancel(self)


class _Tokens:
    """What the case's workflow and the workflows inside it have in common."""

    tasks: dict[str, Token]
    completed: bool
    context: Context
    ready: deque[Token]

    def plant(self) -> None:
        """Set the root; the tree grows from it."""
        root = Token(self, self.spec.start, None, TaskState.COMPLETED, ROOT)  # type: ignore
        self.task_tree = root

    def live_tokens(self) -> list[Token]:
        return [token for token in self.tasks.values() if token._state & UNFINISHED]

    def cancel_tokens(self) -> None:
        """Take every token away (flat: the library walks the tree, at most 1,000 deep)."""
        for token in self.live_tokens():
            token.cancel()

    def begin(self) -> None:
        """Put a token on the start event."""
        spec: Any = self.spec  # type: ignore[attr-defined]
        spec.first._update(self.task_tree._add_child(spec.first))
        for watch in spec.watches:
            watch._update(self.task_tree._add_child(watch))

    def end_if_empty(self) -> bool:
        """Complete the workflow when no token is left."""
        if not self.completed and not any(t._state & UNFINISHED for t in self.tasks.values()):
            self.completed = True
        elif not self.completed and self.spec.watches:  # type: ignore[attr-defined]
            self._end_watches()
        return self.completed

    def _end_watches(self) -> None:
        """Events that could still start a sub-process keep no level alive."""
        if all(token.task_spec.lingers for token in self.live_tokens()):
            self.cancel_tokens()
            self.completed = True


class CaseWorkflow(_Tokens, BpmnWorkflow):
    """The workflow of a case, with the queue of tokens that can move on their own."""

    script_engine: Any = EXPRESSIONS_ONLY

    def __init__(self, executable: Any, context: Context) -> None:
        # On purpose without super().__init__, for most of what it sets is never asked for here.
        self.spec = executable.spec
        self.subprocess_specs = executable.inner_specs
        self.merges: bool = executable.merges
        self.throws: bool = executable.throws
        self.subprocesses: dict[str, CalledWorkflow] = {}
        self.event_manager = EventManager(self)
        self.correlations: dict[str, Any] = {}
        self.bpmn_events: list[Any] = []
        self.tasks: dict[str, Token] = {}
        self.completed = False
        self.context = context
        self.scope: Scope = ()
        self.ready = deque()
        self.joining: list[Token] | None = None  # at inclusive joins; None: not looked for yet
        self.last_id = 0
        self.plant()

    def next_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    def _task_completed_notify(self, task: Token) -> None:
        self.end_if_empty()

    def open_inner(self, token: Token) -> CalledWorkflow:
        """Create the workflow of a sub-process or call activity."""
        inner = CalledWorkflow(self.subprocess_specs[token.task_spec.spec], token, self)
        self.subprocesses[token.id] = inner
        return inner

    def workflows(self) -> list[CaseWorkflow | CalledWorkflow]:
        return [self, *self.subprocesses.values()]

    def all_tokens(self) -> list[Token]:
        if not self.subprocesses:
            return list(self.tasks.values())
        return [token for workflow in self.workflows() for token in workflow.tasks.values()]


class CalledWorkflow(_Tokens, BpmnSubWorkflow):
    """The workflow inside a sub-process (its parent's scope) or a call activity (its own)."""

    def __init__(self, spec: Any, token: Token, top: CaseWorkflow) -> None:
        # The library's constructor looks for its parent in every sub-workflow; we have it.
        self.parent_task_id = token.id
        self.top_workflow = top
        self.context, self.ready, self.next_id = top.context, top.ready, top.next_id
        self.parent_token = token
        self.correlations: dict[str, Any] = {}
        super(BpmnSubWorkflow, self).__init__(spec, deserializing=True)
        self.scope: Scope = token.task_spec.inner_scope(token)
        self.plant()

    @property
    def parent_workflow(self) -> CaseWorkflow | CalledWorkflow:
        workflow: CaseWorkflow | CalledWorkflow = self.parent_token.workflow
        return workflow

    def _task_completed_notify(self, task: Token) -> None:
        if self.end_if_empty():
            self.parent_token.task_spec.inner_completed(self.parent_token)
