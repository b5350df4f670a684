"""Plain SpiffWorkflow as its documentation shows it: the whole instance as JSON, kept by the ORM.

One row for the instance, one per task, one per history entry: the same facts as ours keeps,
written in one transaction. Answers travel in `task.data`, as SpiffWorkflow expects.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Engine, ForeignKey, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from .process import diagram


class Base(DeclarativeBase):
    """Tables of the plain contestant."""


class PlainCase(Base):
    __tablename__ = "plain_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=0)


class PlainTask(Base):
    __tablename__ = "plain_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("plain_case.id"), index=True)
    token: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")


class PlainHistory(Base):
    __tablename__ = "plain_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("plain_case.id"), index=True)
    at: Mapped[datetime]
    element: Mapped[str]
    body: Mapped[str] = mapped_column(Text)


class Plain:
    """A contestant: `prepare(laps)` opens a case that has gone round, `step(case, answers)` answers its task."""

    name = "plain SpiffWorkflow"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.serializer = BpmnWorkflowSerializer()
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(diagram(plain=True)).getroottree())
        self.spec = parser.get_spec("bench")
        Base.metadata.create_all(engine)

    def prepare(self, laps: int, answers: dict[str, Any]) -> int:
        """A stored case after `laps` laps. RecursionError where SpiffWorkflow's depth ends."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        for _ in range(laps):
            for _task in ("Draft", "Review"):
                self._answer(workflow, answers)
        with Session(self.engine) as session:
            case = PlainCase(state=self.serializer.serialize_json(workflow))
            session.add(case)
            session.flush()
            session.add(self._open_task(case.id, workflow))
            session.commit()
            return case.id

    def step(self, case_id: int, answers: dict[str, Any]) -> None:
        """One completed user task: load, answer, store, in one transaction."""
        with Session(self.engine) as session:
            case = session.scalars(
                select(PlainCase).where(PlainCase.id == case_id).with_for_update()
            ).one()
            done = session.scalars(
                select(PlainTask).where(PlainTask.case_id == case_id, PlainTask.state == "open")
            ).one()
            workflow = self.serializer.deserialize_json(case.state)
            self._answer(workflow, answers)
            case.state = self.serializer.serialize_json(workflow)
            case.version += 1
            done.state = "done"
            session.add(self._open_task(case_id, workflow))
            session.add(
                PlainHistory(
                    case_id=case_id,
                    at=datetime.now(UTC).replace(tzinfo=None),
                    element=done.name,
                    body=str(answers),
                )
            )
            session.commit()

    def state_bytes(self, case_id: int) -> int:
        with Session(self.engine) as session:
            return len(session.get_one(PlainCase, case_id).state)

    def _answer(self, workflow: BpmnWorkflow, answers: dict[str, Any]) -> None:
        workflow.refresh_timers()
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(answers)
        task.run()
        workflow.do_engine_steps()

    def _open_task(self, case_id: int, workflow: BpmnWorkflow) -> PlainTask:
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        return PlainTask(case_id=case_id, token=str(task.id), name=task.task_spec.name)
