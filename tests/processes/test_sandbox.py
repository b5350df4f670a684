"""The sandbox answers whatever happens to the process inside it."""

from __future__ import annotations

import json
import sys

import pytest

from processes import sandbox
from processes.sandbox import check_in_process

STRAIGHT = "start A\nmanual M\nend E\nA > M > E"


def in_place_of_the_worker(monkeypatch, code: str) -> None:
    """Let the sandbox run some other program."""
    monkeypatch.setattr(sandbox, "WORKER", (sys.executable, "-c", code))


def test_a_good_diagram_runs(sketch):
    result = check_in_process(sketch(STRAIGHT), "good.bpmn", seconds=60)

    assert (result.status, result.elements, result.findings) == (0, 3, ())


def test_warnings_allow_running(sketch):
    result = check_in_process(sketch(STRAIGHT, lane=None), "good.bpmn", seconds=60)

    assert (result.status, [f.severity for f in result.findings]) == (0, ["warning"])


def test_findings_forbid_running(sketch):
    result = check_in_process(sketch(STRAIGHT + "\nmanual Lost"), "bad.bpmn", seconds=60)

    assert result.status == 1
    assert {f.element for f in result.findings if f.forbids_running} == {"Lost"}


def test_a_file_that_is_not_bpmn_cannot_be_read():
    result = check_in_process(b"hello", "hello.txt", seconds=60)

    assert (result.status, result.elements) == (2, 0)


def test_forms_and_called_diagrams_reach_the_check(sketch):
    called = sketch("start A\nmanual M\nend E outcome=ok\nA > M > E", process="review")
    data = sketch("start A\ncall R calls=review\nuser U form=there\nend E\nA > R > U > E")

    result = check_in_process(
        data, "x.bpmn", called={"review": called}, forms={"there": {}}, seconds=60
    )

    assert result.findings == ()


def test_the_worker_is_killed_when_it_takes_too_long(sketch, monkeypatch):
    in_place_of_the_worker(monkeypatch, "while True: pass")

    result = check_in_process(sketch(STRAIGHT), "slow.bpmn", seconds=0.3)

    (finding,) = result.findings
    assert (result.status, finding.rule) == (2, "check_stopped")
    assert "0.3 秒" in finding.message


def test_a_busy_machine_may_be_waited_for_but_no_busy_diagram(sketch, monkeypatch):
    limits = "import sys, resource, time; resource.setrlimit(resource.RLIMIT_CPU, (1, 2));"
    in_place_of_the_worker(monkeypatch, f"{limits} time.sleep(1)")
    waited = check_in_process(sketch(STRAIGHT), "slow.bpmn", seconds=0.3, patience=60)
    in_place_of_the_worker(monkeypatch, f"{limits}\nwhile True: pass")
    stopped = check_in_process(sketch(STRAIGHT), "busy.bpmn", seconds=0.3, patience=60)

    assert "秒" not in waited.findings[0].message  # it came to its end, and said nothing
    assert "0.3 秒" in stopped.findings[0].message


@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import sys; sys.exit(3)",
        "print('not json')",
        "print('{}')",
    ],
)
def test_a_worker_that_dies_is_a_finding(code, sketch, monkeypatch):
    in_place_of_the_worker(monkeypatch, code)

    result = check_in_process(sketch(STRAIGHT), "deadly.bpmn", seconds=60)

    assert [(f.rule, f.severity) for f in result.findings] == [("check_stopped", "error")]


def test_the_kernel_stops_a_worker_that_takes_too_much_memory(sketch, monkeypatch):
    in_place_of_the_worker(
        monkeypatch,
        "from processes.check_worker import limit_self; limit_self(30, 300); 'x' * 10**9",
    )

    result = check_in_process(sketch(STRAIGHT), "greedy.bpmn", seconds=60)

    assert [f.rule for f in result.findings] == ["check_stopped"]


def test_a_result_is_ready_for_programs(sketch):
    result = check_in_process(sketch(STRAIGHT + "\nmanual Lost"), "bad.bpmn", seconds=60)

    values = json.loads(json.dumps(result.as_dict()))

    assert values["status"] == 1
    assert set(values["findings"][0]) == {
        "rule",
        "severity",
        "element",
        "name",
        "line",
        "message",
        "way_out",
    }


def test_the_worker_does_not_load_the_engine():
    import subprocess

    code = "import processes.checks, sys; sys.exit('SpiffWorkflow' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
