"""Our contestant: the services that pages call, on the real schema.

The case is opened by `start_case` and moved by `submit_task`, so the membership check, the lock,
the history chain and the triggers are all in the measured step.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from webapp.database import make_sessions
from webapp.models import (
    Case,
    College,
    Employer,
    Graduate,
    Membership,
    Person,
    Release,
    School,
    Task,
)
from webapp.services.accounts.actors import Actor, actors_of
from webapp.services.cases.cases import start_case, submit_task

from .answers import BY_ROLE
from .process import diagram

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


class Ours:
    """A contestant: `prepare(laps)` opens a case that has gone round, `step(case)` answers its task."""

    name = "Qianyue"

    def __init__(self, engine: Engine) -> None:
        self.sessions = make_sessions(engine)
        with self.sessions() as session:
            self.graduate, self.people = set_up(session)
            session.commit()

    def prepare(self, laps: int) -> uuid.UUID:
        """A stored case after `laps` laps, each of two answered tasks."""
        with self.sessions() as session:
            case = start_case(
                session,
                self.people["graduate"],
                "bench",
                graduate=self.graduate,
                employer=None,
                now=NOW,
            )
            session.commit()
        for _ in range(2 * laps):
            self.step(case.id)
        return case.id

    def open_task(self, session: Session, case_id: uuid.UUID) -> tuple[uuid.UUID, str]:
        """What a page knows before it posts: the open task's id and role."""
        found = session.execute(
            select(Task.id, Task.role).where(Task.case_id == case_id, Task.state == "open")
        ).one()
        return found.id, found.role

    def next_task(self, case_id: uuid.UUID) -> tuple[uuid.UUID, str]:
        with self.sessions() as session:
            return self.open_task(session, case_id)

    def answer(self, task: tuple[uuid.UUID, str]) -> None:
        """The measured step: one completed user task in one transaction."""
        task_id, role = task
        said = BY_ROLE[role]
        with self.sessions() as session:
            submit_task(session, self.people[role], task_id, said.answers, said.labelled, NOW)
            session.commit()

    def step(self, case_id: uuid.UUID) -> None:
        self.answer(self.next_task(case_id))

    def state_bytes(self, case_id: uuid.UUID) -> int:
        with self.sessions() as session:
            return len(session.get_one(Case, case_id).state)


def set_up(session: Session) -> tuple[Graduate, dict[str, Actor]]:
    """One school, one graduate, one reviewer of the office, and the bench's diagram in force."""
    school = School(code=uuid.uuid4().hex[:5], name="对照大学", settings={})
    session.add(school)
    session.flush()
    college = College(school_id=school.id, code="01", name="计算机学院")
    employer = Employer(name="对照公司")
    people = [
        Person(login=uuid.uuid4().hex, name=name, password_hash="!")
        for name in ("林知夏", "吴老师")
    ]
    session.add_all([college, employer, *people])
    session.flush()
    graduate = Graduate(
        school_id=school.id, college_id=college.id, person_id=people[0].id, cohort=2027,
        student_no="20230001", name="林知夏", base_data_confirmed_at=NOW,
    )  # fmt: skip
    session.add_all(
        [
            graduate,
            Membership(person_id=people[0].id, role="graduate", school_id=school.id),
            Membership(person_id=people[1].id, role="office", school_id=school.id),
            release_of(school),
        ]
    )
    session.flush()
    actors = {actor.role: actor for person in people for actor in actors_of(session, person.id)}
    return graduate, actors


def release_of(school: School) -> Release:
    content = diagram()
    return Release(
        school_id=school.id, family="bench", variant="bench", number=1, title="对照流程",
        content_hash=hashlib.sha256(content).hexdigest(), diagram=content, published_at=NOW,
    )  # fmt: skip
