"""`qianyue check`: faults as Chinese lines or JSON, exit status 0, 1, 2, without Flask."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bare_command import ROOT, Answer, run_bare

DIAGRAMS = ROOT / "processes" / "diagrams"
INVITATION = DIAGRAMS / "online_signing" / "employer_invitation.bpmn"

Check = Callable[..., Answer]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """The command on a machine that may be busy."""
    patient = ("check", "--patience", "60")
    return lambda *arguments, given=b"": run_bare(tmp_path, *patient, *arguments, given=given)


@pytest.fixture
def misspelt(tmp_path: Path) -> Path:
    """The employer invitation with one wrong word in the condition of line 359."""
    file = tmp_path / "misspelt.bpmn"
    text = INVITATION.read_text("utf-8")
    assert '== "accept"' in text
    file.write_text(text.replace('== "accept"', '== "acept"'), "utf-8")
    return file


def test_flask_and_sqlalchemy_are_really_out_of_reach(tmp_path):
    answer = run_bare(tmp_path, "init")

    assert answer.status == 1
    assert "is not there" in answer.err


def test_the_packaged_diagrams_are_fine(check):
    files = [str(file) for file in sorted(DIAGRAMS.rglob("*.bpmn"))]

    answer = check(*files)

    assert answer.status == 0, answer.out
    assert answer.out.count("可以运行") == len(files)
    assert answer.err == ""


def test_a_fault_is_told_with_line_element_reason_and_way_out(check, misspelt):
    line = 1 + misspelt.read_text("utf-8").splitlines().index(
        next(
            line
            for line in misspelt.read_text("utf-8").splitlines()
            if '"Is_accepted" name' in line
        )
    )

    answer = check(str(misspelt))

    assert answer.status == 1
    assert f"行 {line} · 连线「接受」(Is_accepted)：" in answer.out
    assert "排他网关「接受？」(Answered)：" in answer.out
    assert "办法：请改成 'accept'。" in answer.out


def test_json_holds_file_status_and_findings(check, misspelt):
    answer = check("--json", str(misspelt))

    report = json.loads(answer.out)
    assert answer.status == 1
    assert (report["file"], report["status"]) == (str(misspelt), 1)
    assert {finding["element"] for finding in report["findings"]} == {"Answered", "Is_accepted"}
    assert all(finding["line"] > 0 and finding["way_out"] for finding in report["findings"])


def test_several_files_give_a_list_and_the_worst_status(check, misspelt, tmp_path):
    text = tmp_path / "letter.bpmn"
    text.write_text("您好", "utf-8")

    answer = check("--json", str(INVITATION), str(misspelt), str(text))

    reports = json.loads(answer.out)
    assert [report["status"] for report in reports] == [0, 1, 2]
    assert answer.status == 2


def test_a_diagram_may_come_from_standard_input(check):
    answer = check("-", given=INVITATION.read_bytes())

    assert answer.status == 0
    assert answer.out.startswith("标准输入：可以运行")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"x" * (3 * 1024 * 1024),
    ],
    ids=["empty", "text", "html", "doctype", "too large"],
)
def test_what_is_no_diagram_is_unusable(check, data):
    answer = check("-", given=data)

    assert answer.status == 2
    assert "标准输入：读不懂" in answer.out
    assert "办法：" in answer.out
    assert answer.err == ""


def test_a_file_that_is_not_there_does_not_stop_the_others(check):
    answer = check("nowhere.bpmn", str(INVITATION))

    assert answer.status == 2
    assert "找不到这个文件" in answer.out
    assert f"{INVITATION}：可以运行" in answer.out


def test_a_folder_is_unusable(check, tmp_path):
    answer = check(str(tmp_path))

    assert answer.status == 2
    assert "打不开这个文件" in answer.out


def test_a_diagram_is_called_from_the_same_folder(check, tmp_path):
    (tmp_path / "own_review.bpmn").write_text(
        (DIAGRAMS / "shared" / "school_review.bpmn")
        .read_text("utf-8")
        .replace('"school_review"', '"own_review"'),
        "utf-8",
    )
    caller = tmp_path / "caller.bpmn"
    caller.write_text(
        INVITATION.read_text("utf-8").replace(
            'calledElement="school_review"', 'calledElement="own_review"'
        ),
        "utf-8",
    )

    beside = check(str(caller))
    (tmp_path / "own_review.bpmn").unlink()
    alone = check(str(caller))

    assert beside.status == 0, beside.out
    assert alone.status == 1
    assert "own_review" in alone.out


def test_an_unknown_form_is_an_error_where_our_forms_are_used(check, tmp_path):
    file = tmp_path / "unknown.bpmn"
    text = INVITATION.read_text("utf-8")
    file.write_text(text.replace("signing/answer_invitation", "signing/nowhere"), "utf-8")

    answer = check(str(file))

    assert answer.status == 1
    assert "signing/nowhere" in answer.out


def test_forms_of_another_system_stay_unchecked(check, tmp_path):
    file = tmp_path / "stranger.bpmn"
    text = INVITATION.read_text("utf-8")
    for key in ("signing/fill_invitation", "signing/answer_invitation"):
        assert key in text
        text = text.replace(key, f"elsewhere/{key.rsplit('/', 1)[-1]}")
    file.write_text(text, "utf-8")

    answer = check(str(file))

    assert answer.status == 0, answer.out


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_a_diagram_in_another_encoding_finds_what_it_calls(check, tmp_path, encoding):
    file = tmp_path / "encoded.bpmn"
    text = INVITATION.read_text("utf-8").replace('encoding="UTF-8"', f'encoding="{encoding}"')
    file.write_bytes(text.encode(encoding))

    answer = check(str(file))

    assert answer.status == 0, answer.out
