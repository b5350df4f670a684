"""From a draft to a release: only what is proven, with the difference and the impact known before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from webapp.errors import NotYours, ReleaseRefused
from webapp.models import Audit, Draft, Release
from webapp.services.design import releases
from webapp.services.design.drafts import DraftChanged, open_draft, save_parts
from webapp.services.design.publishing import (
    DifferencesNotConfirmed,
    NoteNeeded,
    changes_of,
    prove_draft,
    publish_draft,
    release_in_force,
    return_to,
)

FAMILY, VARIANT = "rescission", "online_two_party"


@pytest.fixture
def draft(session, cast, monday) -> Draft:
    """The draft of what is in force, with one deadline renamed."""
    releases.publish_variant(session, cast.school.id, FAMILY, VARIANT, monday)
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, monday)
    session.commit()
    return draft


def change(session, actor, draft, old: bytes, new: bytes, now):
    assert old in draft.diagram
    save_parts(
        session,
        actor,
        draft.id,
        revision=draft.revision,
        now=now,
        diagram=draft.diagram.replace(old, new),
    )
    session.commit()


def rename_process(session, actor, draft, now):
    name = draft.title.encode()
    change(
        session, actor, draft, b'name="' + name + b'" isExecutable', b'name="X" isExecutable', now
    )


def publish(session, actor, draft, now, **more):
    release = publish_draft(
        session,
        actor,
        draft.id,
        **{
            "revision": draft.revision,
            "note": "依通知修改",
            "confirmed": False,
            "now": now,
            **more,
        },
    )
    session.commit()
    return release


def test_a_changed_draft_becomes_the_next_release_and_is_gone(session, cast, draft, monday):
    rename_process(session, cast.ada, draft, monday)

    release = publish(session, cast.ada, draft, monday + timedelta(days=1))

    assert (release.number, release.in_force, release.note) == (2, True, "依通知修改")
    assert release.author_id == cast.ada.person_id
    assert session.scalars(select(Draft)).all() == []
    assert session.scalars(select(Audit.act)).all()[-1] == "release_published"
    assert [one.number for one in session.scalars(select(Release).where(Release.in_force))] == [2]


def test_what_is_in_force_and_what_changes_is_told(session, cast, draft, monday):
    assert changes_of(draft, release_in_force(session, draft)) == []

    rename_process(session, cast.ada, draft, monday)

    assert [one.story for one in changes_of(draft, release_in_force(session, draft))] == [
        f"流程改名：“{draft.title}”改为“X”"
    ]


def test_a_diagram_with_a_fault_is_not_published(session, cast, draft, monday):
    """A step that nothing leads to: the rules refuse it, and nothing is written."""
    change(
        session, cast.ada, draft, b"</bpmn:process>",
        b'<bpmn:userTask id="Lost" name="\xe5\xad\xa4\xe7\xab\x8b" /></bpmn:process>', monday,
    )  # fmt: skip

    with pytest.raises(ReleaseRefused) as refused:
        publish(session, cast.ada, draft, monday)

    session.rollback()
    assert {one.element for one in refused.value.findings} == {"Lost"}
    assert session.scalars(select(Release.number)).all() == [1]
    assert session.get(Draft, draft.id) is not None


def test_a_release_says_why(session, cast, draft, monday):
    with pytest.raises(NoteNeeded):
        publish(session, cast.ada, draft, monday, note="  ")


def test_what_was_saved_meanwhile_is_not_published_unseen(session, cast, draft, monday):
    seen = draft.revision
    rename_process(session, cast.ada, draft, monday)

    with pytest.raises(DraftChanged):
        publish(session, cast.ada, draft, monday, revision=seen)


def test_scenarios_that_differ_must_be_confirmed_and_are_replaced(session, cast, draft, monday):
    first_end = next(line for line in draft.scenarios.splitlines() if line.startswith("ends_at"))
    wrong = draft.scenarios.replace(first_end, 'ends_at = "Elsewhere"', 1)
    save_parts(session, cast.ada, draft.id, revision=draft.revision, now=monday, scenarios=wrong)
    session.commit()
    assert len(prove_draft(draft).differing) == 1

    with pytest.raises(DifferencesNotConfirmed):
        publish(session, cast.ada, draft, monday)
    session.rollback()
    rename_process(session, cast.ada, draft, monday)
    release = publish(session, cast.ada, draft, monday, confirmed=True)

    assert "Elsewhere" not in release.scenarios
    assert "[[scenario]]" in release.scenarios


def test_one_click_returns_to_the_former_release(session, cast, draft, monday):
    first = release_in_force(session, draft).id
    rename_process(session, cast.ada, draft, monday)
    publish(session, cast.ada, draft, monday)

    returned = return_to(session, cast.ada, first, monday)
    session.commit()

    assert (returned.number, returned.in_force) == (1, True)
    in_force = session.scalars(select(Release.number).where(Release.in_force)).all()
    assert in_force == [1]
    assert session.scalars(select(Audit.act)).all()[-1] == "release_returned"


def test_nobody_returns_to_a_release_of_another_school(session, cast, draft, monday):
    elsewhere = cast.make.school("远方大学", "10003")
    stranger = cast.make.actor(cast.make.person("远老师"), "admin", school_id=elsewhere.id)

    with pytest.raises(NotYours):
        return_to(session, stranger, release_in_force(session, draft).id, monday)
