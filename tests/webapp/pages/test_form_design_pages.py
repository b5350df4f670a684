"""Forms of a draft are changed part by part, judged at once, and tried out at a phone's width."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from forms.components import TYPES
from forms.definitions import packaged
from forms.editing import walk
from webapp.models import Draft
from webapp.services.design.drafts import print_of

KEY = "signing/answer_invitation"


@pytest.fixture
def address(draft):
    return f"/design/{draft.id}/forms"


def stored(session, draft, key=KEY):
    session.rollback()
    return session.get_one(Draft, draft.id).forms[key]


def number_of(raw, key):
    return next(n for n, part in enumerate(raw["components"]) if part.get("key") == key)


class SentBy(HTMLParser):
    """What the form that saves a part would send, as a browser does without script."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.select, self.text, self.is_ours = {}, "", "", False
        self.feed(page.text)

    def put(self, name, value):
        self.sent.setdefault(name, []).append(value or "")

    def handle_starttag(self, tag, found):
        tried = dict(found)
        if tag == "form":
            self.is_ours = "data-guard" in tried
        if not self.is_ours:
            return
        name = tried.get("name", "")
        ticked = tried.get("type") not in ("checkbox", "radio") or "checked" in tried
        if tag == "input" and name and ticked:
            self.put(name, tried.get("value"))
        elif tag == "textarea":
            self.text = name
            self.put(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in tried or self.select not in self.sent):
            self.sent[self.select] = [tried["value"]]

    def handle_data(self, data):
        if self.text:
            self.sent[self.text][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = ""
        if tag == "form":
            self.is_ours = False


def fields_of(page):
    """What saving the opened part would send; several values of one name as a list."""
    sent = SentBy(page).sent
    return {name: found[0] if len(found) == 1 else found for name, found in sent.items()}


def opened(ada, address, at, key=KEY):
    page = ada.get(f"{address}/{key}?at={at}")
    assert page.status_code == 200
    return fields_of(page)


def test_the_list_says_which_step_uses_a_form(ada, address):
    page = ada.get(address)

    assert "回应签约邀请" in page.text
    assert "系统自带" in page.text


def test_saving_a_part_as_it_is_shown_changes_nothing(ada, address, session, draft):
    before = stored(session, draft)

    for number in range(len(before["components"])):
        answer = ada.post(f"{address}/{KEY}", data=opened(ada, address, number))
        assert answer.status_code == 303, number

    assert stored(session, draft) == before


def test_a_field_becomes_required_and_gets_another_name(ada, address, session, draft):
    at = number_of(stored(session, draft), "reason")
    typed = opened(ada, address, at) | {"p-label": "为什么拒绝", "required": "true"}

    ada.post(f"{address}/{KEY}", data=typed)

    reason = stored(session, draft)["components"][at]
    assert reason["label"] == "为什么拒绝"
    assert reason["validate"] == {"maxLength": 200, "required": True}
    assert "conditional" in reason


def test_a_choice_is_added_and_keeps_what_the_page_does_not_show(ada, address, session, draft):
    at = number_of(stored(session, draft), "outcome")
    typed = opened(ada, address, at) | {"label-3": "再想想", "value-3": "later"}

    ada.post(f"{address}/{KEY}", data=typed)

    values = stored(session, draft)["components"][at]["values"]
    assert [one["value"] for one in values] == ["accept", "refuse", "later"]
    assert values[0]["when"] == "claim_is_free"


def test_a_fault_is_told_and_what_was_typed_stays(ada, address, session, draft):
    before = stored(session, draft)
    at = number_of(before, "reason")
    typed = opened(ada, address, at) | {"p-label": "为什么拒绝", "p-maxLength": "许多"}

    answer = ada.post(f"{address}/{KEY}", data=typed)

    assert answer.status_code == 422
    assert "没有保存" in answer.text
    assert 'value="许多"' in answer.text
    assert 'value="为什么拒绝"' in answer.text
    assert stored(session, draft) == before


def test_taking_out_what_others_read_is_refused_with_the_places(ada, address, session, draft):
    before = stored(session, draft)
    at = number_of(before, "outcome")
    sent = opened(ada, address, at) | {"do": "remove"}

    answer = ada.post(f"{address}/{KEY}", data=sent)
    stubborn = ada.post(f"{address}/{KEY}", data=sent | {"anyway": "1"})

    assert (answer.status_code, stubborn.status_code) == (422, 422)
    assert "流程图“线上签约：用人单位邀请”的“" in answer.text
    assert "这张表单的“拒绝的原因”按“outcome”" in answer.text
    assert "仍然删除" not in answer.text
    assert stored(session, draft) == before


def test_a_field_that_only_another_form_shows_goes_after_asking(ada, address, session, draft):
    key = "signing/fill_invitation"
    before = stored(session, draft, key)
    at = next(one.address for one in walk(before) if one.raw.get("key") == "supplement")
    page = ada.get(f"{address}/{key}?at={at}")
    sent = fields_of(page) | {"do": "remove"}

    asked = ada.post(f"{address}/{key}", data=sent)
    gone = ada.post(f"{address}/{key}", data=sent | {"anyway": "1"})

    assert "来自共用字段组" in page.text
    assert "FG-TERMS" in page.text
    assert "只改这一张表单" in page.text
    assert asked.status_code == 422
    assert "表单“回应签约邀请”显示或引用“supplement”" in asked.text
    assert "仍然删除" in asked.text
    assert gone.status_code == 303
    assert all(one.raw.get("key") != "supplement" for one in walk(stored(session, draft, key)))


def test_a_new_key_names_the_places_that_still_read_the_old_one(ada, address, session, draft):
    at = number_of(stored(session, draft), "outcome")
    typed = opened(ada, address, at) | {"p-key": "verdict"}

    answer = ada.post(f"{address}/{KEY}", data=typed, follow_redirects=True)

    assert "编号改了，还要改的地方：流程图" in answer.text


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_part_of_every_type_is_added_and_opened(ada, address, session, draft, kind):
    sent = {"do": "add", "at": "0", "type": kind, "revision": draft.revision}

    answer = ada.post(f"{address}/{KEY}", data=sent)

    assert answer.status_code == 303
    assert stored(session, draft)["components"][1]["type"] == kind
    assert opened(ada, address, "1")["at"] == "1"


def rows(name, *lines):
    """The rows of a condition as a page sends them: subject, comparison, values."""
    sent = {}
    for number, (subject, op, values) in enumerate(lines):
        sent |= {f"{name}-{number}-subject": subject, f"{name}-{number}-op": op}
        sent[f"{name}-{number}-value"] = values
    return sent


REFUSED = ("field:outcome", "==", "refuse")
REASON = ("field:reason", "filled", "")
IS_REFUSED = {"field": "outcome", "op": "==", "value": "refuse"}


@pytest.mark.parametrize(
    ("mode", "lines", "condition"),
    [
        ("all", [REFUSED], IS_REFUSED),
        ("any", [REFUSED, REASON], {"any": [IS_REFUSED, {"field": "reason", "op": "filled"}]}),
        (
            "all",
            [
                ("field:outcome", "in", ["accept", "refuse"]),
                ("option:claim_is_free", "empty", ""),
                ("option:case.Check_claim.outcome", "!=", "taken"),
            ],
            {
                "all": [
                    {"field": "outcome", "op": "in", "value": ["accept", "refuse"]},
                    {"option": "claim_is_free", "op": "empty"},
                    {"option": "case.Check_claim.outcome", "op": "!=", "value": "taken"},
                ]
            },
        ),
        ("all", [("field:outcome", "==", ["accept", "refuse"])], IS_REFUSED | {"op": "in", "value": ["accept", "refuse"]}),
    ],
)  # fmt: skip
def test_a_condition_is_put_together_of_rows(ada, address, session, draft, mode, lines, condition):
    at = number_of(stored(session, draft), "ack")
    typed = opened(ada, address, at) | {"shown": mode} | rows("shown", *lines)

    answer = ada.post(f"{address}/{KEY}", data=typed)

    assert answer.status_code == 303, answer.text
    assert stored(session, draft)["components"][at]["conditional"] == condition
    again = opened(ada, address, at)
    ada.post(f"{address}/{KEY}", data=again)
    assert stored(session, draft)["components"][at]["conditional"] == condition


def test_rows_of_a_part_that_had_no_condition_count_without_a_choice_above(
    ada, address, session, draft
):
    ada.post(f"{address}/{KEY}", data={"do": "add", "at": "0", "type": "text", "revision": 1})

    ada.post(f"{address}/{KEY}", data=opened(ada, address, "1") | rows("shown", REFUSED))

    assert stored(session, draft)["components"][1]["conditional"] == IS_REFUSED


def test_a_row_without_value_is_told_and_stays(ada, address, session, draft):
    before = stored(session, draft)
    typed = opened(ada, address, number_of(before, "ack")) | {"shown": "all"}

    answer = ada.post(
        f"{address}/{KEY}", data=typed | rows("shown", ("field:outcome", "==", ""), REASON)
    )

    assert answer.status_code == 422
    assert "“什么时候显示”第 1 条" in answer.text
    assert fields_of(answer)["shown-1-subject"] == "field:reason"
    assert stored(session, draft) == before


def test_buttons_of_rows_change_the_page_and_save_nothing(ada, address, session, draft):
    before = stored(session, draft)
    typed = opened(ada, address, number_of(before, "ack")) | {"p-label": "改过"}

    begun = ada.post(
        f"{address}/{KEY}",
        data=typed | rows("shown", ("field:outcome", "", "")) | {"rows": "shown:show"},
    )
    sent = fields_of(begun)
    assert (sent["shown"], sent["p-label"]) == ("all", "改过")
    assert "拒绝" in begun.text.partition('name="shown-0-value"')[2]
    more = ada.post(
        f"{address}/{KEY}", data=sent | rows("shown", REFUSED, REASON) | {"rows": "shown:more"}
    )
    fewer = ada.post(f"{address}/{KEY}", data=fields_of(more) | {"rows": "shown:drop:0"})

    assert fields_of(fewer)["shown-0-subject"] == "field:reason"
    assert "shown-2-subject" not in fields_of(fewer)
    assert stored(session, draft) == before


def test_another_field_takes_comparison_and_value_of_the_former_away(ada, address, session, draft):
    typed = opened(ada, address, number_of(stored(session, draft), "ack"))
    changed = rows("shown", ("field:reason", "==", "refuse"), ("field:outcome", "<", "x"))

    page = ada.post(f"{address}/{KEY}", data=typed | changed | {"rows": "shown:show"})

    sent = fields_of(page)
    assert (sent["shown-0-op"], sent["shown-1-op"], sent["shown-1-value"]) == ("==", "==", "")


def test_brackets_inside_brackets_stay_and_are_told(ada, address, session, draft):
    before = stored(session, draft)
    at = number_of(before, "ack")
    nested = {"all": [IS_REFUSED, {"any": [IS_REFUSED, {"field": "reason", "op": "filled"}]}]}
    before["components"][at]["conditional"] = nested
    source = {"do": "source", "revision": draft.revision, "source": json.dumps(before)}
    ada.post(f"{address}/{KEY}", data=source)

    page = ada.get(f"{address}/{KEY}?at={at}")
    ada.post(f"{address}/{KEY}", data=fields_of(page) | {"p-label": "读过"})

    assert "有几层括号" in page.text
    assert "outcome == &#34;refuse&#34; and (" in page.text
    part = stored(session, draft)["components"][at]
    assert (part["conditional"], part["label"]) == (nested, "读过")


def test_a_condition_is_taken_away(ada, address, session, draft):
    at = number_of(stored(session, draft), "reason")

    ada.post(f"{address}/{KEY}", data=opened(ada, address, at) | {"shown": "", "required": ""})

    reason = stored(session, draft)["components"][at]
    assert "conditional" not in reason
    assert "required" not in reason["validate"]


def test_somebody_else_on_the_same_form_is_not_overwritten(ada, address, session, draft):
    at = number_of(stored(session, draft), "reason")
    mine = opened(ada, address, at) | {"p-label": "我的"}
    ada.post(f"{address}/{KEY}", data=opened(ada, address, at) | {"p-label": "别人的"})

    answer = ada.post(f"{address}/{KEY}", data=mine)

    assert answer.status_code == 409
    assert "保存过这份草稿" in answer.text
    assert 'value="我的"' in answer.text
    assert stored(session, draft)["components"][at]["label"] == "别人的"
    again = fields_of(answer)
    assert ada.post(f"{address}/{KEY}", data=again).status_code == 303
    assert stored(session, draft)["components"][at]["label"] == "我的"


def test_the_diagram_in_one_window_and_a_form_in_another_do_not_disturb_each_other(
    ada, address, session, draft
):
    at = number_of(stored(session, draft), "reason")
    typed = opened(ada, address, at) | {"p-label": "改过"}
    diagram = ada.get(f"/design/{draft.id}/diagram").text
    read = print_of(diagram.encode())
    save = {"revision": draft.revision, "xml": diagram + "\n", "read": read}

    first = ada.put(f"/design/{draft.id}/diagram", json=save)
    form = ada.post(f"{address}/{KEY}", data=typed)
    save = {"revision": first.json["revision"], "xml": diagram, "read": first.json["read"]}
    second = ada.put(f"/design/{draft.id}/diagram", json=save)
    stale = ada.put(f"/design/{draft.id}/diagram", json=save)

    assert [first.status_code, form.status_code, second.status_code] == [200, 303, 200]
    assert stale.status_code == 409
    assert stored(session, draft)["components"][at]["label"] == "改过"


def test_a_new_form_begins_blank_or_like_another(ada, address, session, draft):
    blank = ada.post(address, data={"title": "再问一次", "key": "signing/ask_again"})
    like = ada.post(address, data={"title": "照着", "key": "signing/ask_more", "like": KEY})

    assert (blank.status_code, like.status_code) == (303, 303)
    assert stored(session, draft, "signing/ask_again")["title"] == "再问一次"
    assert len(stored(session, draft, "signing/ask_more")["components"]) > 5
    known = ada.get(f"/design/{draft.id}/catalogue").json
    assert known["forms"]["signing/ask_again"]["title"] == "再问一次"
    assert known["form_editor"].replace("FORM", KEY) == f"{address}/{KEY}"


@pytest.mark.parametrize("key", ["", "signing", KEY, "groups/mine", "Signing/Ask", "a/b/c"])
def test_a_short_name_that_cannot_be_taken_is_told(ada, address, key):
    answer = ada.post(address, data={"title": "再问一次", "key": key})

    assert answer.status_code == 422
    assert 'value="再问一次"' in answer.text


def test_the_definition_can_be_written_by_hand(ada, address, session, draft):
    raw = {"title": "自写", "components": [{"type": "text", "key": "why", "label": "原因"}]}
    sent = {"do": "source", "revision": draft.revision, "source": json.dumps(raw)}

    broken = ada.post(f"{address}/{KEY}", data=sent | {"source": '{"title": '})
    saved = ada.post(f"{address}/{KEY}", data=sent)

    assert broken.status_code == 422
    assert "{&#34;title&#34;: " in broken.text
    assert saved.status_code == 303
    assert stored(session, draft)["components"] == raw["components"]


def test_a_changed_form_goes_back_to_the_packaged_one(ada, address, session, draft):
    sent = {"do": "title", "at": "", "title": "改名", "revision": draft.revision}
    ada.post(f"{address}/{KEY}", data=sent)
    assert "改名" in ada.get(address).text

    ada.post(f"{address}/{KEY}", data={"do": "reset", "revision": draft.revision + 1})

    session.rollback()
    assert KEY not in session.get_one(Draft, draft.id).forms
    assert "回应签约邀请" in ada.get(f"{address}/{KEY}").text


def test_an_unknown_form_and_a_foreign_draft_are_not_found(ada, address, visit, cast, session):
    other = cast.make.school("北山大学", "10003")
    admin = cast.make.actor(cast.make.person("外校"), "admin", school_id=other.id)
    session.commit()
    stranger = visit(admin)

    assert ada.get(f"{address}/signing/none").status_code == 404
    for path in (address, f"{address}/{KEY}", address.replace("forms", f"form-trial/{KEY}")):
        assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("key", sorted(packaged()))
def test_every_packaged_form_opens_and_can_be_tried(ada, draft, key):
    page = ada.get(f"/design/{draft.id}/forms/{key}?at=0")
    trial = ada.get(f"/design/{draft.id}/form-trial/{key}")
    sent = ada.post(f"/design/{draft.id}/form-trial/{key}", data={})

    assert (page.status_code, trial.status_code, sent.status_code) == (200, 200, 200)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in trial.headers["Content-Security-Policy"]


def test_a_trial_judges_and_keeps_nothing(ada, draft, session):
    address = f"/design/{draft.id}/form-trial/{KEY}"

    wrong = ada.post(address, data={"outcome": "accept"})
    right = ada.post(address, data={"outcome": "refuse", "reason": "太远"})

    assert "请先阅读《签约须知》和《违约说明》" in wrong.text
    assert "这样填可以提交" in right.text
    assert "太远" in right.text
    session.rollback()
    assert session.get_one(Draft, draft.id).revision == 1


@pytest.mark.parametrize("key", sorted(packaged()))
def test_a_packaged_form_saved_part_by_part_stays_as_it_was(ada, draft, session, key):
    """What the page shows of a part is all there is of it, or it leaves the rest alone."""
    before = packaged()[key].as_dict()
    address = f"/design/{draft.id}/forms/{key}"
    blocks = [part.address for part in walk(before) if part.raw["type"] == "block"]

    for at in blocks:
        sent = fields_of(ada.get(f"{address}?at={at}"))
        assert ada.post(address, data=sent).status_code == 303, at

    if blocks:
        assert stored(session, draft, key) == before


def block_of(ada, address, session, draft):
    """A new block at the second place, and what saving it would send."""
    ada.post(f"{address}/{KEY}", data={"do": "add", "at": "0", "type": "block", "revision": 1})
    return opened(ada, address, "1")


def test_lines_of_a_block_are_chosen_from_the_register(ada, address, session, draft):
    typed = block_of(ada, address, session, draft)
    lines = {
        "item-0-label": "毕业生姓名",
        "item-1-source": "",
        "item-2-source": "id_no",
        "item-2-label": "",
        "trait-dense": "1",
    }

    answer = ada.post(f"{address}/{KEY}", data=typed | lines)

    assert answer.status_code == 303, answer.text
    block = stored(session, draft)["components"][1]
    assert block["items"] == [
        {"label": "毕业生姓名", "source": "name"},
        {"label": "身份证号", "source": "id_no", "as": "masked"},
    ]
    assert block["properties"] == {"dense": True}


def test_a_block_shows_what_an_earlier_step_answered(ada, address, session, draft):
    typed = block_of(ada, address, session, draft)
    page = ada.post(
        f"{address}/{KEY}", data=typed | {"source": "case.Fill_invitation", "rows": "item:show"}
    )
    sent = fields_of(page)
    refused = ada.post(f"{address}/{KEY}", data=sent)
    right = sent | {"item-0-source": "salary", "item-1-source": ""}
    saved = ada.post(f"{address}/{KEY}", data=right)

    assert "来源里没有" in refused.text
    assert saved.status_code == 303, saved.text
    block = stored(session, draft)["components"][1]
    assert block["source"] == "case.Fill_invitation"
    assert block["items"][0] == {
        "label": "转正起薪",
        "source": "salary",
        "as": "money",
        "unit": "元/月",
    }


def test_lines_of_a_block_change_their_order_and_keep_what_was_typed(ada, address, session, draft):
    typed = block_of(ada, address, session, draft) | {"item-1-label": "学生编号"}

    page = ada.post(f"{address}/{KEY}", data=typed | {"rows": "item:up:1"})
    assert len(stored(session, draft)["components"][1]["items"]) == 2
    ada.post(f"{address}/{KEY}", data=fields_of(page))

    items = stored(session, draft)["components"][1]["items"]
    assert [one["label"] for one in items] == ["学生编号", "姓名"]


def test_a_line_without_source_is_told(ada, address, session, draft):
    typed = block_of(ada, address, session, draft) | {"item-2-label": "我的", "item-2-source": ""}

    answer = ada.post(f"{address}/{KEY}", data=typed)

    assert answer.status_code == 422
    assert "“我的”还没有选显示什么" in answer.text
