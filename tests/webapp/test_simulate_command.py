"""`qianyue simulate`: a term in words, as JSON, and as a file with pictures."""

from __future__ import annotations

import json

from bare_command import ROOT, run_bare

FILE = str(ROOT / "processes" / "diagrams" / "paper_registration" / "signed_agreement.bpmn")
SMALL = ("--arrivals", "5", "--days", "5")


def test_a_term_is_told_with_its_waits_and_its_bottleneck(tmp_path):
    answer = run_bare(tmp_path, "simulate", FILE, *SMALL)

    assert (answer.status, answer.err) == (0, "")
    assert "等得最多的一步" in answer.out
    assert "傍晚最多积压" in answer.out


def test_programs_and_people_get_the_same_figures(tmp_path):
    page = tmp_path / "term.html"

    answer = run_bare(tmp_path, "simulate", FILE, *SMALL, "--json", "--html", str(page))

    found = json.loads(answer.out)
    assert found["started"] == found["ended"] > 5
    assert f"发起 {found['started']} 件" in page.read_text("utf-8")
    assert page.read_text("utf-8").count("<polyline points=") == len(found["queues"]) > 0


def test_a_wrong_assumption_and_a_missing_file_are_unusable(tmp_path):
    assert run_bare(tmp_path, "simulate", FILE, "--staff", "reviewer").status == 2
    assert run_bare(tmp_path, "simulate", str(tmp_path / "x.bpmn")).status == 2
