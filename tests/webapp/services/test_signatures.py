"""Handwritten signatures: read from a drawing or a photo, versioned, printed by the school's policy."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from racing import race
from scribbles import blank, drawn, paper, photographed, speck
from sealing import certify
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from pdf import worker
from pdf.rendered import Rendered
from webapp.errors import ChangedMeanwhile, NotAllowed
from webapp.models import (
    Agreement,
    Amendment,
    Destination,
    Manager,
    Notification,
    Signature,
    new_id,
)
from webapp.services.agreements import documents, inked, signatures
from webapp.services.agreements.inked import SignatureRefused, to_signature

both_databases = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def dialect(request):
    """One store, but where a test says that the store itself matters."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def sign(session, story):
    def act(actor, turns=5, now=None):
        kept = signatures.keep(session, actor, to_signature(drawn(turns)), now or story.monday)
        session.commit()
        return kept

    return act


def newest(session):
    session.rollback()
    return session.scalars(select(Agreement).order_by(Agreement.version.desc()).limit(1)).one()


def printed(session, role):
    """The signature that the newest version prints for one side."""
    return newest(session).snapshot["values"]["opinions"][role].get("signature")


def renew_all(session, cast):
    cast.school.settings = {**cast.school.settings, "signature_policy": "all"}
    session.commit()


# Reading.


@pytest.mark.requirement("A22")
@pytest.mark.parametrize("picture", [drawn, photographed])
def test_a_signature_is_black_on_white_trimmed_and_small(picture):
    found = Image.open(io.BytesIO(to_signature(picture())))

    assert (found.format, found.mode) == ("PNG", "L")
    assert found.width <= 600
    assert found.height <= 240
    histogram = found.histogram()
    assert sum(histogram[:80]) > 0.01 * found.width * found.height
    assert histogram[255] > 0.5 * found.width * found.height
    assert found.getpixel((0, 0)) == 255


@pytest.mark.parametrize("picture", [blank, speck, paper])
def test_what_is_no_signature_is_refused_with_a_way_out(picture):
    with pytest.raises(SignatureRefused) as refused:
        to_signature(picture())

    assert refused.value.way_out


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<svg/>", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(SignatureRefused):
        to_signature(content)


@pytest.mark.parametrize("text", ["data:image/svg+xml;base64,AAAA", "AAAA", inked.START + "%%%"])
def test_what_no_page_sends_is_refused(text):
    with pytest.raises(SignatureRefused):
        inked.read_drawn(text)


def test_what_was_checked_comes_back_as_it_was():
    picture = to_signature(drawn())

    again = inked.as_checked(inked.read_drawn(inked.as_text(picture)))

    assert Image.open(io.BytesIO(again)).tobytes() == Image.open(io.BytesIO(picture)).tobytes()


# Keeping.


@both_databases
@pytest.mark.requirement("A22")
def test_a_new_signature_is_a_new_version_and_the_same_one_is_none(session, cast, sign):
    first, same, second = sign(cast.hengxin), sign(cast.hengxin), sign(cast.hengxin, turns=9)

    assert (first.version, same.id, second.version) == (1, first.id, 2)
    assert len(session.scalars(select(Signature)).all()) == 2


@both_databases
def test_two_colleagues_at_once_and_one_is_told(sessions, session, story, cast, sign):
    sign(cast.hengxin)

    def keep(turns):
        picture = to_signature(drawn(turns))
        return lambda s: signatures.keep(s, cast.hengxin, picture, story.monday)

    results = race(sessions, [keep(7), keep(9)])

    versions = [row.version for row in session.scalars(select(Signature))]
    assert len(versions) == len(set(versions))
    assert all(isinstance(one, Signature | ChangedMeanwhile) for one in results)


@both_databases
def test_a_signature_never_changes(run_sql, cast, sign):
    sign(cast.hengxin)

    for statement in ("UPDATE signature SET version = 9", "DELETE FROM signature"):
        with pytest.raises(DBAPIError):
            run_sql(statement)


def test_the_schools_people_have_no_signature_here(session, story, cast):
    with pytest.raises(NotAllowed):
        signatures.keep(session, cast.wu, to_signature(drawn()), story.monday)


# Printing.


@pytest.mark.requirement("A22", "A23")
def test_what_is_issued_prints_the_signatures_of_both_sides(
    story, sessions, session, cast, sign, monkeypatch
):
    employer, graduate = sign(cast.hengxin), sign(cast.lin, turns=9)
    story.complete()
    sent = {}
    monkeypatch.setattr(
        worker, "render", lambda kind, values: sent.update(values) or Rendered(b"%PDF", 1, "0" * 64)
    )

    documents.render_agreement(sessions, {"agreement": newest(session).id.hex}, story.monday)

    assert printed(session, "employer") == employer.sha256
    assert printed(session, "graduate") == graduate.sha256
    assert set(sent["signatures"]) == {"employer", "graduate"}
    assert inked.read_drawn(inked.START + sent["signatures"]["employer"]).startswith(b"\x89PNG")


@pytest.mark.requirement("A22")
def test_issued_documents_keep_theirs_where_the_school_says_so(story, session, cast, sign):
    first = sign(cast.hengxin)
    story.complete()

    sign(cast.hengxin, turns=9)

    assert newest(session).version == 1
    assert printed(session, "employer") == first.sha256


@both_databases
@pytest.mark.requirement("A22")
def test_all_agreements_in_force_come_out_anew_with_the_same_terms(story, session, cast, sign):
    renew_all(session, cast)
    sign(cast.hengxin)
    certify(session, cast.employer, story.complete(), story.monday)
    before = newest(session)
    reached = signatures.affected(session, cast.hengxin, "another", story.monday)

    second = sign(cast.hengxin, turns=9, now=story.later(days=3))

    after = newest(session)
    assert [one.agreement.id for one in reached] == [before.id]
    assert (after.number, after.version, after.state) == (before.number, 2, "valid")
    assert printed(session, "employer") == second.sha256
    old, new = (
        row.snapshot for row in session.scalars(select(Agreement).order_by(Agreement.version))
    )
    assert new["answers"] == old["answers"]
    assert new["values"]["terms"] == old["values"]["terms"]
    for side in ("employer", "graduate"):
        assert (
            new["values"]["opinions"][side]["signed_on"]
            == old["values"]["opinions"][side]["signed_on"]
        )
    assert len(session.scalars(select(Destination)).all()) == 1
    told = session.scalars(
        select(Notification.person_id).where(Notification.event == "signature_renewed")
    )
    assert told.all() == [cast.lin.person_id]


@pytest.mark.requirement("A23")
def test_a_graduate_changes_the_own_signature_and_nothing_else(story, session, cast, sign):
    renew_all(session, cast)
    employer = sign(cast.hengxin)
    story.complete()

    graduate = sign(cast.lin, turns=9)

    assert newest(session).version == 2
    assert printed(session, "graduate") == graduate.sha256
    assert printed(session, "employer") == employer.sha256


@pytest.mark.requirement("A22", "I5")
def test_an_agreement_that_is_edited_waits_for_the_edit(story, session, cast, sign):
    renew_all(session, cast)
    first = sign(cast.hengxin)
    case = story.complete()
    certify(session, cast.employer, case, story.monday)
    agreement = newest(session)
    session.add(
        Amendment(
            id=new_id(),
            school_id=agreement.school_id,
            agreement_id=agreement.id,
            case_id=case.id,
            opened_at=story.monday,
        )
    )
    session.commit()

    (reached,) = signatures.affected(session, cast.hengxin, "another", story.monday)
    sign(cast.hengxin, turns=9)

    assert reached.stays == signatures.EDITED
    assert (newest(session).version, printed(session, "employer")) == (1, first.sha256)


@pytest.mark.requirement("A22")
def test_another_employers_agreements_stay(story, session, cast, sign):
    renew_all(session, cast)
    case = story.complete()
    unit, other = cast.make.employer("云杉软件有限公司")
    certify(session, unit, case, story.monday)

    sign(other)

    assert newest(session).version == 1


@pytest.mark.requirement("A22")
def test_an_employer_without_an_accepted_letter_renews_nothing(story, session, cast, sign):
    renew_all(session, cast)
    first = sign(cast.hengxin)
    story.complete()

    second = sign(cast.hengxin, turns=9)

    (reached,) = signatures.affected(session, cast.hengxin, second.sha256, story.monday)
    assert reached.stays == signatures.UNSEALED
    assert (newest(session).version, printed(session, "employer")) == (1, first.sha256)
    assert signatures.current(session, "employer", cast.employer.id).sha256 == second.sha256


@both_databases
@pytest.mark.requirement("A22")
def test_a_members_signature_waits_until_the_manager_uses_it(story, session, cast, sign):
    renew_all(session, cast)
    first = sign(cast.hengxin)
    certify(session, cast.employer, story.complete(), story.monday)
    member = cast.make.employer_member(cast.employer, "郑同事")
    session.commit()

    members = sign(member, turns=9)
    between = (newest(session).version, printed(session, "employer"))
    managers = sign(cast.hengxin, turns=9)

    assert between == (1, first.sha256)
    assert managers.id == members.id
    assert (newest(session).version, printed(session, "employer")) == (2, members.sha256)


@pytest.mark.requirement("A22")
def test_the_right_goes_over_to_the_new_manager(story, session, cast, sign):
    renew_all(session, cast)
    case = story.complete()
    certify(session, cast.employer, case, story.monday)
    heir = cast.make.employer_member(cast.employer, "吴继任")
    began = {"name": "吴继任", "mobile": "13800000099", "began_at": story.monday}
    session.add(
        Manager(
            id=new_id(),
            employer_id=cast.employer.id,
            person_id=heir.person_id,
            case_id=case.id,
            **began,
        )
    )
    session.commit()

    sign(cast.hengxin)
    between = newest(session).version
    sign(heir, turns=9)

    assert (between, newest(session).version) == (1, 2)


@pytest.mark.requirement("A22", "K13")
def test_after_its_end_a_certification_renews_nothing(story, session, cast, sign):
    renew_all(session, cast)
    certify(session, cast.employer, story.complete(), story.monday)

    sign(cast.hengxin, now=story.later(days=365))
    ended = newest(session).version
    sign(cast.hengxin, turns=9, now=story.later(days=364))

    assert (ended, newest(session).version) == (1, 2)
