"""The agreement: draft before approval, the stored bytes afterwards, copies counted, verified by anybody."""

from __future__ import annotations

import hashlib
import io

import pytest
from sqlalchemy import select

from pdf import stamps, worker
from pdf.worker import Rendered
from webapp.models import Agreement, Blob, Document, Print, new_id
from webapp.services.agreements.agreements import verification_code

CONTENT = b"%PDF-1.7 as issued"


@pytest.fixture
def agreement(session, story, clock):
    """An issued agreement with its document; rendering itself is the pdf package's matter."""
    story.completed()
    agreement = session.scalars(select(Agreement)).one()
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    session.add(Blob(sha256=sha256, size=len(CONTENT), content=CONTENT))
    session.flush()
    session.add(
        Document(
            id=new_id(),
            school_id=agreement.school_id,
            agreement_id=agreement.id,
            sha256=sha256,
            pages=3,
            rendered_at=clock.now,
        )
    )
    session.commit()
    return agreement


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """Pages are not the place to wait for a renderer."""
    monkeypatch.setattr(stamps, "stamp_copy", lambda content, label: content)
    drawn = Rendered(b"%PDF-draft", 1, "0" * 64)
    monkeypatch.setattr(worker, "render", lambda kind, values: drawn)


def address(agreement):
    return f"/v/{agreement.number}.{verification_code(agreement.number)}"


@pytest.mark.requirement("D05", "C09")
def test_before_approval_there_is_a_draft_and_no_agreement(visit, cast, story):
    case, _ = story.invite()
    client = visit(cast.lin)

    draft = client.get(f"/cases/{case.id}/draft.pdf")
    page = client.get(f"/cases/{case.id}").text

    assert draft.mimetype == "application/pdf"
    assert "预览草稿" in page
    assert "下载协议书" not in page


@pytest.mark.requirement("H12")
@pytest.mark.parametrize("reader", ["lin", "hengxin", "rao", "wu"])
def test_both_sides_and_the_school_download_the_same_bytes(visit, cast, agreement, reader):
    answer = visit(getattr(cast, reader)).get(f"/agreements/{agreement.id}.pdf")

    assert answer.data == CONTENT


@pytest.mark.requirement("F10", "F11", "G25")
def test_copies_are_counted_and_end_with_the_quota(visit, cast, session, agreement):
    client = visit(cast.lin)

    answers = [
        client.post(f"/agreements/{agreement.id}/copies", data={"copy": "毕业生"}).status_code
        for _ in range(4)
    ]

    assert answers == [200, 200, 200, 409]
    session.rollback()
    assert len(session.scalars(select(Print)).all()) == 3
    assert "打印次数" in visit(cast.rao).get("/office/agreements").text


@pytest.mark.requirement("G25")
def test_the_office_may_print_more_with_a_reason(visit, cast, session, agreement):
    for _ in range(3):
        visit(cast.lin).post(f"/agreements/{agreement.id}/copies", data={"copy": "毕业生"})
    office = visit(cast.wu)

    without = office.post(f"/agreements/{agreement.id}/copies", data={"copy": "学校"})
    with_reason = office.post(
        f"/agreements/{agreement.id}/copies", data={"copy": "学校", "reason": "原件遗失"}
    )

    assert without.status_code == 422
    assert with_reason.status_code == 200


@pytest.mark.requirement("F15")
def test_anybody_reads_whether_it_is_valid_and_no_more(visit, agreement):
    page = visit(None).get(address(agreement)).text

    assert "这份协议书有效" in page
    assert "林**" in page
    assert "林知夏" not in page
    assert hashlib.sha256(CONTENT).hexdigest() in page


def test_number_and_code_can_be_typed(visit, agreement):
    code = verification_code(agreement.number)

    answer = visit(None).post("/verify", data={"number": agreement.number, "code": code})

    assert answer.location == address(agreement)


def test_a_wrong_code_shows_what_was_typed_and_says_nothing_more(visit, agreement):
    wrong = visit(None).get(f"/v/{agreement.number}.AAAA")
    unknown = visit(None).get("/v/000000.AAAA")

    assert wrong.status_code == unknown.status_code == 404
    assert "没有这份协议书" in wrong.text
    assert f'value="{agreement.number}"' in wrong.text


@pytest.mark.parametrize(("content", "verdict"), [(CONTENT, "一致，没有改动过"), (b"x", "不一致")])
def test_a_file_can_be_compared_without_script(visit, agreement, content, verdict):
    answer = visit(None).post(address(agreement), data={"file": (io.BytesIO(content), "a.pdf")})

    assert verdict in answer.text


def test_guessing_codes_slows_down(visit, agreement):
    client = visit(None)

    answers = [client.get(f"/v/{agreement.number}.{n:04}").status_code for n in range(25)]

    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.requirement("F15")
def test_a_rescinded_agreement_says_so(visit, session, agreement, clock):
    agreement.state, agreement.changed_at = "rescinded", clock.now
    session.commit()

    assert "这份协议书已解除" in visit(None).get(address(agreement)).text
