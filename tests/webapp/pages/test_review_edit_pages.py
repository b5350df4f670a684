"""A reviewer changes what a graduate registered: type and data, with the difference and a notice."""

from __future__ import annotations

import re

import pytest
from registering import STUDY, Registration, image
from sqlalchemy import select

from webapp.models import Destination, History, Notification
from webapp.services.design import releases

ABROAD = {
    "code": "85",
    "abroad_country": "新加坡",
    "abroad_school": "NUS",
    "abroad_school_chinese": "新加坡国立大学",
}


@pytest.fixture
def submitted(visit, cast, session, published) -> Registration:
    registration = Registration(visit, cast, session)
    registration.submit()
    return registration


@pytest.fixture
def edit_of(visit, cast):
    """Posts to the edit page of a registration as Rao: what stands in it, changed."""

    class Page:
        def __init__(self, registration):
            self.registration = registration

        def address(self):
            return f"/review/{self.registration.task().id}/edit"

        def shown(self, page):
            inputs = re.findall(r"<input ([^>]*)>", page.text)
            typed = {}
            for one in inputs:
                got = dict(re.findall(r'([\w-]+)="([^"]*)"', one))
                boxed = got.get("type") in ("radio", "file", "checkbox")
                if "name" in got and (not boxed or " checked" in one):
                    typed.setdefault(got["name"], []).append(got.get("value", ""))
            return typed

        def get(self, actor=cast.rao):
            return visit(actor).get(self.address())

        def post(self, do, actor=cast.rao, **changed):
            data = {**self.shown(self.get(actor)), **changed, "do": do}
            return visit(actor).post(self.address(), data=data)

        def confirm(self, actor=cast.rao, **changed):
            checked = self.post("check", actor, **changed)
            assert checked.status_code == 200, checked.text
            data = self.shown(checked)
            return visit(actor).post(self.address(), data={**data, "do": "confirm"})

    return Page


@pytest.fixture
def edit(submitted, edit_of):
    return edit_of(submitted)


def changes(session):
    session.rollback()
    rows = session.scalars(select(History).where(History.kind == "amended")).all()
    return [(c["label"], c["before"], c["after"]) for row in rows for c in row.body["changes"]]


def notices(session):
    session.rollback()
    return session.scalars(select(Notification.event).order_by(Notification.id)).all()


@pytest.mark.requirement("M07")
def test_the_review_page_leads_to_the_registration_s_own_forms(submitted, visit, cast, edit):
    review = visit(cast.rao).get(f"/review/{submitted.task().id}").text

    page = edit.get().text

    assert edit.address() in review
    for text in ("江南大学", "签劳动合同形式就业", "录取通知书.png"):
        assert text in page
    assert "提交审核" not in page


@pytest.mark.requirement("M07", "N02")
def test_changed_data_are_shown_before_and_after_kept_and_told(submitted, edit, session, cast):
    checked = edit.post("check", study_major="食品工程")
    assert "食品科学" in checked.text
    assert "食品工程" in checked.text
    assert changes(session) == []

    answer = edit.confirm(study_major="食品工程")

    assert answer.status_code == 303
    assert changes(session) == [("录取专业", "食品科学", "食品工程")]
    assert notices(session)[-1] == "amended"
    page = submitted.page(cast.lin)
    assert "录取专业“食品科学”改为“食品工程”" in page
    assert submitted.case().status == "destination_under_review"
    assert submitted.case().variables["Fill_destination"]["study_major"] == "食品工程"


@pytest.mark.requirement("M07")
def test_another_type_shows_its_own_fields_and_brings_the_evidence_along(submitted, edit):
    page = edit.post("show", code="85").text

    assert "院校外文名" in page
    assert "录取院校" not in page
    assert 'name="abroad_proof"' in page
    assert "录取通知书.png" in page


@pytest.mark.requirement("M07")
def test_a_changed_type_with_its_data_is_what_is_passed_and_written(
    submitted, edit, visit, cast, session
):
    shown = edit.shown(edit.post("show", code="85"))
    checked = visit(cast.rao).post(edit.address(), data={**shown, **ABROAD, "do": "check"})
    visit(cast.rao).post(edit.address(), data={**edit.shown(checked), "do": "confirm"})

    variables = submitted.case().variables
    assert variables["Choose_destination_type"] == {"code": "85", "outcome": "fill"}
    assert "study_school" not in variables["Fill_destination"]
    assert ("去向类型", "升学：考研", "出国、出境深造") in changes(session)
    review = visit(cast.rao).get(f"/review/{submitted.task().id}").text
    assert "新加坡国立大学" in review
    assert "录取通知书.png" in review
    submitted.review(cast.rao, outcome="pass")
    submitted.review(cast.wu, outcome="pass")
    assert "出国、出境深造 · 新加坡国立大学" in visit(cast.lin).get("/home").text


@pytest.mark.requirement("M07")
def test_a_type_whose_evidence_is_missing_is_not_taken(submitted, edit, session, visit, cast):
    shown = edit.shown(edit.post("show", code="11"))

    refused = visit(cast.rao).post(edit.address(), data={**shown, "do": "check"})

    assert refused.status_code == 422
    assert "请上传劳动合同封面" in refused.text
    assert changes(session) == []


@pytest.mark.requirement("M07")
def test_a_reviewer_may_hand_in_a_paper(submitted, edit, visit, cast, session):
    page = edit.get()
    data = {**edit.shown(page), "study_proof__album": image(), "do": "check"}

    checked = visit(cast.rao).post(edit.address(), data=data)

    assert "2 个文件" in checked.text
    visit(cast.rao).post(edit.address(), data={**edit.shown(checked), "do": "confirm"})
    assert len(submitted.case().variables["Fill_destination"]["study_proof"]) == 2


@pytest.mark.requirement("M04", "M07")
def test_a_reviewer_cannot_choose_what_the_graduate_could_not(submitted, edit):
    assert edit.post("check", code="DX").status_code == 422


@pytest.mark.requirement("M07", "I6")
def test_what_somebody_changed_meanwhile_is_not_overwritten(submitted, edit, visit, cast, session):
    early = edit.shown(edit.get())
    edit.confirm(study_major="食品工程")

    late = {**early, "study_major": "生物工程", "do": "confirm"}
    answer = visit(cast.rao).post(edit.address(), data=late)

    assert answer.status_code == 409
    assert [after for _, _, after in changes(session)] == ["食品工程"]


@pytest.mark.requirement("M07")
def test_nothing_changed_is_nothing_told(submitted, edit, session):
    answer = edit.post("confirm")

    assert "没有改动" in answer.text
    assert notices(session) == []


@pytest.mark.requirement("M07", "I9")
def test_only_who_reviews_it_now_may_change_it(submitted, visit, cast):
    address = f"/review/{submitted.task().id}/edit"

    assert visit(cast.wu).get(address).status_code == 404
    assert visit(cast.lin).get(address).status_code == 403

    submitted.review(cast.rao, outcome="pass")
    assert visit(cast.rao).get(address).status_code == 409
    assert visit(cast.wu).get(f"/review/{submitted.task().id}/edit").status_code == 200


@pytest.mark.requirement("M07")
def test_what_no_diagram_lets_be_changed_has_no_such_page(story, visit, cast):
    _, task = story.accepted()

    assert visit(cast.rao).get(f"/review/{task.id}/edit").status_code == 404
    assert "修改登记内容" not in visit(cast.rao).get(f"/review/{task.id}").text


@pytest.mark.requirement("M07")
def test_a_code_is_looked_up_with_everything_kept(submitted, edit, visit, cast):
    shown = edit.shown(edit.post("show", code="46"))
    typed = {**shown, "enlist_notice_no": "皖征 12 号", "_pick": "enlist_region"}
    page = visit(cast.rao).post(edit.address(), data=typed, follow_redirects=True)
    assert "选择征兵地" in page.text

    chosen = visit(cast.rao).post(
        f"{edit.address()}/pick/enlist_region", data={"code": "340104"}, follow_redirects=True
    )

    assert "蜀山区" in chosen.text
    assert "皖征 12 号" in chosen.text


@pytest.fixture
def entered(visit, cast, session, clock, monkeypatch) -> Registration:
    """What the school entered and the graduate proved, under review by the college."""
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    offered = {"other_destination": ["school_entered"]}
    cast.school.settings = {**cast.school.settings, "offered": offered}
    releases.publish_packaged(session, cast.school.id, clock.now)
    session.commit()
    registration = Registration(visit, cast, session)
    office = visit(cast.wu)
    office.post(f"/start/other_destination/school_entered/graduate/{cast.graduate.id}")
    choose = {"code": "801", "outcome": "fill", "do": "confirm"}
    office.post(f"/tasks/{registration.task().id}/answer", data=choose)
    data = {key: value for key, value in STUDY.items() if key != "study_proof_kind"}
    office.post(f"/tasks/{registration.task().id}/answer", data={**data, "do": "confirm"})
    registration.fill(outcome="submit", study_proof_kind="notice", study_proof__album=image())
    return registration


@pytest.mark.requirement("M07")
def test_what_the_school_entered_may_be_changed_under_review_too(
    entered, edit_of, session, visit, cast
):
    edit = edit_of(entered)

    page = edit.get().text
    edit.confirm(study_school="南京大学")

    assert "更改去向类型" in page
    assert "录取通知书" in page
    assert ("录取院校", "江南大学", "南京大学") in changes(session)
    assert "amended" in notices(session)
    for actor in (cast.rao, cast.wu):
        entered.review(actor, outcome="pass")
    session.rollback()
    written = session.scalars(select(Destination)).one()
    assert written.snapshot["study_school"] == "南京大学"


@pytest.mark.requirement("M07")
def test_the_papers_of_the_graduate_are_kept_and_asked_for_the_new_type(entered, edit_of, session):
    edit = edit_of(entered)
    proof = entered.case().variables["Upload_evidence"]["study_proof"]

    assert edit.post("check", **ABROAD, _shown="801").status_code == 200
    edit.confirm(study_school="南京大学")

    assert entered.case().variables["Upload_evidence"]["study_proof"] == proof
    assert entered.case().variables["Upload_evidence"]["outcome"] == "submit"
