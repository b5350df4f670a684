"""What the rules say of signals, errors, escalations, links and event sub-processes."""

from __future__ import annotations

from processes.checks import check
from processes.diagram import read_diagram

FORMS = {"f": {"outcome": ["a", "b"]}}
SUB = (
    "sub Sub\nstart I in=Sub\nuser M form=f in=Sub\nxor X in=Sub\nend Good in=Sub\n"
    "end Bad in=Sub error=one\nI > M > X\nX > Good : M.outcome == 'a'\nX >> Bad\n"
)
RUNS = "start Begin\nmanual A\nend Done\nBegin > A > Done\n"


def told(diagram, **facts):
    found = check(diagram, forms=FORMS, **facts)
    return [(f.rule, f.element, f.severity) for f in found]


def test_an_error_that_is_caught_at_the_border_passes(draw):
    diagram = draw(
        f"start Begin\n{SUB}boundary Failed on=Sub error=one\nend Done\nend Other\n"
        "Begin > Sub > Done\nFailed > Other"
    )

    assert told(diagram) == []


def test_an_error_may_be_caught_by_a_handler_of_its_level_or_of_one_around(draw):
    handler = "sub Event triggered {0}\nstart E in=Event error=any\nend H in=Event\nE > H\n"
    for where in ("in=Sub", ""):
        diagram = draw(f"start Begin\n{SUB}{handler.format(where)}end Done\nBegin > Sub > Done")

        assert told(diagram) == []


def test_what_an_interrupting_handler_throws_is_not_caught_beside_it(draw):
    diagram = draw(
        f"start Begin\n{SUB}sub Event triggered in=Sub\nstart E in=Event error=one\n"
        "end Again in=Event error=one\nE > Again\nend Done\nBegin > Sub > Done"
    )

    assert ("thrown_events", "Again", "error") in told(diagram)


def test_a_border_that_nothing_reaches_is_refused(draw):
    diagram = draw(
        "start Begin\nsub Sub\nstart I in=Sub\nmanual M in=Sub\nend E in=Sub\nI > M > E\n"
        "boundary Failed on=Sub error=one\nend Done\nend Other\nBegin > Sub > Done\nFailed > Other"
    )

    assert ("thrown_events", "Failed", "error") in told(diagram)


def test_an_error_climbs_out_of_a_called_diagram_to_the_call(draw, sketch):
    called = read_diagram(
        sketch(
            "start S\nuser J form=f\nxor X\nend P outcome=passed\nend Bad error=one outcome=failed\n"
            "S > J > X\nX > P : J.outcome == 'a'\nX >> Bad",
            process="review",
        )
    )
    text = "start Begin\ncall Call calls=review\nend Done\nBegin > Call > Done\n"
    caught = "boundary Failed on=Call error=one\nend Other\nFailed > Other"

    assert told(draw(text + caught), called={"review": called}) == []
    assert ("thrown_events", "Call", "error") in told(draw(text), called={"review": called})


def test_an_escalation_that_nobody_catches_is_a_warning(draw):
    diagram = draw("start Begin\nthrow Up escalation=one\nend Done\nBegin > Up > Done")

    assert told(diagram) == [("thrown_events", "Up", "warning")]


def test_signals_stay_within_the_case(draw):
    thrown = draw("start Begin\nthrow T signal=go\nend Done\nBegin > T > Done")
    waited = draw("start Begin\ncatch C signal=go\nend Done\nBegin > C > Done")
    both = draw(
        "start Begin\nand Fork\nmanual A\nthrow T signal=go\ncatch C signal=go\nand Join\nend Done\n"
        "Begin > Fork > A > T > Join > Done\nFork > C > Join"
    )

    assert told(thrown) == [("thrown_events", "T", "error")]
    assert told(waited) == [("thrown_events", "C", "error")]
    assert told(both) == []


def test_a_signal_may_come_from_a_called_diagram(draw, sketch):
    called = read_diagram(
        sketch("start S\nmanual J\nthrow T signal=go\nend P outcome=ok\nS > J > T > P", process="q")
    )
    text = (
        "start Begin\nand Fork\ncall Call calls=q\ncatch C signal={}\nand Join\nend Done\n"
        "Begin > Fork > Call > Join > Done\nFork > C > Join"
    )

    assert told(draw(text.format("go")), called={"q": called}) == []
    assert ("thrown_events", "C", "error") in told(draw(text.format("no")), called={"q": called})


def test_what_waits_side_by_side_waits_for_different_things(draw):
    diagram = draw(
        RUNS + "sub One triggered\nstart S1 in=One message=x\nend E1 in=One\nS1 > E1\n"
        "sub Two triggered\nstart S2 in=Two message=x\nend E2 in=Two\nS2 > E2"
    )

    assert ("messages", "S1", "error") in told(diagram)


def test_a_handler_knows_nothing_of_the_steps_of_its_level(draw):
    """It may begin before any of them was done."""
    diagram = draw(
        "start Begin\nuser A form=f\nend Done\nBegin > A > Done\nsub Event triggered\n"
        "start S in=Event message=x\nxor X in=Event\nend E1 in=Event\nend E2 in=Event\nS > X\n"
        "X > E1 : A.outcome == 'a'\nX >> E2"
    )

    assert ("variables", "X_to_E1", "warning") in told(diagram)


def test_a_loop_over_a_link_needs_somebody_to_wait_for(draw):
    diagram = draw(
        "start Begin\nxor X\nthrow T link=back\ncatch C link=back\nend Done\nBegin > X\n"
        "X > T : case.initiator == 'graduate'\nX >> Done\nC > X"
    )

    assert ("automatic_loop", "X", "error") in told(diagram)


def test_a_join_behind_a_link_is_watched(draw):
    diagram = draw(
        "start Begin\nuser A form=f\nxor X\nand J\nthrow T link=on\ncatch C link=on\nend Done\n"
        "Begin > A > X\nX > J : A.outcome == 'a'\nX >> T\nC > J > Done"
    )

    assert ("soundness", "J", "error") in told(diagram)


def test_a_throwing_event_without_anything_to_throw_is_a_milestone(draw):
    assert told(draw("start Begin\nthrow Here\nend Done\nBegin > Here > Done")) == []


def test_link_ends_without_a_link_name_pair_by_what_is_written_on_them(wrap):
    diagram = read_diagram(
        wrap(
            '<startEvent id="S"/><intermediateThrowEvent id="T" name="甲"><linkEventDefinition/>'
            '</intermediateThrowEvent><intermediateCatchEvent id="C" name="甲"><linkEventDefinition/>'
            '</intermediateCatchEvent><endEvent id="E"/><sequenceFlow id="F" sourceRef="S" targetRef="T"/>'
            '<sequenceFlow id="G" sourceRef="C" targetRef="E"/>'
        )
    )

    assert [found for found in told(diagram) if found[2] == "error"] == []
