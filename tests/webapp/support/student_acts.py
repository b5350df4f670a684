"""Acts of a signing that the graduate begins, for tests of services and pages; each commits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from webapp.models import Claim, Notification, School
from webapp.services.accounts.throttles import Limit
from webapp.services.cases import cases, tasks
from webapp.services.design import releases
from webapp.services.signing import direct_entry

FAMILY, VARIANT = "online_signing", "student_initiated"
TERMS = {
    "outcome": "sign",
    "employer_name": "恒信科技有限公司",
    "contact_name": "郑敏",
    "contact_mobile": "13800000009",
    "contact_email": "hr@example.com",
    "address": "示例大道 9 号",
    "position_name": "后端开发工程师",
    "position_category": "13",
    "salary": "10500",
    "employer_opinion": "同意录用",
    "superior_opinion": "同意接收档案",
}
PASS = {
    "outcome": "pass",
    "school_department": "计算机学院学工办",
    "school_contact_name": "饶老师",
    "school_phone": "0551-11111111",
    "school_address": "学院楼 101",
}
LOOKUPS = Limit(5, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))
SEEN = {"sealed_seen": True, "sealed_on": "2026-06-20"}


@pytest.fixture
def signing(session, cast, monday, monkeypatch):
    """Acts of a student-initiated signing at a school that offers it, each committed."""
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    school = session.get_one(School, cast.school.id)
    school.settings = {**school.settings, "offered": {FAMILY: [VARIANT]}, "effective_on": "filed"}
    releases.publish_packaged(session, school.id, monday)
    session.commit()

    class Acts:
        now = monday

        def settle(self, **settings):
            school = session.get_one(School, cast.school.id)
            school.settings = {**school.settings, **settings}
            session.commit()

        def task(self, case, element):
            (found,) = [t for t in tasks.open_tasks(session, case.id) if t.element == element]
            session.commit()
            return found

        def answer(self, actor, case, element, **answers):
            labelled = [{"key": k, "label": k, "text": str(v)} for k, v in answers.items()]
            task = self.task(case, element)
            moved = cases.submit_task(session, actor, task.id, answers, labelled, self.now)
            session.commit()
            return moved

        def begin(self, actor=None, graduate=None):
            case = self.begin_unread(actor, graduate)
            return self.answer(actor or cast.lin, case, "Read_notice", ack="3f2a")

        def begin_unread(self, actor=None, graduate=None):
            case = cases.start_case(
                session,
                actor or cast.lin,
                FAMILY,
                variant=VARIANT,
                graduate=graduate or cast.graduate,
                employer=None,
                now=self.now,
            )
            session.commit()
            return case

        def submit(self, case=None, actor=None, employer=None, **changed):
            case = case or self.begin(actor)
            answers = {
                "outcome": "submit",
                "employer": (employer or cast.employer).id.hex,
                "mobile": "13800000077",
                "email": "lin@example.com",
                "graduate_opinion": "同意，七月中旬报到",
                **changed,
            }
            return self.answer(actor or cast.lin, case, "Fill_agreement", **answers)

        def sign(self, case=None, **changed):
            case = case or self.submit()
            return self.answer(cast.hengxin, case, "Sign_with_graduate", **{**TERMS, **changed})

        def confirm(self, case=None):
            case = case or self.sign()
            return self.answer(cast.lin, case, "Confirm_signing", outcome="confirm")

        def approve(self, case=None):
            case = case or self.confirm()
            return self.answer(cast.rao, case, "College_review", **PASS)

        def file(self, case=None):
            case = case or self.approve()
            return self.answer(cast.rao, case, "File_agreement", **SEEN)

        def later(self, **delta):
            self.now += timedelta(**delta)
            return self.now

    return Acts()


@pytest.fixture
def entering(session, cast, monday, monkeypatch):
    """Acts of an employer's direct entry at a school that offers it, each committed."""
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    school = session.get_one(School, cast.school.id)
    school.settings = {**school.settings, "offered": {FAMILY: ["employer_direct"]}}
    releases.publish_packaged(session, school.id, monday)
    session.commit()

    class Acts:
        now = monday

        def settle(self, **settings):
            school = session.get_one(School, cast.school.id)
            school.settings = {**school.settings, **settings}
            session.commit()

        def look_up(self, name, number, actor=None):
            case = direct_entry.enter(
                session, actor or cast.hengxin, cast.school.code, name, number, LOOKUPS, self.now
            )
            session.commit()
            return case

        def fill(self, case=None, actor=None, **changed):
            case = case or self.look_up("林知夏", cast.graduate.student_no, actor)
            by = (self.now + timedelta(days=5)).isoformat()
            answers = {**TERMS, "outcome": "send", "reply_by": by, **changed}
            return self.answer(actor or cast.hengxin, case, **answers)

        def answer(self, actor, case, **answers):
            (task,) = tasks.open_tasks(session, case.id)
            session.commit()
            labelled = [{"key": k, "label": k, "text": str(v)} for k, v in answers.items()]
            moved = cases.submit_task(session, actor, task.id, answers, labelled, self.now)
            session.commit()
            return moved

    return Acts()


def live_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


def events(session):
    return session.scalars(select(Notification.event).order_by(Notification.id)).all()
