"""The application on a fresh database, with browsers that are already logged in.

One store is enough here: what a page asks of a database, the services' tests show on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

import webapp.current
from webapp.app import create_app
from webapp.config import load_config
from webapp.current import LoggedIn
from webapp.models import Draft, Person, Task
from webapp.services.accounts.actors import Actor
from webapp.services.cases import cases, tasks
from webapp.services.design import releases
from webapp.services.design.drafts import open_draft

OFFER: dict[str, str] = {
    "employer_name": "恒信科技有限公司",
    "uscc": "91340100MA2MRBFK0N",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 1 号",
    "postcode": "230000",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "contact_email": "hr@example.com",
    "position_category": "13",
    "position_name": "后端开发工程师",
    "work_place": "合肥市蜀山区",
    "trial_period": "3 个月",
    "trial_salary": "9000",
    "salary": "10500",
    "penalty": "3000",
    "hukou": "NONE",
}


class Clock:
    """The moment that pages see; a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """Forgets at every commit and rollback, so that a test reads what pages wrote."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def clock(monday, monkeypatch) -> Clock:
    clock = Clock(monday + timedelta(hours=1))
    monkeypatch.setattr(webapp.current, "utc_now", lambda session: clock.now)
    return clock


@pytest.fixture(scope="session")
def house() -> Flask:
    """The application, built once: its addresses and templates are the same in every test."""
    return create_app(sessions=sessionmaker(), TESTING=False, WTF_CSRF_ENABLED=False)


@pytest.fixture
def app(house, sessions, clock) -> Iterator[Flask]:
    """The application on this test's database; what a test changes in it is put back."""
    settings, views = dict(house.config), dict(house.view_functions)
    house.config["QIANYUE"] = load_config()
    house.extensions["sessions"] = sessions
    yield house
    for kept, now in ((settings, house.config), (views, house.view_functions)):
        now.clear()
        now.update(kept)


@pytest.fixture
def visit(app, session) -> Callable[[Actor | None], FlaskClient]:
    """A browser in which this actor is logged in; None gives one nobody has logged in with."""

    def browse(actor: Actor | None) -> FlaskClient:
        client = app.test_client()
        if actor is not None:
            session.rollback()
            person = session.get_one(Person, actor.person_id)
            person.must_change_password = False
            session.commit()
            with client.session_transaction() as cookie:
                cookie["_user_id"] = LoggedIn(person, actor).get_id()
                cookie["_fresh"] = True
        return client

    return browse


@pytest.fixture
def published(session, cast, monday, monkeypatch) -> Any:
    """The packaged releases, in force; what the check says is its own tests' matter."""
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    found = releases.publish_packaged(session, cast.school.id, monday)
    session.commit()
    return found


class Story:
    """The acts before a page's own act, done by the services."""

    def __init__(self, session, cast, clock) -> None:
        self.session, self.cast, self.clock = session, cast, clock

    def start(self, actor=None, graduate=None, employer=None):
        case = cases.start_case(
            self.session,
            actor or self.cast.hengxin,
            "online_signing",
            graduate=graduate or self.cast.graduate,
            employer=employer or self.cast.employer,
            now=self.clock.now,
        )
        self.session.commit()
        return case

    def open_task(self, case) -> Task:
        (task,) = tasks.open_tasks(self.session, case.id)
        return task

    def submit(self, actor, task, **answers):
        labelled = [{"key": k, "label": k, "text": str(v)} for k, v in answers.items()]
        case = cases.submit_task(self.session, actor, task.id, answers, labelled, self.clock.now)
        self.session.commit()
        return case

    def invite(self, actor=None, graduate=None, employer=None, days=5):
        """A sent invitation: the case and the task that waits for the graduate."""
        case = self.start(actor, graduate, employer)
        reply_by = self.clock.now + timedelta(days=days)
        offer = {**OFFER, "outcome": "send", "reply_by": reply_by.isoformat()}
        self.submit(actor or self.cast.hengxin, self.open_task(case), **offer)
        return case, self.open_task(case)

    def accepted(self):
        """An invitation that Lin accepted: the case and Rao's task."""
        case, task = self.invite()
        self.submit(self.cast.lin, task, outcome="accept", ack=True)
        return case, self.open_task(case)

    def completed(self):
        """An invitation that both levels have passed."""
        case, task = self.accepted()
        self.submit(self.cast.rao, task, outcome="pass")
        self.submit(self.cast.wu, self.open_task(case), outcome="pass")
        return case


@pytest.fixture
def offer(clock) -> dict[str, str]:
    """An invitation as an employer types it."""
    end = (clock.now + timedelta(days=5)).astimezone(ZoneInfo("Asia/Shanghai"))
    return {**OFFER, "outcome": "send", "reply_by": end.strftime("%Y-%m-%dT%H:%M")}


@pytest.fixture
def story(session, cast, clock, published) -> Story:
    return Story(session, cast, clock)


@pytest.fixture
def draft(session, cast, clock) -> Draft:
    """A draft of the flow by invitation."""
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", clock.now)
    session.commit()
    return draft


@pytest.fixture
def ada(visit, cast):
    """The admin's browser."""
    return visit(cast.ada)
