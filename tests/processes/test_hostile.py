"""Hostile diagrams are refused, in a process of its own, in words that an admin understands."""

from __future__ import annotations

import pytest

from processes.findings import Finding
from processes.sandbox import check_in_process

PATIENT = 60.0  # the limit is tested with the sandbox; a busy test machine must not decide here


def refused(data: bytes, status: int, says: str, **facts) -> Finding:
    """Check in the sandbox; return the finding that says it."""
    result = check_in_process(data, "hostile.bpmn", seconds=PATIENT, **facts)

    assert result.status == status, [str(finding) for finding in result.findings]
    spoken = [f for f in result.findings if f.forbids_running and says in f.message]
    assert spoken, [str(finding) for finding in result.findings]
    assert spoken[0].way_out
    return spoken[0]


def with_doctype(wrap, doctype: str, body: str) -> bytes:
    """Put a DOCTYPE before the root."""
    head, rest = wrap(body).decode().split("\n", 1)
    return f"{head}\n<!-- <!DOCTYPE --> {doctype}\n{rest}".encode()


def test_an_entity_bomb_is_refused(wrap):
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20)]
    bomb = f"<!DOCTYPE definitions [{''.join(lines)}]>"

    finding = refused(with_doctype(wrap, bomb, '<startEvent id="A" name="&a19;"/>'), 2, "DOCTYPE")

    assert finding.line == 2


def test_an_external_entity_is_refused(wrap, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the key of the house")
    doctype = f'<!DOCTYPE definitions [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    data = with_doctype(wrap, doctype, '<startEvent id="A"><documentation>&x;</documentation>')

    finding = refused(data, 2, "DOCTYPE")

    assert "key of the house" not in str(finding)


def test_a_doctype_hidden_by_utf16_is_refused(wrap):
    doctype = '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd">'
    text = with_doctype(wrap, doctype, '<startEvent id="A" name="a"/>').decode()

    refused(text.encode("utf-16"), 2, "DOCTYPE")


def test_an_undefined_entity_is_refused(wrap):
    refused(wrap('<startEvent id="A" name="&x;"/>'), 2, "实体")


def test_twenty_megabytes_are_refused(wrap):
    refused(wrap(" " * 20 * 1024 * 1024), 2, "超过了流程图的上限 2 MB")


def test_two_hundred_nested_sub_processes_are_refused(wrap):
    body = "".join(f'<subProcess id="S{n}" name="s">' for n in range(200)) + "</subProcess>" * 200

    refused(wrap(body), 1, "子流程嵌套太深")


def test_a_thousand_nested_sub_processes_are_refused(wrap):
    body = "".join(f'<subProcess id="S{n}">' for n in range(1000)) + "</subProcess>" * 1000

    refused(wrap(body), 2, "一层套一层")


@pytest.mark.parametrize(
    "condition",
    ["9**9**9**9 > 1", "'x' * 10**12 == ''", "sum(i for i in range(10**12)) > 1", "(" * 300 + "1"],
)
def test_a_condition_that_burns_the_processor_is_refused(condition, sketch):
    """Engine trap 4: SpiffWorkflow gives conditions to eval."""
    data = sketch(f"start A\nxor G\nend B\nend C\nA > G\nG > B : {condition}\nG >> C")

    assert refused(data, 1, "条件").element == "G_to_B"


def test_a_condition_that_reaches_for_the_system_is_refused(sketch):
    condition = "().__class__.__bases__[0].__subclasses__()"
    data = sketch(f"start A\nxor G\nend B\nend C\nA > G\nG > B : {condition}\nG >> C")

    assert refused(data, 1, "条件").element == "G_to_B"


def test_a_diagram_that_calls_itself_is_refused(sketch):
    data = sketch("start A\ncall R calls=P\nend E\nA > R > E")

    assert refused(data, 1, "绕回来", called={"P": data}).element == "R"


def test_an_automatic_loop_without_a_stop_is_refused(sketch):
    data = sketch(
        "start A\nservice S op=acquire_claim\nxor G\nend E\nA > S > G\n"
        "G > E : S.outcome == 'ok'\nG >> S"
    )

    assert refused(data, 1, "自动循环").element == "S"


def test_a_loop_without_a_decision_is_refused(sketch):
    """Engine trap 19: SpiffWorkflow overflows the stack at the first step."""
    data = sketch("start A\nmanual B\nmanual C\nend E\nA > B > C > B")

    refused(data, 1, "循环里没有判断")


def test_a_receive_task_beside_a_message_under_an_event_gateway_is_refused(sketch):
    data = sketch(
        "start A\nevent G\ncatch T message=one\nreceive U message=two\nend E\n"
        "A > G > T > E\nG > U > E"
    )

    assert refused(data, 1, "不允许混用").element == "G"


def test_an_unknown_lane_is_refused(sketch):
    """Engine trap 18: permission would hang on the lane's name."""
    refused(sketch("start A\nmanual B\nend E\nA > B > E", lane="总务处"), 1, "不是已知的角色")


def test_eighty_thousand_elements_are_refused(wrap):
    refused(wrap("".join(f'<task id="T{n}"/>' for n in range(80000))), 2, "标签")


def test_six_thousand_elements_are_refused_in_one_sentence(wrap):
    refused(wrap("".join(f'<task id="T{n}"/>' for n in range(6000))), 1, "6000 个元素")


def test_a_flood_of_findings_stays_readable(wrap):
    result = check_in_process(
        wrap("".join(f'<task id="T{n}"/>' for n in range(4000))), "flood.bpmn", seconds=PATIENT
    )

    assert result.status == 1
    assert len(result.findings) == 1001
    assert any(f.rule == "too_many_findings" for f in result.findings)


def test_a_lane_inside_a_lane_of_the_same_id_is_refused(wrap):
    lane = '<lane id="L" name="学校"><flowNodeRef>A</flowNodeRef>{}</lane>'
    body = (
        f"<laneSet>{lane.format('<childLaneSet>' + lane.format('') + '</childLaneSet>')}</laneSet>"
    )

    refused(wrap(body + '<startEvent id="A" name="a"/>'), 1, "编号 L 在")
