"""The demo school: complete, made-up, made once, and never in a real school's database."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from webapp.commands.demo import command as demo_command
from webapp.database import make_engine, upgrade
from webapp.demo import CAST, PASSWORD, RefusedDemo, prepare_demo
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
    Task,
)
from webapp.services.cases import find_case
from webapp.services.identity import log_in
from webapp.services.imports import import_graduates
from webapp.services.imports.values import id_card, uscc
from webapp.services.tasks import waiting_for_me


@pytest.fixture
def demo(sessions, tmp_path, monday):
    return prepare_demo(sessions, tmp_path / "demo", monday)


def count(session, model, *where) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_the_demo_fills_every_page_and_is_made_once(session, sessions, demo, tmp_path, monday):
    assert demo.made
    assert demo.graduates >= 200
    assert count(session, Employer) == 20
    assert count(session, School) == 2
    assert count(session, College) >= 6
    statuses = set(session.scalars(select(Case.status)))
    assert statuses == {
        "drafting", "waiting_answer", "waiting_college", "waiting_university",
        "completed", "refused", "withdrawn", "lapsed", "failed",
    }  # fmt: skip
    assert count(session, Agreement) == count(session, Document) == 6
    assert (tmp_path / "demo" / "用人单位.xlsx").stat().st_mode & 0o077 == 0

    rows = {model: count(session, model) for model in (Graduate, Person, Case, Task, History)}
    again = prepare_demo(sessions, tmp_path / "demo", monday)
    assert not again.made
    assert rows == {model: count(session, model) for model in rows}


def test_the_cast_logs_in_and_finds_something_to_do(session, demo, monday):
    for member in CAST:
        (actor,) = log_in(session, member.login, PASSWORD, member.door, "192.0.2.1", monday)
        session.commit()
        if member.key != "ada":
            assert waiting_for_me(session, actor), member.key


def test_the_other_school_stays_invisible(session, demo, monday):
    (wu,) = log_in(session, "wu", PASSWORD, "school", "192.0.2.1", monday)
    foreign = session.scalars(select(Case).where(Case.school_id != wu.school_id)).first()

    assert foreign is not None
    with pytest.raises(Exception, match="不在您名下"):
        find_case(session, wu, foreign.id)


def test_the_sheets_left_behind_can_be_imported_again(session, demo, monday):
    school = session.scalars(select(School).where(School.code == "10999")).one()
    (sheet,) = demo.folder.glob("青禾*.xlsx")

    report = import_graduates(session, school, sheet, sheet.name, monday)

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


def test_a_fresh_start_clears_the_demo_and_nothing_else(
    engine, session, sessions, demo, database_url
):
    session.close()

    clear_demo(engine)
    upgrade(database_url)

    assert count(session, School) == 0
    session.add(School(code="10001", name="远山大学", settings={}))
    session.commit()
    with pytest.raises(RefusedDemo):
        clear_demo(engine)
    assert count(session, School) == 1


def test_an_empty_database_is_fit_for_the_demo(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")

    require_demo_or_empty(engine)

    engine.dispose()


def test_the_command_names_the_logins(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("QIANYUE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'demo.db'}")

    result = CliRunner().invoke(demo_command, [])

    assert result.exit_code == 0, result.output
    assert all(member.login in result.output for member in CAST)
    assert PASSWORD in result.output


def test_made_up_people_are_nobody():
    people = [*make_graduates("10999", 240, seed=20270301), *make_graduates("10998", 24, seed=1)]

    assert all(row["身份证号"].startswith("000000") for row in people)
    assert [id_card(row["身份证号"]) for row in people] == [None] * len(people)
    assert all(row["手机号码"].startswith("1990000") for row in people)
    assert len({row["身份证号"] for row in people}) == len({row["学号"] for row in people})
    assert [uscc(row["统一社会信用代码"]) for row in make_employers()] == [None] * 20


def test_made_up_people_are_the_same_every_time():
    assert make_graduates("10999", 30, seed=5) == make_graduates("10999", 30, seed=5)
