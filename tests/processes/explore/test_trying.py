"""Somebody walks through a diagram: the engine moves, one step back is the last act left out."""

from __future__ import annotations

import sys

import pytest

import forms
from processes import library
from processes.explore import explore, walking
from processes.explore.prove_worker import step_of
from processes.explore.proving import prove_in_process
from processes.explore.trying import try_out
from processes.explore.walking import try_in_process
from processes.rehearsal import rehearse
from processes.scenario import read_scenarios

FAMILY, VARIANT = "online_signing", "employer_invitation"
START = {"kind": "start"}


def walk(*acts, facts=None, family=FAMILY, variant=VARIANT):
    diagram, called = library.load_family(family, variant)
    found = library.find_diagram(family, variant)
    scenarios = read_scenarios(found.scenarios.read_text("utf-8"))
    return try_out(diagram, called, forms.facts(), scenarios, facts=facts, acts=acts)


def answer(tried, **answers):
    return {"kind": "answer", "element": tried.waiting[0].element, "answers": answers}


def test_a_start_says_who_waits_and_what_decides():
    tried = walk(START)

    (fill,) = tried.waiting
    assert (fill.element, fill.role, fill.form) == (
        "Fill_invitation",
        "employer",
        "signing/fill_invitation",
    )
    assert "send" in next(one for one in fill.questions if one.name == "outcome").values
    assert tried.moved[0].tokens == ["Fill_invitation"]
    assert tried.moved[0].flows
    assert not tried.problem


def test_an_answer_moves_the_token_and_time_takes_it_away():
    sent = [START, answer(walk(START), outcome="send")]
    waiting = walk(*sent)
    lapsed = walk(*sent, {"kind": "time"})

    assert waiting.moved[-1].tokens == ["Answer_invitation"]
    assert waiting.wake_at is not None
    assert lapsed.finished
    assert lapsed.moved[-1].now == waiting.wake_at
    assert lapsed.ended_at in lapsed.scenario


def test_inside_a_called_diagram_the_token_and_the_way_are_told_too():
    sent = [START, answer(walk(START), outcome="send")]
    sent.append(answer(walk(*sent), outcome="accept"))
    waiting = walk(*sent)
    passed = walk(*sent, answer(waiting, outcome="pass"))

    assert waiting.moved[-1].tokens == ["School_review"]
    assert waiting.moved[-1].inside["school_review"]["tokens"] == ["College_review"]
    assert passed.moved[-1].inside["school_review"]["flows"]
    assert set(waiting.moved[1].inside) == set()


def test_an_operator_may_be_wished_another_outcome():
    sent = [START, answer(walk(START), outcome="send")]
    usual = walk(*sent)
    operator, outcome, possible = usual.moved[-1].calls[0]
    other = next(one for one in possible if one != outcome)

    sent[-1] = {**sent[-1], "calls": [[operator, other]]}
    changed = walk(*sent)

    assert changed.moved[-1].calls[0] == (operator, other, possible)
    assert changed.moved[-1].flows != usual.moved[-1].flows


def test_a_wish_that_is_none_of_the_outcomes_is_passed_over():
    sent = [START, answer(walk(START), outcome="send")]
    usual = walk(*sent).moved[-1].calls

    sent[-1] = {**sent[-1], "calls": [[usual[0][0], "nonsense"], ["nothing"]]}

    assert walk(*sent).moved[-1].calls == usual


@pytest.mark.parametrize("more", [[], [{"kind": "time"}]], ids=["waits", "ends"])
def test_what_is_walked_is_a_scenario_that_plays(more):
    sent = [START, answer(walk(START), outcome="send"), *more]
    (scenario,) = read_scenarios(walk(*sent).scenario)
    diagram, called = library.load_family(FAMILY, VARIANT)

    assert rehearse(diagram, called, [scenario], forms.facts()).passed


@pytest.mark.parametrize(
    "act",
    [
        {"kind": "answer", "element": "Answer_invitation"},
        {"kind": "answer", "element": "Nowhere"},
        {"kind": "message", "message": "nobody_waits"},
        {"kind": "dance"},
        {"kind": "answer", "element": "Fill_invitation", "now": "yesterday"},
    ],
)
def test_what_cannot_be_done_is_told_and_the_way_so_far_stays(act):
    tried = walk(START, act)

    assert tried.problem
    assert len(tried.moved) == 1


def test_facts_that_decide_can_be_chosen():
    tried = walk(START, family="rescission", variant="online_two_party")
    path, values = next(iter(tried.choosable.items()))
    root, name = path.split(".")

    for value in values:
        again = walk(
            START, facts={root: {name: value}}, family="rescission", variant="online_two_party"
        )
        assert again.facts[root][name] == value


def test_the_path_of_every_state_replays_to_the_same_place():
    diagram, called = library.load_family(FAMILY, VARIANT)
    scenarios = read_scenarios(library.find_diagram(FAMILY, VARIANT).scenarios.read_text("utf-8"))
    explored = explore(diagram, called, forms.facts(), scenarios)
    ends = [state for state in explored.states if state.is_end][::7]
    assert ends
    for state in ends:
        path = explored.path_to(state)
        tried = try_out(
            diagram,
            called,
            forms.facts(),
            scenarios,
            facts=path.facts,
            acts=[step_of(act) for act in path.acts],
        )
        assert (tried.problem, tried.ended_at) == ("", state.ended_at)


def test_the_path_of_a_finding_replays_to_what_it_shows(sketch):
    data = sketch("start A\nservice C op=acquire_claim\nmanual M\nend E\nA > C > M > E")
    proof = prove_in_process(data, "x", called={}, forms={}, patience=60)
    kept = next(one for one in proof.proven if one.finding.rule == "claim_not_released")

    told = try_in_process(
        data,
        "x",
        called={},
        forms={},
        facts=kept.path[0]["facts"],
        acts=kept.path,
        patience=60,
    )

    assert (told["problem"], told["ended_at"]) == ("", "E")
    assert [moved["tokens"] for moved in told["moved"]] == [["M"], []]


def test_a_walk_that_hangs_or_breaks_is_told(monkeypatch):
    for code, story in [("import time; time.sleep(60)", "停止"), ("print('x')", "中断")]:
        monkeypatch.setattr(walking, "WORKER", (sys.executable, "-c", code))

        told = try_in_process(b"<x/>", "x", called={}, forms={}, facts=None, acts=[], seconds=1)

        assert story in told["problem"]


def test_no_diagram_at_all_is_told():
    told = try_in_process(b"<x", "x", called={}, forms={}, facts=None, acts=[START])

    assert told["problem"]
    assert told["moved"] == []
