"""`qianyue play`: scenarios beside diagrams, as a Chinese report or JSON, without Flask."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bare_command import ROOT, Answer, run_bare

FAMILY = ROOT / "processes" / "diagrams" / "online_signing"

Play = Callable[..., Answer]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return lambda *arguments: run_bare(tmp_path, "play", *arguments)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the employer invitation and its scenarios, in a folder of one's own."""
    for name in ("employer_invitation.bpmn", "employer_invitation.toml"):
        shutil.copy(FAMILY / name, tmp_path / name)
    return tmp_path / "employer_invitation.bpmn"


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_all_packaged_scenarios_come_true(play):
    answer = play()

    assert answer.status == 0, answer.out
    assert "全部符合预期。" in answer.out
    assert "✓ 毕业生没有回应，到应约截止时间邀请失效" in answer.out
    assert "没有走过" not in answer.out
    assert answer.err == ""


@pytest.mark.parametrize("suffix", [".bpmn", ".toml"])
def test_a_file_is_played_with_the_one_beside_it(play, own, suffix):
    answer = play(str(own.with_suffix(suffix)))

    assert answer.status == 0, answer.out
    assert "签约完成" in answer.out


def test_a_scenario_that_fails_says_where_the_token_waits_and_who_holds_it(play, own):
    rewrite(own.with_suffix(".toml"), '{ outcome = "accept" }', '{ outcome = "refuse" }')

    answer = play(str(own))

    assert answer.status == 1
    assert "✗ 场景「只由院系审核，院系通过即签约完成」第 2 步" in answer.out
    assert "个不符合预期" in answer.out


def test_json_holds_scenarios_and_coverage(play, own):
    answer = play("--json", str(own))

    report = json.loads(answer.out)
    assert (report["file"], report["status"]) == (str(own), 0)
    assert all(scenario["passed"] for scenario in report["scenarios"])
    assert report["coverage"]["missing"] == []
    assert report["coverage"]["flows"] == report["coverage"]["taken"] > 0


def test_json_tells_failures_too(play, own):
    rewrite(own.with_suffix(".toml"), 'ends_at = "Invitation_refused"', 'ends_at = "Elsewhere"')

    answer = play("--json", str(own))

    stories = [s["story"] for s in json.loads(answer.out)["scenarios"] if not s["passed"]]
    assert answer.status == 1
    assert stories
    assert all("预期结束于 Elsewhere" in story for story in stories)


def test_verbose_lists_steps_and_operators(play, own):
    answer = play("--verbose", str(own))

    assert "2027-03-01 09:00 用人单位 办理 Fill_invitation → 应约" in answer.out
    assert "操作 锁定毕业生：taken" in answer.out
    assert "结束 签约完成" in answer.out


def test_a_value_that_the_form_does_not_offer_fails_the_scenario(play, own):
    rewrite(own.with_suffix(".toml"), '{ outcome = "discard" }', '{ outcome = "forget" }')

    answer = play(str(own))

    assert answer.status == 1
    assert "outcome 不能选 forget" in answer.out


def test_a_wrong_word_in_the_scenarios_is_unusable(play, own):
    rewrite(own.with_suffix(".toml"), 'who = "employer"', 'who = "boss"')

    answer = play(str(own))

    assert answer.status == 2
    assert "who = boss 不认识" in answer.out
    assert "第 1 步" in answer.out


def test_a_diagram_that_cannot_be_read_is_unusable(play, own):
    own.write_text("您好", "utf-8")

    answer = play(str(own))

    assert answer.status == 2
    assert "流程图读不懂" in answer.out


def test_a_diagram_that_may_not_run_is_told_with_its_faults(play, own):
    rewrite(own, "Fill_invitation.reply_by</bpmn:timeDate>", "open('x')</bpmn:timeDate>")

    answer = play(str(own))

    assert answer.status == 1
    assert "流程图不能运行" in answer.out


@pytest.mark.parametrize(
    ("missing", "told"), [(".toml", "找不到场景文件"), (".bpmn", "找不到这个文件")]
)
def test_a_missing_file_is_unusable(play, own, missing, told):
    own.with_suffix(missing).unlink()

    answer = play(str(own))

    assert answer.status == 2
    assert told in answer.out


def test_only_diagrams_and_scenarios_can_be_played(play, tmp_path):
    (tmp_path / "letter.txt").write_text("您好", "utf-8")

    answer = play(str(tmp_path / "letter.txt"))

    assert answer.status == 2
    assert "只认识 .bpmn 和 .toml" in answer.out
