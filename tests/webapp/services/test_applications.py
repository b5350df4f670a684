"""Posts, résumés and applications on both databases: what the store must hold together."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from applying import POST, Applying, offer_online, picture
from racing import race
from sqlalchemy import func, select

from webapp.errors import NotYours, TaskTooLate
from webapp.models import Agreement, Application, Destination, Notification, Post, Resume, Upload
from webapp.services.cases import cases, tasks
from webapp.services.files import uploads
from webapp.services.recruiting import applications, posts, resumes


@pytest.fixture
def acts(session, cast, monday, published):
    offer_online(session, cast.school, monday)
    return Applying(session, cast, monday)


def notices(session, person_id):
    wanted = select(Notification.event, Notification.text).where(
        Notification.person_id == person_id
    )
    return session.execute(wanted.order_by(Notification.id)).all()


@pytest.mark.requirement("C01", "C02", "C03", "C04", "C05", "C07", "F01")
def test_from_the_resume_to_the_agreement(acts, session, cast, monday):
    case = acts.offer()
    signed = acts.accept(case)
    assert signed.status == "signed_waiting_school"
    assert session.scalar(select(func.count(Agreement.id))) == 0

    done = acts.answer(case, cast.rao, outcome="pass")

    assert done.status == "completed"
    agreement = session.scalars(select(Agreement)).one()
    assert agreement.employer_id == cast.employer.id
    assert agreement.snapshot["values"]["job"]["name"] == "后端开发工程师"
    assert "introduction" not in agreement.snapshot["answers"]
    assert session.scalars(select(Destination.code)).all() == ["10"]


@pytest.mark.requirement("C02")
def test_the_same_post_twice_is_refused_while_one_runs(acts, session, cast):
    acts.resume()
    post = acts.post()
    case = acts.apply(post)

    with pytest.raises(applications.AlreadyApplied):
        acts.apply(post)
    session.rollback()

    acts.answer(case, cast.hengxin, outcome="unsuitable")
    again = acts.apply(post)
    assert again.status == "applied"
    assert again.id != case.id


@pytest.mark.requirement("C02")
def test_two_clicks_at_once_send_one_resume(acts, sessions, session, cast, monday):
    acts.resume()
    post_id = acts.post().id
    answers = {"message": "", "consent": True}

    def click(own):
        post = own.get(Post, post_id)
        return applications.send(own, cast.lin, post, answers, [], monday).status

    results = race(sessions, [click, click])

    session.rollback()
    assert [one for one in results if one == "applied"] == ["applied"]
    assert any(isinstance(one, applications.AlreadyApplied) for one in results)
    assert session.scalar(select(func.count(Application.id))) == 1


@pytest.mark.requirement("C02", "C11")
def test_what_is_taken_back_is_gone_for_the_employer(acts, session, cast, monday):
    case = acts.sent()

    taken = cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()

    assert taken.status == "application_withdrawn"
    assert applications.received_by(session, cast.hengxin) == []
    assert tasks.waiting_for_me(session, cast.hengxin) == []
    with pytest.raises(NotYours):
        cases.find_case(session, cast.hengxin, case.id)
    assert [line.case.status for line in applications.sent_by(session, cast.lin)] == [
        "application_withdrawn"
    ]


@pytest.mark.requirement("C06", "C08")
def test_the_last_day_ends_at_midnight_in_shanghai(acts, session, cast):
    case = acts.offer()
    in_time = datetime(2026, 6, 19, 15, 59, 58, tzinfo=UTC)
    too_late = in_time + timedelta(seconds=2)

    assert cases.wake_case(session, case.id, in_time) is None
    session.rollback()
    with pytest.raises(TaskTooLate):
        acts.accept(case, too_late)
    session.rollback()
    woken = cases.wake_case(session, case.id, too_late)
    session.commit()

    assert woken is not None
    assert woken.status == "expired"
    assert notices(session, cast.hengxin.person_id)[-1].event == "offer_expired"


@pytest.mark.requirement("C02")
def test_files_go_along_as_copies(acts, session, cast, monday):
    photo = resumes.add_file(session, cast.lin, "photo", "我.png", picture(), monday)
    acts.resume(photo=[photo.id.hex])
    kept = photo.id

    case = acts.apply(acts.post())
    acts.resume(photo=[])

    (sent,) = case.variables["Send_resume"]["photo"]
    assert session.get(Upload, kept) is None
    found, content = uploads.read(session, cast.hengxin, uuid.UUID(sent))
    assert found.filename == "我.png"
    assert content.startswith(b"\x89PNG")
    with pytest.raises(NotYours):
        uploads.read(session, cast.make.employer("别家")[1], uuid.UUID(sent))


def test_one_resume_a_graduate(acts, session, cast):
    acts.resume()
    acts.resume(skills="Java")

    assert session.scalars(select(Resume.content)).one()["skills"] == "Java"


@pytest.mark.requirement("C02")
def test_posts_are_found_by_words_category_and_employer(acts, session, cast, monday):
    _, other = cast.make.employer("云杉软件有限公司")
    acts.post()
    acts.post(other, title="高级财务_专员", category="21")
    acts.post(title="过期岗位", open_until="2026-05-31")
    closed = acts.post(title="关闭岗位")
    posts.close(session, cast.hengxin, closed.id, monday)
    session.commit()

    def found(**asked):
        return [post.title for post, _ in posts.open_posts(session, monday, **asked)]

    assert found() == ["高级财务_专员", "后端开发工程师"]
    assert found(text="财务") == ["高级财务_专员"]
    assert found(text="云杉") == ["高级财务_专员"]
    assert found(text="_") == ["高级财务_专员"]
    assert found(category="13") == ["后端开发工程师"]
    assert found(limit=1) == ["高级财务_专员"]


def test_an_employer_changes_only_its_own_open_posts(acts, session, cast, monday):
    _, other = cast.make.employer("云杉软件有限公司")
    post = acts.post()

    changed = posts.change(session, cast.hengxin, post.id, {**POST, "wanted": 5}, monday)
    assert (changed.wanted, changed.open_until) == (5, date(2026, 7, 31))
    with pytest.raises(NotYours):
        posts.change(session, other, post.id, POST, monday)
    posts.close(session, cast.hengxin, post.id, monday)
    with pytest.raises(posts.PostClosed):
        posts.change(session, cast.hengxin, post.id, POST, monday)
