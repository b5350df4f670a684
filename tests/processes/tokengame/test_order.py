"""What goes first where the standard leaves the order open: both executions keep the rules of the docs.

Each drawing is one on which they parted before: a token that ends everything overtook another in one
of them only.
"""

from __future__ import annotations

import pytest

from processes.diagram import read_diagram
from processes.engine import compile_release
from tests.processes.pair import Pair

STOP = "end Stop terminate\nend Done\n"
BEGINS_AT_ONCE = (
    "start Begin\nand Fork\nsub Sub\nstart In in=Sub\nuser Fill in=Sub\nend Out in=Sub\n"
    + STOP
    + "Begin > Fork > Sub > Done\nFork > Stop\nIn > Fill > Out"
)
ENDS_IN_TURN = (
    "start Begin\nuser Ask\nand Fork\nsub Sub\nstart In in=Sub\nend Out in=Sub\nmanual Next\nxor One\n"
    + STOP
    + "Begin > Ask > Fork > Sub > Next > Done\nFork > One > Stop\nIn > Out"
)
RACE_HEARS = (
    "start Begin\nuser Ask\nand Fork\nthrow Tell signal=go\nevent Race\ncatch Heard signal=go\n"
    "catch Late duration=P1D\nend A\nend B\nend C\nBegin > Ask > Fork\nFork > Tell > A\n"
    "Fork > Race > Heard > B\nRace > Late > C"
)
BORDER_HEARS = (
    "start Begin\nuser Ask\nand Fork\nthrow Tell signal=go\nuser Fill\nboundary Heard on=Fill signal=go\n"
    "end A\nend B\nend C\nBegin > Ask > Fork\nFork > Tell > A\nFork > Fill > B\nHeard > C"
)
HEARER_FIRST = (
    "start Begin\nuser Ask\nand Fork\nuser Fill\nboundary Heard on=Fill signal=go\nthrow Tell signal=go\n"
    "end A\nend B\n" + STOP + "Begin > Ask > Fork\nFork > Fill > A\nHeard > Stop\nFork > Tell > B"
)


@pytest.mark.parametrize(
    ("text", "acts", "last"),
    [
        (BEGINS_AT_ONCE, 0, {"In_to_Fill", "Fork_to_Stop"}),
        (ENDS_IN_TURN, 1, {"In_to_Out", "One_to_Stop"}),
        (RACE_HEARS, 1, {"Race_to_Heard", "Heard_to_B"}),
        (BORDER_HEARS, 1, {"Heard_to_C", "Tell_to_A"}),
        (HEARER_FIRST, 1, {"Heard_to_Stop", "Tell_to_B"}),
    ],
    ids=["a level begins at once", "and ends in its turn", "a race", "a border", "hearer first"],
)
def test_both_executions_keep_the_order_of_the_docs(sketch, text, acts, last):
    pair = Pair(compile_release(read_diagram(sketch(text)), {}))
    assert pair.start()
    for _ in range(acts):
        assert pair.move("answer", 0, "a")

    assert last <= pair.marking.flows, sorted(pair.marking.flows)
