"""The pages of a rescission: begun from the agreement, answered, reviewed, ended; and what stays."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from webapp.models import Agreement, Case, Destination, Employer
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import cases
from webapp.services.cases.sweep import wake_due_cases
from webapp.services.design import releases

ASKED = {
    "outcome": "send",
    "rescission_reason": "S3",
    "explanation": "已与对方协商一致，双方同意解除协议。",
}


@pytest.fixture
def asked(story, session, cast, clock):
    """Lin asks Rao to rescind the agreement with Hengxin: the agreement and the case."""
    cast.school.settings = {
        **cast.school.settings,
        "offered": {"rescission": ["counsellor_decision"]},
    }
    releases.publish_packaged(session, cast.school.id, clock.now)
    session.commit()
    story.completed()
    agreement = session.scalars(select(Agreement)).one()
    case = cases.start_case(
        session,
        cast.lin,
        "rescission",
        variant="counsellor_decision",
        graduate=cast.graduate,
        employer=None,
        now=clock.now,
        about=agreement,
    )
    session.commit()
    story.submit(cast.lin, story.open_task(case), **ASKED)
    return agreement, case


@pytest.mark.requirement("F15", "F17")
def test_anybody_reads_that_it_is_rescinded_as_soon_as_the_counsellor_agrees(
    visit, story, cast, asked
):
    agreement, case = asked
    address = f"/verify/{agreement.number}/{verification_code(agreement.number)}"
    before = visit(None).get(address, follow_redirects=True).text

    story.submit(cast.rao, story.open_task(case), outcome="agree")

    after = visit(None).get(address, follow_redirects=True).text
    assert "这份协议书有效" in before
    assert "这份协议书已解除" in after
    assert "这份协议书有效" not in after


@pytest.mark.requirement("F16", "F18")
def test_a_counsellor_reads_the_agreement_beside_the_request(visit, story, cast, asked):
    agreement, case = asked
    task = story.open_task(case)

    page = visit(cast.rao).get(f"/review/{task.id}")

    assert page.status_code == 200
    assert agreement.number in page.text
    assert ASKED["explanation"] in page.text
    assert f"/cases/{agreement.case_id}" in page.text
    for words in ("原协议书", "毕业生的申请", "解约材料", "同意毁约", "不同意毁约", "不同意原因"):
        assert words in page.text
    assert "也要维护协议书的严肃性" in page.text
    assert 'name="note"' in page.text


@pytest.mark.requirement("F16")
def test_the_signing_offers_the_graduate_alone_to_apply(visit, story, cast, session, asked):
    agreement, case = asked
    story.submit(cast.rao, story.open_task(case), outcome="disagree", reason="材料没有签字")
    entry = f"/start/rescission/counsellor_decision/agreement/{agreement.id}"

    page = visit(cast.lin).get(f"/cases/{agreement.case_id}").text

    assert "解除就业协议申请" in page
    assert entry in page
    assert entry not in visit(cast.hengxin).get(f"/cases/{agreement.case_id}").text
    assert visit(cast.hengxin).post(entry).status_code == 404


@pytest.mark.requirement("F17")
def test_not_agreeing_needs_its_reason(visit, story, cast, asked, session):
    _, case = asked
    address = f"/review/{story.open_task(case).id}"

    refused = visit(cast.rao).post(address, data={"outcome": "disagree"})
    assert refused.status_code == 422
    assert "不同意原因" in refused.text
    visit(cast.rao).post(address, data={"outcome": "disagree", "reason": "材料没有签字"})

    session.rollback()
    assert session.get(Case, case.id).status == "rescission_failed"
    assert "材料没有签字" in visit(cast.lin).get(f"/cases/{case.id}").text


@pytest.mark.requirement("F20")
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"outcome": "agree"}, "解约完成，协议书不再有效"),
        ({"outcome": "disagree", "reason": "材料没有签字"}, "解约没有通过审核。签约仍有效"),
    ],
)
def test_the_employer_decides_nothing_and_is_told_the_result(
    visit, story, cast, asked, answer, told
):
    _, case = asked
    assert "没有事等" in visit(cast.hengxin).get("/inbox").text

    story.submit(cast.rao, story.open_task(case), **answer)

    assert told in visit(cast.hengxin).get("/notices").text


@pytest.mark.requirement("F19")
def test_after_a_rescission_the_graduate_signs_again(visit, story, cast, asked):
    _, case = asked
    story.submit(cast.rao, story.open_task(case), outcome="agree")

    _, invitation = story.invite()
    signed = story.submit(cast.lin, invitation, outcome="accept", ack=True)

    assert signed.status == "waiting_college"


START = "/start/rescission/online_two_party/agreement/{}"
PAPER = "/start/rescission/offline_material/agreement/{}"
VERIFIED = {
    "verified_by": "phone",
    "verified_with": "周宁，人事",
    "verified_at": "2026-06-01T09:00",
    "verification_result": "单位同意解约，材料属实",
}
TYPED = {**ASKED, "do": "confirm"}


@pytest.fixture
def signed(story, session):
    """Lin and Hengxin have signed online: the agreement, in force."""
    story.completed()
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def ask(visit, clock, session, signed):
    """Somebody begins and sends a request by its pages; gives the case."""

    def begin(actor) -> Case:
        clock.move(minutes=5)
        browser = visit(actor)
        answered = browser.post(START.format(signed.id))
        assert answered.status_code == 303
        form = answered.location.removesuffix("/answer") + "/answer"
        sent = browser.post(form, data=TYPED)
        assert sent.status_code == 303, sent.text
        session.rollback()
        return newest(session)

    return begin


def newest(session) -> Case:
    return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def page_of(visit, actor, case_id) -> str:
    return visit(actor).get(f"/cases/{case_id}").text


def decide(visit, story, session, actor, case, **typed):
    """The one waiting task of a case, answered on its page by this person."""
    task = story.open_task(case)
    place = "/review/{}" if actor.role in ("reviewer", "office") else "/tasks/{}/answer"
    answered = visit(actor).post(place.format(task.id), data={**typed, "do": "confirm"})
    assert answered.status_code == 303, answered.text
    session.rollback()


def through(visit, story, session, cast, case, answering):
    """The other side accepts, both levels pass."""
    decide(visit, story, session, answering, case, outcome="accept")
    decide(visit, story, session, cast.rao, case, outcome="pass")
    decide(visit, story, session, cast.wu, case, outcome="pass")


@pytest.mark.requirement("I01", "I03")
def test_the_page_of_an_agreement_in_force_leads_both_sides_to_a_request(visit, cast, signed):
    for party in (cast.lin, cast.hengxin):
        assert START.format(signed.id) in page_of(visit, party, signed.case_id)
        assert "开始填写" in visit(party).get(START.format(signed.id)).text

    assert START.format(signed.id) not in page_of(visit, cast.rao, signed.case_id)
    assert visit(cast.rao).get(START.format(signed.id)).status_code in (403, 404)


@pytest.mark.requirement("I02")
def test_a_request_without_reason_or_explanation_is_shown_again(visit, session, cast, signed):
    browser = visit(cast.lin)
    form = browser.post(START.format(signed.id)).location.removesuffix("/answer") + "/answer"

    refused = browser.post(form, data={"outcome": "send", "explanation": "太短", "do": "check"})

    assert refused.status_code == 422
    assert "有 2 处需要修改" in refused.text
    assert "太短" in refused.text


@pytest.mark.requirement("I01", "I04", "F18")
@pytest.mark.parametrize(
    ("asking", "answering", "name"),
    [("lin", "hengxin", "林知夏"), ("hengxin", "lin", "恒信")],
)
def test_the_other_side_finds_the_request_in_its_inbox_and_reads_both_papers(
    visit, story, session, cast, signed, ask, asking, answering, name
):
    case = ask(getattr(cast, asking))

    other = visit(getattr(cast, answering))
    home = other.get("/home").text
    shown = other.get(f"/tasks/{story.open_task(case).id}").text
    assert "申请解约，等您回应" in home
    assert name in home
    assert "只能查看" not in home
    assert signed.number in shown
    assert ASKED["explanation"] in shown
    assert "待对方回应" in page_of(visit, getattr(cast, asking), case.id)


@pytest.mark.requirement("I05", "I09")
def test_a_refused_request_fails_with_its_reason_and_may_be_asked_again(
    visit, story, session, cast, signed, ask
):
    case = ask(cast.lin)

    decide(visit, story, session, cast.hengxin, case, outcome="refuse", reason="项目正需要人")

    told = page_of(visit, cast.lin, case.id)
    assert "解约失败" in told
    assert "签约仍有效" in told
    assert "原因：项目正需要人" in told
    assert f"/cases/{signed.case_id}" in told
    signing = page_of(visit, cast.lin, signed.case_id)
    assert "签约完成" in signing
    assert START.format(signed.id) in signing
    assert ask(cast.hengxin).id != case.id


@pytest.mark.requirement("I09")
def test_while_a_request_runs_the_entry_leads_to_it_for_both_sides(
    visit, session, cast, signed, ask
):
    case = ask(cast.lin)

    for party in (cast.lin, cast.hengxin):
        signing = page_of(visit, party, signed.case_id)
        assert "解约申请正在办理" in signing
        assert f"/cases/{case.id}" in signing
        assert START.format(signed.id) not in signing
        assert visit(party).post(START.format(signed.id)).status_code == 303
    session.rollback()
    assert newest(session).id == case.id


@pytest.mark.requirement("I01")
@pytest.mark.parametrize(("asking", "other"), [("lin", "hengxin"), ("hengxin", "lin")])
def test_who_asked_may_take_the_request_back_and_nobody_else(
    visit, session, cast, signed, ask, asking, other
):
    case = ask(getattr(cast, asking))
    address = f"/cases/{case.id}/withdraw"

    refused = visit(getattr(cast, other)).post(address)
    read = visit(getattr(cast, asking)).get(address)
    taken_back = visit(getattr(cast, asking)).post(address)

    assert refused.status_code == 403
    assert "签约仍有效" in read.text
    assert "邀请" not in read.text.partition("<main")[2].partition("</main>")[0]
    assert taken_back.status_code == 303
    after = page_of(visit, getattr(cast, asking), case.id)
    assert "已撤回" in after
    assert "签约仍有效" in after
    assert START.format(signed.id) in page_of(visit, getattr(cast, other), signed.case_id)


@pytest.mark.requirement("F18", "I06")
def test_college_and_office_review_with_the_agreement_beside_the_request(
    visit, story, session, cast, signed, ask
):
    case = ask(cast.hengxin)
    decide(visit, story, session, cast.lin, case, outcome="accept")

    for reviewer in (cast.rao, cast.wu):
        shown = visit(reviewer).get(f"/review/{story.open_task(case).id}").text
        assert signed.number in shown
        assert "原协议书" in shown
        assert ASKED["explanation"] in shown
        assert "双方说法不一致，请商量后重新申请" in shown
        assert "请核对后重新邀请" not in shown
        decide(visit, story, session, reviewer, case, outcome="pass")


@pytest.mark.requirement("I06", "F17")
def test_what_is_rescinded_says_so_wherever_it_is_listed(visit, story, session, cast, signed, ask):
    case = ask(cast.lin)

    through(visit, story, session, cast, case, cast.hengxin)

    ended = page_of(visit, cast.lin, case.id)
    assert "解约完成" in ended
    assert "您可以接受其他邀请" in ended
    for reader in (cast.lin, cast.hengxin, cast.rao, cast.wu):
        signing = page_of(visit, reader, signed.case_id)
        assert "协议已解除" in signing
        assert f"/cases/{case.id}" in signing
        assert START.format(signed.id) not in signing
        assert "打印协议书" not in signing
        assert "协议已解除，不再打印" in visit(reader).get(f"/agreements/{signed.id}/print").text
    for party in (cast.lin, cast.hengxin):
        assert "已解除" in visit(party).get("/cases").text
    assert "已解除" in visit(cast.wu).get("/office/agreements").text
    assert "已解除" in visit(cast.wu).get(f"/graduates/{cast.graduate.id}").text
    address = f"/verify/{signed.number}/{verification_code(signed.number)}"
    public = visit(None).get(address, follow_redirects=True).text
    assert "这份协议书已解除" in public


@pytest.mark.requirement("I06")
def test_a_graduate_who_is_free_again_accepts_another_invitation(
    visit, story, session, cast, signed, ask
):
    through(visit, story, session, cast, ask(cast.lin), cast.hengxin)
    assert session.scalars(select(Destination)).one().closed_at is not None
    home = visit(cast.lin).get("/home").text
    assert "可以签约" in home

    _, employer = cast.make.employer("云杉软件有限公司")
    other, _task = story.invite(employer, employer=session.get_one(Employer, employer.employer_id))
    decide(visit, story, session, cast.lin, other, outcome="accept", ack="y")

    assert "待院系审核" in page_of(visit, cast.lin, other.id)


@pytest.mark.requirement("I07")
def test_a_review_that_does_not_pass_leaves_the_signing_with_the_reason(
    visit, story, session, cast, signed, ask
):
    case = ask(cast.hengxin)
    decide(visit, story, session, cast.lin, case, outcome="accept")

    decide(visit, story, session, cast.rao, case, outcome="refuse", reason="违约责任没有处理完")

    for party in (cast.lin, cast.hengxin):
        told = page_of(visit, party, case.id)
        assert "解约失败（签约仍有效）" in told
        assert "原因：违约责任没有处理完" in told
        assert START.format(signed.id) in page_of(visit, party, signed.case_id)


@pytest.mark.requirement("I08")
def test_a_reply_that_a_school_limits_ends_by_itself_and_the_signing_stays(
    visit, session, sessions, cast, clock, signed, ask
):
    cast.school.settings = {**cast.school.settings, "rescission_reply_days": 3}
    session.commit()
    case = ask(cast.lin)

    wake_due_cases(sessions, clock.move(days=3, minutes=1))

    told = page_of(visit, cast.lin, case.id)
    assert "解约失败" in told
    assert "对方到期没有回应" in told
    assert START.format(signed.id) in page_of(visit, cast.lin, signed.case_id)


@pytest.fixture
def on_paper(story, session, cast):
    """An agreement of Lin and Hengxin whose case counts as a registration of a paper one."""
    case, task = story.accepted()
    session.get_one(Case, case.id).family = "paper_registration"
    session.commit()
    story.submit(cast.rao, task, outcome="pass")
    story.submit(cast.wu, story.open_task(case), outcome="pass")
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def hand_in(visit, clock, session, on_paper):
    """Lin begins by material and posts the form with these files; gives the answer."""

    def post(actor, *files):
        clock.move(minutes=5)
        browser = visit(actor)
        begun = browser.post(PAPER.format(on_paper.id))
        form = begun.location.removesuffix("/answer") + "/answer"
        typed = {**TYPED, "material__album": [(io.BytesIO(file), "解约函.jpg") for file in files]}
        answer = browser.post(form, data=typed, content_type="multipart/form-data")
        session.rollback()
        return answer

    return post


def letter() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.requirement("K01", "K07")
def test_only_the_graduate_finds_the_entry_on_an_agreement_made_on_paper(visit, cast, on_paper):
    assert PAPER.format(on_paper.id) in page_of(visit, cast.lin, on_paper.case_id)
    assert PAPER.format(on_paper.id) not in page_of(visit, cast.hengxin, on_paper.case_id)
    assert START.format(on_paper.id) not in page_of(visit, cast.lin, on_paper.case_id)
    assert visit(cast.hengxin).post(PAPER.format(on_paper.id)).status_code in (403, 404)


@pytest.mark.requirement("K02")
def test_without_its_material_the_request_is_shown_again(cast, hand_in):
    refused = hand_in(cast.lin)

    assert refused.status_code == 422
    assert "请上传解约函等材料" in refused.text


@pytest.mark.requirement("K03", "K04")
def test_who_reviews_says_how_the_employer_was_asked_before_it_passes(
    visit, story, session, cast, on_paper, hand_in
):
    assert hand_in(cast.lin, letter()).status_code == 303
    case = newest(session)
    review = f"/review/{story.open_task(case).id}"

    refused = visit(cast.rao).post(review, data={"outcome": "pass", "do": "confirm"})
    decide(visit, story, session, cast.rao, case, outcome="pass", **VERIFIED)
    decide(visit, story, session, cast.wu, case, outcome="pass")

    assert refused.status_code == 422
    assert "协议已解除" in page_of(visit, cast.lin, on_paper.case_id)


@pytest.mark.requirement("K05", "K06")
def test_a_returned_request_is_mended_and_a_refused_one_leaves_the_signing(
    visit, story, session, cast, on_paper, hand_in
):
    hand_in(cast.lin, letter())
    case = newest(session)

    decide(visit, story, session, cast.rao, case, outcome="return", reason="解约函看不清")
    assert "解约函看不清" in page_of(visit, cast.lin, case.id)
    mended = {**ASKED, "material__album": [(io.BytesIO(letter()), "解约函.jpg")]}
    decide(visit, story, session, cast.lin, case, **mended)
    refusal = {"outcome": "refuse", "reason": "单位没有同意", **VERIFIED}
    decide(visit, story, session, cast.rao, case, **refusal)

    told = page_of(visit, cast.lin, case.id)
    assert "解约失败（签约仍有效）" in told
    assert "原因：单位没有同意" in told
    assert PAPER.format(on_paper.id) in page_of(visit, cast.lin, on_paper.case_id)
