"""Each kind of file that people bring: pools, lanes, sub-processes, data, loops and loose parts."""

from __future__ import annotations

from lxml import etree

from processes.layout import measure, renew_drawing

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"


def shapes(data: bytes) -> dict[str, tuple[int, int, int, int]]:
    """Left, top, width and height of each shape."""
    found = {}
    for shape in etree.fromstring(data).iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        found[shape.get("bpmnElement")] = tuple(
            int(bounds.get(key)) for key in ("x", "y", "width", "height")
        )
    return found


def shape(data: bytes, id_: str) -> etree._Element:
    return next(
        s for s in etree.fromstring(data).iter(f"{DI}BPMNShape") if s.get("bpmnElement") == id_
    )


def waypoints(data: bytes, id_: str) -> list[tuple[int, int]]:
    edge = next(
        e for e in etree.fromstring(data).iter(f"{DI}BPMNEdge") if e.get("bpmnElement") == id_
    )
    return [(int(p.get("x")), int(p.get("y"))) for p in edge.iter(f"{DD}waypoint")]


def drawn(data: bytes) -> bytes:
    """The file with a new drawing, which must have no flaw."""
    renewed = renew_drawing(data)
    assert measure(renewed).flaws == ()
    assert renew_drawing(renewed) == renewed
    return renewed


def test_the_longest_way_is_straight_and_exceptions_lie_below(process, chained):
    plain = process(
        '<startEvent id="s"/><exclusiveGateway id="g" name="通过？"/><task id="a"/><task id="b"/>',
        '<endEvent id="e"/><endEvent id="refused"/>',
        chained("s > g > a > b > e", "g > refused"),
    )

    boxes = shapes(drawn(plain))

    middles = {id_: y + height // 2 for id_, (_, y, _, height) in boxes.items()}
    assert len({middles[id_] for id_ in ("s", "g", "a", "b", "e")}) == 1
    assert middles["refused"] > middles["g"]


def test_a_loop_leads_back_around_its_tasks(process, chained):
    plain = process(
        '<startEvent id="s"/><task id="a"/><task id="b"/><exclusiveGateway id="g"/>',
        '<endEvent id="e"/>',
        chained("s > a > b > g > e", "g > a"),
    )

    renewed = drawn(plain)

    assert shapes(renewed)["a"][0] < shapes(renewed)["g"][0]
    assert len(waypoints(renewed, "g_a")) == 4


def test_a_cycle_without_start_and_end_is_drawn(process, chained):
    plain = process('<task id="a"/><task id="b"/><task id="c"/>', chained("a > b > c > a"))

    assert len(shapes(drawn(plain))) == 3


def test_a_task_may_lead_to_itself(process, chained):
    plain = process('<startEvent id="s"/><task id="a"/>', chained("s > a > a"))

    assert len(waypoints(drawn(plain), "a_a")) >= 4


def test_several_starts_and_parts_that_hang_together_with_nothing_are_drawn(process, chained):
    plain = process(
        '<startEvent id="s"/><startEvent id="late"/><task id="a"/><task id="b"/><endEvent id="e"/>',
        '<task id="x"/><task id="y"/><task id="alone"/><endEvent id="also"/>',
        chained("s > a > b > e", "late > b", "x > y"),
    )

    boxes = shapes(drawn(plain))

    assert len(boxes) == 9
    assert boxes["late"][0] > boxes["s"][0]


def test_attached_events_sit_on_the_lower_border_and_lead_down(process, chained):
    events = "".join(
        f'<boundaryEvent id="{id_}" name="{name}" attachedToRef="a"><timerEventDefinition/>'
        "</boundaryEvent>"
        for id_, name in (("t1", "应约截止时间到"), ("t2", "用人单位撤回"), ("t3", "毕业生已签约"))
    )
    plain = process(
        '<startEvent id="s"/><task id="a"/><task id="b"/><endEvent id="e"/>',
        f'{events}<endEvent id="e1"/><task id="e2"/><endEvent id="e3"/>',
        chained("s > a > b > e", "t1 > e1", "t2 > e2", "t3 > e3"),
    )

    renewed = drawn(plain)

    _, top, _, height = shapes(renewed)["a"]
    for event, end in (("t1", "e1"), ("t2", "e2"), ("t3", "e3")):
        x, y, _, _ = shapes(renewed)[event]
        assert y + 18 == top + height
        first, second = waypoints(renewed, f"{event}_{end}")[:2]
        assert first == (x + 18, y + 36)
        assert second[0] == first[0]
        assert second[1] > first[1]


def test_lanes_are_kept_also_nested_ones_and_without_a_pool(process, chained):
    lanes = (
        '<laneSet id="ls"><lane id="outer" name="学校"><childLaneSet id="cls">'
        '<lane id="college" name="院系"><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="office" name="就业处"><flowNodeRef>b</flowNodeRef></lane></childLaneSet></lane>'
        '<lane id="other" name="毕业生"><flowNodeRef>s</flowNodeRef></lane></laneSet>'
    )
    plain = process(lanes, '<startEvent id="s"/><task id="a"/><task id="b"/>', chained("s > a > b"))

    renewed = drawn(plain)

    boxes = shapes(renewed)
    assert boxes["outer"][1] == boxes["college"][1] < boxes["office"][1] < boxes["other"][1]
    assert boxes["college"][0] > boxes["outer"][0]
    assert shape(renewed, "college").get("isHorizontal") == "true"


def test_who_stands_in_no_lane_is_drawn_below_the_lanes(process, chained):
    lanes = (
        '<laneSet id="ls"><lane id="l" name="学校"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    )
    plain = process(lanes, '<startEvent id="s"/><task id="a"/>', chained("s > a"))

    boxes = shapes(drawn(plain))

    assert boxes["s"][1] >= boxes["l"][1] + boxes["l"][3]


def test_pools_exchange_messages_also_with_a_closed_one(process, chained):
    second = '<process id="Q"><startEvent id="qs"/><task id="qa"/><endEvent id="qe"/>' + chained(
        "qs > qa > qe"
    )
    collaboration = (
        '<collaboration id="c"><participant id="one" name="单位" processRef="P"/>'
        '<participant id="closed" name="毕业生"/>'
        '<participant id="two" name="学校" processRef="Q"/>'
        '<messageFlow id="m1" name="邀请" sourceRef="a" targetRef="closed"/>'
        '<messageFlow id="m2" name="回应" sourceRef="closed" targetRef="a"/>'
        '<messageFlow id="m3" sourceRef="closed" targetRef="qa"/>'
        '<messageFlow id="m4" sourceRef="closed" targetRef="two"/></collaboration>'
        f"{second}</process>"
    )
    plain = process(
        '<startEvent id="s"/><task id="a"/><endEvent id="e"/>',
        chained("s > a > e"),
        before=collaboration,
    )

    boxes = shapes(drawn(plain))

    assert boxes["one"][1] < boxes["closed"][1] < boxes["two"][1]
    assert boxes["one"][2] == boxes["closed"][2] == boxes["two"][2]


def test_open_sub_processes_hold_their_content_at_any_depth(process, chained):
    inner = f'<startEvent id="is"/><task id="ia"/><endEvent id="ie"/>{chained("is > ia > ie")}'
    plain = process(
        '<startEvent id="s"/><subProcess id="outer" name="外层"><startEvent id="os"/>'
        f'<subProcess id="inner" name="内层">{inner}</subProcess>{chained("os > inner")}'
        '<subProcess id="handler" triggeredByEvent="true"><startEvent id="hs"/><task id="ht"/>'
        f"{chained('hs > ht')}</subProcess></subProcess>"
        '<boundaryEvent id="t" attachedToRef="outer"><timerEventDefinition/></boundaryEvent>'
        '<endEvent id="e"/><endEvent id="late"/>',
        chained("s > outer > e", "t > late"),
    )

    renewed = drawn(plain)

    assert shape(renewed, "inner").get("isExpanded") == "true"
    assert len(shapes(renewed)) == 13


def test_a_sub_process_drawn_closed_stays_closed_with_a_sheet_of_its_own(process, chained):
    drawing = (
        '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:b="http://www.omg.org/spec/DD/20100524/DC"><d:BPMNPlane bpmnElement="P">'
        '<d:BPMNShape bpmnElement="sub" isExpanded="false">'
        '<b:Bounds x="0" y="0" width="100" height="80"/></d:BPMNShape>'
        "</d:BPMNPlane></d:BPMNDiagram></definitions>"
    )
    plain = process(
        '<startEvent id="s"/><subProcess id="sub"><task id="a"/><task id="b"/>'
        f"{chained('a > b')}</subProcess>",
        chained("s > sub"),
    ).replace(b"</definitions>", drawing.encode())

    renewed = drawn(plain)

    planes = [p.get("bpmnElement") for p in etree.fromstring(renewed).iter(f"{DI}BPMNPlane")]
    assert planes == ["P", "sub"]
    assert shape(renewed, "sub").get("isExpanded") == "false"
    assert shapes(renewed)["sub"][2:] == (100, 80)


def test_notes_data_and_what_is_tied_to_a_line_are_drawn(process, chained):
    plain = process(
        '<startEvent id="s"/><task id="a"><dataOutputAssociation id="out"><targetRef>d</targetRef>'
        '</dataOutputAssociation></task><task id="b"><dataInputAssociation id="in">'
        "<sourceRef>d</sourceRef><targetRef>x</targetRef></dataInputAssociation></task>",
        '<dataObject id="o"/><dataObjectReference id="d" name="协议书" dataObjectRef="o"/>',
        '<dataStoreReference id="store" name="去向库"/>',
        '<textAnnotation id="note"><text>已与其他单位签约时只能查看</text></textAnnotation>',
        '<textAnnotation id="aside"><text>三天内</text></textAnnotation>',
        '<association id="to_task" sourceRef="a" targetRef="note"/>',
        '<association id="to_line" sourceRef="s_a" targetRef="aside"/>',
        chained("s > a > b"),
    )

    renewed = drawn(plain)

    assert measure(renewed).lines == 6
    assert {"d", "store", "note", "aside"} <= shapes(renewed).keys()


def test_every_kind_of_gateway_and_only_exclusive_ones_show_a_marker(process, chained):
    kinds = ("exclusive", "parallel", "inclusive", "complex", "eventBased")
    nodes = "".join(f'<{kind}Gateway id="{kind}"/>' for kind in kinds)
    plain = process(nodes, chained(" > ".join(kinds)))

    renewed = drawn(plain)

    marked = [kind for kind in kinds if shape(renewed, kind).get("isMarkerVisible") == "true"]
    assert marked == ["exclusive"]


def test_an_empty_process_keeps_an_empty_sheet(process):
    assert shapes(drawn(process(""))) == {}


def test_the_main_path_leads_to_the_good_end_though_the_bad_one_is_farther(process, chained):
    plain = process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="good" name="签约完成"/>',
        '<task id="a"/><task id="b"/><endEvent id="bad" name="签约失败"/>',
        chained("s > g > a > b > bad", "g > good"),
    )

    boxes = shapes(drawn(plain))

    middles = {id_: y + height // 2 for id_, (_, y, _, height) in boxes.items()}
    assert middles["good"] == middles["g"] < middles["bad"]
