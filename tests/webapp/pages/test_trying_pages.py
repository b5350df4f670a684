"""A draft is walked through and proven over HTTP; a walk becomes a scenario."""

from __future__ import annotations

import pytest

from processes.scenario import read_scenarios
from webapp.models import Draft
from webapp.services.design.drafts import save_parts

START = {"kind": "start"}


def walk(ada, draft, *acts):
    return ada.post(f"/design/{draft.id}/try", json={"facts": None, "acts": list(acts)}).json


def test_a_walk_goes_through_the_draft_as_it_was_saved(ada, draft):
    told = walk(ada, draft, START)

    assert [one["shape"] for one in told["waiting"]] == ["Fill_invitation"]
    assert told["moved"][0]["tokens"] == ["Fill_invitation"]


def test_a_walk_is_kept_as_a_scenario_under_its_own_title(ada, draft, session):
    send = {"kind": "answer", "element": "Fill_invitation", "answers": {"outcome": "send"}}
    told = walk(ada, draft, START, send, {"kind": "time"})
    before = len(read_scenarios(draft.scenarios))
    kept = {"title": '毕业生"没有"回应', "scenario": told["scenario"]}

    first = ada.post(f"/design/{draft.id}/scenarios", json=kept)
    again = ada.post(f"/design/{draft.id}/scenarios", json=kept)

    session.rollback()
    scenarios = read_scenarios(session.get_one(Draft, draft.id).scenarios)
    assert first.status_code == 200
    assert (len(scenarios), scenarios[-1].title) == (before + 1, '毕业生"没有"回应')
    assert again.status_code == 422
    assert "用了两次" in again.json["story"]


def test_a_kept_walk_plays_in_the_proof(ada, draft):
    send = {"kind": "answer", "element": "Fill_invitation", "answers": {"outcome": "send"}}
    told = walk(ada, draft, START, send, {"kind": "time"})
    before = ada.post(f"/design/{draft.id}/prove").json["played"]

    kept = {"title": "没有回应", "scenario": told["scenario"]}
    ada.post(f"/design/{draft.id}/scenarios", json=kept)

    proven = ada.post(f"/design/{draft.id}/prove").json
    assert (proven["status"], proven["played"]) == (0, before + 1)


def test_a_finding_comes_with_a_path_that_can_be_walked(ada, draft, session, cast, clock):
    released = b'serviceTaskOperator id="release_claim"'
    changed = draft.diagram.replace(released, released.replace(b"release", b"check"))
    save_parts(session, cast.ada, draft.id, revision=1, now=clock.now, diagram=changed)
    session.commit()

    proven = ada.post(f"/design/{draft.id}/prove").json
    found = next(one for one in proven["findings"] if one["rule"] == "claim_not_released")
    sent = {"facts": found["path"][0]["facts"], "acts": found["path"]}
    told = ada.post(f"/design/{draft.id}/try", json=sent).json

    assert proven["status"] == 1
    assert (told["problem"], told["ended_at"]) == ("", found["element"])
    assert [one["kind"] for one in told["moved"]] == [one["kind"] for one in found["path"]]


@pytest.mark.parametrize(
    "sent",
    [
        {"acts": None},
        {"acts": "x"},
        {"acts": [1]},
        {"acts": [], "facts": []},
        {"acts": [{"answers": 1}]},
        {"acts": [{"calls": [1]}]},
        {"facts": {"case": 1}, "acts": []},
    ],
)
def test_what_is_no_walk_is_refused(ada, draft, sent):
    answer = ada.post(f"/design/{draft.id}/try", json=sent)

    assert answer.status_code == 400
    assert answer.json["problem"]


@pytest.mark.parametrize("sent", [None, [], {"title": "x"}, {"title": " ", "scenario": "x"}])
def test_a_scenario_without_a_title_or_a_walk_is_refused(ada, draft, sent):
    assert ada.post(f"/design/{draft.id}/scenarios", json=sent).status_code == 422


def test_a_scenario_that_cannot_be_read_is_refused_and_nothing_changes(ada, draft, session):
    before = draft.scenarios

    answer = ada.post(
        f"/design/{draft.id}/scenarios", json={"title": "x", "scenario": "[[scenario]\n"}
    )

    session.rollback()
    assert answer.status_code == 422
    assert session.get_one(Draft, draft.id).scenarios == before
