"""Posts, résumés and applications on their pages: what is read, asked, refused and given back."""

from __future__ import annotations

import io
import re

import pytest
from applying import INVITE, SIGN, Applying, offer_online, picture
from sqlalchemy import select

from webapp.models import Application, Post, Resume, Upload

TYPED_POST = {
    "title": "前端开发工程师",
    "category": "13",
    "work_place": "杭州市西湖区",
    "wanted": "4",
    "open_until": "2026-07-31",
    "description": "开发手机端和电脑端页面。",
}
TYPED_RESUME = {
    "mobile": "13800000009",
    "email": "lin@example.com",
    "introduction": "喜欢把复杂的事做简单。",
    "experience-0-_row": "1",
    "experience-0-period": "2026.03",
    "experience-0-place": "恒信",
    "experience-0-work": "写接口",
}


@pytest.fixture
def acts(session, cast, clock, published):
    offer_online(session, cast.school, clock.now)
    return Applying(session, cast, clock.now)


@pytest.mark.requirement("C02")
def test_an_employer_puts_up_changes_and_closes_a_post(acts, visit, cast, session):
    hengxin = visit(cast.hengxin)

    assert hengxin.post("/posts/new", data=TYPED_POST).location == "/posts"
    session.rollback()
    post = session.scalars(select(Post)).one()
    assert TYPED_POST["title"] in hengxin.get("/posts").text
    hengxin.post(f"/posts/{post.id}", data={**TYPED_POST, "wanted": "7"})
    hengxin.post(f"/posts/{post.id}/close")

    session.rollback()
    assert (post.wanted, post.closed_at is not None) == (7, True)
    assert "已停止招聘" in hengxin.get("/posts").text
    refused = hengxin.post(f"/posts/{post.id}", data=TYPED_POST)
    assert refused.status_code == 409
    assert "已关闭的岗位不能再改" in refused.text


@pytest.mark.parametrize(
    ("field", "text", "story"),
    [
        ("wanted", "0", "招聘人数"),
        ("open_until", "2026-05-01", "招聘截止日期"),
        ("title", "", "请填写岗位名称"),
    ],
)
def test_a_faulty_post_comes_back_as_typed(acts, visit, cast, session, field, text, story):
    answer = visit(cast.hengxin).post("/posts/new", data={**TYPED_POST, field: text})

    assert answer.status_code == 422
    assert story in answer.text
    assert "开发手机端和电脑端页面。" in answer.text
    session.rollback()
    assert session.scalars(select(Post)).all() == []


@pytest.mark.requirement("C02")
def test_a_resume_is_written_row_by_row_with_a_photo(acts, visit, cast, session):
    lin = visit(cast.lin)

    more = lin.post("/resume", data={**TYPED_RESUME, "_row": "add:experience"})
    assert more.status_code == 200
    assert 'name="experience-1-period"' in more.text
    assert session.scalars(select(Resume)).all() == []

    photo = (io.BytesIO(picture()), "我.png")
    saved = lin.post("/resume", data={**TYPED_RESUME, "photo__album": photo})
    assert saved.status_code == 303
    session.rollback()
    kept = session.scalars(select(Resume)).one().content
    upload = session.scalars(select(Upload)).one()
    assert kept["photo"] == [upload.id.hex]
    assert kept["experience"][0]["work"] == "写接口"
    shown = lin.get("/resume").text
    assert f"/uploads/{upload.id}" in shown
    assert lin.get(f"/uploads/{upload.id}").status_code == 200


@pytest.mark.requirement("C02")
def test_a_faulty_resume_comes_back_with_its_file(acts, visit, cast, session):
    typed = {
        **TYPED_RESUME,
        "introduction": "短",
        "photo__album": (io.BytesIO(picture()), "我.png"),
    }

    answer = visit(cast.lin).post("/resume", data=typed)

    assert answer.status_code == 422
    assert "自我介绍" in answer.text
    session.rollback()
    assert session.scalars(select(Upload.id)).one().hex in answer.text
    assert session.scalars(select(Resume)).all() == []


def test_a_photo_that_is_none_is_refused_and_the_rest_comes_back(acts, visit, cast):
    typed = {**TYPED_RESUME, "photo__album": (io.BytesIO(b"MZ program"), "我.png")}

    answer = visit(cast.lin).post("/resume", data=typed)

    assert answer.status_code == 422
    assert "“我.png”没有上传" in answer.text
    assert "喜欢把复杂的事做简单。" in answer.text


@pytest.mark.requirement("C02")
def test_posts_are_searched_and_read(acts, visit, cast):
    acts.post()
    acts.post(title="财务专员", category="21")
    lin = visit(cast.lin)

    assert "财务专员" not in lin.get("/jobs?q=开发").text
    assert "后端开发工程师" not in lin.get("/jobs?category=21").text
    assert "没有符合条件的岗位" in lin.get("/jobs?q=没有这个").text
    assert lin.get("/jobs?before=nonsense").status_code == 200


@pytest.mark.requirement("C02", "C11")
def test_what_the_employer_will_see_is_said_before_sending(acts, visit, cast, session):
    acts.resume()
    post = acts.post()
    lin = visit(cast.lin)

    page = lin.get(f"/jobs/{post.id}/apply").text
    assert "投递后，恒信科技有限公司才能看到您的联系电话和电子邮箱" in page
    assert "13800000009" in page
    unticked = lin.post(f"/jobs/{post.id}/apply", data={"message": "期待加入"})
    assert unticked.status_code == 422
    assert "请先勾选同意" in unticked.text
    assert "期待加入" in unticked.text
    assert session.scalars(select(Application)).all() == []

    sent = lin.post(f"/jobs/{post.id}/apply", data={"message": "期待加入", "consent": "1"})
    assert sent.status_code == 303
    assert "已投递" in lin.get(sent.location).text
    listed = lin.get("/applications").text
    assert "投递时间" in listed
    assert "已投递" in listed
    again = lin.post(f"/jobs/{post.id}/apply", data={"consent": "1"})
    assert again.status_code == 409
    assert "您已投过这个岗位" in again.text
    assert "查看进度" in lin.get(f"/jobs/{post.id}").text


@pytest.mark.requirement("C02")
def test_without_a_resume_the_way_leads_there_and_back(acts, visit, cast):
    post = acts.post()
    lin = visit(cast.lin)

    to_resume = lin.get(f"/jobs/{post.id}/apply")
    assert to_resume.location == f"/resume?post={post.id}"
    back = lin.post(to_resume.location, data=TYPED_RESUME)

    assert back.location == f"/jobs/{post.id}/apply"


@pytest.mark.requirement("C10")
def test_the_list_of_applicants_has_the_columns_and_words_of_the_source(acts, visit, cast, session):
    case = acts.offer()
    acts.accept(case)

    page = visit(cast.hengxin).get("/applicants").text

    heads = re.findall(r"<th>(.*?)</th>", page)
    assert heads == [
        *("姓名", "岗位名称", "院校名称", "性别", "学历", "专业名称"),
        *("联系电话", "电子邮箱", "投递时间", "备注状态"),
    ]
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    for text in ("林知夏", "后端开发工程师", "青禾大学", "女", "软件工程", "13800000009"):
        assert text in row
    assert "网签成功,待学校审核" in row
    assert "签约成功，待学校审核" in visit(cast.lin).get("/applications").text


@pytest.mark.requirement("C02")
def test_the_graduate_reads_the_resume_as_it_was_sent(acts, visit, cast):
    case = acts.sent()
    lin = visit(cast.lin)
    sent = lin.get(f"/cases/{case.id}").text
    lin.post("/resume", data={**TYPED_RESUME, "introduction": "后来改写的自我介绍。"})

    later = lin.get(f"/cases/{case.id}").text
    theirs = visit(cast.hengxin).get(f"/cases/{case.id}").text

    assert "投出的简历" in sent
    introduction = case.variables["Send_resume"]["resume"]["introduction"]
    assert introduction in later
    assert "后来改写的自我介绍。" not in later
    assert "投出的简历" not in theirs


@pytest.mark.requirement("D03")
def test_an_application_is_a_signing_from_the_offer_on(acts, visit, cast):
    acts.invited()
    hengxin = visit(cast.hengxin)
    before = hengxin.get("/signing/records").text
    acts.offer()

    assert "还没有签约记录" in before
    assert "签约通知" in hengxin.get("/signing/records").text


@pytest.mark.requirement("C10")
def test_applicants_are_filtered_by_post_and_state(acts, visit, cast):
    case = acts.sent()
    other = acts.post(title="测试工程师")
    hengxin = visit(cast.hengxin)

    assert "林知夏" in hengxin.get("/applicants?state=applied").text
    assert "没有符合条件的简历" in hengxin.get("/applicants?state=offered").text
    assert "没有符合条件的简历" in hengxin.get(f"/applicants?post={other.id.hex}").text
    assert hengxin.get(f"/cases/{case.id}").status_code == 200


@pytest.mark.requirement("C11")
def test_contact_leaves_the_list_when_nothing_came_of_it(acts, visit, cast):
    case = acts.sent()
    acts.answer(case, cast.hengxin, outcome="unsuitable")

    page = visit(cast.hengxin).get("/applicants").text

    assert "林知夏" in page
    assert "13800000009" not in page


@pytest.mark.requirement("C11")
def test_what_was_taken_back_is_gone_for_the_employer(acts, visit, cast, session, clock):
    case = acts.sent()
    lin = visit(cast.lin)
    assert "撤回投递" in lin.get(f"/cases/{case.id}").text

    lin.post(f"/cases/{case.id}/withdraw")

    assert "已撤回投递" in lin.get("/applications").text
    hengxin = visit(cast.hengxin)
    assert hengxin.get(f"/cases/{case.id}").status_code == 404
    assert "林知夏" not in hengxin.get("/applicants").text


@pytest.mark.requirement("C03", "C04", "C06", "N05")
def test_the_notices_show_sender_words_last_day_and_both_buttons(acts, visit, cast):
    case = acts.offer()
    lin = visit(cast.lin)

    page = lin.get("/applications/notices").text
    for text in ("恒信科技有限公司", SIGN["offer_message"], "接受邀请截止日期", "2026-6-19"):
        assert text in page
    assert "面试邀请：接受" in page

    task = lin.get(f"/tasks/{acts.task(case).id}").text
    assert re.search(r'class="btn bad" href="[^"]*outcome=decline">谢绝<', task)
    assert re.search(r'class="btn" href="[^"]*outcome=accept">接受<', task)
    assert SIGN["offer_message"] in task


@pytest.mark.requirement("C03", "C05")
def test_the_employer_reads_the_resume_and_invites(acts, visit, cast, session):
    case = acts.sent()
    hengxin = visit(cast.hengxin)
    address = f"/tasks/{acts.task(case).id}"

    read = hengxin.get(address).text
    for text in ("喜欢把复杂的事做简单。", "2026.03—2026.06 · 恒信 · 实习生", "期待加入"):
        assert text in read
    missing = hengxin.post(
        f"{address}/answer", data={"do": "confirm", "outcome": "invite", "interview_place": "201"}
    )
    assert missing.status_code == 422
    assert 'value="201"' in missing.text
    typed = {**INVITE, "interview_at": "2026-06-08T14:00", "do": "confirm"}
    assert hengxin.post(f"{address}/answer", data=typed).status_code == 303
    assert acts.task(case).element == "Answer_interview"


@pytest.mark.requirement("C05")
def test_the_reason_why_no_offer_went_out_stands_on_the_form(acts, visit, cast, session):
    cast.graduate.training_mode = "4"
    session.commit()
    case = acts.offer()

    page = visit(cast.hengxin).get(f"/tasks/{acts.task(case).id}/answer").text

    assert "这位毕业生不能网上签约" in page
    assert SIGN["offer_message"] in page


@pytest.mark.requirement("C07", "C09")
def test_while_the_school_has_not_reviewed_nothing_can_be_printed(acts, visit, cast):
    case = acts.offer()
    acts.accept(case)

    for reader in (cast.lin, cast.hengxin, cast.rao):
        page = visit(reader).get(f"/cases/{case.id}").text
        assert "签约成功，待学校审核" in page
        assert "下载协议书" not in page
        assert "打印用的" not in page

    acts.answer(case, cast.rao, outcome="pass")
    assert "签约成功，待学校审核" not in visit(cast.lin).get(f"/cases/{case.id}").text


@pytest.mark.requirement("C02", "C07")
def test_a_bound_graduate_is_told_why_nothing_can_be_sent(acts, visit, cast):
    acts.accept(acts.offer())
    post = acts.post(title="测试工程师")

    page = visit(cast.lin).get(f"/jobs/{post.id}").text
    refused = visit(cast.lin).get(f"/jobs/{post.id}/apply")

    assert "您已签约或正在办理签约" in page
    assert refused.status_code == 409
    assert "协商解约" in refused.text


def test_a_school_that_does_not_offer_it_has_no_entry(published, visit, cast):
    lin = visit(cast.lin)

    assert "找岗位" not in lin.get("/home").text
    assert lin.get("/jobs").status_code == 404
    assert lin.get("/resume").status_code == 404


def test_lists_turn_their_pages_by_key(acts, visit, cast, session, clock, monkeypatch):
    monkeypatch.setattr("webapp.pages.recruiting.PAGE", 1)
    monkeypatch.setattr("webapp.pages.recruiting.page_of", one_a_page)
    acts.resume()
    for title in ("甲岗位", "乙岗位"):
        acts.apply(acts.post(title=title))

    for address, reader in (("/jobs", cast.lin), ("/applications", cast.lin)):
        first = visit(reader).get(address).text
        assert "乙岗位" in first
        assert "甲岗位" not in first
        following = re.search(r'href="([^"]*before=[^"]*)"', first)
        assert following
        assert "甲岗位" in visit(reader).get(following[1]).text


def one_a_page(rows, key, query):
    from webapp.pages.paging import page_of

    return page_of(rows, key, query, 1)


@pytest.mark.requirement("C01")
def test_the_office_reads_the_share_of_online_signings_with_its_denominator(
    acts, visit, cast, clock
):
    empty = visit(cast.wu).get("/office").text
    assert "网签 0 / 0 份截止时刻有效的协议" in empty

    case = acts.offer()
    acts.accept(case)
    acts.answer(case, cast.rao, outcome="pass")
    clock.move(minutes=1)

    page = visit(cast.wu).get("/office").text
    assert "网签占比" in page
    assert "网签 1 / 1 份截止时刻有效的协议（含线下签约和已签登记）" in page


@pytest.mark.requirement("G03")
def test_the_flow_and_the_template_can_be_looked_at_before_applying(acts, visit, cast):
    post = acts.post()
    lin = visit(cast.lin)

    page = lin.get(f"/jobs/{post.id}").text
    drawing, template = (
        re.search(pattern, page)[1]  # type: ignore[index]
        for pattern in (r'data-diagram="([^"]+)"', r'href="([^"]+agreement\.pdf)"')
    )

    assert "投递简历" in lin.get(drawing).text
    assert lin.get(template).data.startswith(b"%PDF")
    assert visit(cast.nils).get(drawing).status_code == 404


@pytest.mark.requirement("A21")
def test_the_reviewer_sees_how_far_the_employer_is_verified(acts, visit, cast):
    case = acts.offer()
    acts.accept(case)

    page = visit(cast.rao).get(f"/review/{acts.task(case).id}").text

    assert "单位资质" in page
    assert "未核验" in page
    assert "10,500 元/月" in page
    assert "喜欢把复杂的事做简单。" not in page  # the résumé was for the employer
