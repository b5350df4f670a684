"""A few hundred of the files that `masses.py` makes without end: none is dealt with otherwise than promised.

Each stands for a way in which a file can be broken, odd or merely foreign; the seeds of files that once
showed a fault are kept.
"""

from __future__ import annotations

import pytest

from processes.diagram import read_diagram
from processes.importing import import_diagram

from .masses import faults_of, in_a_hurry
from .mutations import DAMAGES, file_of, sources

ONCE_WRONG = (7, 25, 55, 124, 184)
ROUNDS, EACH = 6, 24


@pytest.mark.parametrize("first", range(20_000, 20_000 + ROUNDS * EACH, EACH))
def test_made_up_files_are_judged_told_whole_and_stay_as_they_were_made(first):
    found = {}
    for seed in range(first, first + EACH):
        with in_a_hurry(seed or 1):
            found[seed] = faults_of(file_of(seed))

    assert {seed: faults for seed, faults in found.items() if faults} == {}


@pytest.mark.parametrize("seed", ONCE_WRONG)
def test_a_file_that_once_showed_a_fault_shows_none(seed):
    with in_a_hurry(seed):
        assert faults_of(file_of(seed)) == []


def test_a_seed_makes_the_same_file_again_and_damage_is_done():
    files = [file_of(seed) for seed in range(40)]

    assert files == [file_of(seed) for seed in range(40)]
    assert len({*files, *sources()}) > 55
    assert len({damage.__name__ for damage in DAMAGES}) > 20


def test_a_step_inside_a_step_is_told_and_nothing_comes_of_the_file(wrap):
    """An editor would lose it without a word."""
    body = (
        '<startEvent id="A"><userTask id="B"><endEvent id="C"/></userTask></startEvent>'
        '<endEvent id="E"/><sequenceFlow id="F" sourceRef="A" targetRef="E"/>'
    )
    data = wrap(body)

    found = import_diagram(data)

    assert found.diagram is None
    (note,) = (note for note in found.notes if note.rule == "misplaced")
    assert (note.kind, [place.element for place in note.places]) == ("refused", ["B"])
    assert "用户任务写在了 startEvent 里面" in note.message
    assert [one.rule for one in read_diagram(data).notes] == ["misplaced"]


def test_a_point_of_a_drawing_far_away_costs_no_more_than_a_near_one():
    """Squares between the points were gone through one by one."""
    data = next(file for file in sources() if b"<bpmndi:BPMNEdge" in file or b"BPMNEdge" in file)
    place = data.index(b'x="', data.index(b"waypoint")) + 3
    far = data[:place] + b"99999999999" + data[data.index(b'"', place) :]

    with in_a_hurry(1):
        assert import_diagram(far).diagram is not None


def test_a_file_in_another_encoding_comes_out_in_utf8_also_where_nothing_else_changes():
    plain = next(file for file in sources() if import_diagram(file).diagram == file)

    found = import_diagram(plain.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16"))

    assert "encoding" in {note.rule for note in found.notes}
    assert read_diagram(found.diagram).elements.keys() == read_diagram(plain).elements.keys()
    found.diagram.decode()
