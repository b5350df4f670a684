"""What a drawing leaves implied is drawn, asked about where it is a guess, refused where it is none."""

from __future__ import annotations

import pytest

from processes.diagram import read_diagram

from .conftest import note_about, notes_of

LINE = (
    '<startEvent id="s"/><userTask id="t" name="办"/><endEvent id="e" name="完"/>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
)


def test_a_whole_process_runs(take_in):
    found = take_in(LINE)

    assert found.status == "runs"
    assert found.trial.ends == ("e",)


@pytest.mark.parametrize(("written", "asks"), [("", False), ('isExecutable="false"', True)])
def test_it_is_marked_executable(take_in, written, asks):
    found = take_in(LINE, attributes=written)

    assert note_about(found, "not_executable").asks is asks
    assert b'isExecutable="true"' in found.diagram


def test_missing_start_and_end_are_drawn(take_in):
    found = take_in('<userTask id="t" name="办"/><userTask id="u" name="再办"/>'
                    '<sequenceFlow id="f" sourceRef="t" targetRef="u"/>')  # fmt: skip

    diagram = read_diagram(found.diagram)
    assert diagram.start_of("p") is not None
    (end,) = diagram.of_kind("endEvent")
    assert diagram.incoming(end.id)[0].source == "u"
    assert note_about(found, "no_start").asks
    assert not note_about(found, "no_end").asks
    assert found.trial is not None


def test_a_second_beginning_starts_with_the_process(take_in):
    found = take_in(
        LINE.replace('targetRef="e"', 'targetRef="j"')
        + '<intermediateCatchEvent id="w" name="等"><timerEventDefinition>'
        "<timeDuration>PT0.05S</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        '<parallelGateway id="j"/><sequenceFlow id="h" sourceRef="w" targetRef="j"/>'
        '<sequenceFlow id="i" sourceRef="j" targetRef="e"/>'
    )

    assert note_about(found, "second_start").asks
    timer = note_about(found, "timer")
    assert (timer.before, timer.after) == ("PT0.05S", "PT1S")
    assert "不足一秒" in timer.message
    assert found.trial.ends == ("e",)


def test_a_step_that_nothing_leads_to_is_refused(take_in):
    found = take_in(LINE + '<userTask id="lost" name="丢"/>')

    assert found.status == "refused"
    assert note_about(found, "unreachable").element == "lost"


def test_a_flow_to_nowhere_is_refused_and_makes_no_draft(take_in):
    found = take_in(LINE.replace('targetRef="e"', 'targetRef="nobody"'))

    assert found.diagram is None
    note = note_about(found, "dangling_reference")
    assert note.element == "g"
    assert "nobody" in note.message


def test_a_doubled_id_is_refused_and_nothing_is_touched(take_in):
    found = take_in(LINE + '<userTask id="t" name="又"/>')

    assert found.diagram is None
    assert not found.of_kind("translated")
    assert notes_of(found, "duplicate_id")


def test_a_deadlock_is_refused_but_can_be_opened(take_in):
    found = take_in(
        '<startEvent id="s"/><exclusiveGateway id="x"/><parallelGateway id="j"/><endEvent id="e"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="x"/>'
        '<sequenceFlow id="b" sourceRef="x" targetRef="j"/>'
        '<sequenceFlow id="c" sourceRef="x" targetRef="j"/>'
        '<sequenceFlow id="d" sourceRef="j" targetRef="e"/>'
    )

    assert found.status == "refused"
    assert found.diagram is not None
    assert note_about(found, "soundness").element == "j"


@pytest.mark.parametrize(
    ("kind", "written", "after"),
    [
        ("timeDuration", "PT5M", None),
        ("timeDuration", "'PT5M'", None),
        ("timeCycle", "R3/PT10H", None),
        ("timeDuration", "P1DT", "P1D"),
        ("timeDuration", '="PT1.5H"', "PT5400S"),
        ("timeDate", "2030-01-01T08:00:00+0800", "2030-01-01T08:00:00+08:00"),
    ],
)
def test_timers(take_in, kind, written, after):
    found = take_in(
        LINE
        + f'<boundaryEvent id="b" name="到点" attachedToRef="t" cancelActivity="{str(kind != "timeCycle").lower()}">'
        f"<timerEventDefinition><{kind}>{written}</{kind}></timerEventDefinition></boundaryEvent>"
        '<sequenceFlow id="h" sourceRef="b" targetRef="e"/>'
    )

    assert [note.after for note in notes_of(found, "timer")] == ([after] if after else [])
    assert not found.of_kind("refused")
    assert found.trial is not None


@pytest.mark.parametrize("written", ["0 0/5 * * * ?", "5 minutes", "", "${now()}"])
def test_a_time_that_cannot_be_read_is_missing(take_in, written):
    found = take_in(
        LINE + '<boundaryEvent id="b" name="到点" attachedToRef="t"><timerEventDefinition>'
        f"<timeDuration>{written}</timeDuration></timerEventDefinition></boundaryEvent>"
        '<sequenceFlow id="h" sourceRef="b" targetRef="e"/>'
    )

    assert note_about(found, "timer_unreadable").element == "b"
    assert found.status == "imports_with_warnings"


def test_links_meet_by_the_names_on_their_events(take_in):
    found = take_in(
        '<startEvent id="s"/><intermediateThrowEvent id="t" name="A"><linkEventDefinition id="l" name=""/>'
        '</intermediateThrowEvent><intermediateCatchEvent id="c" name="A"><linkEventDefinition id="m"/>'
        '</intermediateCatchEvent><endEvent id="e" name="完"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="c" targetRef="e"/>'
    )

    assert [note.after for note in notes_of(found, "link_name")] == ["A", "A"]
    assert found.trial.ends == ("e",)


def test_a_complex_gateway_is_refused_by_name(take_in):
    found = take_in(LINE.replace("userTask", "complexGateway"))

    note = note_about(found, "supported")
    assert (note.kind, note.element, note.name) == ("refused", "t", "办")
    assert note.way_out


def test_a_called_process_that_is_not_there_is_missing(take_in):
    found = take_in(LINE.replace('<userTask id="t"', '<callActivity id="t" calledElement="other"'))

    assert found.status == "imports_with_warnings"
    assert any(note.kind == "missing" and note.element == "t" and note.asks for note in found.notes)


def test_a_reference_that_was_never_filled_in_is_missing_not_refused(take_in):
    found = take_in(
        LINE + '<boundaryEvent id="b" attachedToRef="t"><messageEventDefinition/></boundaryEvent>'
        '<sequenceFlow id="h" sourceRef="b" targetRef="e"/>'
    )

    assert found.status == "imports_with_warnings"
    note = note_about(found, "dangling_reference")
    assert (note.kind, note.element, note.asks) == ("missing", "b", True)


def test_a_way_that_is_only_meant_is_asked_about_and_the_file_still_runs(take_in):
    """A signal that ends the other branch leads nowhere, and the join behind waits for both."""
    found = take_in(
        '<startEvent id="s"/><parallelGateway id="Fork"/><userTask id="t" name="办"/>'
        '<userTask id="u" name="再办"/><boundaryEvent id="b" attachedToRef="t">'
        '<signalEventDefinition signalRef="S"/></boundaryEvent><intermediateThrowEvent id="w">'
        '<signalEventDefinition signalRef="S"/></intermediateThrowEvent><parallelGateway id="Join"/>'
        '<endEvent id="e" name="完"/><sequenceFlow id="f" sourceRef="s" targetRef="Fork"/>'
        '<sequenceFlow id="g" sourceRef="Fork" targetRef="t"/>'
        '<sequenceFlow id="h" sourceRef="Fork" targetRef="u"/>'
        '<sequenceFlow id="i" sourceRef="u" targetRef="w"/>'
        '<sequenceFlow id="j" sourceRef="w" targetRef="Join"/>'
        '<intermediateThrowEvent id="x"/><sequenceFlow id="k" sourceRef="t" targetRef="x"/>'
        '<sequenceFlow id="m" sourceRef="x" targetRef="Join"/>'
        '<sequenceFlow id="l" sourceRef="Join" targetRef="e"/>',
        beside='<signal id="S" name="够了"/>',
    )

    note = note_about(found, "boundary_without_way")
    assert note in found.to_confirm
    assert found.status == "runs"
    (flow,) = read_diagram(found.diagram).outgoing("b")
    assert (flow.target, flow.id in note.also) == ("x", True)
