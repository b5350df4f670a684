"""Each rule: one diagram that passes, one that fails, and the sentence that it says."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from processes.checks import RULES, check
from processes.diagram import read_diagram
from processes.engine import DiagramRefused, compile_release

FORMS = {
    "signing/fill": {"outcome": ["send", "discard"], "reply_by": None, "note": None},
    "review/decide": {"outcome": ["pass", "refuse"], "reason": None},
}
CALLED = """
    start Begin
    user Judge form=review/decide
    xor Levels
    end Passed outcome=passed
    end Refused outcome=refused
    Begin > Judge > Levels
    Levels > Passed : Judge.outcome == 'pass' or parameters.levels == 'college'
    Levels >> Refused
"""
STRAIGHT = """
    start Begin
    user Fill form=signing/fill
    end Done
    Begin > Fill > Done
"""
DECIDED = """
    start Begin
    user Fill form=signing/fill
    xor Sent
    end Done
    end Dropped
    Begin > Fill > Sent
    Sent > Done : Fill.outcome == 'send'
    Sent > Dropped : Fill.outcome == 'discard'
"""
HANDLED = f"""{STRAIGHT}
    sub On_note triggered
    start Noted in=On_note message=note free
    end Kept in=On_note
    Noted > Kept
"""
FAILING = """
    start Begin
    sub Sub
    start Inner in=Sub
    user Fill form=signing/fill in=Sub
    xor Sent in=Sub
    end Good in=Sub
    end Bad in=Sub error=one
    end Done
    Begin > Sub > Done
    Inner > Fill > Sent
    Sent > Good : Fill.outcome == 'send'
    Sent >> Bad
"""
RATED = """
    start Begin
    user Fill form=signing/fill
    rules Rate asks=Fill.outcome gives=grade row1='"send" => "high"' row2='"discard" => "low"'
    xor Graded
    end Done
    end Dropped
    Begin > Fill > Rate > Graded
    Graded > Done : Rate.grade == 'high'
    Graded > Dropped : Rate.grade == 'low'
"""
KEPT = """
    start Begin
    user Fill form=signing/fill writes=Doc
    xor Sent
    manual Read reads=Doc
    user Later form=signing/fill writes=Doc
    end Done
    end Dropped
    Begin > Fill > Sent
    Sent > Read : Fill.outcome == 'send'
    Sent >> Later
    Read > Done
    Later > Dropped
"""
LINKED = """
    start Begin
    user Fill form=signing/fill
    throw There link=over
    end Done
    Begin > Fill > There
"""


@dataclass(frozen=True)
class Pair:
    """Two sketches and what the rule says about the second one, and about which element."""

    rule: str
    good: str
    bad: str
    element: str
    says: str
    severity: str = "error"
    bad_lane: str = "学校"


def waiting(line: str, more: str = "") -> str:
    """A straight diagram with something hanging on its task."""
    return f"{STRAIGHT}\n{line}\nend Late\n{more or 'Deadline > Late'}"


PAIRS = [
    Pair(
        "supported",
        STRAIGHT,
        STRAIGHT.replace("user Fill form=signing/fill", "scriptTask Fill"),
        "Fill",
        "不支持脚本任务",
    ),
    Pair(
        "size",
        STRAIGHT,
        "\n".join(
            ["start Begin", "end Done", "Begin > S1 > Done", "sub S1"]
            + [f"sub S{n} in=S{n - 1}" for n in range(2, 23)]
        ),
        "S21",
        "嵌套太深",
    ),
    Pair("starts", STRAIGHT, STRAIGHT + "start Again\nAgain > Fill", "Again", "不止一个开始事件"),
    Pair(
        "unreachable",
        STRAIGHT,
        STRAIGHT + "user Lost form=signing/fill\nLost > Done",
        "Lost",
        "走不到这里",
    ),
    Pair(
        "dead_ends",
        STRAIGHT,
        STRAIGHT.replace("Fill > Done", "Fill"),
        "Fill",
        "没有连线离开这里",
    ),
    Pair(
        "flow_ends",
        STRAIGHT,
        STRAIGHT + "end Other\nFill > Other",
        "Fill",
        "分不清走哪条",
    ),
    Pair(
        "conditions",
        DECIDED,
        DECIDED.replace(" : Fill.outcome == 'discard'", ""),
        "Sent_to_Dropped",
        "这条连线没有条件",
    ),
    Pair(
        "decisions",
        DECIDED,
        DECIDED.replace("'discard'", "'send'"),
        "Sent",
        "Fill.outcome 为 discard",
    ),
    Pair(
        "expressions",
        DECIDED,
        DECIDED.replace("Fill.outcome == 'send'", "__import__('os').system('x') == 1"),
        "Sent_to_Done",
        "不能调用函数",
    ),
    Pair(
        "variables",
        DECIDED,
        DECIDED.replace("Fill.outcome == 'send'", "Fil.outcome == 'send'"),
        "Sent_to_Done",
        "没有编号为 Fil 的步骤",
    ),
    Pair(
        "compared_values",
        DECIDED,
        DECIDED.replace("'send'", "'sned'"),
        "Sent_to_Done",
        "它只会是：send、discard",
    ),
    Pair(
        "event_gateways",
        """
        start Begin
        event Which
        catch Soon duration=P1D
        catch Later duration=P2D
        catch Told message=withdraw
        end Done
        Begin > Which > Soon > Done
        Which > Later > Done
        Which > Told > Done
        """,
        """
        start Begin
        event Which
        catch Told message=withdraw
        receive Heard message=hello
        end Done
        Begin > Which > Told > Done
        Which > Heard > Done
        """,
        "Which",
        "不允许混用",
    ),
    Pair(
        "event_sub_processes",
        HANDLED,
        HANDLED + "Fill > On_note",
        "On_note",
        "画了连线",
    ),
    Pair(
        "thrown_events",
        FAILING + "boundary Failed on=Sub error=one\nend Repaired\nFailed > Repaired",
        FAILING + "boundary Failed on=Sub error=two\nend Repaired\nFailed > Repaired",
        "Bad",
        "没有人接",
    ),
    Pair(
        "data_objects",
        KEPT,
        KEPT.replace("user Fill form=signing/fill writes=Doc", "user Fill form=signing/fill"),
        "Read",
        "可能还没有写入",
    ),
    Pair(
        "decision_tables",
        RATED,
        RATED.replace('"discard" =>', "- =>"),
        "Rate",
        "同时成立",
    ),
    Pair(
        "loops",
        STRAIGHT.replace("user Fill", "user Fill count=2"),
        STRAIGHT.replace("user Fill", "user Fill count=case.number"),
        "Fill",
        "可能没有尽头",
    ),
    Pair(
        "links",
        LINKED + "catch Here link=over\nHere > Done",
        LINKED + "catch Here link=under\nHere > Done",
        "There",
        "没有名为「over」的链接捕获事件",
    ),
    Pair(
        "boundary_events",
        waiting("boundary Deadline on=Fill duration=P5D"),
        waiting("boundary Deadline on=Fill duration=P5D", "Deadline > Late\nDeadline > Done"),
        "Deadline",
        "只能有一条",
    ),
    Pair(
        "timers",
        waiting("boundary Deadline on=Fill duration=P5D"),
        waiting("boundary Deadline on=Fill date=P5D"),
        "Deadline",
        "时刻（timeDate）里写的是时长",
    ),
    Pair(
        "messages",
        waiting("boundary Deadline on=Fill message=withdraw"),
        waiting(
            "boundary Deadline on=Fill message=withdraw\nboundary Again on=Fill message=withdraw",
            "Deadline > Late\nAgain > Late",
        ),
        "Fill",
        "等待同一条消息",
    ),
    Pair(
        "operators",
        "start Begin\nservice Lock op=acquire_claim\nend Done\nBegin > Lock > Done",
        "start Begin\nservice Lock op=aquire_claim\nend Done\nBegin > Lock > Done",
        "Lock",
        "没有名为 aquire_claim 的操作",
    ),
    Pair(
        "forms_known",
        STRAIGHT,
        STRAIGHT.replace("signing/fill", "signing/fil"),
        "Fill",
        "没有名为 signing/fil 的表单",
    ),
    Pair("lanes", STRAIGHT, STRAIGHT, "Lane_1", "不是已知的角色", bad_lane="财务处"),
    Pair(
        "calls",
        "start Begin\ncall Review calls=review levels='\"both\"'\nend Done\nBegin > Review > Done",
        "start Begin\ncall Review calls=review\nend Done\nBegin > Review > Done",
        "Review",
        "缺少参数：levels",
    ),
    Pair(
        "recursion",
        "start Begin\ncall Review calls=review levels='\"both\"'\nend Done\nBegin > Review > Done",
        "start Begin\ncall Review calls=P\nend Done\nBegin > Review > Done",
        "Review",
        "P → P",
    ),
    Pair(
        "automatic_loop",
        """
        start Begin
        user Fill form=signing/fill
        service Lock op=acquire_claim
        xor Locked
        end Done
        Begin > Fill > Lock > Locked
        Locked > Done : Lock.outcome == 'ok'
        Locked > Fill : Lock.outcome == 'taken'
        """,
        """
        start Begin
        service Lock op=acquire_claim
        xor Locked
        end Done
        Begin > Lock > Locked
        Locked > Done : Lock.outcome == 'ok'
        Locked > Lock : Lock.outcome == 'taken'
        """,
        "Lock",
        "自动循环",
    ),
    Pair(
        "loop_without_decision",
        STRAIGHT,
        """
        start Begin
        user Fill form=signing/fill
        and Fork
        end Done
        Begin > Fill > Fork > Done
        Fork > Fill
        """,
        "Fill",
        "走进去就出不来",
    ),
    Pair(
        "soundness",
        """
        start Begin
        and Fork
        user A form=review/decide
        user B form=review/decide
        and Join
        end Done
        Begin > Fork > A > Join > Done
        Fork > B > Join
        """,
        """
        start Begin
        user Fill form=signing/fill
        xor Fork
        user A form=review/decide
        user B form=review/decide
        and Join
        end Done
        Begin > Fill > Fork
        Fork > A : Fill.outcome == 'send'
        Fork >> B
        A > Join > Done
        B > Join
        """,
        "Join",
        "永远等不齐",
    ),
    Pair(
        "ids",
        STRAIGHT,
        STRAIGHT.replace("Fill", "case"),
        "case",
        "保留的词",
    ),
    Pair(
        "names",
        STRAIGHT,
        STRAIGHT.replace("user Fill", "user Fill name=''"),
        "Fill",
        "没有名称",
        "warning",
    ),
    Pair(
        "end_status",
        STRAIGHT,
        STRAIGHT.replace("end Done", "end Done bare"),
        "Done",
        "没有写明案件的最后状态",
        "warning",
    ),
]
BY_RULE = {pair.rule: pair for pair in PAIRS}


def found_by(rule, data, sketch):
    """What one rule finds; the other rules keep quiet."""
    module = next(rule_ for rule_ in RULES if rule_.__name__.endswith(f".{rule}"))
    called = {"review": read_diagram(sketch(CALLED, process="review"))}
    found = check(read_diagram(data), called=called, forms=FORMS, rules=(module,))
    return [finding for finding in found if finding.rule == rule]


def test_every_rule_has_a_good_and_a_bad_diagram():
    names = {rule.__name__.rsplit(".", 1)[-1] for rule in RULES}

    assert names == set(BY_RULE)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_the_good_diagram_passes(pair, sketch):
    data = sketch(pair.good)

    assert found_by(pair.rule, data, sketch) == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_the_bad_diagram_is_told_where_why_and_what_to_do(pair, sketch):
    data = sketch(pair.bad, lane=pair.bad_lane)

    found = found_by(pair.rule, data, sketch)

    spoken = [finding for finding in found if finding.element == pair.element]
    assert spoken, [str(finding) for finding in found]
    assert any(pair.says in finding.message for finding in spoken), spoken[0].message
    assert spoken[0].severity == pair.severity
    assert spoken[0].line > 0
    assert spoken[0].way_out.endswith("。")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_a_good_diagram_runs_as_a_whole(pair, sketch):
    called = {"review": read_diagram(sketch(CALLED, process="review"))}
    diagram = read_diagram(sketch(pair.good))

    found = check(diagram, called=called, forms=FORMS)

    assert [str(finding) for finding in found if finding.forbids_running] == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_the_engine_builds_what_the_checks_accept(pair, sketch):
    called = {"review": read_diagram(sketch(CALLED, process="review"))}
    diagram = read_diagram(sketch(pair.good))

    assert compile_release(diagram, called).diagram is diagram


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_the_checks_refuse_what_the_engine_refuses(pair, sketch):
    called = {"review": read_diagram(sketch(CALLED, process="review"))}
    diagram = read_diagram(sketch(pair.bad, lane=pair.bad_lane))
    found = check(diagram, called=called, forms=FORMS)

    try:
        compile_release(diagram, called)
        refused = False
    except DiagramRefused:
        refused = True

    assert not refused or any(finding.forbids_running for finding in found)


def test_a_rule_that_crashes_is_itself_a_finding(draw):
    def look(inspection):
        raise ZeroDivisionError

    broken = SimpleNamespace(__name__="processes.checks.broken", look=look)

    found = check(draw(STRAIGHT), rules=(broken,))

    assert [(finding.rule, finding.severity) for finding in found] == [("rule_crashed", "error")]
    assert "broken" in found[0].message


def test_all_faults_come_in_one_pass_sorted_by_line(wrap):
    data = wrap(
        '<startEvent id="A" name="a"/>\n<scriptTask id="B" name="b"/>\n'
        '<complexGateway id="C" name="c"/>\n'
        '<sequenceFlow id="F" sourceRef="A" targetRef="Nowhere"/>'
    )

    found = check(read_diagram(data))

    assert {"B", "C", "F"} <= {finding.element for finding in found if finding.forbids_running}
    assert [finding.line for finding in found] == sorted(finding.line for finding in found)
