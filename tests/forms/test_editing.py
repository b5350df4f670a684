"""Forms are changed piece by piece; conditions follow, and what comes out is judged elsewhere."""

from __future__ import annotations

from copy import deepcopy

import pytest

from forms.components import TYPES
from forms.definitions import DefinitionError, packaged, parse_definition
from forms.editing import (
    NoSuchPlace,
    inserted,
    moved,
    new_part,
    part_at,
    place_of,
    put_into,
    removed,
    replaced,
    walk,
)

REVIEW = {
    "title": "审核",
    "components": [
        {"type": "radio", "key": "verdict", "label": "结论", "decides": True,
         "values": [{"value": "pass", "label": "通过"}, {"value": "refuse", "label": "不通过"}]},
        {"type": "group", "label": "补充", "components": [
            {"type": "textarea", "key": "reason", "label": "原因",
             "conditional": {"all": [{"field": "verdict", "op": "==", "value": "refuse"}]}},
        ]},
    ],
}  # fmt: skip


def keys(raw):
    return [(part.address, part.raw.get("key") or part.raw["label"]) for part in walk(raw)]


def test_parts_are_given_in_order_with_their_places():
    assert keys(REVIEW) == [("0", "verdict"), ("1", "补充"), ("1.0", "reason")]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_new_part_of_every_type_makes_a_sound_form(kind):
    changed, place = inserted(deepcopy(REVIEW), (0,), new_part(kind, REVIEW))

    assert place == (1,)
    assert parse_definition(changed, key="x").components[1].type == kind


def test_a_second_new_field_gets_another_key():
    once, _ = inserted(REVIEW, (), new_part("text", REVIEW))
    twice, _ = inserted(once, (), new_part("text", once))

    assert keys(twice)[-2:] == [("2", "field_1"), ("3", "field_2")]


def test_conditions_follow_a_new_key():
    part = {**part_at(REVIEW, (0,)), "key": "conclusion"}
    changed = replaced(REVIEW, (0,), part)

    assert part_at(changed, (1, 0))["conditional"]["all"][0]["field"] == "conclusion"
    assert part_at(REVIEW, (1, 0))["conditional"]["all"][0]["field"] == "verdict"


def test_moving_stops_at_the_edges():
    down, place = moved(REVIEW, (0,), 1)

    assert (keys(down)[-1], place) == (("1", "verdict"), (1,))
    assert moved(REVIEW, (0,), -1) == (REVIEW, (0,))


def test_a_field_moves_into_a_group_and_out_again():
    inside, place = put_into(REVIEW, (0,), (1,))
    outside, back = put_into(inside, place, ())

    assert (keys(inside), place) == ([("0", "补充"), ("0.0", "reason"), ("0.1", "verdict")], (0, 1))
    assert back == (1,)
    assert keys(outside)[-1] == ("1", "verdict")


def test_nothing_moves_into_itself_or_into_a_field():
    for place, holder in [((1,), (1,)), ((1,), (1, 0)), ((1, 0), (0,))]:
        with pytest.raises(NoSuchPlace):
            put_into(REVIEW, place, holder)


def test_taking_out_what_a_condition_reads_is_told():
    with pytest.raises(DefinitionError) as told:
        parse_definition(removed(REVIEW, (0,)), key="x")

    assert "verdict" in str(told.value)


@pytest.mark.parametrize("address", ["", "x", "1.", "-1", "９", "1.0.0", "7", "0.0", "99999"])
def test_places_that_are_not_there_are_refused(address):
    with pytest.raises(NoSuchPlace):
        part_at(REVIEW, place_of(address))


@pytest.mark.parametrize("key", sorted(packaged()))
def test_every_part_of_the_packaged_forms_can_be_put_back_unchanged(key):
    raw = packaged()[key].as_dict()

    for part in walk(raw):
        assert replaced(raw, part.place, part_at(raw, part.place)) == raw
