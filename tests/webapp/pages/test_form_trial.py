"""A form of a draft is tried out as on the true page: pickers, rows, files; nothing is kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.webapp.pages.test_form_design_pages import SentBy
from webapp.models import Blob, Upload
from webapp.services.design.drafts import open_draft

FORM = {
    "title": "试",
    "components": [
        {"type": "picker", "key": "place", "label": "地点", "validate": {"required": True},
         "properties": {"scheme": "region"}},
        {"type": "picker", "key": "unit", "label": "单位", "properties": {"scheme": "registered_employer"}},
        {"type": "file", "key": "papers", "label": "材料", "validate": {"required": True, "max": 2}},
        {"type": "rows", "key": "people", "label": "人员", "components": [
            {"type": "text", "key": "who", "label": "姓名", "validate": {"required": True}}]},
        {"type": "text", "key": "late", "label": "为什么晚",
         "conditional": {"option": "case.Check_claim.outcome", "op": "==", "value": "taken"}},
        {"type": "block", "label": "毕业生", "source": "register.graduate",
         "items": [{"label": "学历", "source": "education", "scheme": "education_level"}]},
        {"type": "textarea", "key": "remark", "label": "备注", "properties": {"internal": True}},
    ],
}  # fmt: skip


@pytest.fixture
def ada(visit, cast):
    return visit(cast.ada)


@pytest.fixture
def address(session, cast, clock, ada):
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", clock.now)
    draft.forms = {**draft.forms, "signing/mine": FORM}
    session.commit()
    return f"/design/{draft.id}/form-trial/signing/mine"


class SentByTrial(SentBy):
    """Everything that the trial's form would send, whatever is hidden in it."""

    def handle_starttag(self, tag, found):
        super().handle_starttag(tag, [*found, ("data-guard", "")] if tag == "form" else found)


def sent_by(page):
    return {
        name: texts
        for name, texts in SentByTrial(page).sent.items()
        if name != "csrf_token" and not name.endswith(("__camera", "__album"))
    }


def photo(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


def test_a_code_is_searched_gone_down_to_and_chosen(ada, address):
    sent = sent_by(ada.get(address)) | {"people-0-who": "张三"}

    search = ada.post(address, data=sent | {"_pick": "place"})
    found = ada.post(address, data=sent_by(search) | {"_find": "1", "_q": "蜀山"})
    down = ada.post(address, data=sent_by(search) | {"_within": "340100"})
    chosen = ada.post(address, data=sent_by(down) | {"_code": "340104"})

    assert "选择地点" in search.text
    assert "找到" in found.text
    assert 'value="340104"' in found.text
    assert "安徽省 合肥市" in down.text
    after = sent_by(chosen)
    assert (after["place"], after["people-0-who"]) == (["340104"], ["张三"])
    assert "处需要修改" not in chosen.text


def test_a_code_that_may_not_be_chosen_changes_nothing(ada, address):
    page = ada.post(address, data={"_picking": "place", "_code": "340000"})

    assert sent_by(page)["place"] == [""]


def test_an_employer_is_searched_in_the_true_register(ada, address, session, cast):
    name = cast.employer.name
    page = ada.post(address, data={"_picking": "unit", "_find": "1", "_q": name})

    assert name in page.text


@pytest.mark.parametrize(
    "sent", [{"_pick": "late"}, {"_pick": "none"}, {"_row": "add:papers"}, {"_drop": "place:x"}]
)
def test_what_the_form_does_not_have_is_not_found(ada, address, sent):
    assert ada.post(address, data=sent).status_code == 404


def test_rows_are_added_and_taken_away(ada, address):
    sent = sent_by(ada.get(address)) | {"people-0-who": "张三"}

    more = ada.post(address, data=sent | {"_row": "add:people"})
    fewer = ada.post(address, data=sent_by(more) | {"_row": "remove:people:0"})

    assert sent_by(more)["people-0-who"] == ["张三"]
    assert "people-1-_row" in sent_by(more)
    assert sent_by(fewer)["people-0-who"] == [""]
    assert "people-1-_row" not in sent_by(fewer)


def test_files_are_checked_and_thrown_away(ada, address, session):
    def count():
        session.rollback()
        return [session.scalar(select(func.count()).select_from(one)) for one in (Upload, Blob)]

    before = count()
    good = (io.BytesIO(photo()), "公函.png")
    bad = (io.BytesIO(b"MZ\x90"), "工具.exe")

    mixed = ada.post(address, data={"papers__album": [good, bad]})
    sent = sent_by(mixed)
    more = ada.post(address, data=sent | {"papers__album": [(io.BytesIO(photo("JPEG")), "a.jpg"), (io.BytesIO(photo()), "b.png")]})  # fmt: skip
    gone = ada.post(address, data=sent | {"_drop": f"papers:{sent['papers'][0]}"})

    assert "“工具.exe”没有上传" in mixed.text
    assert "公函.png" in mixed.text
    assert len(sent["papers"]) == 1
    assert "最多" in more.text
    assert len(sent_by(more)["papers"]) == 3
    assert "papers" not in sent_by(gone)
    assert count() == before


def test_what_the_process_would_receive_is_told_with_labels_and_values(ada, address):
    sent = {"place": "340104", "people-0-_row": "1", "people-0-who": "张三", "remark": "急"}

    samples = ada.post(address, data=sent | {"_samples": "1"})
    right = ada.post(address, data=sent_by(samples))

    assert "这样填可以提交" in right.text
    assert "place = &#34;340104&#34;" in right.text
    assert "安徽省 合肥市 蜀山区" in right.text
    assert "示例文件.pdf" in right.text
    assert "1. 姓名 张三" in right.text
    assert "只给自己一方看" in right.text


def test_what_earlier_steps_came_to_can_be_supposed(ada, address):
    without = ada.get(address)
    sent = sent_by(without) | {"_given:case.Check_claim.outcome": "taken"}
    supposed = ada.post(address, data=sent | {"_suppose": "1"})
    search = ada.post(address, data=sent | {"_pick": "place"})
    back = ada.post(address, data=sent_by(search) | {"_back": "1"})

    assert "为什么晚" not in without.text
    assert "为什么晚" in supposed.text
    assert "为什么晚" in back.text
    assert "处需要修改" not in supposed.text


def test_read_only_blocks_show_samples(ada, address):
    assert "学历" in ada.get(address).text


FORMS_OF_ALL_KINDS = ("destination/upload_evidence", "certification/fill", "amendment/confirm")


@pytest.mark.parametrize("key", FORMS_OF_ALL_KINDS)
def test_a_packaged_form_can_be_sent_with_samples(ada, address, key):
    place = address.replace("signing/mine", key)
    page = ada.post(place, data=sent_by(ada.get(place)) | {"_samples": "1"})
    sent = ada.post(place, data=sent_by(page))

    assert (page.status_code, sent.status_code) == (200, 200)
    assert sent_by(ada.post(place, data=sent_by(page) | {"_suppose": "1"})) == sent_by(page)
