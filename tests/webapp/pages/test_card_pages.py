"""A graduate shows a QR card; an employer without an account scans it, signs, and gets a first log-in."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.webapp.pages.conftest import OFFER
from webapp.models import (
    Agreement,
    Case,
    Claim,
    Delivery,
    Destination,
    Employer,
    GuestLink,
    Membership,
    Person,
)
from webapp.services.accounts import codes
from webapp.services.accounts.actors import actors_of
from webapp.services.accounts.identity import LogInRefused, log_in
from webapp.services.accounts.secret_codes import secret_of
from webapp.services.cases import tasks
from webapp.services.cases.cases import start_case, submit_task
from webapp.services.design import releases
from webapp.services.guests import guest_links

MOBILE = "13800000088"
CODE = "91340100MA2MRBFK0N"


class Card:
    """Lin's card, and the acts of whoever scans it."""

    def __init__(self, app, session, cast, clock, visit) -> None:
        self.app, self.session, self.cast, self.clock, self.visit = app, session, cast, clock, visit
        self.browser = app.test_client()

    def make(self):
        self.visit(self.cast.lin).post("/card/new")
        self.session.rollback()
        self.id = self.session.scalars(
            select(GuestLink.id).where(GuestLink.revoked_at.is_(None))
        ).one()
        return self

    def at(self, path="") -> str:
        return f"/guest/{self.id}{path}"

    def scan(self):
        return self.browser.get(f"/g/{guest_links.token_of(self.id)}", follow_redirects=True)

    def check(self, name="林知夏", end=None, mobile=MOBILE):
        end = end or self.cast.graduate.student_no[-4:]
        said = {"graduate_name": name, "number_end": end, "contact_mobile": mobile}
        return self.browser.post(self.at("/check"), data=said)

    def prove(self, **said):
        self.scan()
        self.check(**said)
        self.session.rollback()
        code = codes.latest_code(self.session, self.clock.now)[0]
        return self.browser.post(self.at("/prove"), data={"code": code}, follow_redirects=True)

    def sign(self, **changed):
        offer = {**OFFER, "contact_mobile": "13999999999", "uscc": CODE, **changed}
        checked = self.browser.post(
            self.at("/task"), data={**offer, "outcome": "sign", "do": "check"}
        )
        typed = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text)
        return self.browser.post(
            self.at("/task"), data={**dict(typed), "do": "confirm"}, follow_redirects=True
        )

    def case(self) -> Case:
        self.session.rollback()
        return self.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()

    def answer(self, actor, **answers):
        (task,) = tasks.open_tasks(self.session, self.case().id)
        submit_task(self.session, actor, task.id, answers, [], self.clock.now)
        self.session.commit()

    def signed(self, **changed):
        """Signed by the guest and confirmed by Lin."""
        self.prove()
        self.sign(**changed)
        self.answer(self.cast.lin, outcome="confirm")
        return self


@pytest.fixture
def card(app, session, cast, clock, visit, monkeypatch) -> Card:
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    cast.school.settings = {
        "review_levels": "college",
        "offered": {"online_signing": ["employer_invitation", "qr_card"]},
    }
    session.commit()
    releases.publish_packaged(session, cast.school.id, clock.now)
    session.commit()
    return Card(app, session, cast, clock, visit)


@pytest.mark.requirement("E01")
def test_a_graduate_shows_renews_and_takes_back_the_card(card, visit, cast):
    browser = visit(cast.lin)
    home = browser.get("/home").text
    before = browser.get("/card").text
    card.make()
    shown, picture = browser.get("/card").text, browser.get("/card/qr.png")
    old = f"/g/{guest_links.token_of(card.id)}"
    card.make()
    replaced = card.browser.get(old, follow_redirects=True)
    browser.post("/card/take-back")
    taken = card.scan()

    assert "二维码名片" in home
    assert 'href="/card"' in home
    assert "生成二维码名片" in before
    assert "还可签约" in shown
    assert "3 次" in shown
    assert picture.data.startswith(b"\x89PNG")
    assert [replaced.status_code, taken.status_code] == [410, 410]


@pytest.mark.requirement("E02", "E03", "E04", "C09")
def test_from_the_scan_to_the_signed_agreement(card, session, visit, cast):
    first = card.make().scan().text
    second = card.prove().text
    done = card.sign().text

    assert "林**" in first
    assert "林知夏" not in first
    assert "填写签约信息" in second
    assert "已提交，等毕业生确认" in done
    assert card.case().status == "waiting_graduate"
    card.answer(cast.lin, outcome="confirm")
    case = card.case()
    assert case.status == "signed_waiting_school"
    told = visit(cast.lin).get(f"/cases/{case.id}").text
    assert "签约成功，待学校审核" in told
    assert "下载协议书" not in told
    assert case.variables["Fill_signing"]["contact_mobile"] == MOBILE
    assert session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None))) == 1
    card.answer(cast.rao, outcome="pass")

    assert card.case().status == "completed"
    assert session.scalars(select(Agreement.state)).all() == ["valid"]
    assert session.scalars(select(Destination.code)).all() == ["10"]
    used = visit(cast.lin).get("/card").text
    assert "138****0088" in used
    assert MOBILE not in used


@pytest.mark.requirement("A06", "E08")
def test_the_employer_gets_an_account_with_a_first_password_of_its_own(card, session, clock):
    card.make().signed()

    person = session.scalars(select(Person).where(Person.login == MOBILE)).one()
    employer = session.scalars(select(Employer).where(Employer.uscc == CODE)).one()
    sent = session.scalars(select(Delivery).where(Delivery.subject == "activation")).one()
    first = secret_of(sent.id, "activation")
    assert (employer.verification, card.case().employer_id) == ("phone", employer.id)
    assert person.must_change_password
    assert MOBILE not in first
    assert first not in sent.text
    with pytest.raises(LogInRefused):
        log_in(session, MOBILE, MOBILE, "employer", "10.0.0.1", clock.now)
    session.rollback()
    assert log_in(session, MOBILE, first, "employer", "10.0.0.1", clock.now)[0].role == "employer"


@pytest.mark.requirement("E09")
def test_the_new_account_supplies_its_letter_afterwards(card, session, cast, visit, monday):
    card.make().signed()
    offered = cast.school.settings.get("offered", {})
    certifies = {"employer_certification": ["authorisation_letter"]}
    cast.school.settings = {**cast.school.settings, "offered": {**offered, **certifies}}
    releases.publish_packaged(session, cast.school.id, monday)
    person = session.scalars(select(Person).where(Person.login == MOBILE)).one()
    person.must_change_password = False
    session.commit()
    employer = visit(actors_of(session, person.id)[0])

    page = employer.get("/certification").text
    begun = employer.post(
        "/certification",
        data={"what": "employer_certification/authorisation_letter", "school": cast.school.code},
    )

    assert "向哪所学校申请" in page
    assert begun.status_code == 303
    session.rollback()
    case = session.scalars(select(Case).where(Case.family == "employer_certification")).one()
    assert case.opened_by == person.id


@pytest.mark.requirement("A06")
def test_nobody_gets_into_a_registered_employer_by_typing_its_code(card, session, cast):
    cast.employer.uscc = CODE
    session.commit()

    card.make().signed()

    members = select(func.count(Membership.id)).where(Membership.employer_id == cast.employer.id)
    assert session.scalar(members) == 1
    assert session.scalars(select(Person).where(Person.login == MOBILE)).all() == []
    assert card.case().employer_id is None
    assert card.case().status == "signed_waiting_school"


@pytest.mark.requirement("E07", "E10")
def test_the_review_says_that_nobody_verified_the_employer(card, visit, cast, session):
    card.make().signed()
    reviewer = visit(cast.rao)
    (task,) = tasks.open_tasks(session, card.case().id)

    queue, page = reviewer.get("/review").text, reviewer.get(f"/review/{task.id}").text

    assert '<td data-l="就业材料">-</td>' in queue
    assert "未核验单位资质" in page
    assert "没有资质材料可审" in page
    assert "后端开发工程师" in page
    assert CODE in page
    assert "单位资质</h2>" not in page


@pytest.mark.requirement("F06")
def test_a_refusal_frees_the_graduate(card, session, cast):
    card.make().signed()
    card.answer(cast.rao, outcome="refuse", reason="单位不实")

    assert card.case().status == "review_refused"
    assert session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None))) == 0


@pytest.mark.requirement("E05")
def test_who_is_employed_already_is_refused_with_the_two_ways_out(card, session, cast, clock):
    case = start_case(
        session,
        cast.hengxin,
        "online_signing",
        variant="employer_invitation",
        graduate=cast.graduate,
        employer=cast.employer,
        now=clock.now,
    )
    session.add(
        Claim(
            school_id=cast.school.id,
            graduate_id=cast.graduate.id,
            case_id=case.id,
            acquired_at=clock.now,
        )
    )
    session.commit()
    card.make().scan()

    refused = card.check()

    assert refused.status_code == 409
    assert "解约" in refused.text
    assert "待就业" in refused.text


@pytest.mark.requirement("E05")
def test_who_signed_elsewhere_meanwhile_ends_with_the_ways_out(card, session, cast, clock):
    card.make().prove()
    card.sign()
    other = card.case()
    case = start_case(
        session,
        cast.hengxin,
        "online_signing",
        variant="employer_invitation",
        graduate=cast.graduate,
        employer=cast.employer,
        now=clock.now,
    )
    session.add(
        Claim(
            school_id=cast.school.id,
            graduate_id=cast.graduate.id,
            case_id=case.id,
            acquired_at=clock.now,
        )
    )
    session.commit()
    (task,) = tasks.open_tasks(session, other.id)
    submit_task(session, cast.lin, task.id, {"outcome": "confirm"}, [], clock.now)
    session.commit()

    told = card.browser.get(card.at("/done")).text

    assert session.get(Case, other.id).status == "already_employed"
    assert "可以这样办" in told
    assert "解锁" in told


@pytest.mark.requirement("E03")
def test_who_does_not_know_the_graduate_gets_no_further(card, session):
    card.make().scan()
    wrong = [card.check(name="林知秋"), card.check(end="9999")]
    more = [card.check(end=f"{n:04}") for n in range(7000, 7006)]

    assert [answer.status_code for answer in wrong] == [422, 422]
    assert "姓名和学号后 4 位要与这位毕业生完全一致" in wrong[0].text
    assert 'value="林知秋"' in wrong[0].text
    assert more[-1].status_code == 429
    assert codes.latest_code(session, card.clock.now) is None
    assert session.scalar(select(func.count(Case.id))) == 0


@pytest.mark.requirement("E02")
def test_a_card_is_good_for_three_signings_and_seven_days(card, session, clock):
    card.make()
    for number in range(3):
        card.browser = card.app.test_client()
        card.prove(mobile=f"1380000010{number}")
        clock.move(minutes=30)
    card.browser = card.app.test_client()
    fourth = card.scan()
    session.rollback()

    assert session.scalar(select(func.count(Case.id))) == 3
    assert fourth.status_code == 410
    assert "链接已经用过" in fourth.text

    card.make()
    clock.move(days=7, minutes=1)
    assert "链接已过期" in card.scan().text


def test_a_card_begins_nothing_but_its_own_process(card, session, cast, clock):
    from webapp.errors import NotAllowed
    from webapp.models import GuestProof
    from webapp.services.guests.guest_links import guest_of

    card.make().prove()
    session.rollback()
    link = session.get(GuestLink, card.id)
    proof = session.scalars(select(GuestProof)).one()
    nobody = guest_of(link, proof, begins=True)
    other, _ = cast.make.graduate(cast.school, cast.college, "何同学")
    session.commit()

    for graduate, variant in ((cast.graduate, "employer_invitation"), (other, "qr_card")):
        with pytest.raises(NotAllowed):
            start_case(
                session,
                nobody,
                "online_signing",
                variant=variant,
                graduate=graduate,
                employer=None,
                now=clock.now,
            )
        session.rollback()


def test_taking_the_card_back_ends_what_is_not_yet_signed(card, visit, cast):
    card.make().prove()
    visit(cast.lin).post("/card/take-back")

    refused = card.sign()

    assert refused.status_code == 410
    assert card.case().status == "drafting"


def told_by_sms(session) -> list[Delivery]:
    session.rollback()
    return session.scalars(select(Delivery).where(Delivery.subject == "card_not_signed")).all()


@pytest.mark.requirement("N03")
def test_who_scanned_is_told_by_sms_that_the_graduate_refused(card, session, cast):
    card.make().prove()
    card.sign()
    assert told_by_sms(session) == []

    card.answer(cast.lin, outcome="refuse")

    (message,) = told_by_sms(session)
    assert card.case().status == "refused"
    assert (message.channel, message.address) == ("sms", MOBILE)
    assert message.text.startswith(f"{cast.school.name}：您扫码填写的签约信息没有签成")
    assert cast.graduate.name not in message.text


@pytest.mark.requirement("F06")
def test_who_scanned_is_told_of_the_schools_refusal_and_of_no_success(card, session, cast):
    card.make().signed()
    card.answer(cast.rao, outcome="refuse", reason="单位不实")

    assert [one.address for one in told_by_sms(session)] == [MOBILE]
    assert "单位不实" not in told_by_sms(session)[0].text


def test_a_school_may_send_no_such_message(card, session, cast):
    ways = {"card_not_signed.guest": []}
    cast.school.settings = {**cast.school.settings, "notice_channels": ways}
    session.commit()
    card.make().prove()
    card.sign()

    card.answer(cast.lin, outcome="refuse")

    assert card.case().status == "refused"
    assert told_by_sms(session) == []
