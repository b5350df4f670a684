"""A second person agrees to a publication, never the one who asked for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.errors import AnotherPersonNeeded, NotYours
from webapp.models import Audit, Draft, Publication, Release
from webapp.services.design import approving, publishing
from webapp.services.design.drafts import DraftChanged, open_draft, save_parts

FAMILY, VARIANT = "rescission", "online_two_party"


@pytest.fixture
def draft(session, cast, monday) -> Draft:
    cast.school.settings = {**cast.school.settings, "publication_approval": True}
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, monday)
    session.commit()
    return draft


@pytest.fixture
def bo(session, cast):
    actor = cast.make.actor(cast.make.person("柏老师"), "admin", school_id=cast.school.id)
    session.commit()
    return actor


@pytest.fixture
def asked(session, cast, draft, monday):
    made = approving.ask(
        session, cast.ada, draft.id, revision=draft.revision, note="依通知", confirmed=False,
        now=monday,
    )  # fmt: skip
    session.commit()
    return made.id


def test_nobody_publishes_alone_where_two_are_wanted(session, cast, draft, monday):
    with pytest.raises(publishing.SecondPersonNeeded):
        publishing.publish_draft(
            session, cast.ada, draft.id, revision=1, note="x", confirmed=False, now=monday
        )


def test_a_second_person_publishes_what_the_first_asked_for(session, cast, bo, asked, monday):
    release = approving.agree(session, bo, asked, monday)
    session.commit()

    assert (release.number, release.in_force, release.note) == (1, True, "依通知")
    assert release.author_id == cast.ada.person_id
    made = session.get_one(Publication, asked)
    assert (made.outcome, made.decided_by_id) == ("published", bo.person_id)
    assert session.scalars(select(Draft)).all() == []
    acts = session.scalars(select(Audit.act).order_by(Audit.id)).all()
    assert acts == ["publication_asked", "release_published"]


def test_whoever_asked_does_not_agree(session, cast, asked, monday):
    with pytest.raises(AnotherPersonNeeded):
        approving.agree(session, cast.ada, asked, monday)


def test_the_database_holds_that_too(session, cast, asked, monday):
    made = session.get_one(Publication, asked)
    made.outcome, made.decided_at, made.decided_by_id = "published", monday, cast.ada.person_id

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_draft_changed_since_is_not_published(session, cast, bo, draft, asked, monday):
    save_parts(session, cast.ada, draft.id, revision=draft.revision, now=monday, title="又改了")
    session.commit()

    with pytest.raises(DraftChanged):
        approving.agree(session, bo, asked, monday)
    session.rollback()

    assert session.scalars(select(Release)).all() == []
    assert approving.open_request(session, session.get_one(Draft, draft.id)) is None


def test_a_new_request_takes_the_place_of_the_former(session, cast, bo, draft, asked, monday):
    again = approving.ask(
        session, bo, draft.id, revision=draft.revision, note="我来提", confirmed=False, now=monday
    )
    session.commit()

    assert session.get_one(Publication, asked).outcome == "outdated"
    assert approving.open_request(session, draft).id == again.id


def test_a_refusal_says_why_and_leaves_the_draft(session, bo, draft, asked, monday):
    with pytest.raises(approving.RefusalReasonNeeded):
        approving.refuse(session, bo, asked, " ", monday)
    session.rollback()

    approving.refuse(session, bo, asked, "期限太短", monday)
    session.commit()

    assert approving.last_refusal(session, draft).reason == "期限太短"
    assert session.get(Draft, draft.id) is not None
    with pytest.raises(approving.AlreadyDecided):
        approving.agree(session, bo, asked, monday)


def test_a_request_of_another_school_does_not_exist(session, cast, asked, monday):
    elsewhere = cast.make.school("远方大学", "10003")
    stranger = cast.make.actor(cast.make.person("远老师"), "admin", school_id=elsewhere.id)

    with pytest.raises(NotYours):
        approving.agree(session, stranger, asked, monday)
