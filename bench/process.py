"""The process that every contestant runs: twelve nodes, two user tasks, a return loop and a deadline.

Draft → Prepared → Noted → Review (deadline P30D) → Review_decided: returned goes back to Draft,
passed goes on to the end. One lap answers Draft and Review.
"""

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'targetNamespace="bench"'
)


def diagram(plain: bool = False) -> bytes:
    """The diagram as XML. Plain SpiffWorkflow reads `outcome` from task data and quotes durations.

    The nodes between the tasks are gateways with one way out, so that a step costs the engine
    several moves and nobody's operators are measured.
    """
    form = (
        '<extensionElements><spiffworkflow:properties><spiffworkflow:property name="form" '
        'value="bench/answer"/></spiffworkflow:properties></extensionElements>'
    )
    duration = "'P30D'" if plain else "P30D"
    outcome = "outcome" if plain else "Review.outcome"
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(FLOWS)
    )
    gateways = "".join(f'<exclusiveGateway id="{name}" name="{name}"/>' for name in PASSED)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}><process id="bench" name="对照流程" isExecutable="true">
<laneSet id="Lanes"><lane id="Lane_graduate" name="毕业生"><flowNodeRef>Draft</flowNodeRef></lane>
<lane id="Lane_office" name="学校"><flowNodeRef>Review</flowNodeRef></lane></laneSet>
<startEvent id="Started" name="开始"/><userTask id="Draft" name="填写">{form}</userTask>{gateways}
<userTask id="Review" name="审核">{form}</userTask>
<exclusiveGateway id="Review_decided" name="通过？" default="passed"/>
<sequenceFlow id="passed" sourceRef="Review_decided" targetRef="Passed"/>
<sequenceFlow id="returned" name="退回" sourceRef="Review_decided" targetRef="Draft">
<conditionExpression>{outcome} == "returned"</conditionExpression></sequenceFlow>
<boundaryEvent id="Review_late" name="逾期" attachedToRef="Review"><timerEventDefinition>
<timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="Done" name="完成"/><endEvent id="Late" name="逾期结束"/>{flows}
</process></definitions>""".encode()


PASSED = ("Prepared", "Noted", "Passed", "Finished")
FLOWS = (
    ("Started", "Draft"),
    ("Draft", "Prepared"),
    ("Prepared", "Noted"),
    ("Noted", "Review"),
    ("Review", "Review_decided"),
    ("Passed", "Finished"),
    ("Finished", "Done"),
    ("Review_late", "Late"),
)
