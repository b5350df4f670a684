"""What every test of the web application starts from: real stores and the cast.

Each test that asks for a store runs on SQLite and on PostgreSQL. Both are migrated once: the file
of SQLite is copied per test, the database of PostgreSQL is emptied. A folder that needs only one
overrides the `dialect` fixture.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

sys.path.insert(0, str(Path(__file__).parent / "support"))

from argon2 import PasswordHasher
from lending import Engines, Lender

from bench.cluster import Cluster, start_cluster
from processes.engine import place_worker, placing_apart
from webapp.database import make_engine, make_sessions, upgrade
from webapp.models import (
    College,
    Employer,
    Graduate,
    Membership,
    Person,
    School,
)
from webapp.services.accounts import passwords
from webapp.services.accounts.actors import Actor, actors_of

MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.fixture(scope="session", autouse=True)
def instance_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys and files of the tests stay out of the installation's folder."""
    folder = tmp_path_factory.mktemp("instance")
    os.environ["QIANYUE_INSTANCE"] = str(folder)
    yield folder
    del os.environ["QIANYUE_INSTANCE"]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password costs next to nothing here; `slow_passwords` computes as an installation does."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "hasher", quick)
        yield


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    slow = PasswordHasher()
    monkeypatch.setattr(passwords, "hasher", slow)
    return slow


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of this test run's own; without its programs the run fails and says so."""
    with start_cluster(fleeting=True) as started:
        yield started


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> str:
    cluster.create_database("qianyue_template")
    upgrade(cluster.url("qianyue_template"))
    return "qianyue_template"


@pytest.fixture(scope="session")
def lender(cluster: Cluster, postgresql_template: str) -> Lender:
    return Lender(cluster, postgresql_template)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database of this test alone."""
    if dialect == "sqlite":
        path = tmp_path / "qianyue.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    return request.getfixturevalue("lender").lend()


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture
def engine(engines: Engines, database_url: str) -> Iterator[Engine]:
    engine = engines.lend(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def placed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases are placed by the same program in this process: its own tests show it in another."""

    def answered(worker: Any, order: Any, *limits: Any) -> tuple[list[Any], None]:
        said = json.loads(json.dumps(order))
        return json.loads(json.dumps(list(place_worker.answers(said)))), None

    monkeypatch.setattr(placing_apart, "ask_for_lines", answered)


@dataclass
class Cast:
    """Everybody knows them: Lin the graduate, Hengxin the employer, Rao the college's reviewer, Wu of
    the university's office, Ada the admin, Nils the stranger who may see nothing.
    """

    school: School
    college: College
    lin: Actor
    hengxin: Actor
    rao: Actor
    wu: Actor
    ada: Actor
    nils: Actor
    graduate: Graduate
    employer: Employer
    make: Makers = field(repr=False)


class Makers:
    """Further people and places, where a story needs more than the cast."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.count = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def school(self, name: str = "青禾大学", code: str = "10001", **settings: Any) -> School:
        return self.add(
            School(code=code, name=name, phone="0551-00000000", settings=settings or dict(SETTINGS))
        )

    def college(self, school: School, name: str = "计算机学院", code: str = "01") -> College:
        return self.add(College(school_id=school.id, code=code, name=name))

    def person(self, name: str) -> Person:
        return self.add(
            Person(login=f"login{self._next()}", name=name, password_hash="!", mobile="13800000001")
        )

    def graduate(
        self, school: School, college: College, name: str = "林知夏", **facts: Any
    ) -> tuple[Graduate, Actor]:
        person = self.person(name)
        facts = {
            "student_no": f"2023{self._next():05}",
            "cohort": 2027,
            "education": "31",
            "training_mode": "1",
            "gender": "2",
            "major": "软件工程",
            "base_data_confirmed_at": MONDAY,
            **facts,
        }
        graduate = self.add(
            Graduate(
                school_id=school.id, college_id=college.id, person_id=person.id, name=name, **facts
            )
        )
        return graduate, self.actor(person, "graduate", school_id=school.id)

    def employer(self, name: str = "恒信科技有限公司") -> tuple[Employer, Actor]:
        employer = self.add(
            Employer(
                name=name,
                uscc=f"9134010000000{self._next():04}X",
                contact_name="周宁",
                contact_mobile="13800000002",
            )
        )
        return employer, self.employer_member(employer, "周宁")

    def employer_member(self, employer: Employer, name: str) -> Actor:
        return self.actor(self.person(name), "employer", employer_id=employer.id)

    def actor(self, person: Person, role: str, **place: Any) -> Actor:
        self.add(Membership(person_id=person.id, role=role, **place))
        return next(a for a in actors_of(self.session, person.id) if a.role == role)


SETTINGS: dict[str, Any] = {"review_levels": "both"}


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast, committed."""
    make = Makers(session)
    school = make.school()
    college = make.college(school)
    graduate, lin = make.graduate(school, college)
    employer, hengxin = make.employer()
    rao = make.actor(make.person("饶老师"), "reviewer", school_id=school.id, college_id=college.id)
    wu = make.actor(make.person("吴老师"), "office", school_id=school.id)
    ada = make.actor(make.person("安达"), "admin", school_id=school.id)
    elsewhere = make.school("远山大学", "10002")
    _, nils = make.graduate(elsewhere, make.college(elsewhere), "尼尔斯")
    session.commit()
    return Cast(school, college, lin, hengxin, rao, wu, ada, nils, graduate, employer, make)


@pytest.fixture
def monday() -> datetime:
    return MONDAY


@pytest.fixture
def run_sql(engine: Engine) -> Callable[[str], Any]:
    """SQL as somebody at a console would type it, in a transaction of its own."""

    def run(statement: str, **values: Any) -> Any:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.fetchall() if result.returns_rows else result.rowcount

    return run
