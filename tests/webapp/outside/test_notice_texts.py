"""The sentences of notices, and what a school may make of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import processes
from webapp.services.notices import texts

DIAGRAMS = Path(processes.__file__).parent / "diagrams"
EVENT = re.compile(r'id="event"[^>]*value=\'"(\w+)"\'')


def test_every_packaged_sentence_can_be_filled_in():
    for said in texts.every_said().values():
        texts.require_fillable(said.text)
        told = texts.fill_places(
            said.text, employer="恒信", graduate="林知夏", title="签约", until=""
        )
        assert "{" not in told, said.key
        assert set(said.channels) <= set(texts.CHANNEL_NAMES)
        assert said.name, f"{said.key} needs a name in NAMES"


def test_every_event_that_a_diagram_asks_for_has_a_sentence():
    said = {one.event for one in texts.every_said().values()}
    asked = {
        event for path in DIAGRAMS.rglob("*.bpmn") for event in EVENT.findall(path.read_text())
    }

    assert "invitation" in asked
    assert asked <= said


def test_a_family_may_say_an_event_in_its_own_words():
    own = texts.text_for("paper_registration", "completed", "graduate")
    common = texts.text_for("online_signing", "completed", "graduate")

    assert own != common
    assert texts.text_for("rescission", "nothing", "graduate") == texts.OTHERWISE


@pytest.mark.parametrize(
    "typed",
    ["{name}请看", "{employer.__class__}", "{employer!r}", "{employer:>9}", "{0}", "{", "好" * 201],
)
def test_a_place_that_is_none_is_refused(typed):
    with pytest.raises(texts.BadNoticeText) as caught:
        texts.require_fillable(typed)

    assert caught.value.way_out


def test_what_stands_in_braces_is_never_looked_into():
    told = texts.fill_places("{employer.name}{employer}", employer="{graduate}")

    assert told == "{employer.name}{graduate}"
