"""The process that every contestant runs: twelve nodes, two user tasks, a return loop and a deadline.

Draft → Prepare → Note_draft → Review (deadline P30D) → Review_decided:
returned goes back to Draft, passed goes on to the end. One lap answers Draft and Review.
"""

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'targetNamespace="bench"'
)


def diagram(operator: bool = True, quoted: bool = False) -> bytes:
    """The diagram as XML. Plain SpiffWorkflow gets none-tasks for operators and quoted durations."""
    call = (
        '<extensionElements><spiffworkflow:serviceTaskOperator id="notify">'
        '<spiffworkflow:parameters><spiffworkflow:parameter id="event" type="str" value="\'invitation\'"/>'
        '<spiffworkflow:parameter id="to" type="str" value="\'graduate\'"/></spiffworkflow:parameters>'
        "</spiffworkflow:serviceTaskOperator></extensionElements>"
    )
    service = (
        '<serviceTask id="{0}" name="{1}">' + call + "</serviceTask>"
        if operator
        else '<task id="{0}" name="{1}"/>'
    )
    form = (
        '<extensionElements><spiffworkflow:properties><spiffworkflow:property name="form" '
        'value="bench/answer"/></spiffworkflow:properties></extensionElements>'
    )
    duration = "'P30D'" if quoted else "P30D"
    outcome = "outcome" if quoted else "Review.outcome"
    flows = "".join(
        f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}"/>'
        for key, source, target in (
            ("f1", "Started", "Draft"),
            ("f2", "Draft", "Prepare"),
            ("f3", "Prepare", "Note_draft"),
            ("f4", "Note_draft", "Review"),
            ("f5", "Review", "Review_decided"),
            ("f6", "Review_decided", "Note_passed"),
            ("f8", "Note_passed", "Finish"),
            ("f9", "Finish", "Done"),
            ("f10", "Review_late", "Note_late"),
            ("f11", "Note_late", "Late"),
        )
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}><process id="bench" name="对照流程" isExecutable="true">
<laneSet id="Lanes"><lane id="Lane_graduate" name="毕业生"><flowNodeRef>Draft</flowNodeRef></lane>
<lane id="Lane_office" name="学校"><flowNodeRef>Review</flowNodeRef></lane></laneSet>
<startEvent id="Started" name="开始"/><userTask id="Draft" name="填写">{form}</userTask>
{service.format("Prepare", "准备")}{service.format("Note_draft", "通知")}
<userTask id="Review" name="审核">{form}</userTask>
<exclusiveGateway id="Review_decided" name="通过？" default="f6"/>
{service.format("Note_passed", "通知通过")}{service.format("Finish", "办结")}<endEvent id="Done" name="完成"/>
<boundaryEvent id="Review_late" name="逾期" attachedToRef="Review"><timerEventDefinition>
<timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>
{service.format("Note_late", "通知逾期")}<endEvent id="Late" name="逾期结束"/>{flows}
<sequenceFlow id="f7" name="退回" sourceRef="Review_decided" targetRef="Draft">
<conditionExpression>{outcome} == "returned"</conditionExpression></sequenceFlow>
</process></definitions>""".encode()
