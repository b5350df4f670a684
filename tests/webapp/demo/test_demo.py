"""The demo school: complete, made-up, made once, and never in a real school's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawing import drawn_here
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from webapp.commands.demo import command as demo_command
from webapp.database import make_engine, make_sessions, upgrade
from webapp.demo import CAST, PASSWORD, Prepared, RefusedDemo, prepare_demo
from webapp.demo.people import make_employers, make_graduates
from webapp.demo.setup import clear_demo, require_demo_or_empty
from webapp.models import (
    Agreement,
    Case,
    College,
    Document,
    Employer,
    Graduate,
    History,
    Person,
    School,
    Setting,
    Task,
)
from webapp.services.accounts.identity import log_in
from webapp.services.cases.cases import find_case
from webapp.services.cases.tasks import waiting_for_me
from webapp.services.imports import import_graduates
from webapp.services.imports.values import id_card, uscc

MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """A database with the demo in it, made once for all tests that only look."""

    url: str
    sessions: sessionmaker[Session]
    prepared: Prepared


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request, tmp_path_factory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'demo.db'}"
        upgrade(url)
    else:
        cluster = request.getfixturevalue("cluster")
        cluster.create_database("demo", request.getfixturevalue("postgresql_template"))
        url = cluster.url("demo")
    engine = make_engine(url)
    sessions = make_sessions(engine)
    with drawn_here() if request.param == "postgresql" else nullcontext():
        prepared = prepare_demo(sessions, folder / "demo", MONDAY)
    yield Made(url, sessions, prepared)
    engine.dispose()
    if request.param == "postgresql":
        cluster.drop_database("demo")


@pytest.fixture
def visit(made) -> Iterator[Session]:
    """A session on the demo, whose changes are undone."""
    with made.sessions() as session:
        yield session
        session.rollback()


def count(session, model, *where) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_the_demo_fills_every_page_and_is_made_once(visit, made):
    assert made.prepared.made
    assert made.prepared.graduates >= 200
    assert count(visit, Employer) == 22  # two of them came in by themselves
    assert count(visit, School) == 3
    assert count(visit, College) >= 6
    statuses = set(visit.scalars(select(Case.status)))
    assert statuses >= {
        "drafting", "waiting_answer", "waiting_college", "waiting_university",
        "completed", "refused", "withdrawn", "lapsed", "failed",
        "waiting_reply", "rescinded", "registration_under_review", "registered",
        "certification_under_review", "certified", "correction_waiting_college",
        "waiting_sealed_copy", "offline_completed",
        "applied", "application_withdrawn", "unsuitable", "interview_invited",
        "interview_accepted", "interview_declined", "not_hired", "offered", "offer_declined",
        "expired", "signed_waiting_school", "review_refused",
        "destination_under_review", "destination_completed", "destination_returned", "voided",
        "waiting_evidence", "waiting_second_person", "waiting_counsellor",
    }  # fmt: skip
    assert count(visit, Document) >= count(visit, Case, Case.status == "completed") >= 10
    on_paper = count(visit, Case, Case.status == "registered")
    assert count(visit, Agreement) >= count(visit, Document) + on_paper
    assert count(visit, Agreement, Agreement.state == "rescinded") == 1
    assert (made.prepared.folder / "用人单位.xlsx").stat().st_mode & 0o077 == 0

    rows = {model: count(visit, model) for model in (Graduate, Person, Case, Task, History)}
    again = prepare_demo(made.sessions, made.prepared.folder, MONDAY)
    assert not again.made
    assert rows == {model: count(visit, model) for model in rows}


def test_the_cast_logs_in_and_finds_something_to_do(visit, made):
    for member in CAST:
        (actor,) = log_in(visit, member.login, PASSWORD, member.door, "192.0.2.1", MONDAY)
        visit.commit()
        if member.key in ("lin", "hengxin", "rao", "wu", "song"):
            assert waiting_for_me(visit, actor), member.key


def test_the_other_school_stays_invisible(visit, made):
    (wu,) = log_in(visit, "wu", PASSWORD, "school", "192.0.2.1", MONDAY)
    foreign = visit.scalars(select(Case).where(Case.school_id != wu.school_id)).first()

    assert foreign is not None
    with pytest.raises(Exception, match="不在您名下"):
        find_case(visit, wu, foreign.id)


def test_the_sheets_left_behind_can_be_imported_again(visit, made):
    school = visit.scalars(select(School).where(School.code == "10999")).one()
    (sheet,) = made.prepared.folder.glob("青禾*.xlsx")

    report = import_graduates(visit, school, sheet, sheet.name, MONDAY)

    assert (report.created, report.updated, report.unchanged) == ([], [], 240)


def test_the_demo_refuses_a_database_with_another_school(session, sessions, tmp_path, monday):
    session.add(School(code="10001", name="远山大学", settings={}))
    session.commit()

    with pytest.raises(RefusedDemo):
        prepare_demo(sessions, tmp_path, monday)

    assert count(session, Graduate) == 0


def test_the_demo_refuses_a_real_school_that_has_its_code(session, sessions, tmp_path, monday):
    session.add(School(code="10999", name="青禾大学", settings={}))
    session.commit()

    with pytest.raises(RefusedDemo):
        prepare_demo(sessions, tmp_path, monday)


def test_a_fresh_start_clears_the_demo_and_nothing_else(engine, session, database_url):
    session.add_all([School(code="10999", name="青禾大学"), Setting(key="demo", value={})])
    session.commit()

    clear_demo(engine)
    upgrade(database_url)

    assert count(session, School) == 0
    session.add(School(code="10001", name="远山大学"))
    session.commit()
    with pytest.raises(RefusedDemo):
        clear_demo(engine)
    assert count(session, School) == 1


def test_an_empty_database_is_fit_for_the_demo(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")

    require_demo_or_empty(engine)

    engine.dispose()


def test_the_command_names_the_logins(monkeypatch, tmp_path: Path, made):
    monkeypatch.setenv("QIANYUE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", made.url)

    result = CliRunner().invoke(demo_command, [])

    assert result.exit_code == 0, result.output
    assert "没有改动" in result.output
    assert all(member.login in result.output for member in CAST)
    assert PASSWORD in result.output


def test_made_up_people_are_nobody():
    people = [
        *make_graduates("10999", 240, seed=20270301),
        *make_graduates("10998", 24, seed=1),
        *make_graduates("10997", 24, seed=2),
    ]

    assert all(row["身份证号"].startswith("000000") for row in people)
    assert [id_card(row["身份证号"]) for row in people] == [None] * len(people)
    assert all(row["手机号码"].startswith("1990000") for row in people)
    assert (
        len({row["身份证号"] for row in people}) == len({row["手机号码"] for row in people}) == 288
    )
    assert [uscc(row["统一社会信用代码"]) for row in make_employers()] == [None] * 20


def test_made_up_people_are_the_same_every_time():
    assert make_graduates("10999", 30, seed=5) == make_graduates("10999", 30, seed=5)
