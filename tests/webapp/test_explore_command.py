"""`qianyue explore` and `qianyue paths`: what can happen in a diagram, without Flask."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bare_command import ROOT, Answer, run_bare

FAMILY = ROOT / "processes" / "diagrams" / "paper_registration"

Command = Callable[..., Answer]


@pytest.fixture
def qianyue(tmp_path: Path) -> Command:
    return lambda *arguments: run_bare(tmp_path, *arguments)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the registration of a paper agreement, in a folder of one's own."""
    for name in ("signed_agreement.bpmn", "signed_agreement.toml"):
        shutil.copy(FAMILY / name, tmp_path / name)
    return tmp_path / "signed_agreement.bpmn"


def test_a_sound_diagram_is_told_with_its_size(qianyue, own):
    answer = qianyue("explore", str(own))

    assert (answer.status, answer.err) == (0, "")
    assert "3 种结束" in answer.out


def test_a_forgotten_claim_is_told_with_the_way_to_it(qianyue, own):
    text = own.read_text("utf-8")
    assert 'serviceTaskOperator id="release_claim"' in text
    own.write_text(
        text.replace(
            'serviceTaskOperator id="release_claim"', 'serviceTaskOperator id="check_claim"'
        ),
        "utf-8",
    )

    told = qianyue("explore", str(own))
    answer = qianyue("explore", "--json", str(own))

    assert told.status == answer.status == 1
    assert "占用" in told.out
    assert "开始" in told.out
    findings = json.loads(answer.out)["findings"]
    forgotten = [finding for finding in findings if finding["rule"] == "claim_not_released"]
    assert forgotten
    assert "[[scenario]]" in forgotten[0]["scenario"]


def test_what_is_no_diagram_is_unusable(qianyue, tmp_path):
    (tmp_path / "no.bpmn").write_text("no")

    for file in ("no.bpmn", "missing.bpmn"):
        answer = qianyue("explore", file)
        assert answer.status == 2
        assert "Traceback" not in answer.out + answer.err
        assert qianyue("paths", file).status == 2


def test_paths_are_listed_and_written_where_none_are(qianyue, own):
    listed = qianyue("paths", str(own))
    qianyue("paths", "--write", str(own))
    unchanged = qianyue("paths", "--write", str(own))

    assert "完成登记" in listed.out
    assert "没有改动" in unchanged.out

    scenarios = own.with_suffix(".toml")
    kept = scenarios.read_text("utf-8").split("[[scenario]]")
    scenarios.write_text("[[scenario]]".join(kept[:2]), "utf-8")
    written = qianyue("paths", "--write", str(own))
    played = qianyue("play", str(own))

    assert "已写入" in written.out
    assert played.status == 0, played.out
    assert "没有走过" not in played.out
    assert "没有改动" in qianyue("paths", "--write", str(own)).out
