"""The audit: what is recorded, that it stays, and who reads it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp.models import Audit, Incident, Person, new_id
from webapp.services.accounts.passwords import hash_password
from webapp.services.agreements import documents, prints
from webapp.services.audit import record

PASSWORD = "a sentence to remember"


@pytest.fixture
def acts(session):
    """What was recorded so far: act, about whom, in which words, from where."""

    def read():
        session.rollback()
        rows = session.scalars(select(Audit).order_by(Audit.id))
        return [(row.act, row.about_id, row.about, row.address) for row in rows]

    return read


@pytest.fixture
def rao_s_login(session, cast):
    person = session.get_one(Person, cast.rao.person_id)
    person.password_hash = hash_password(PASSWORD)
    session.commit()
    return person.login


def test_log_ins_are_recorded_whether_they_succeed_or_not(visit, cast, acts, rao_s_login):
    def log_in(login, password, door):
        typed = {"login": login, "password": password, "door": door}
        return visit(None).post("/login", data=typed).status_code

    answers = [
        log_in(rao_s_login, PASSWORD, "school"),
        log_in(rao_s_login, "wrong", "school"),
        log_in(rao_s_login, PASSWORD, "graduate"),
        log_in("my secret sentence", "x", "school"),
    ]

    rao = cast.rao.person_id
    assert answers == [303, 401, 401, 401]
    assert acts() == [
        ("log_in", rao, "", "127.0.0.1"),
        ("log_in_refused", rao, "", "127.0.0.1"),
        ("log_in_refused", rao, "入口不对", "127.0.0.1"),
        ("log_in_refused", None, "", "127.0.0.1"),
    ]


def test_resets_blocks_and_retries_are_recorded(visit, cast, session, acts, story, clock):
    case, _ = story.invite()
    incident = Incident(
        id=new_id(), school_id=cast.school.id, case_id=case.id, at=clock.now, story="没有办成"
    )
    session.add(incident)
    session.commit()
    client = visit(cast.ada)

    client.post(f"/admin/people/{cast.rao.person_id}/reset")
    client.post(f"/admin/people/{cast.rao.person_id}/block")
    client.post(f"/admin/incidents/{incident.id}/retry")

    rao = cast.rao.person_id
    assert acts() == [
        ("password_reset", rao, "", "127.0.0.1"),
        ("account_blocked", rao, "", "127.0.0.1"),
        ("incident_retry", None, str(case.id), "127.0.0.1"),
    ]


@pytest.mark.requirement("F11")
def test_a_copy_beyond_the_quota_is_recorded_with_its_reason(
    session, cast, story, clock, acts, monkeypatch
):
    from webapp.services.agreements.agreements import agreement_of

    case = story.completed()
    agreement = agreement_of(session, case.id)
    stored = documents.StoredDocument(b"%PDF", "0" * 64, 1, "a.pdf")
    monkeypatch.setattr(prints, "stored", lambda *args: stored)
    monkeypatch.setattr(prints, "count_prints", lambda *args: 3)
    monkeypatch.setattr("pdf.stamps.stamp_copy", lambda content, label: content)

    wanted = [prints.Wanted(agreement.id, "学校")]
    prints.hand_out(session, cast.wu, wanted, clock.now, "原件被水浸", "203.0.113.7")
    session.commit()

    assert acts() == [
        ("print_override", None, f"{agreement.number} 学校：原件被水浸", "203.0.113.7")
    ]


def test_what_is_recorded_never_changes(session, cast, clock, run_sql):
    record(session, "log_in", clock.now, by=cast.ada)
    session.commit()

    for statement in ("UPDATE audit SET act = 'import'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"):
            run_sql(statement)


def test_an_act_without_a_name_is_not_recorded(session, clock):
    with pytest.raises(ValueError, match="no act"):
        record(session, "something", clock.now)


@pytest.fixture
def recorded(session, cast, clock):
    for _ in range(32):
        record(session, "log_in", clock.now, by=cast.rao, about_id=cast.rao.person_id)
    record(session, "password_reset", clock.now, by=cast.ada, about_id=cast.wu.person_id)
    record(session, "log_in", clock.now, by=cast.nils, about="别校的登录")
    session.commit()


def test_the_page_reads_latest_first_and_page_by_page(visit, cast, recorded):
    client = visit(cast.ada)

    first = client.get("/admin/audit").text
    following = re.search(r'href="(/admin/audit\?[^"]*before=[^"]+)"', first)
    second = client.get(following[1].replace("&amp;", "&")).text

    assert first.index('<th scope="row">重置密码') < first.index('<th scope="row">登录')
    assert first.count('<th scope="row">') == 30
    assert second.count('<th scope="row">') == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [("act=password_reset", 1), ("person=吴老师", 1), ("person=安达", 1), ("person=没有", 0)],
)
def test_the_page_is_filtered_by_act_and_by_person(visit, cast, recorded, query, found):
    page = visit(cast.ada).get(f"/admin/audit?{query}").text

    assert page.count('<th scope="row">') == found


@pytest.mark.requirement("F02")
def test_another_school_s_records_are_not_shown(visit, cast, recorded):
    assert "别校的登录" not in visit(cast.ada).get("/admin/audit?act=log_in").text
    assert visit(cast.wu).get("/admin/audit").status_code == 403


def test_a_new_account_is_told_by_its_role_in_words(visit, cast, session, clock):
    record(session, "account_added", clock.now, school_id=cast.school.id, about="employer")
    session.commit()

    page = visit(cast.ada).get("/admin/audit?act=account_added").text

    assert "用人单位" in page
    assert '<td data-l="说明">employer' not in page
