"""Exploring a diagram: everything that can happen is tried, and what must not happen is shown."""

from __future__ import annotations

from importlib.resources.abc import Traversable

import pytest

import forms
from processes import library
from processes.engine import compile_release
from processes.explore import explore
from processes.explore.scenarios import scenario_text
from processes.scenario import ScenarioFailed, play_thoroughly, read_scenarios

FORMS = {"f": {"outcome": ["a", "b"], "days": None, "code": ["1", "2", "3", "4"]}}
ASK = "start Begin\nuser Ask form=f\nxor Which\nBegin > Ask > Which\n"
PACKAGED = {f"{found.family}/{found.variant}": found for found in library.find_diagram_files()}


def explored(diagram, scenarios=(), **options):
    return explore(diagram, {}, FORMS, scenarios, **options)


def rules(found) -> list[str]:
    return [finding.rule for finding in found.findings]


def told(text: str):
    head = 'starts = "2027-03-01T09:00:00+08:00"\n'
    return read_scenarios(f"{head}{text}", "told.toml")


@pytest.mark.parametrize("name", sorted(PACKAGED))
def test_every_packaged_diagram_is_explored_whole_and_without_a_fault(name):
    found = PACKAGED[name]
    diagram, called = library.load_family(found.family, found.variant)

    explored = explore(diagram, called, forms.facts(), scenarios_of(found.scenarios, name))

    assert [str(finding) for finding in explored.findings] == []
    assert explored.complete
    own = {end.id for end in diagram.of_kind("endEvent")}
    assert own <= {
        happening.element for happening in explored.happened if happening.kind == "ended"
    }


def scenarios_of(file: Traversable | None, name: str):
    assert file is not None
    return read_scenarios(file.read_text(encoding="utf-8"), name)


def test_each_value_that_decides_is_tried_and_each_way_counted(draw):
    found = explored(draw(ASK + "end A\nend B\nWhich > A : Ask.outcome == 'a'\nWhich >> B"))

    assert found.findings == ()
    assert found.ends == {"A", "B"}
    assert len(found.states) == 3


def test_values_that_nothing_tells_apart_are_tried_once(draw):
    found = explored(draw(ASK + "end A\nend B\nWhich > A : Ask.code == '1'\nWhich >> B"))

    assert len(found.states[0].following) == 2


def test_numbers_are_cut_where_a_condition_cuts_them(draw):
    found = explored(draw(ASK + "end A\nend B\nWhich > A : Ask.days > 3\nWhich >> B"))

    assert "not_explored" in rules(found)
    assert not found.complete
    assert any("Ask.days" in finding.message for finding in found.findings)

    example = told(
        '[[scenario]]\ntitle="t"\nends_at="A"\n[[scenario.step]]\nwho="office"\ntask="Ask"\nanswers={days=1}\n'
    )
    found = explored(draw(ASK + "end A\nend B\nWhich > A : Ask.days == 3\nWhich >> B"), example)

    assert found.ends == {"A", "B"}


def test_an_operator_is_asked_for_each_of_its_outcomes(draw):
    found = explored(
        draw(
            "start Begin\nservice Take op=acquire_claim\nxor Which\nuser Ask form=f\nservice Free op=release_claim\n"
            "end Done\nend Taken\nBegin > Take > Which\nWhich > Ask : Take.outcome == 'ok'\n"
            "Ask > Free > Done\nWhich >> Taken"
        )
    )

    assert found.ends == {"Done", "Taken"}
    assert found.findings == ()


def test_a_claim_that_is_never_given_back_is_shown_with_its_path(draw):
    diagram = draw(
        "start Begin\nservice Take op=acquire_claim\nxor Which\nuser Ask form=f\n"
        "end Done\nend Taken\nBegin > Take > Which\nWhich > Ask : Take.outcome == 'ok'\n"
        "Ask > Done\nWhich >> Taken"
    )

    found = explored(diagram)

    assert rules(found) == ["claim_not_released"]
    (fault,) = found.faults
    assert (fault.finding.element, fault.path.ends_at) == ("Done", "Done")
    (scenario,) = read_scenarios(scenario_text(fault.path), "found.toml")
    played = play_thoroughly(compile_release(diagram), scenario)
    assert played.ended_at == "Done"


@pytest.mark.parametrize("operator", ["issue_agreement", "write_destination p.code='\"10\"'"])
def test_a_claim_that_became_something_is_kept(draw, operator):
    found = explored(
        draw(
            f"start Begin\nservice Take op=acquire_claim\nservice Keep op={operator}\n"
            "end Done\nBegin > Take > Keep > Done"
        )
    )

    assert rules(found) == []


def test_who_holds_the_claim_is_never_told_that_it_is_taken(draw):
    found = explored(
        draw(
            "start Begin\nservice Take op=acquire_claim\nxor First\nservice Again op=acquire_claim\n"
            "xor Second\nservice Free op=release_claim\nend Done\nend Taken\nend Odd\n"
            "Begin > Take > First\nFirst > Again : Take.outcome == 'ok'\nFirst >> Taken\n"
            "Again > Second\nSecond > Free : Again.outcome == 'ok'\nSecond >> Odd\nFree > Done"
        )
    )

    assert [(finding.rule, finding.element) for finding in found.findings] == [
        ("dead_element", "Odd"),
        ("dead_flow", "Second_to_Odd"),
    ]
    assert found.ends == {"Done", "Taken"}


def test_a_way_round_without_an_end_is_shown(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nuser Round\nuser Again\nxor Which\nxor Meet\nend Done\n"
            "Begin > Ask > Which\nWhich > Done : Ask.outcome == 'a'\n"
            "Which >> Meet\nMeet > Round > Again > Meet"
        )
    )

    assert rules(found) == ["no_way_to_end"]
    assert found.faults[0].path.acts[-1].element == "Ask"


def test_a_join_that_waits_for_ever_is_shown(draw):
    found = explored(
        draw(
            "start Begin\nand Fork\nuser Ask form=f\nuser Other\nxor Which\nand Join\nend Done\nend Gone\n"
            "Begin > Fork\nFork > Ask > Which\nFork > Other > Join\n"
            "Which > Join : Ask.outcome == 'a'\nWhich >> Gone\nJoin > Done"
        )
    )

    assert rules(found) == ["deadlock"]
    assert found.findings[0].element == "Join"
    assert not any(fault.path is None for fault in found.faults)


def test_a_step_that_reads_what_was_never_answered_is_shown(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nxor Which\nuser More form=f\nxor Late\nend A\nend B\n"
            "Begin > Ask > Which\nWhich > More : Ask.outcome == 'a'\nWhich >> Late\n"
            "More > Late\nLate > A : More.outcome == 'a'\nLate >> B"
        )
    )

    broken = next(fault for fault in found.faults if fault.finding.rule == "broken_step")
    assert "More.outcome" in broken.finding.message
    assert broken.path.acts[-1].answers == {"outcome": "b"}


def test_silence_is_tried_as_well_as_an_answer(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nboundary Silent on=Ask duration=P5D\nend Done\nend Lapsed\n"
            "Begin > Ask > Done\nSilent > Lapsed"
        )
    )

    assert found.ends == {"Done", "Lapsed"}


def test_the_order_of_two_clocks_depends_on_when_somebody_acts(draw):
    """The second clock starts with an answer: only a late one lets the first strike before it."""
    found = explored(
        draw(
            "start Begin\nand Fork\nuser Slow\nboundary First on=Slow duration=P7D\nuser Ask form=f\n"
            "user Then\nboundary Second on=Then duration=P3D\nend Done\nend Early terminate\n"
            "end Late terminate\nBegin > Fork\nFork > Slow > Done\nFork > Ask > Then > Done\n"
            "First > Late\nSecond > Early"
        )
    )

    assert found.ends >= {"Early", "Late"}


def test_a_message_may_come_whenever_it_is_expected(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nboundary Back on=Ask message=withdraw\nend Done\nend Gone\n"
            "Begin > Ask > Done\nBack > Gone"
        )
    )

    assert found.ends == {"Done", "Gone"}


def test_laps_do_not_make_new_states(draw):
    found = explored(draw(ASK + "end A\nWhich > A : Ask.outcome == 'a'\nWhich >> Ask\n"))

    assert len(found.states) == 2


def test_a_setting_of_the_school_is_tried_both_ways(draw):
    text = "start Begin\nxor Which\nuser Ask form=f\nend A\nend B\nBegin > Which\nWhich > Ask : school.asks\nAsk > A\nWhich >> B"

    found = explored(
        draw(text), told('[facts.school]\nasks = true\n[[scenario]]\ntitle="t"\nends_at="A"\n')
    )

    assert found.ends == {"A", "B"}


def test_what_is_too_large_is_said_to_be(draw):
    found = explored(
        draw(ASK + "end A\nend B\nWhich > A : Ask.outcome == 'a'\nWhich >> B"), most_states=1
    )

    assert rules(found) == ["not_explored"]
    assert not found.complete


def test_every_set_of_ways_out_of_an_inclusive_gateway_is_explored(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nor Fork\nmanual B\nmanual C\nor Join\nend Done\n"
            "Begin > Ask > Fork\nFork > B : Ask.code != '1'\nFork > C : Ask.code != '2'\n"
            "B > Join > Done\nC > Join"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done"}
    assert {f.flow for f in found.coverage.taken} == {
        "Begin_to_Ask", "Ask_to_Fork", "Fork_to_B", "Fork_to_C", "B_to_Join", "C_to_Join",
        "Join_to_Done",
    }  # fmt: skip


def test_conditional_flows_out_of_a_task_are_explored(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nend Done\nend Other\nBegin > Ask\n"
            "Ask > Done : Ask.code == '1'\nAsk >> Other"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done", "Other"}


def test_a_handler_is_explored_from_wherever_it_may_begin(draw):
    found = explored(
        draw(
            "start Begin\nmanual A\nmanual B\nend Done\nBegin > A > B > Done\n"
            "sub Event triggered\nstart S in=Event message=stop\nmanual H in=Event\nend E in=Event\n"
            "S > H > E"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done", "E"}
    assert len(found.states) == 5


def test_a_handler_beside_is_explored_with_all_that_goes_on(draw):
    found = explored(
        draw(
            "start Begin\nmanual A\nend Done\nBegin > A > Done\n"
            "sub Event triggered\nstart S in=Event duration=P1D free\nmanual H in=Event\nend E in=Event\n"
            "S > H > E"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done", "E"}


def test_errors_signals_and_links_are_followed_on_every_way(draw):
    found = explored(
        draw(
            "start Begin\nsub Sub\nstart I in=Sub\nuser Ask form=f in=Sub\nxor X in=Sub\n"
            "throw T in=Sub signal=go\nend Good in=Sub\nend Bad in=Sub error=one\n"
            "I > Ask > X\nX > T : Ask.code == '1'\nT > Good\nX >> Bad\n"
            "boundary Heard on=Sub signal=go free\nend H\nHeard > H\n"
            "boundary Failed on=Sub error=any\nthrow L link=out\ncatch C link=out\nend Lost\nend Done\n"
            "Begin > Sub > Done\nFailed > L\nC > Lost"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done", "Lost"}
    assert found.coverage.is_complete


def test_turns_are_explored_in_every_order_with_every_answer(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f count=2 until='Ask.outcome == \"b\"'\nxor X\nend A\nend B\n"
            "Begin > Ask > X\nX > A : Ask.outcome == 'a'\nX >> B"
        )
    )

    assert found.findings == ()
    assert found.ends == {"A", "B"}


def test_turns_of_a_sub_process_are_explored_apart(draw):
    found = explored(
        draw(
            "start Begin\nsub Sub count=2\nstart I in=Sub\nuser Ask form=f in=Sub\nxor X in=Sub\n"
            "manual M in=Sub\nend E in=Sub\nend F in=Sub\nI > Ask > X\n"
            "X > M : Ask.outcome == 'a'\nM > E\nX >> F\nend Done\nBegin > Sub > Done"
        )
    )

    assert found.findings == ()
    assert found.ends == {"Done"}
    assert found.coverage.is_complete


def test_a_loop_is_explored_up_to_its_most_turns(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f again='Ask.outcome == \"a\"' most=3\nend Done\n"
            "Begin > Ask > Done"
        )
    )

    assert found.findings == ()
    assert [state.is_end for state in found.states].count(False) == 3


def test_an_element_that_is_never_reached_is_named_and_so_is_the_flow_where_the_way_ends(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask form=f\nboundary Late on=Extra duration=P1D\nxor Which\n"
            "user Extra\nend Done\nend Lapsed\nBegin > Ask > Which\n"
            "Which > Extra : Ask.outcome == 'never'\nWhich >> Done\nExtra > Done\nLate > Lapsed"
        )
    )

    assert [(f.rule, f.element) for f in found.findings] == [
        ("dead_element", "Late"),
        ("dead_element", "Extra"),
        ("dead_element", "Lapsed"),
        ("dead_flow", "Which_to_Extra"),
    ]


def test_a_task_that_nobody_may_do_is_a_wait_without_end(draw):
    found = explored(draw("start Begin\nuser Ask\nend Done\nBegin > Ask > Done", lane="系统"))

    assert [(f.rule, f.element) for f in found.findings] == [("nobody_acts", "Ask")]
    assert [act.kind for act in found.faults[0].path.acts] == ["start"]


def test_what_nobody_may_do_may_wait_beside_a_timer(draw):
    found = explored(
        draw(
            "start Begin\nuser Ask\nboundary Late on=Ask duration=P1D\nend Done\nend Lapsed\n"
            "Begin > Ask > Done\nLate > Lapsed",
            lane="系统",
        )
    )

    assert found.findings == ()


def test_branches_that_are_not_joined_double_a_token_and_the_path_shows_it(draw):
    diagram = draw(
        "start Begin\nand Fork\nuser A\nuser B\nxor Meet\nuser Then\nend Done\n"
        "Begin > Fork\nFork > A > Meet\nFork > B > Meet\nMeet > Then > Done"
    )
    found = explored(diagram)

    (fault,) = found.faults
    assert (fault.finding.rule, fault.finding.element) == ("doubled_token", "Then")
    (scenario,) = read_scenarios(scenario_text(fault.path), "x")
    last = play_thoroughly(compile_release(diagram, {}), scenario).steps[-1]
    assert [task.element for task in last.waiting] == ["Then", "Then"]


def test_an_end_that_says_nothing_is_shown_with_the_way_to_it(draw):
    found = explored(
        draw(ASK + "end A bare\nend B name=''\nWhich > A : Ask.outcome == 'a'\nWhich >> B")
    )

    assert [(f.rule, f.element) for f in found.findings] == [
        ("end_without_label", "A"),
        ("end_without_label", "B"),
    ]
    assert [fault.path.ends_at for fault in found.faults] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("manual Ask\nand Join\nBegin > Ask > Join > Done\nJoin > Join", "流程停在 Join"),
        ("xor Which\nWhich > Done : Ask.outcome == 'a'\nBegin > Which", "Ask.outcome"),
        ("user Ask form=f\nuser Round\nBegin > Ask > Round > Ask\n", ""),
    ],
)
def test_the_path_of_a_fault_is_a_scenario_that_shows_it_again(draw, text, fault):
    diagram = draw(f"start Begin\nend Done\n{text}")
    broken = next(fault for fault in explored(diagram).faults if fault.path)

    (scenario,) = read_scenarios(scenario_text(broken.path), "saved.toml")

    executable = compile_release(diagram, {})
    if fault:
        with pytest.raises(ScenarioFailed, match=fault):
            play_thoroughly(executable, scenario)
    else:
        played = play_thoroughly(executable, scenario)
        waiting = tuple(task.element for task in played.steps[-1].waiting)
        assert waiting == broken.path.waiting == ("Ask",)


def test_what_is_never_reached_in_a_called_diagram_is_told_at_its_call(draw):
    """Also through a second call, and not where the call itself is never reached."""
    inner = draw(
        "start S\nuser Fill form=f\nxor Which\nuser Odd\nxor Meet\nend Out outcome=done\n"
        "S > Fill > Which\nWhich > Odd : Fill.outcome == 'none of these'\nOdd > Meet\n"
        "Which >> Meet\nMeet > Out",
        process="Inner",
    )
    middle = draw(
        "start S\ncall Call calls=Inner\nend Out outcome=done\nS > Call > Out", process="Middle"
    )
    never = draw("start S\nuser Lost\nend Out outcome=done\nS > Lost > Out", process="Never")
    top = draw(
        "start Begin\nuser Ask form=f\nxor Which\ncall Outer calls=Middle\ncall Away calls=Never\n"
        "end Done\nend Gone\nBegin > Ask > Which\nWhich > Away : Ask.outcome == 'none of these'\n"
        "Which >> Outer\nOuter > Done\nAway > Gone"
    )

    found = explore(top, {"Inner": inner, "Middle": middle, "Never": never}, FORMS, ())

    told = [(fault.finding.rule, fault.finding.element) for fault in found.faults]
    assert told == [
        ("dead_element", "Outer"),
        ("dead_flow", "Outer"),
        ("dead_element", "Away"),
        ("dead_element", "Gone"),
        ("dead_flow", "Which_to_Away"),
    ]
    inside, cause, away, *_ = found.faults
    assert "“流程”里的“Odd”（Odd）" in inside.finding.message
    assert [act.element for act in cause.path.acts[1:]] == ["Ask", "Outer/Call/Fill"]
    assert [act.element for act in away.path.acts[1:]] == ["Ask"]
