"""Signing offline through the services: two reviews, an agreement, and who brings the sealed copy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import func, select

from webapp import jobs
from webapp.errors import CannotWithdraw, CaseEnded, NotInForce, TaskAlreadyDone, TaskWithdrawn
from webapp.models import (
    Agreement,
    Case,
    Claim,
    Delivery,
    Destination,
    GuestLink,
    GuestProof,
    Notification,
)
from webapp.services.accounts import codes
from webapp.services.agreements import verification
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import cases, entries, tasks
from webapp.services.cases.history import broken_links
from webapp.services.guests import guest_links, guest_proofs
from webapp.services.guests.guest_links import LinkExpired, LinkRevoked, LinkUsedUp
from webapp.services.notices import outbox

EMPLOYER, MOBILE = "湖畔生物技术有限公司", "13800000009"
TERMS = {
    "outcome": "submit",
    "employer_name": EMPLOYER,
    "uscc": "91340100MA2MRBFK0N",
    "contact_name": "沈老师",
    "contact_mobile": MOBILE,
    "position_name": "技术员",
    "salary": "7200",
    "ack": True,
}
UPLOAD = {"outcome": "upload", "sealed_copy": ["scan-1"]}
ASK = {"outcome": "ask_employer", "mobile": MOBILE}


class Acts:
    """The acts of an offline signing, each committed."""

    def __init__(self, session, cast, monday, story):
        self.session, self.cast, self.monday, self.story = session, cast, monday, story
        self.minutes = 0

    def begin(self):
        self.case = cases.start_case(
            self.session,
            self.cast.lin,
            "offline_signing",
            graduate=self.cast.graduate,
            employer=None,
            now=self.monday,
        )
        self.session.commit()
        return self

    def task(self, role):
        waiting = tasks.open_tasks(self.session, self.case.id)
        self.session.commit()
        return next(task for task in waiting if task.role == role)

    def answer(self, actor, now=None, **answers):
        return self.story.submit(actor, self.task(actor.role), now, **answers)

    def submit(self, **changed):
        return self.answer(self.cast.lin, **{**TERMS, **changed})

    def review(self, outcome="pass", **answers):
        """Both levels; the second one only where the first passes."""
        case = self.answer(self.cast.rao, outcome=outcome, **answers)
        return self.answer(self.cast.wu, outcome="pass") if outcome == "pass" else case

    def approved(self):
        self.begin().submit()
        self.review()
        return self

    def asked(self):
        self.approved().answer(self.cast.lin, **ASK)
        return self

    def guest(self):
        """The employer's contact, with the mobile proved; each time some minutes later."""
        link = self.session.scalars(select(GuestLink).where(GuestLink.revoked_at.is_(None))).one()
        self.minutes += 5
        now = self.monday + timedelta(minutes=self.minutes)
        guest_proofs.ask_for_code(self.session, link, "", "10.0.0.1", now)
        code = codes.latest_code(self.session, now)[0]
        self.session.commit()
        proof = guest_proofs.prove(self.session, link, MOBILE, code, "10.0.0.1", now)
        self.session.commit()
        return guest_links.guest_of(link, proof)


@pytest.fixture
def offline(session, cast, monday, story):
    return Acts(session, cast, monday, story)


class Sent:
    """A channel that keeps what it is given."""

    is_connected = True

    def __init__(self):
        self.messages = []

    def send(self, message):
        self.messages.append(message)


def live_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


def events(session):
    return session.scalars(select(Notification.event).order_by(Notification.id)).all()


@pytest.mark.requirement("J05", "J06", "J08", "J13", "J17")
def test_the_whole_way_by_the_graduate_alone(offline, session, cast):
    case = offline.approved().case
    assert session.get(Case, case.id).status == "waiting_sealed_copy"
    agreement = session.scalars(select(Agreement)).one()
    assert session.scalar(
        select(func.count(jobs.Job.id)).where(jobs.Job.name == "render_agreement")
    )

    assert offline.answer(cast.lin, **UPLOAD).status == "signing_under_review"
    assert offline.review().status == "offline_completed"

    assert (agreement.state, agreement.employer_id) == ("valid", None)
    assert agreement.snapshot["values"]["employer"]["name"] == EMPLOYER
    assert session.scalars(select(Destination.code)).all() == ["10"]
    assert live_claims(session) == 1
    assert events(session) == ["agreement_approved", "completed"]


@pytest.mark.requirement("F15")
def test_what_waits_for_its_seals_is_not_yet_valid_and_not_rescinded(
    offline, session, cast, monday
):
    offline.approved()
    agreement = session.scalars(select(Agreement)).one()
    code = verification_code(agreement.number)

    found = verification.verify(session, agreement.number, code, monday)

    assert found.state == "waiting"
    assert entries.acts_on(session, cast.lin, agreement, monday) == []
    with pytest.raises(NotInForce):
        cases.start_case(
            session,
            cast.lin,
            "rescission",
            variant="offline_material",
            graduate=cast.graduate,
            employer=None,
            now=monday,
            about=agreement,
        )


@pytest.mark.requirement("J09", "J10", "J18")
def test_both_reviews_return_to_their_own_step_and_keep_the_claim(offline, session, cast):
    offline.begin().submit()
    assert offline.review("return", reason="代码有误").status == "agreement_returned"
    assert live_claims(session) == 1

    offline.submit()
    offline.review()
    offline.answer(cast.lin, **UPLOAD)
    assert offline.review("return", reason="图像缺页").status == "waiting_sealed_copy"

    assert offline.answer(cast.lin, **UPLOAD).status == "signing_under_review"
    assert live_claims(session) == 1


@pytest.mark.requirement("J11")
def test_a_refused_application_frees_the_graduate(offline, session):
    offline.begin().submit()

    assert offline.review("refuse", reason="单位不实").status == "agreement_refused"

    assert live_claims(session) == 0
    assert session.scalar(select(func.count(Agreement.id))) == 0


@pytest.mark.requirement("J19")
def test_a_refused_copy_voids_the_agreement_and_verification_says_so(
    offline, session, cast, monday
):
    offline.approved().answer(cast.lin, **UPLOAD)

    assert offline.review("refuse", reason="公章不实").status == "void"

    agreement = session.scalars(select(Agreement)).one()
    found = verification.verify(
        session, agreement.number, verification_code(agreement.number), monday
    )
    assert (agreement.state, found.state) == ("void", "void")
    assert live_claims(session) == 0
    assert session.scalar(select(func.count(Destination.id))) == 0
    assert offline.begin().submit().status == "agreement_under_review"


@pytest.mark.requirement("J07", "J16")
def test_taking_back_leads_to_the_step_before(offline, session, cast, monday):
    case = offline.begin().submit()
    cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()
    assert session.get(Case, case.id).status == "drafting"

    offline.submit()
    offline.review()
    offline.answer(cast.lin, **UPLOAD)
    back = cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()

    assert back.status == "waiting_sealed_copy"
    offline.answer(cast.lin, **UPLOAD)
    offline.review()
    with pytest.raises((CannotWithdraw, CaseEnded)):
        cases.withdraw_case(session, cast.lin, case.id, monday)


@pytest.mark.requirement("J07", "J16")
@pytest.mark.parametrize("step", ["application", "copy"])
def test_taking_back_and_reviewing_at_once_end_one_way(
    offline, sessions, session, cast, monday, step
):
    offline.begin().submit()
    if step == "copy":
        offline.review()
        offline.answer(cast.lin, **UPLOAD)
    offline.answer(cast.rao, outcome="pass")
    case_id, task_id = offline.case.id, offline.task("office").id

    def take_back(own):
        return cases.withdraw_case(own, cast.lin, case_id, monday).status

    def let_pass(own):
        return cases.submit_task(own, cast.wu, task_id, {"outcome": "pass"}, [], monday).status

    results = race(sessions, [take_back, let_pass])

    session.rollback()
    status = session.scalar(select(Case.status))
    assert [result for result in results if result == status] == [status]


@pytest.mark.requirement("J14", "J15", "N04")
def test_the_employer_is_sent_a_link_and_brings_the_copy(offline, session, sessions, cast, monday):
    case = offline.asked().case
    link = session.scalars(select(GuestLink)).one()
    stored = session.get(Delivery, link.id).text
    sent = Sent()
    outbox.send_due(sessions, monday, {"sms": sent})

    (message,) = sent.messages
    assert (message.address, message.link) == (MOBILE, guest_links.url_of(link.id))
    assert "林**" in message.text
    assert "林知夏" not in message.text
    token = guest_links.token_of(link.id)
    assert len(token) == 43
    assert token not in stored + link.token_hash
    guest = offline.guest()
    done = offline.answer(guest, **UPLOAD)

    assert done.status == "signing_under_review"
    assert [task.role for task in tasks.open_tasks(session, case.id)] == ["reviewer"]
    row = next(row for row in session.get(Case, case.id).history if row.actor == "guest")
    assert (row.person_id, row.body["mobile"], row.kind) == (None, "138****0009", "answered")
    assert broken_links(session, case.id) == []
    assert offline.review().status == "offline_completed"


@pytest.mark.requirement("J15")
def test_the_first_copy_wins_and_the_other_ends(offline, session, sessions, cast, monday):
    offline.asked()
    guest = offline.guest()
    of_guest, of_lin = offline.task("guest").id, offline.task("graduate").id

    def by_employer(own):
        return cases.submit_task(own, guest, of_guest, UPLOAD, [], monday).status

    def by_graduate(own):
        return cases.submit_task(own, cast.lin, of_lin, UPLOAD, [], monday).status

    results = race(sessions, [by_employer, by_graduate])

    assert results.count("signing_under_review") == 1
    loser = next(result for result in results if result != "signing_under_review")
    assert isinstance(loser, (TaskWithdrawn, TaskAlreadyDone))


@pytest.mark.requirement("J14")
def test_a_link_is_good_for_one_act_and_ends_with_a_newer_one(offline, session, cast, monday):
    offline.asked()
    first = offline.guest()
    offline.answer(first, outcome="decline", reason="不认识这位毕业生")
    assert "employer_link_over" in events(session)
    link = session.get(GuestLink, first.link_id)
    with pytest.raises(LinkUsedUp):
        guest_links.require_holds(session, first, monday)

    offline.answer(cast.lin, **ASK)
    session.refresh(link)
    with pytest.raises(LinkRevoked):
        guest_links.require_standing(link, monday)
    with pytest.raises(LinkRevoked):
        offline.answer(first, **UPLOAD)
    session.rollback()
    assert offline.answer(offline.guest(), **UPLOAD).status == "signing_under_review"


@pytest.mark.requirement("J14")
def test_after_fifteen_days_the_link_is_over_and_the_graduate_chooses_again(
    offline, session, cast, monday
):
    offline.asked()
    guest, task_id = offline.guest(), offline.task("guest").id
    late = monday + timedelta(days=15, minutes=1)

    with pytest.raises(LinkExpired):
        cases.submit_task(session, guest, task_id, UPLOAD, [], late)
    session.rollback()
    cases.wake_case(session, offline.case.id, late)
    session.commit()

    assert [t.element for t in tasks.open_tasks(session, offline.case.id)] == ["Upload_sealed_copy"]
    assert session.scalar(select(func.count(GuestProof.id))) == 1
