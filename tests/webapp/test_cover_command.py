"""`qianyue cover`: which flows the scenarios take, as figures and as one file with drawings."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bare_command import ROOT, Answer, run_bare

FAMILY = ROOT / "processes" / "diagrams" / "destination_void"

Command = Callable[..., Answer]


@pytest.fixture
def qianyue(tmp_path: Path) -> Command:
    return lambda *arguments: run_bare(tmp_path, *arguments)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of a small diagram with its scenarios, in a folder of one's own."""
    for name in ("self_service.bpmn", "self_service.toml"):
        shutil.copy(FAMILY / name, tmp_path / name)
    return tmp_path / "self_service.bpmn"


@pytest.fixture
def less(own: Path) -> Path:
    """The same with its first scenario only."""
    beside = own.with_suffix(".toml")
    head, first, *_ = beside.read_text("utf-8").split("[[scenario]]")
    beside.write_text(f"{head}[[scenario]]{first}", "utf-8")
    return own


def test_scenarios_that_take_every_flow_are_enough(qianyue, own):
    answer = qianyue("cover", str(own), "--json")

    [told] = json.loads(answer.out)
    assert (answer.status, told["percent"], told["missing"]) == (0, 100.0, [])
    assert told["taken"] == told["flows"] > 3


def test_what_nothing_takes_is_named_and_the_status_says_so(qianyue, less):
    answer = qianyue("cover", str(less))

    assert answer.status == 1
    assert "没有走过：" in answer.out


def test_less_can_be_asked_for(qianyue, less):
    assert qianyue("cover", str(less), "--at-least", "10").status == 0


def test_the_page_needs_nothing_else(qianyue, less, tmp_path):
    page = tmp_path / "cover.html"

    qianyue("cover", str(less), "--html", str(page))

    text = page.read_text("utf-8")
    assert "data:application/xml;base64," in text
    assert "removed" in text
    assert "added" in text
    assert not re.search(r'(src|href)="(?!#)', text.split("<script>")[0])


def test_a_scenario_that_does_not_hold_is_told(qianyue, own):
    beside = own.with_suffix(".toml")
    beside.write_text(
        re.sub(r'ends_at = "\w+"', 'ends_at = "Nowhere"', beside.read_text("utf-8"), count=1),
        "utf-8",
    )

    answer = qianyue("cover", str(own))

    assert answer.status == 1
    assert "✗" in answer.out


def test_what_is_no_diagram_is_unusable(qianyue, tmp_path):
    (tmp_path / "x.bpmn").write_text("hello")

    assert qianyue("cover", str(tmp_path / "x.bpmn")).status == 2
