"""Copies on paper: by the school's rules, several at once, and another one on request."""

from __future__ import annotations

import hashlib
import io

import pypdf
import pytest
from racing import race
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp.errors import (
    NotAllowed,
    NotAllPrintable,
    NothingToPrint,
    NotYours,
    PrintingNotOpen,
    PrintQuotaReached,
    ReasonMissing,
    RequestDecided,
    RequestWaits,
    TooManyCopies,
)
from webapp.models import Agreement, Audit, Document, Notification, Print, PrintRequest
from webapp.services.agreements import documents, print_requests, prints
from webapp.services.agreements.prints import Wanted

both_databases = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
COPIES = ("用人单位", "毕业生", "学校")


@pytest.fixture
def dialect(request):
    """One store, but where a test says that the store itself matters."""
    return getattr(request, "param", "sqlite")


def some_pdf(pages):
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def store(session, agreement, now, pages=2):
    content = some_pdf(pages)
    sha256 = hashlib.sha256(content).hexdigest()
    documents.store_blob(session, sha256, content)
    session.add(
        Document(
            school_id=agreement.school_id,
            agreement_id=agreement.id,
            sha256=sha256,
            pages=pages,
            rendered_at=now,
        )
    )
    session.commit()


@pytest.fixture
def signed(story, session, cast, monday):
    """Another graduate's agreement with Hengxin beside Lin's, both with a document."""

    def sign(graduate, actor):
        case, answer = story.invite(graduate=graduate)
        story.accept(actor, answer)
        story.submit(cast.rao, story.open_task(case), outcome="pass")
        story.submit(cast.wu, story.open_task(case), outcome="pass")
        found = session.scalars(select(Agreement).where(Agreement.case_id == case.id)).one()
        store(session, found, monday)
        return found

    other, actor = cast.make.graduate(cast.school, cast.college, "周子安")
    return [sign(cast.graduate, cast.lin), sign(other, actor)]


@pytest.fixture
def hand_out(session, story):
    def act(actor, *wanted, **more):
        wanted = [Wanted(agreement.id, copy) for agreement, copy in wanted]
        found = prints.hand_out(session, actor, wanted, story.monday, **more)
        session.commit()
        return found

    return act


def choose(session, cast, **settings):
    cast.school.settings = {**cast.school.settings, **settings}
    session.commit()


def printed(session):
    session.rollback()
    return [row.copy for row in session.scalars(select(Print).order_by(Print.id))]


def pages_of(content):
    return [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@both_databases
@pytest.mark.requirement("F10", "F11", "G25")
def test_several_agreements_are_one_file_and_every_copy_is_a_row(session, cast, signed, hand_out):
    found = hand_out(cast.rao, *[(one, copy) for one in signed for copy in COPIES])

    texts = pages_of(found.content)
    assert len(texts) == 12
    assert texts[0] == texts[1] == "用人单位留存"
    assert texts[4] == "学校留存"
    assert printed(session) == [*COPIES, *COPIES]
    rows = session.scalars(select(Print)).all()
    assert {(row.person_id, len(row.sha256)) for row in rows} == {(cast.rao.person_id, 64)}


@pytest.mark.requirement("G25")
def test_a_copy_of_an_odd_number_of_pages_leaves_the_back_of_its_last_sheet_empty(
    session, story, cast, hand_out
):
    story.complete()
    agreement = session.scalars(select(Agreement)).one()
    store(session, agreement, story.monday, pages=1)

    found = hand_out(cast.rao, (agreement, "学校"), (agreement, "毕业生"))

    assert pages_of(found.content) == ["学校留存", "", "毕业生留存", ""]


@both_databases
@pytest.mark.requirement("G25")
def test_where_one_cannot_be_printed_none_is_and_every_one_is_named(
    session, cast, signed, hand_out
):
    first, second = signed
    hand_out(cast.rao, *[(first, copy) for copy in COPIES])

    with pytest.raises(NotAllPrintable, match=first.number) as refused:
        hand_out(cast.rao, (first, "学校"), (second, "学校"))
    session.rollback()

    assert second.number not in str(refused.value)
    assert printed(session) == [*COPIES]


@pytest.mark.requirement("G25")
def test_the_office_goes_beyond_the_quota_with_a_reason_that_is_audited(
    session, cast, signed, hand_out
):
    first, _ = signed
    hand_out(cast.rao, *[(first, copy) for copy in COPIES])
    with pytest.raises(ReasonMissing):
        hand_out(cast.wu, (first, "学校"))
    session.rollback()

    hand_out(cast.wu, (first, "学校"), reason="原件遗失")

    assert len(printed(session)) == 4
    told = session.scalars(select(Audit.about).where(Audit.act == "print_override")).all()
    assert told == [f"{first.number} 学校：原件遗失"]


def test_nothing_and_too_much_are_told_before_anything_is_counted(session, cast, signed, hand_out):
    with pytest.raises(NothingToPrint):
        hand_out(cast.rao)
    with pytest.raises(TooManyCopies, match="61 份"):
        hand_out(cast.rao, *[(signed[0], "学校")] * 61)
    assert printed(session) == []


@pytest.mark.requirement("F09", "I9")
def test_a_reviewer_prints_the_own_colleges_alone(session, cast, signed, hand_out):
    other = cast.make.college(cast.school, "外国语学院", "09")
    stranger = cast.make.actor(
        cast.make.person("外院老师"), "reviewer", school_id=cast.school.id, college_id=other.id
    )
    session.commit()

    with pytest.raises(NotYours):
        hand_out(stranger, (signed[0], "学校"))


@pytest.mark.requirement("F13", "F14", "G24")
@pytest.mark.parametrize(
    ("print_by", "open_to"),
    [("all", "lin hengxin rao wu"), ("graduate", "lin rao wu"), ("employer", "hengxin rao wu"),
     ("school", "rao wu")],
)  # fmt: skip
def test_the_school_says_who_prints(session, cast, signed, hand_out, print_by, open_to):
    choose(session, cast, print_by=print_by, print_quota=9)
    printing = set()
    for name in ("lin", "hengxin", "rao", "wu"):
        try:
            hand_out(getattr(cast, name), (signed[0], "学校"))
            printing.add(name)
        except PrintingNotOpen:
            session.rollback()

    assert printing == set(open_to.split())


def test_the_original_stays_as_it_was(session, cast, signed, hand_out):
    before = documents.read(session, cast.wu, signed[0].id).content

    given = hand_out(cast.wu, (signed[0], "学校")).content

    assert given != before
    assert documents.read(session, cast.wu, signed[0].id).content == before


# Requests for another print.


@pytest.fixture
def used_up(session, cast, signed, hand_out):
    hand_out(cast.rao, *[(signed[0], copy) for copy in COPIES])
    return signed[0]


@pytest.fixture
def asked(session, story, cast, used_up):
    print_requests.ask(session, cast.lin, used_up.id, "毕业生", "原件淋湿了", story.monday)
    session.commit()
    return session.scalars(select(PrintRequest)).one()


@both_databases
@pytest.mark.requirement("F24", "G25")
def test_a_granted_request_lets_its_side_print_one_more_and_only_one(
    session, story, cast, used_up, asked, hand_out
):
    print_requests.decide(session, cast.wu, asked.id, "granted", "", story.monday)
    session.commit()
    with pytest.raises(PrintQuotaReached):
        hand_out(cast.hengxin, (used_up, "毕业生"))
    session.rollback()

    hand_out(cast.lin, (used_up, "毕业生"))
    with pytest.raises(PrintQuotaReached):
        hand_out(cast.lin, (used_up, "毕业生"))
    session.rollback()

    last = session.scalars(select(Print).order_by(Print.id.desc())).first()
    assert last.reason == "原件淋湿了"
    assert session.get_one(PrintRequest, asked.id).print_id == last.id
    told = session.execute(select(Notification.event, Notification.person_id)).all()
    assert ("print_asked", cast.wu.person_id) in told
    assert ("print_granted", cast.lin.person_id) in told


@pytest.mark.requirement("F24", "F13")
def test_a_grant_also_opens_printing_where_the_school_prints_itself(
    session, story, cast, signed, hand_out
):
    choose(session, cast, print_by="school")
    print_requests.ask(session, cast.lin, signed[0].id, "毕业生", "人在外地", story.monday)
    request = session.scalars(select(PrintRequest)).one()
    print_requests.decide(session, cast.wu, request.id, "granted", "", story.monday)
    session.commit()

    hand_out(cast.lin, (signed[0], "毕业生"))

    assert printed(session) == ["毕业生"]
    with pytest.raises(PrintingNotOpen):
        hand_out(cast.lin, (signed[0], "毕业生"))


@pytest.mark.requirement("F24")
def test_a_refusal_says_why_and_lets_nobody_print(session, story, cast, used_up, asked, hand_out):
    with pytest.raises(ReasonMissing):
        print_requests.decide(session, cast.wu, asked.id, "refused", " ", story.monday)
    session.rollback()

    print_requests.decide(session, cast.wu, asked.id, "refused", "请先交回原件", story.monday)
    session.commit()

    with pytest.raises(PrintQuotaReached):
        hand_out(cast.lin, (used_up, "毕业生"))
    session.rollback()
    assert print_requests.requests_of(session, cast.lin, used_up.id)[0].answer == "请先交回原件"
    assert print_requests.requests_of(session, cast.hengxin, used_up.id) == []


@both_databases
@pytest.mark.requirement("F24")
def test_one_request_of_a_side_waits_at_a_time(sessions, session, story, cast, used_up):
    def ask(session):
        return print_requests.ask(session, cast.lin, used_up.id, "学校", "原件遗失", story.monday)

    results = race(sessions, [ask] * 3)

    assert sum(isinstance(one, RequestWaits) for one in results) == 2
    assert len(session.scalars(select(PrintRequest)).all()) == 1


@both_databases
@pytest.mark.requirement("F24")
def test_a_request_is_decided_once(sessions, session, story, cast, asked):
    session.commit()

    def decide(state):
        return lambda s: print_requests.decide(s, cast.wu, asked.id, state, "已看过", story.monday)

    results = race(sessions, [decide("granted"), decide("refused")])

    assert sum(isinstance(one, RequestDecided) for one in results) == 1


@pytest.mark.requirement("F24")
def test_only_a_party_asks_and_only_the_office_decides(session, story, cast, used_up, asked):
    for actor in (cast.rao, cast.wu):
        with pytest.raises(NotAllowed):
            print_requests.ask(session, actor, used_up.id, "学校", "原件遗失", story.monday)
        session.rollback()
    with pytest.raises(NotYours):
        print_requests.ask(session, cast.nils, used_up.id, "学校", "原件遗失", story.monday)
    session.rollback()
    for actor in (cast.lin, cast.rao):
        with pytest.raises(NotAllowed):
            print_requests.decide(session, actor, asked.id, "granted", "", story.monday)
        session.rollback()


@pytest.mark.requirement("F24")
def test_a_grant_cannot_be_used_twice_whoever_writes(run_sql, session, asked):
    with pytest.raises(DBAPIError):
        run_sql("UPDATE print_request SET print_id = (SELECT min(id) FROM print)")
