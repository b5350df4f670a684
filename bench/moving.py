"""Thousands of running invitations, moved to a new release while somebody else works.

`python -m bench.moving` builds them in a database of this run alone (SQLite, then PostgreSQL), tries
them on a release with a renamed step, moves them and takes them back, all by the sweep as `qianyue
serve` runs it: in a thread beside the requests. Meanwhile another case is answered again and again,
as somebody's request would: its time, idle and during each phase, is what the others feel.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from statistics import median
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from processes import library
from webapp import jobs
from webapp.commands.bench import postgresql, sqlite
from webapp.models import (
    College,
    Employer,
    Graduate,
    Membership,
    MovedCase,
    Person,
    Release,
    School,
    Task,
)
from webapp.services.accounts.actors import Actor, actors_of
from webapp.services.cases.cases import start_case, submit_task
from webapp.services.design import moving, releases, trials, undoing

from .answers import INVITATION, answered
from .ours import NOW, Ours

DATABASES = {"sqlite": sqlite, "postgresql": postgresql}
FAMILY, VARIANT = "online_signing", "employer_invitation"
IDLE = 100  # answers measured before anything is moved
PAUSE = 0.1  # seconds between two answers


@dataclass
class Phase:
    """What one phase took, and the milliseconds of each answer that was given meanwhile."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)

    def as_object(self, cases: int) -> dict[str, Any]:
        """Figures for a table."""
        return {
            "seconds": round(self.seconds, 1),
            "milliseconds_a_case": round(1000 * self.seconds / cases, 2) if cases else None,
            "answers": len(self.answers),
            "median": round(median(self.answers), 1),
            "p95": round(sorted(self.answers)[ceil(0.95 * len(self.answers)) - 1], 1),
            "longest": round(max(self.answers), 1),
        }


@dataclass(frozen=True)
class Stage:
    """The school whose cases are moved."""

    sessions: sessionmaker[Session]
    school_id: uuid.UUID
    admin: Actor
    first: uuid.UUID
    second: uuid.UUID


def measure(engine: Engine, cases: int, told: Callable[[str], None]) -> dict[str, Any]:
    """Try, move and take back so many running cases; seconds, and what an answer took meanwhile."""
    ours = Ours(engine)
    stage = build(ours.sessions, cases, told)
    office = Office(ours)
    found = {"idle": Phase()}
    for _ in range(IDLE):
        found["idle"].answers.append(office.answer())
    for name, act in (("trial", a_trial), ("move", a_move), ("undo", an_undo)):
        told(f"{engine.dialect.name}: {name} of {cases} cases")
        found[name] = while_answering(office, partial(act, stage, cases))
        told(json.dumps(found[name].as_object(cases)))
    return {name: phase.as_object(0 if name == "idle" else cases) for name, phase in found.items()}


class Office:
    """Somebody who answers one task after the other."""

    def __init__(self, ours: Ours) -> None:
        self.ours, self.case = ours, ours.prepare(1)

    def answer(self) -> float:
        """One answered task, in milliseconds."""
        task = self.ours.next_task(self.case)
        began = time.perf_counter()
        self.ours.answer(task)
        return 1000 * (time.perf_counter() - began)


def while_answering(office: Office, act: Callable[[], None]) -> Phase:
    """Do the act in a thread, as the sweep does, and answer until it has ended."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    phase, thread = Phase(), threading.Thread(target=guarded)
    began = time.perf_counter()
    thread.start()
    while thread.is_alive():
        phase.answers.append(office.answer())
        thread.join(PAUSE)
    phase.seconds = time.perf_counter() - began
    if failed:
        raise failed[0]
    return phase


def run_all(sessions: sessionmaker[Session]) -> None:
    """The jobs, round after round, as the sweep does them."""
    moment = NOW
    while any(ran := jobs.run_due(sessions, moment)):
        if ran.failed:
            raise RuntimeError("a job failed; see the log")
        moment += jobs.NEXT


def a_trial(stage: Stage, cases: int) -> None:
    with stage.sessions() as session:
        trials.trial_of_release(session, session.get_one(Release, stage.second), {}, NOW)
        session.commit()
    run_all(stage.sessions)
    with stage.sessions() as session:
        release = session.get_one(Release, stage.second)
        tried = trials.trial_of_release(session, release, {}, NOW)
    expect((tried.finished, tried.fits), (True, cases))


def a_move(stage: Stage, cases: int) -> None:
    with stage.sessions.begin() as session:
        moving.begin_move(session, stage.admin, stage.second, mapping={}, note="对照", now=NOW)
    run_all(stage.sessions)
    expect(counted(stage), {"moved": cases})


def an_undo(stage: Stage, cases: int) -> None:
    with stage.sessions.begin() as session:
        move_id = session.scalars(select(MovedCase.move_id).limit(1)).one()
        undoing.order_undo(session, stage.admin, move_id, NOW)
    run_all(stage.sessions)
    expect(counted(stage), {"undone": cases})


def counted(stage: Stage) -> dict[str, int]:
    with stage.sessions() as session:
        wanted = select(MovedCase.outcome, func.count()).group_by(MovedCase.outcome)
        return dict(list(session.execute(wanted)))


def expect(found: Any, wanted: Any) -> None:
    if found != wanted:
        raise RuntimeError(f"{wanted} was to be, {found} came of it")


# -- the school --------------------------------------------------------------------------------------


def build(sessions: sessionmaker[Session], cases: int, told: Callable[[str], None]) -> Stage:
    """A school with so many invitations that wait for their graduates, and a newer release."""
    told(f"building {cases} running cases")
    with sessions() as session:
        school = School(code="20001", name="迁移大学", settings={"review_levels": "both"})
        employer = Employer(name="恒信科技有限公司", uscc="91340100000000001X")
        session.add_all([school, employer])
        session.flush()
        college = College(school_id=school.id, code="01", name="计算机学院")
        session.add(college)
        session.flush()
        admin = member(session, "安达", "admin", school_id=school.id)
        sender = member(session, "周宁", "employer", employer_id=employer.id)
        first = publish(session, school.id)
        graduates = [a_graduate(session, school, college, number) for number in range(cases)]
        session.commit()
        offer = answered(INVITATION)
        for number, graduate in enumerate(graduates):
            case = start_case(
                session, sender, FAMILY, graduate=graduate, employer=employer, now=NOW
            )
            wanted = select(Task.id).where(Task.case_id == case.id, Task.state == "open")
            task_id = session.scalars(wanted).one()
            submit_task(session, sender, task_id, offer.answers, offer.labelled, NOW)
            session.commit()
            if number % 500 == 499:
                told(f"{number + 1} built")
        second = publish(session, school.id, ('name="应约"', 'name="答复邀请"'))
        session.commit()
        return Stage(sessions, school.id, admin, first, second)


def member(session: Session, name: str, role: str, **place: Any) -> Actor:
    person = Person(login=uuid.uuid4().hex, name=name, password_hash="!")
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, role=role, **place))
    session.flush()
    return actors_of(session, person.id)[0]


def a_graduate(session: Session, school: School, college: College, number: int) -> Graduate:
    graduate = Graduate(
        school_id=school.id, college_id=college.id, cohort=2027, student_no=f"2023{number:05}",
        name=f"毕业生{number}", education="31", training_mode="1", gender="2", major="软件工程",
        base_data_confirmed_at=NOW,
    )  # fmt: skip
    session.add(graduate)
    return graduate


def publish(session: Session, school_id: uuid.UUID, *replaced: tuple[str, str]) -> uuid.UUID:
    """The packaged invitation as the release in force, with words of it replaced."""
    diagram, called = library.load_family(FAMILY, VARIANT)
    xml = diagram.xml.decode()
    for old, new in replaced:
        xml = xml.replace(old, new)
    return releases.publish(
        session, school_id, FAMILY, VARIANT, xml.encode(),
        {key: child.xml for key, child in called.items()},
        releases.definitions_for([diagram, *called.values()]), now=NOW,
    ).id  # fmt: skip


def main() -> None:
    """Measure on both databases and print one object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--only", choices=sorted(DATABASES))
    given = parser.parse_args()
    found = {}
    for name in (given.only,) if given.only else DATABASES:
        with DATABASES[name]() as engine:
            found[name] = measure(engine, given.cases, lambda line: print(line, flush=True))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
