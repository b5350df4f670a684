"""An admin sets a case down at another step, or gives a review to others, in the browser."""

from __future__ import annotations

import pytest

from webapp.models import Incident, new_id


@pytest.fixture
def incident(session, cast, story, clock):
    case, _ = story.accepted()
    row = Incident(
        id=new_id(), school_id=cast.school.id, case_id=case.id, at=clock.now, story="没有办成"
    )
    session.add(row)
    session.commit()
    return row.id, case.id


def test_a_case_is_set_down_with_a_reason(visit, cast, incident):
    incident_id, case_id = incident
    ada = visit(cast.ada)

    asked = ada.get(f"/admin/incidents/{incident_id}/skip").text
    no_reason = ada.post(f"/admin/incidents/{incident_id}/skip", data={"target": "School_review"})
    wrong = ada.post(
        f"/admin/incidents/{incident_id}/skip", data={"target": "Nowhere", "reason": "试一下"}
    )
    done = ada.post(
        f"/admin/incidents/{incident_id}/skip", data={"target": "School_review", "reason": "重审"}
    )

    assert "学校（院系）审核" in asked
    assert (no_reason.status_code, wrong.status_code) == (422, 409)
    assert "试一下" in wrong.text
    assert done.location.endswith(f"/cases/{case_id}")
    page = ada.get(done.location).text
    assert (
        "管理员把这件事转到“学校（院系）审核”，原因：重审"
        in visit(cast.lin).get(done.location).text
    )
    assert "您把这件事转到“学校（院系）审核”，原因：重审" in page
    assert ada.get(f"/admin/incidents/{incident_id}/skip").status_code == 409


def test_a_review_is_given_to_the_office(visit, cast, story, session):
    case, task = story.accepted()
    ada = visit(cast.ada)
    address = f"/admin/cases/{case.id}/reassign"

    assert address in ada.get(f"/cases/{case.id}").text
    assert "院系审核：由计算机学院审核组改为青禾大学就业处" in ada.get(address).text
    refused = ada.post(address, data={"task": task.id.hex, "reason": ""})
    done = ada.post(address, data={"task": task.id.hex, "reason": "学院老师请假"})

    assert refused.status_code == 422
    assert done.status_code == 303
    assert "现在由青禾大学就业处办理" in visit(cast.lin).get(f"/cases/{case.id}").text
    assert "改派办理人" in ada.get("/admin/audit").text
    assert address not in visit(cast.wu).get(f"/cases/{case.id}").text
