"""Flows behind a link count in a called diagram as any others do."""

from __future__ import annotations

from processes.coverage import measure
from processes.diagram import read_diagram


def test_flows_behind_a_link_of_a_called_diagram_are_counted(draw, sketch):
    called = read_diagram(
        sketch(
            "start S\nthrow T link=over\ncatch C link=over\nmanual M\nend E outcome=ok\nS > T\nC > M > E",
            process="q",
        )
    )
    diagram = draw("start Begin\ncall Call calls=q\nend Done\nBegin > Call > Done")

    counted = {key.flow for key in measure(diagram, {"q": called}, ()).flows if key.process == "q"}

    assert counted == {"S_to_T", "C_to_M", "M_to_E"}
