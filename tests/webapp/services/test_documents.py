"""The agreement as a document: rendered once, handed out on record, verified by anybody."""

from __future__ import annotations

import hashlib

import pytest
from racing import race
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp import jobs
from webapp.errors import (
    DocumentNotReady,
    NotInForce,
    NotYours,
    PrintQuotaReached,
    ReasonMissing,
)
from webapp.models import Agreement, Blob, Document, Job, Print
from webapp.services.agreements import agreements, documents, prints, verification
from webapp.services.cases import sweep


def print_one(session, actor, agreement_id, copy, now, **more):
    return prints.hand_out(session, actor, [prints.Wanted(agreement_id, copy)], now, **more)


@pytest.fixture
def agreement(story, session):
    """An issued agreement whose document is still to be made."""
    story.complete()
    found = session.scalars(select(Agreement)).one()
    session.commit()
    return found


@pytest.fixture
def stored(session, agreement, monday):
    """The agreement with a small stand-in document; drawing is the pdf package's own matter."""
    import io

    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    content = out.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    documents.store_blob(session, sha256, content)
    session.add(
        Document(
            school_id=agreement.school_id,
            agreement_id=agreement.id,
            sha256=sha256,
            pages=1,
            rendered_at=monday,
        )
    )
    session.commit()
    return content


@pytest.mark.requirement("H12", "F13")
def test_the_sweep_renders_the_document_once(story, sessions, session, cast, agreement):
    with pytest.raises(DocumentNotReady):
        documents.read(session, cast.lin, agreement.id)
    session.rollback()

    report = sweep.run_sweep(sessions, story.monday)
    documents.render_agreement(sessions, {"agreement": agreement.id.hex}, story.monday)

    assert (report.jobs_done, report.jobs_failed) == (1, 0), session.scalars(
        select(Job.story)
    ).all()
    found = documents.read(session, cast.hengxin, agreement.id)
    assert found.content.startswith(b"%PDF")
    assert hashlib.sha256(found.content).hexdigest() == found.sha256
    assert len(session.scalars(select(Document)).all()) == 1


def test_a_failed_rendering_leaves_no_document_and_is_retried(
    story, sessions, session, agreement, monkeypatch
):
    monkeypatch.setattr("pdf.worker.render", lambda *a, **k: 1 / 0)
    failed = jobs.run_due(sessions, story.monday)
    session.rollback()

    assert failed == (0, 1, 0)
    assert session.scalars(select(Blob)).all() == []
    job = session.scalars(select(Job).where(Job.name == "render_agreement")).one()
    assert (job.state, job.run_at > story.monday) == ("waiting", True)


@pytest.mark.requirement("D05")
def test_a_draft_can_be_read_before_approval_and_is_not_kept(story, session, cast):
    case, _ = story.invite()

    content = documents.draft(session, cast.hengxin, case.id)

    assert content.startswith(b"%PDF")
    assert session.scalars(select(Blob)).all() == []
    with pytest.raises(NotYours):
        documents.draft(session, cast.nils, case.id)


def test_a_stranger_reads_no_document(session, cast, agreement, stored):
    for actor in (cast.lin, cast.hengxin, cast.rao, cast.wu, cast.ada):
        assert documents.read(session, actor, agreement.id).content == stored
    with pytest.raises(NotYours):
        documents.read(session, cast.nils, agreement.id)


@pytest.mark.requirement("F10", "F11", "K12")
def test_every_copy_leaves_a_record_until_the_quota(story, session, cast, agreement, stored):
    for copy in ("用人单位", "毕业生", "学校"):
        given = print_one(session, cast.lin, agreement.id, copy, story.monday)
        session.commit()
        assert given.content.startswith(b"%PDF")
    with pytest.raises(PrintQuotaReached, match="3 份"):
        print_one(session, cast.lin, agreement.id, "毕业生", story.monday)
    session.rollback()
    with pytest.raises(ReasonMissing):
        print_one(session, cast.wu, agreement.id, "毕业生", story.monday)
    session.rollback()
    print_one(session, cast.wu, agreement.id, "毕业生", story.monday, reason="原件遗失")
    session.commit()

    records = prints.prints(session, cast.wu, agreement.id)
    assert [record.copy for record in records] == ["用人单位", "毕业生", "学校", "毕业生"]
    assert {record.sha256 for record in records} == {hashlib.sha256(stored).hexdigest()}
    assert records[-1].reason == "原件遗失"


def test_the_quota_holds_when_all_print_at_once(story, sessions, session, cast, agreement, stored):
    def print_now(session):
        return print_one(session, cast.lin, agreement.id, "毕业生", story.monday)

    results = race(sessions, [print_now] * 5)

    refused = [r for r in results if isinstance(r, PrintQuotaReached)]
    assert len(refused) == 2
    assert len(session.scalars(select(Print)).all()) == 3


def test_an_unknown_copy_is_not_printed(story, session, cast, agreement, stored):
    with pytest.raises(NotYours):
        print_one(session, cast.lin, agreement.id, "路人", story.monday)


def test_a_rescinded_agreement_is_read_but_no_copy_is_handed_out(
    story, session, cast, agreement, stored
):
    session.get_one(Agreement, agreement.id).state = "rescinded"
    session.commit()

    with pytest.raises(NotInForce):
        print_one(session, cast.wu, agreement.id, "学校", story.monday)
    session.rollback()

    assert documents.read(session, cast.wu, agreement.id).content == stored
    assert session.scalars(select(Print)).all() == []


def test_documents_and_their_bytes_never_change(run_sql, agreement, stored):
    for statement in (
        "UPDATE blob SET size = 0",
        "UPDATE document SET pages = 9",
        "DELETE FROM document",
    ):
        with pytest.raises(DBAPIError):
            run_sql(statement)


@pytest.mark.requirement("F15")
def test_anybody_with_the_paper_can_verify_it(story, session, agreement, stored):
    number = agreement.number
    code = agreements.verification_code(number)

    found = verification.verify(session, number, code, story.later(days=9))

    assert (found.state, found.graduate, found.asked_at) == ("valid", "林**", story.later(days=9))
    assert found.employer == "恒信科技有限公司"
    assert found.sha256 == hashlib.sha256(stored).hexdigest()
    assert agreements.verify_url(number).endswith(f"/verify/{number}/{code}")


def test_a_wrong_code_and_an_unknown_number_tell_the_same(story, session, agreement):
    other = agreements.verification_code("20271000131999999")

    assert verification.verify(session, agreement.number, other, story.monday) is None
    assert verification.verify(session, agreement.number, "", story.monday) is None
    assert verification.verify(session, agreement.number, "码", story.monday) is None
    assert verification.verify(session, "20271000131999999", other, story.monday) is None


def test_a_file_can_be_compared(session, agreement, stored):
    sha256 = hashlib.sha256(stored).hexdigest()

    assert verification.compare(session, agreement.number, sha256.upper())
    assert not verification.compare(session, agreement.number, "0" * 64)
    assert not verification.compare(session, "unknown", sha256)


def test_the_code_has_128_bits_and_depends_on_the_key(monkeypatch):
    code = agreements.verification_code("2027")
    monkeypatch.setenv("QIANYUE_VERIFICATION_KEY", "another key")

    assert len(code) == 22
    assert agreements.verification_code("2027") != code


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{cohort}{school}{education}{serial:06}{check}", "202710001310000423"),
        ("QH-{cohort}-{serial:04}", "QH-2027-0042"),
    ],
)
def test_a_school_numbers_by_its_own_pattern(pattern, number):
    facts = {"cohort": 2027, "school": "10001", "education": "31", "serial": 42}

    made = agreements.format_number(pattern, **facts)

    assert made[:17] == number[:17]
    assert len(made) == len(number)


@pytest.mark.parametrize(
    "pattern", ["{serial.__class__}", "{cohort!r}", "{0}", "{serial:>99999999}"]
)
def test_a_pattern_reaches_nothing_else(pattern):
    with pytest.raises(ValueError, match="number pattern"):
        agreements.format_number(pattern, cohort=1, school="1", education="1", serial=1)


def test_the_check_digit_finds_every_single_slip():
    number = "20271000131000042"
    digit = agreements.check_digit(number)

    slips = [
        number[:place] + other + number[place + 1 :]
        for place in range(len(number))
        for other in "0123456789"
        if other != number[place]
    ]

    assert all(agreements.check_digit(slip) != digit for slip in slips)
