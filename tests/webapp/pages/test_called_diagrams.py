"""A draft's called diagrams over HTTP: read, made the draft's own, checked by themselves, put back."""

from __future__ import annotations

import pytest

from processes import library
from processes.diagram import read_diagram
from webapp.models import Draft
from webapp.services.design.called_diagrams import is_own
from webapp.services.design.checking import check_called
from webapp.services.design.drafts import find_draft, print_of

REVIEW = "school_review"


def address(draft, called=REVIEW) -> str:
    return f"/design/{draft.id}/diagram?called={called}"


def put(ada, draft, xml: bytes, read: str, called: str = REVIEW):
    sent = {"read": read, "xml": xml.decode()}
    return ada.put(address(draft, called), json=sent)


def kept(session, cast, draft) -> Draft:
    session.rollback()
    session.expire_all()
    return find_draft(session, cast.ada, draft.id)


def changed(xml: bytes, old: str = "院系审核", new: str = "学院审核") -> bytes:
    assert old in xml.decode()
    return xml.decode().replace(old, new).encode()


def test_a_called_diagram_becomes_the_drafts_own_with_its_first_change(ada, draft, session, cast):
    told = ada.get(address(draft))
    assert told.data == library.called_diagrams()[REVIEW]
    assert not is_own(draft, REVIEW)

    answer = put(ada, draft, changed(told.data), told.headers["Diagram-Read"])

    own = kept(session, cast, draft)
    assert (answer.status_code, answer.json["revision"]) == (200, 2)
    assert answer.json["read"] == print_of(own.called[REVIEW].encode())
    assert is_own(own, REVIEW)
    assert own.diagram == draft.diagram
    assert ada.get(f"/design/{draft.id}/catalogue").json["called"][REVIEW]["own"] is True


def test_two_people_on_one_called_diagram_never_overwrite_each_other(ada, draft, session, cast):
    told = ada.get(address(draft))
    read = told.headers["Diagram-Read"]
    mine, theirs = changed(told.data, new="甲院审核"), changed(told.data, new="乙院审核")

    first, second = put(ada, draft, mine, read), put(ada, draft, theirs, read)

    assert (first.status_code, second.status_code) == (200, 409)
    assert "保存过这份草稿" in second.json["story"]
    assert "甲院审核" in kept(session, cast, draft).called[REVIEW]


def test_the_diagram_and_one_that_it_calls_are_saved_side_by_side(ada, draft, session, cast):
    top, inner = ada.get(f"/design/{draft.id}/diagram"), ada.get(address(draft))
    sent = {"read": top.headers["Diagram-Read"], "xml": top.text + "<!-- -->"}
    assert ada.put(f"/design/{draft.id}/diagram", json=sent).status_code == 200

    answer = put(ada, draft, changed(inner.data), inner.headers["Diagram-Read"])

    assert (answer.status_code, answer.json["revision"]) == (200, 3)


def test_a_page_that_saved_one_diagram_does_not_overwrite_another_with_an_old_one(
    ada, draft, session, cast
):
    top, inner = ada.get(f"/design/{draft.id}/diagram"), ada.get(address(draft))
    read = inner.headers["Diagram-Read"]
    assert put(ada, draft, changed(inner.data, new="甲院审核"), read).status_code == 200
    sent = {"read": top.headers["Diagram-Read"], "xml": top.text + "<!-- -->"}
    assert ada.put(f"/design/{draft.id}/diagram", json=sent).status_code == 200

    late = put(ada, draft, changed(inner.data, new="乙院审核"), read)

    assert late.status_code == 409
    assert "甲院审核" in kept(session, cast, draft).called[REVIEW]


def test_a_called_diagram_that_is_not_in_the_draft_yet_is_copied_by_its_first_save(
    ada, draft, session, cast
):
    draft.called = {}
    session.commit()
    told = ada.get(address(draft))
    assert told.headers["Diagram-Read"] == ""

    assert put(ada, draft, changed(told.data), "").status_code == 200
    assert set(kept(session, cast, draft).called) == {REVIEW}


@pytest.mark.parametrize(
    ("xml", "word"),
    [
        (b"<html/>", "BPMN"),
        (library.called_diagrams()["employer_copy"], "编号"),
    ],
    ids=["no diagram", "another process"],
)
def test_what_cannot_stand_in_its_place_is_refused(ada, draft, session, cast, xml, word):
    read = ada.get(address(draft)).headers["Diagram-Read"]

    answer = put(ada, draft, xml, read)

    assert answer.status_code == 422
    assert word in answer.json["story"]
    assert not is_own(kept(session, cast, draft), REVIEW)


def test_a_diagram_that_nobody_knows_does_not_exist(ada, draft):
    xml = library.called_diagrams()[REVIEW]

    assert ada.get(address(draft, "nothing")).status_code == 404
    assert put(ada, draft, xml, "", called="nothing").status_code == 404
    sent = {"read": ""}
    assert ada.delete(address(draft, "nothing"), json=sent).status_code == 404


@pytest.mark.parametrize("sent", [None, [], {}, {"read": 1, "xml": "x"}, {"read": "", "xml": ""}])
def test_a_request_without_its_parts_is_refused(ada, draft, sent):
    assert ada.put(address(draft), json=sent).status_code == 400


def test_the_shared_diagram_is_put_back_only_over_what_was_read(ada, draft, session, cast):
    told = ada.get(address(draft))
    read = put(ada, draft, changed(told.data), told.headers["Diagram-Read"]).json["read"]

    late = ada.delete(address(draft), json={"read": "another"})
    assert late.status_code == 409
    assert is_own(kept(session, cast, draft), REVIEW)
    done = ada.delete(address(draft), json={"read": read})

    assert (done.status_code, done.json) == (200, {"revision": 3, "read": ""})
    assert ada.get(address(draft)).data == told.data


def test_the_findings_of_a_changed_called_diagram_name_it(ada, draft):
    told = ada.get(address(draft))
    assert ada.post(f"/design/{draft.id}/check").json["findings"] == []
    broken = changed(told.data, 'value="review/decide"', 'value="review/nothing"')
    assert put(ada, draft, broken, told.headers["Diagram-Read"]).status_code == 200

    checked = ada.post(f"/design/{draft.id}/check").json
    proven = ada.post(f"/design/{draft.id}/prove").json

    for found in (checked, proven):
        inside = [one for one in found["findings"] if one.get("process") == REVIEW]
        at_call = [one for one in found["findings"] if one["rule"] == "called_diagram"]
        assert found["status"] == 1
        assert {one["rule"] for one in inside} == {"forms_known"}
        assert at_call
        assert not any("process" in one for one in at_call)


def test_a_draft_gets_a_new_diagram_to_call_that_runs_as_it_is(ada, draft, session, cast):
    sent = {"process": "extra_check", "name": '补查"材料" <一>'}

    answer = ada.post(f"/design/{draft.id}/called", json=sent)

    assert (answer.status_code, answer.json) == (200, {"revision": 2})
    own = kept(session, cast, draft)
    diagram = read_diagram(own.called["extra_check"].encode())
    assert (diagram.process, diagram.name) == ("extra_check", sent["name"])
    assert check_called(own, "extra_check").status == 0
    told = ada.get(f"/design/{draft.id}/catalogue").json["called"]["extra_check"]
    assert (told["own"], told["packaged"]) == (True, False)


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"process": REVIEW, "name": "审核"}, "已经有流程图"),
        ({"process": "employer_invitation", "name": "自己"}, "已经有流程图"),
        ({"process": "Bad id", "name": "审核"}, "不能用"),
        ({"process": "good", "name": " "}, "名称要写"),
        (None, "不能用"),
    ],
    ids=["shared", "itself", "no id", "no name", "nothing"],
)
def test_a_new_diagram_to_call_needs_an_id_of_its_own_and_a_name(ada, draft, sent, word):
    answer = ada.post(f"/design/{draft.id}/called", json=sent)

    assert answer.status_code == 422
    assert word in answer.json["story"]
