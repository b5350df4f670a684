"""A school that has published the employer invitation, and the acts of its story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from webapp.models import Task
from webapp.services.cases import cases, tasks
from webapp.services.design import releases

OFFER: dict[str, Any] = {
    "outcome": "send",
    "employer_name": "恒信科技有限公司",
    "uscc": "91340100000000001X",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "position_category": "13",
    "position_name": "后端开发工程师",
    "salary": "10500",
    "hukou": "1",
}


class Story:
    """Acts of the cast on one database; every act commits, as a page would."""

    def __init__(self, session, cast, monday):
        self.session, self.cast, self.monday = session, cast, monday

    def later(self, **delta):
        return self.monday + timedelta(**delta)

    def start(self, actor=None, graduate=None, employer=None, now=None):
        case = cases.start_case(
            self.session,
            actor or self.cast.hengxin,
            "online_signing",
            graduate=graduate or self.cast.graduate,
            employer=employer or self.cast.employer,
            now=now or self.monday,
        )
        self.session.commit()
        return case

    def open_task(self, case) -> Task:
        (task,) = tasks.open_tasks(self.session, case.id)
        self.session.commit()  # SQLite reads the moment at which its transaction began
        return task

    def submit(self, actor, task, now=None, **answers):
        labelled = [{"key": k, "label": k, "text": str(v)} for k, v in answers.items()]
        case = cases.submit_task(
            self.session, actor, task.id, answers, labelled, now or self.monday
        )
        self.session.commit()
        return case

    def invite(self, actor=None, graduate=None, employer=None, reply_by=None, now=None):
        """A sent invitation; gives the case and its waiting task."""
        actor = actor or self.cast.hengxin
        case = self.start(actor, graduate, employer, now)
        reply_by = reply_by or self.later(days=5)
        offer = {**OFFER, "reply_by": reply_by.isoformat()}
        self.submit(actor, self.open_task(case), now, **offer)
        return case, self.open_task(case)

    def accept(self, actor, task, now=None):
        return self.submit(actor, task, now, outcome="accept", ack=True)

    def complete(self, now=None):
        """An invitation accepted and passed by both levels."""
        case, answer = self.invite()
        self.accept(self.cast.lin, answer, now)
        self.submit(self.cast.rao, self.open_task(case), now, outcome="pass")
        return self.submit(self.cast.wu, self.open_task(case), now, outcome="pass")


@pytest.fixture
def story(session, cast, monday, published):
    return Story(session, cast, monday)


@pytest.fixture
def published(session, cast, monday, monkeypatch):
    """The packaged releases, in force. What the check says is the check's own tests' matter."""
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    released = releases.publish_packaged(session, cast.school.id, monday)
    session.commit()
    return released
