"""One run of a release: start it, answer its tasks, wake it, and put it away again.

    run = Run.restore(executable, case.state, variables=case.variables, facts=facts)
    step = run.answer(token, answers, now, operators)
    case.state, case.variables = run.dump(), step.variables

Every step refreshes the timers first, so a late answer meets its deadline (trap 6), then acts, then
runs until only people, timers and messages are waited for.

When any method raises, the run is half moved (trap 5): throw it away and roll back. Restoring the
last stored state is always possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from processes.engine.clock import DUE, Timer
from processes.engine.compaction import compact
from processes.engine.compile import Executable
from processes.engine.context import Context, path_of, turns_in
from processes.engine.errors import Deadlock, MessageNotExpected, TaskNotWaiting
from processes.engine.events import Boundary, Message, Watch
from processes.engine.inclusive import merge_one
from processes.engine.nodes import SINCE, companions
from processes.engine.specs import UserTask
from processes.engine.state import dump_state, load_state
from processes.engine.step import Operators, Step, WaitingTask
from processes.engine.tokens import CalledWorkflow, CaseWorkflow, Token

WITHDRAW = "withdraw"


class Run:
    """A case's tokens and variables between two moments of rest.

    `step` is the result of the last step (None after a restore).
    """

    step: Step | None = None
    _compacts = True  # tests switch it off to compare

    def __init__(self, workflow: CaseWorkflow) -> None:
        self._workflow = workflow
        self._context: Context = workflow.context

    @classmethod
    def start(
        cls,
        executable: Executable,
        *,
        facts: Mapping[str, Any],
        now: datetime,
        operators: Operators,
    ) -> Run:
        """Begin a case; `run.step` is its first step. `facts` hold `case` and `school`."""
        run = cls(CaseWorkflow(executable, Context({}, facts)))
        run._context.begin(now, operators)
        run._workflow.begin()
        run._finish_step()
        return run

    @classmethod
    def restore(
        cls,
        executable: Executable,
        state: str,
        *,
        variables: dict[str, Any],
        facts: Mapping[str, Any],
    ) -> Run:
        """Take up a case again; raises StateUnreadable when state and release do not fit.

        `variables` stays as it is; the changed ones are in `step.variables`.
        """
        return cls(load_state(state, executable, Context(variables, facts)))

    def answer(
        self, token: str, answers: Mapping[str, Any], now: datetime, operators: Operators
    ) -> Step:
        """Complete a waiting task with somebody's answers.

        Raises TaskNotWaiting when the task is gone, also when its deadline passed before `now`.
        """
        self._begin_step(now, operators)
        task = self._waiting_token(token)
        element = task.task_spec.element
        self._context.keep(task.workflow.scope, element.id, dict(answers))
        task.run()
        return self._finish_step()

    def wake(self, now: datetime, operators: Operators) -> Step:
        """Fire what is due. After downtime, a cycle catches up once."""
        self._begin_step(now, operators)
        return self._finish_step()

    def message(
        self,
        name: str,
        now: datetime,
        operators: Operators,
        payload: Mapping[str, Any] | None = None,
    ) -> Step:
        """Give a message to all who wait for it; the payload stands under the event's id.

        Raises MessageNotExpected when nobody waits for it now.
        """
        self._begin_step(now, operators)
        event = BpmnEvent(Message(name), payload=dict(payload or {}))
        if not self._workflow.event_manager.catch(event, internal=False):
            raise MessageNotExpected(f"流程现在不等待消息 {name}")
        return self._finish_step()

    def withdraw(self, now: datetime, operators: Operators) -> Step:
        """Send the message by which the initiator takes the case back."""
        return self.message(WITHDRAW, now, operators)

    @property
    def can_withdraw(self) -> bool:
        return WITHDRAW in self.messages

    @property
    def variables(self) -> dict[str, Any]:
        return self._context.variables

    @property
    def is_finished(self) -> bool:
        return bool(self._workflow.completed)

    @property
    def messages(self) -> tuple[str, ...]:
        """The names of the messages that would be taken now."""
        definitions = [task.task_spec.event_definition for task in self._events()]
        return tuple(sorted({d.name for d in definitions if isinstance(d, Message)}))

    @property
    def expecting(self) -> tuple[str, ...]:
        """The paths of the events and receive tasks that wait now, those at a border included."""
        paths = (path_of(t.workflow.scope, t.task_spec.element.id) for t in self._events())
        return tuple(sorted(paths))

    @property
    def wake_at(self) -> datetime | None:
        """The next moment at which a timer is due."""
        due = [task.internal_data[DUE] for task in self._timers()]
        return datetime.fromisoformat(min(due)) if due else None

    @property
    def waiting(self) -> tuple[WaitingTask, ...]:
        """The tasks that wait for a person, oldest first."""
        return _waiting_tasks(self._for_people())

    @property
    def waiting_tokens(self) -> set[str]:
        """The tokens alone of those tasks."""
        return {token.id for token in self._for_people()}

    def dump(self) -> str:
        """The tokens as compact JSON text; the variables are not in it."""
        return dump_state(self._workflow)

    def _begin_step(self, now: datetime, operators: Operators) -> None:
        self._context.begin(now, operators)
        self._settle()
        if self._context.moves:  # else all is as the last step left it
            self._check_alive(self._for_people())

    def _finish_step(self) -> Step:
        self._settle()
        people = self._for_people()
        self._check_alive(people)
        if self._compacts:
            compact(self._workflow)
        context = self._context
        self.step = Step(
            tasks=_waiting_tasks(people),
            wake_at=self.wake_at,
            messages=self.messages,
            happened=tuple(context.happened),
            status=context.status,
            finished=self.is_finished,
            ended_at=tuple(context.ended_at),
            variables=context.variables,
        )
        return self.step

    def _settle(self) -> None:
        """Run until nothing moves and no timer is due; timers fire in the order of their moments."""
        ready, context = self._workflow.ready, self._context
        now = context.now_text
        merges = self._workflow.merges
        while True:
            while ready:
                token = ready.popleft()
                if token._state == TaskState.READY:
                    context.count_move(token.workflow.scope, token.task_spec.element.id)
                    token.run()
            if merges and merge_one(self._workflow):
                continue
            due = min(self._timers(), key=_due, default=None)
            if due is None or due.internal_data[DUE] > now:
                break
            context.count_move(due.workflow.scope, due.task_spec.element.id)
            due.task_spec._update(due)

    def _check_alive(self, people: list[Token]) -> None:
        """A join that nobody can reach any more would wait for ever, unseen."""
        if people or self._workflow.completed:
            return
        waiting = self._workflow.event_manager.tasks
        if waiting and (not self._workflow.throws or any(map(_comes_from_outside, self._events()))):
            return
        tokens = self._workflow.all_tokens()
        stuck = next(token for token in tokens if token._state == TaskState.WAITING)
        path = path_of(stuck.workflow.scope, stuck.task_spec.element.id)
        raise Deadlock(f"流程停在 {path}，再也等不到其他分支", path)

    def _waiting_token(self, token: str) -> Token:
        for found in self._for_people():
            if found.id == token:
                return found
        raise TaskNotWaiting("这一步已经处理过，或者已经过了期限")

    def _for_people(self) -> list[Token]:
        """The tokens of the tasks that wait for a person."""
        return [
            token
            for token in self._workflow.all_tokens()
            if token._state == TaskState.READY and isinstance(token.task_spec, UserTask)
        ]

    def _events(self) -> list[Token]:
        return list(self._workflow.event_manager.tasks.values())

    def _timers(self) -> list[Token]:
        waiting = self._workflow.event_manager.tasks.values()
        return [t for t in waiting if isinstance(t.task_spec.event_definition, Timer)]


def _comes_from_outside(token: Token) -> bool:
    return bool(token.task_spec.event_definition.external)


def _waiting_tasks(tokens: list[Token]) -> tuple[WaitingTask, ...]:
    """What is told of the tasks that wait for people, oldest first."""
    return tuple([_waiting_task(token) for token in sorted(tokens, key=_age)])


def _waiting_task(token: Token) -> WaitingTask:
    element = token.task_spec.element
    return WaitingTask(
        token=token.id,
        element=path_of(token.workflow.scope, element.id),
        name=element.name,
        role=element.role,
        form=element.form,
        properties=element.properties,
        since=datetime.fromisoformat(token.internal_data[SINCE]),
        silent_at=_silent_at(token),
        turns=turns_in(token.workflow.scope),
    )


def _silent_at(token: Token) -> datetime | None:
    """When a timer takes the task away: one at its border, or at one of what it lies in."""
    due: list[str] = []
    inside: Token | None = token
    while inside is not None:
        for beside in companions(inside):
            spec = beside.task_spec
            interrupts = isinstance(spec, Boundary) and spec.cancel_activity
            if interrupts and isinstance(spec.event_definition, Timer):
                due.append(beside.internal_data[DUE])
        workflow = inside.workflow
        if workflow.spec.watches:
            due.extend(_watched_until(workflow))
        inside = workflow.parent_token if isinstance(workflow, CalledWorkflow) else None
    return datetime.fromisoformat(min(due)) if due else None


def _watched_until(level: CaseWorkflow | CalledWorkflow) -> Iterator[str]:
    """The moments at which an event sub-process would take the whole level away."""
    for token in level.live_tokens():
        spec = token.task_spec
        if isinstance(spec, Watch) and spec.cancel_activity and DUE in token.internal_data:
            yield token.internal_data[DUE]


def _due(token: Token) -> tuple[str, int]:
    """Timers due at the same moment fire in the order in which they began."""
    return token.internal_data[DUE], int(token.id)


def _age(token: Token) -> int:
    return int(token.id)
