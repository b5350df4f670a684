"""What is published, frozen and kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from processes import library
from webapp.errors import NoRelease, ReleaseRefused
from webapp.models import Case, Release
from webapp.services.cases import cases
from webapp.services.design import releases

FAMILY, VARIANT = "online_signing", "employer_invitation"


@pytest.fixture
def packaged():
    diagram, called = library.load_family(FAMILY, VARIANT)
    definitions = releases.definitions_for([diagram, *called.values()])
    return diagram.xml, {key: child.xml for key, child in called.items()}, definitions


def test_the_packaged_releases_pass_their_check(session, cast, monday):
    released = releases.publish_packaged(session, cast.school.id, monday)

    offered = {(family, one) for family, each in releases.OFFERED.items() for one in each}
    assert {(r.family, r.variant) for r in released} == offered
    assert {r.number for r in released} == {1}
    [signing] = [r for r in released if r.family == FAMILY]
    assert set(signing.forms) >= {"signing/fill_invitation", "review/decide"}
    assert set(signing.called) == {"school_review"}


def test_a_school_chooses_what_it_offers(session, cast, monday):
    cast.school.settings = {**cast.school.settings, "offered": {FAMILY: [VARIANT]}}

    released = releases.publish_packaged(session, cast.school.id, monday)

    assert [(r.family, r.variant) for r in released] == [(FAMILY, VARIANT)]


def test_the_same_content_is_no_new_release(session, cast, monday, published):
    everything = releases.publish_packaged(session, cast.school.id, monday)

    again = releases.publish_packaged(session, cast.school.id, monday)

    assert [r.id for r in again] == [r.id for r in everything]
    assert {r.id for r in published} <= {r.id for r in everything}
    assert len(session.scalars(select(Release)).all()) == len(everything)


def test_a_running_case_keeps_its_release(story, session, cast, packaged):
    case, answer = story.invite()
    diagram, called, definitions = packaged
    changed = diagram.replace("应约".encode(), "答复".encode())

    newer = releases.publish(
        session, cast.school.id, FAMILY, VARIANT, changed, called, definitions, now=story.monday
    )
    session.commit()
    graduate, _ = cast.make.graduate(cast.school, cast.college, "沈默")
    session.commit()
    _, second = story.invite(graduate=graduate)
    story.accept(cast.lin, answer)

    assert (newer.number, answer.name, second.name) == (2, "应约", "答复")
    assert session.get(Case, case.id).release_id != newer.id


def test_a_diagram_with_faults_is_refused_with_all_of_them(session, cast, monday, packaged):
    diagram, called, definitions = packaged
    broken = diagram.replace(b'id="acquire_claim"', b'id="no_such_operator"')

    with pytest.raises(ReleaseRefused) as refused:
        releases.publish(
            session, cast.school.id, FAMILY, VARIANT, broken, called, definitions, now=monday
        )

    assert refused.value.findings
    assert session.scalars(select(Release)).all() == []


def test_a_school_without_the_release_cannot_start(session, cast, monday):
    with pytest.raises(NoRelease):
        cases.start_case(
            session,
            cast.hengxin,
            FAMILY,
            graduate=cast.graduate,
            employer=cast.employer,
            now=monday,
        )


def test_a_published_release_never_changes(run_sql, published):
    with pytest.raises(DBAPIError):
        run_sql("UPDATE release SET content_hash = 'x'")
