"""协议书打印管理: the list, one agreement's print page, several at once, and the register of requests."""

from __future__ import annotations

import pytest
from rendering import store_document
from sqlalchemy import select

from pdf import stamps
from webapp.models import Agreement, Print, PrintRequest

CONTENT = b"%PDF-1.7 as issued"


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """Pages are not the place to wait for a stamp."""
    monkeypatch.setattr(stamps, "stamp_copy", lambda content, label: content)
    monkeypatch.setattr(stamps, "join_copies", lambda contents: b"".join(contents))


@pytest.fixture
def agreement(session, story, clock):
    story.completed()
    agreement = session.scalars(select(Agreement)).one()
    store_document(session, agreement, CONTENT, clock.now)
    return agreement


def take(client, agreement, copy="毕业生", **more):
    return client.post(f"/agreements/{agreement.id}/copies", data={"copy": copy, **more})


@pytest.mark.requirement("F08", "F09", "F11", "F24")
def test_the_list_has_the_columns_of_the_sources_and_leads_to_the_print_page(
    visit, cast, agreement
):
    take(visit(cast.lin), agreement)

    page = visit(cast.rao).get("/office/agreements").text

    for column in ("姓名", "学号", "院系名称", "专业名称", "单位名称", "机构代码", "单位性质",
                   "打印次数", "最后一次打印时间"):  # fmt: skip
        assert f">{column}</th>" in page
    assert f"/agreements/{agreement.id}/print" in page
    assert "91340100MA2MRBFK0N" in page
    assert '<td data-l="打印次数" class="right num">1</td>' in page
    assert "打印申请登记表" in page


@pytest.mark.requirement("F08")
@pytest.mark.parametrize(
    ("query", "found"),
    [("q=林", True), ("q=王", False), ("printed=no", True), ("printed=yes", False),
     ("state=rescinded", False), ("q=恒信", True)],
)  # fmt: skip
def test_the_list_can_be_narrowed(visit, cast, agreement, query, found):
    page = visit(cast.wu).get(f"/office/agreements?{query}").text

    assert (agreement.number in page) is found


@pytest.mark.requirement("F09", "F10", "F13", "F14", "G24", "G25")
@pytest.mark.parametrize("reader", ["lin", "hengxin", "rao", "wu"])
def test_both_sides_and_the_school_find_the_print_window(visit, cast, agreement, reader):
    client = visit(getattr(cast, reader))

    page = client.get(f"/agreements/{agreement.id}/print").text
    file = client.post(f"/agreements/{agreement.id}/copies", data={"all": "1"})

    assert "打印“用人单位”一份" in page
    assert "正反面打印，一式三份，不可多打，否则后果自负" in page
    assert file.mimetype == "application/pdf"
    assert file.data == CONTENT * 3
    assert "3，共可打印 3 份" in client.get(f"/agreements/{agreement.id}/print").text


@pytest.mark.requirement("G26")
def test_the_print_page_tells_in_which_order_it_is_sealed(visit, cast, session, agreement):
    cast.school.settings = {**cast.school.settings, "seal_order": ["学院", "学校", "用人单位"]}
    session.commit()

    assert "学院 → 学校 → 用人单位" in visit(cast.lin).get(f"/agreements/{agreement.id}/print").text


@pytest.mark.requirement("F13", "G24")
def test_where_the_school_prints_itself_a_party_is_told_and_may_ask(
    visit, cast, session, agreement
):
    cast.school.settings = {**cast.school.settings, "print_by": "school"}
    session.commit()
    lin = visit(cast.lin)

    page = lin.get(f"/agreements/{agreement.id}/print").text
    refused = take(lin, agreement)

    assert "协议书由学校打印" in page
    assert "提交打印申请" in page
    assert refused.status_code == 403
    assert "协议书不由您这一方打印" in refused.text


@pytest.mark.requirement("F10", "G25")
def test_ticked_agreements_come_as_one_file_and_nothing_ticked_is_told_on_the_list(
    visit, cast, session, agreement
):
    rao = visit(cast.rao)

    nothing = rao.post("/office/agreements/print", data={"copy": ["学校"]})
    file = rao.post(
        "/office/agreements/print", data={"agreement": agreement.id.hex, "copy": ["学校", "毕业生"]}
    )

    assert nothing.status_code == 422
    assert "没有勾选协议书" in nothing.text
    assert "协议书打印管理" in nothing.text
    assert file.data == CONTENT * 2
    session.rollback()
    assert [row.copy for row in session.scalars(select(Print).order_by(Print.id))] == [
        "学校",
        "毕业生",
    ]


@pytest.mark.requirement("G25")
def test_what_was_ticked_and_typed_comes_back_when_the_quota_is_used_up(
    visit, cast, session, agreement
):
    wu = visit(cast.wu)
    wu.post(f"/agreements/{agreement.id}/copies", data={"all": "1"})

    refused = wu.post(
        "/office/agreements/print", data={"agreement": agreement.id.hex, "copy": "学校"}
    )
    printed = wu.post(
        "/office/agreements/print",
        data={"agreement": agreement.id.hex, "copy": "学校", "reason": "原件遗失"},
    )

    assert refused.status_code == 422
    assert f'value="{agreement.id.hex}" aria-label="选中林知夏" checked' in refused.text
    assert printed.status_code == 200


@pytest.mark.requirement("F11", "I9")
def test_a_party_reads_which_side_printed_and_the_school_reads_who(visit, cast, agreement):
    take(visit(cast.rao), agreement)
    take(visit(cast.lin), agreement)

    def log(actor):
        page = visit(actor).get(f"/agreements/{agreement.id}/print").text
        return page.partition("打印记录")[2]

    assert "学校打印" in log(cast.hengxin)
    assert "毕业生打印" in log(cast.hengxin)
    assert "饶老师" not in log(cast.hengxin)
    assert "饶老师打印" in log(cast.wu)
    assert "您打印" in log(cast.lin)


@pytest.mark.requirement("F24")
def test_a_request_is_registered_decided_and_printed(visit, cast, session, agreement):
    lin, wu = visit(cast.lin), visit(cast.wu)
    lin.post(f"/agreements/{agreement.id}/copies", data={"all": "1"})
    ask = f"/agreements/{agreement.id}/requests"

    short = lin.post(ask, data={"copy": "毕业生", "reason": "x"})
    sent = lin.post(ask, data={"copy": "毕业生", "reason": "原件淋湿了"})
    again = lin.post(ask, data={"copy": "毕业生", "reason": "再来一份"})
    session.rollback()
    request = session.scalars(select(PrintRequest)).one()
    register = wu.get("/office/print-requests").text
    place = f"/office/print-requests/{request.id}"
    without = wu.post(place, data={"state": "refused"})
    granted = wu.post(place, data={"state": "granted"})
    page = lin.get(f"/agreements/{agreement.id}/print").text
    file = take(lin, agreement)

    assert (short.status_code, sent.status_code, again.status_code) == (422, 303, 409)
    assert "原件淋湿了" in register
    assert agreement.number in register
    assert (without.status_code, granted.status_code) == (422, 303)
    assert "要写明原因" in without.text
    assert "学校同意了您的打印申请" in page
    assert file.status_code == 200
    assert take(lin, agreement).status_code == 409
    assert "已打印" in wu.get("/office/print-requests").text


@pytest.mark.requirement("F24", "I9")
def test_the_register_shows_a_reviewer_the_own_college_and_no_buttons(
    visit, cast, session, agreement
):
    other = cast.make.college(cast.school, "外国语学院", "09")
    stranger = cast.make.actor(
        cast.make.person("外院老师"), "reviewer", school_id=cast.school.id, college_id=other.id
    )
    session.commit()
    visit(cast.lin).post(
        f"/agreements/{agreement.id}/requests", data={"copy": "学校", "reason": "人在外地"}
    )

    own, foreign = (visit(one).get("/office/print-requests").text for one in (cast.rao, stranger))

    assert "人在外地" in own
    assert 'name="state" value="granted"' not in own
    assert "人在外地" not in foreign
