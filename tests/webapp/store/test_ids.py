"""Ids sort by the moment they were made for, and within it by the order of their making."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from webapp.models import new_id

MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def test_a_later_moment_sorts_later_whenever_the_id_is_made():
    later = new_id(MONDAY + timedelta(days=1))
    earlier = new_id(MONDAY)

    assert earlier < later


def test_ids_of_one_moment_keep_the_order_of_their_making():
    made = [new_id(MONDAY) for _ in range(500)]

    assert made == sorted(made)
    assert len(set(made)) == 500
    assert {one.version for one in made} == {7}
