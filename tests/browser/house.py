"""A demo school with its website, for one browser story at a time.

The demo is made once a run; every house begins with a copy of it, on a port of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import exists, select
from waitress import create_server, wasyncore

from tests.webapp.support.drawing import drawn_here
from webapp.app import create_app
from webapp.commands.worker import sweep_now
from webapp.config import load_config
from webapp.database import make_engine, make_sessions, upgrade
from webapp.demo import prepare_demo
from webapp.demo.cast import SCHOOL_CODE
from webapp.models import Agreement, Case, College, Employer, Graduate, Person, Post, School, Task

DATABASE = "qianyue.db"


@dataclass
class House:
    """A running website and its database."""

    address: str
    app: Flask

    def at(self, path: str) -> str:
        return self.address + path

    def sessions(self) -> Any:
        return self.app.extensions["sessions"]()

    def sweep(self) -> None:
        """The worker comes by: documents are made, deadlines fire, notices go out."""
        sweep_now(self.app.extensions["sessions"])

    def graduate(self, serial: int, school: str = SCHOOL_CODE) -> Graduate:
        """A graduate by the end of the student number, of the home school if none is said; 1 is Lin."""
        with self.sessions() as session:
            wanted = (
                select(Graduate)
                .join(School, School.id == Graduate.school_id)
                .where(School.code == school, Graduate.student_no.like(f"%{serial:04}"))
            )
            return session.scalars(wanted).one()

    def login_of(self, serial: int, school: str = SCHOOL_CODE) -> str:
        with self.sessions() as session:
            return session.get_one(Person, self.graduate(serial, school).person_id).login

    def newcomer(self, college: str, school: str = SCHOOL_CODE) -> int:
        """The first graduate of a college for whom nothing has begun: the end of the student number."""
        with self.sessions() as session:
            wanted = (
                select(Graduate.student_no)
                .join(School, School.id == Graduate.school_id)
                .join(College, College.id == Graduate.college_id)
                .where(School.code == school, College.name == college)
                .where(~exists().where(Case.graduate_id == Graduate.id))
            )
            return int(session.scalars(wanted.order_by(Graduate.student_no)).first()[-4:])

    def cases(self, serial: int) -> list[Case]:
        with self.sessions() as session:
            wanted = select(Case).where(Case.graduate_id == self.graduate(serial).id)
            return list(session.scalars(wanted.order_by(Case.opened_at)))

    def task(self, serial: int, employer: str) -> Task:
        """What waits in the case of this graduate with this employer."""
        with self.sessions() as session:
            wanted = (
                select(Task)
                .join(Case, Case.id == Task.case_id)
                .join(Employer, Employer.id == Case.employer_id)
                .where(Case.graduate_id == self.graduate(serial).id, Task.state == "open")
                .where(Employer.name.startswith(employer))
            )
            return session.scalars(wanted).one()

    def open_post(self, title: str) -> uuid.UUID:
        """The id of an employer's post by its title."""
        with self.sessions() as session:
            return session.scalars(select(Post.id).where(Post.title == title)).one()

    def agreement(self, serial: int) -> Agreement:
        """The agreement of a graduate of the home school."""
        with self.sessions() as session:
            wanted = select(Agreement).join(Case, Case.id == Agreement.case_id)
            return session.scalars(wanted.where(Case.graduate_id == self.graduate(serial).id)).one()

    def versions(self) -> dict[str, int]:
        """The version of every agreement in force, by number."""
        with self.sessions() as session:
            wanted = select(Agreement.number, Agreement.version).where(Agreement.state == "valid")
            return dict(session.execute(wanted).all())

    def set_policy(self, **settings: Any) -> None:
        """What every school of the demo has set."""
        with self.sessions() as session:
            for school in session.scalars(select(School)):
                school.settings = {**school.settings, **settings}
            session.commit()

    def change(self, login: str, **values: Any) -> None:
        """Set something of a person that no page of the demo offers."""
        with self.sessions() as session:
            person = session.scalars(select(Person).where(Person.login == login)).one()
            for name, value in values.items():
                setattr(person, name, value)
            session.commit()


@contextmanager
def settled(instance: Path, address: str = "http://127.0.0.1") -> Iterator[None]:
    """The environment of an installation in this folder, put back at the end."""
    before = dict(os.environ)
    os.environ.update(QIANYUE_INSTANCE=str(instance), QIANYUE_URL=address, QIANYUE_CHANNEL="file")
    os.environ.pop("DATABASE_URL", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def make_seed(folder: Path) -> Path:
    """The demo made once; a second test process that wants it waits for the first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            with settled(folder / "instance"), drawn_here():
                config = load_config()
                upgrade(config.database_url)
                engine = make_engine(config.database_url)
                prepare_demo(make_sessions(engine), folder / "sheets")
                engine.dispose()
            (folder / "made").touch()
    return folder / "instance"


@contextmanager
def open_house(seed: Path, folder: Path, demo: bool = True) -> Iterator[House]:
    """A copy of the seed in `folder`, served until the end of the story."""
    shutil.copytree(seed, folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with settled(folder, address):
            app = create_app(load_config(), demo=demo)
            server = create_server(app, sockets=[listening], threads=6, ident=None)
            serving = threading.Thread(target=server.run, name="website", daemon=True)
            serving.start()
            try:
                yield House(address, app)
            finally:
                server.task_dispatcher.shutdown()
                server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, True))
                serving.join(timeout=10)
                app.extensions["sessions"].kw["bind"].dispose()
    assert not serving.is_alive(), "the website did not stop"
