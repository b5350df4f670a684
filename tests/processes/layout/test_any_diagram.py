"""Whatever is drawn by dice: nothing overlaps, nothing is missing, nothing is hidden."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from processes.diagram import Diagram, read_diagram
from processes.layout import measure, renew_drawing

SEEDS = range(16)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drawing_by_rule_has_no_flaw(diced, seed):
    plain = diced(seed, 25, seed % 4)

    measures = measure(drawn(plain))

    assert measures.flaws == ()
    assert measures.shapes >= plain.count(b'name="') - plain.count(b"<sequenceFlow")
    assert measures.lines == plain.count(b"<sequenceFlow")


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_renewing_twice_changes_nothing(diced, seed):
    once = drawn(diced(seed, 25, seed % 4))

    assert renew_drawing(once) == once


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_what_the_diagram_says_stays(diced, seed):
    plain = diced(seed, 25, seed % 4)

    assert told(read_diagram(drawn(plain))) == told(read_diagram(plain))


@pytest.mark.parametrize("seed", range(4))
def test_branches_without_lanes_hardly_cross(diced, seed):
    measures = measure(renew_drawing(diced(100 + seed, 40, 0)))

    assert measures.crossings <= measures.lines // 8


def test_a_chain_of_a_thousand_is_one_straight_row(process, chained):
    ids = ["Begin", *(f"T{n}" for n in range(1000)), "Done"]
    tasks = "".join(f'<task id="{id_}" name="审核"/>' for id_ in ids[1:-1])
    plain = process(
        '<startEvent id="Begin"/>', tasks, '<endEvent id="Done"/>', chained(" > ".join(ids))
    )

    measures = measure(renew_drawing(plain))

    assert (measures.lines, measures.bends, measures.crossings) == (1001, 0, 0)
    assert measures.flaws == ()


@cache
def drawn(plain: bytes) -> bytes:
    """One drawing serves several questions."""
    return renew_drawing(plain)


def told(diagram: Diagram) -> Diagram:
    """A diagram without what may differ: its bytes, and the lines of findings about them."""
    notes = tuple(replace(note, line=0) for note in diagram.notes)
    return replace(diagram, xml=b"", notes=notes)
