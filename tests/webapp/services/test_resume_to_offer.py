"""From a résumé to an offer: who learns what, who may do what, and how each way ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from applying import POST, Applying, offer_online, picture
from sqlalchemy import func, select

from webapp.errors import CannotWithdraw, NotYours, OnlyToRead
from webapp.models import Agreement, Application, Claim, Notification
from webapp.services.cases import cases
from webapp.services.files import uploads
from webapp.services.recruiting import applications, posts, resumes


@pytest.fixture
def dialect() -> str:
    """What these ask of a database, test_applications.py shows on both."""
    return "sqlite"


@pytest.fixture
def acts(session, cast, monday, published):
    offer_online(session, cast.school, monday)
    return Applying(session, cast, monday)


def notices(session, person_id):
    wanted = select(Notification.event, Notification.text).where(
        Notification.person_id == person_id
    )
    return session.execute(wanted.order_by(Notification.id)).all()


@pytest.mark.requirement("C07", "C09")
def test_a_refused_review_sets_the_graduate_free(acts, session, cast):
    case = acts.offer()
    acts.accept(case)

    refused = acts.answer(case, cast.rao, outcome="refuse", reason="章看不清")

    assert refused.status == "review_refused"
    live = select(func.count(Claim.id)).where(Claim.released_at.is_(None))
    assert session.scalar(live) == 0
    assert session.scalar(select(func.count(Agreement.id))) == 0


@pytest.mark.requirement("C02", "C11")
def test_the_case_keeps_the_resume_as_it_was_sent(acts, session, cast):
    case = acts.sent()

    acts.resume(introduction="改过的自我介绍，写得更长一些。")

    kept = case.variables["Send_resume"]
    assert kept["resume"]["introduction"] == "喜欢把复杂的事做简单。"
    assert kept["resume"]["experience"] == "2026.03—2026.06 · 恒信 · 实习生\n写接口"
    assert kept["person"]["name"] == "林知夏"
    assert kept["consent"] is True


@pytest.mark.requirement("C02")
def test_without_a_resume_nothing_is_sent(acts, session):
    post = acts.post()

    with pytest.raises(applications.NoResume):
        acts.apply(post)
    session.rollback()

    assert session.scalar(select(func.count(Application.id))) == 0


@pytest.mark.requirement("C02")
@pytest.mark.parametrize("how", ["by hand", "by its last day"])
def test_a_closed_post_takes_no_resume(acts, session, cast, monday, how):
    acts.resume()
    post = acts.post(open_until="2026-06-02")
    now = monday
    if how == "by hand":
        posts.close(session, cast.hengxin, post.id, monday)
        session.commit()
    else:
        # the last day ends at midnight in Shanghai, not in Greenwich
        assert posts.is_open(post, datetime(2026, 6, 2, 15, 59, tzinfo=UTC))
        now = datetime(2026, 6, 2, 16, 0, tzinfo=UTC)

    with pytest.raises(posts.PostClosed):
        acts.apply(post, now=now)


@pytest.mark.requirement("C02", "B07")
def test_who_is_bound_does_not_apply(acts, session, cast):
    acts.accept(acts.offer())
    post = acts.post(title="测试工程师")

    with pytest.raises(applications.SignedAlready):
        acts.apply(post)


@pytest.mark.requirement("C11")
def test_an_employer_sees_only_what_was_sent_to_it(acts, session, cast):
    _, elsewhere = cast.make.employer("云杉软件有限公司")
    case = acts.sent()

    (mine,) = applications.received_by(session, cast.hengxin)

    assert mine.case.id == case.id
    assert mine.shows_contact
    assert applications.received_by(session, elsewhere) == []
    with pytest.raises(NotYours):
        cases.find_case(session, elsewhere, case.id)


@pytest.mark.requirement("C11")
def test_contact_is_not_shown_after_an_end_without_signing(acts, session, cast):
    case = acts.sent()

    acts.answer(case, cast.hengxin, outcome="unsuitable")

    (line,) = applications.received_by(session, cast.hengxin)
    assert not line.shows_contact


@pytest.mark.requirement("C03")
def test_after_the_invitation_nothing_is_taken_back(acts, session, cast, monday):
    case = acts.invited()

    with pytest.raises(CannotWithdraw):
        cases.withdraw_case(session, cast.lin, case.id, monday)


@pytest.mark.requirement("C03", "C06", "N05")
def test_notices_name_sender_words_and_last_day(acts, session, cast):
    acts.offer()

    told = dict(notices(session, cast.lin.person_id))

    assert told["interview_invited"] == (
        "面试邀请：恒信科技有限公司请您面试“后端开发工程师”。“请带作品”接受邀请截止日期：2026-6-5"
    )
    assert told["signing_notice"] == (
        "签约通知：恒信科技有限公司请您签约。“恭喜您，您有工作啦，去签约吧”接受邀请截止日期：2026-6-19"
    )


@pytest.mark.requirement("C04")
def test_declining_the_interview_ends_it_with_the_reason(acts, session, cast):
    case = acts.invited()

    ended = acts.answer(case, cast.lin, outcome="decline", reason="时间冲突")

    assert ended.status == "interview_declined"
    assert notices(session, cast.hengxin.person_id)[-1].event == "interview_declined"


@pytest.mark.requirement("C05", "B10")
def test_the_employer_reads_why_no_offer_went_out(acts, session, cast):
    cast.graduate.training_mode = "2"
    session.commit()

    case = acts.offer()

    assert case.id
    task = acts.task(case)
    assert task.element == "Decide_interview"
    assert session.get(cases.Case, case.id).variables["Check_eligibility"] == {
        "outcome": "not_allowed"
    }


@pytest.mark.requirement("C05", "H07")
def test_a_second_offer_of_the_same_employer_waits_for_the_first(acts, session, cast):
    acts.offer()
    second = acts.offer(post=acts.post(title="测试工程师"))

    task = acts.task(second)

    assert task.element == "Decide_interview"


@pytest.mark.requirement("C07", "H07", "H08")
def test_the_other_offer_is_only_to_read_and_its_employer_is_not_told_why(acts, session, cast):
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()
    first, second = acts.offer(), acts.offer(other)
    acts.accept(first)

    with pytest.raises(OnlyToRead):
        acts.accept(second)
    session.rollback()

    assert applications.received_by(session, other)[0].case.status == "offered"
    assert "签约" not in [event for event, _ in notices(session, other.person_id)]


@pytest.mark.requirement("C11")
def test_files_of_a_resume_are_the_owners_until_it_is_sent(acts, session, cast, monday):
    photo = resumes.add_file(session, cast.lin, "photo", "我.png", picture(), monday)
    session.commit()

    assert uploads.read(session, cast.lin, photo.id)[0].id == photo.id
    for stranger in (cast.hengxin, cast.rao, cast.nils, cast.ada):
        with pytest.raises(NotYours):
            uploads.read(session, stranger, photo.id)


def test_a_photo_must_be_a_picture(acts, session, cast, monday):
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"

    with pytest.raises(uploads.UploadRefused):
        resumes.add_file(session, cast.lin, "photo", "我.pdf", pdf, monday)


@pytest.mark.requirement("C02")
def test_a_school_that_does_not_offer_it_shows_no_posts(story, session, cast, monday):
    post = posts.put_up(session, cast.hengxin, POST, monday)
    session.commit()

    with pytest.raises(NotYours):
        posts.find_for_graduate(session, cast.lin, post.id)
