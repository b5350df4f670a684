"""What is said about the registration of other destinations, and of changes to it (M07, N02, N03)."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "other_destination"
NAMES = {
    "destination_entered": "学校录入去向，待上传材料",
    "destination_to_correct": "去向与实际不符",
    "destination_returned": "去向退回修改",
    "destination_completed": "完成去向登记",
    "destination_refused": "去向登记作废",
    "destination_overtaken": "去向未登记",
    "amended": "审核时修改了去向",
}
CHANNELS = {
    "destination_completed": WITH_SMS,
    "destination_refused": WITH_SMS,
    "destination_overtaken": WITH_SMS,
    "amended": WITH_SMS,
}
TEXTS = {
    (
        "destination_entered",
        "graduate",
    ): "学校录入了您的毕业去向。请核对，属实的请上传证明材料。",
    (
        "destination_to_correct",
        "office",
    ): "{graduate}的去向没有登记：本人说与实际不符，或已另有签约或去向。请更正。",
    (
        "destination_returned",
        "graduate",
    ): "您登记的去向被退回修改。原因写在详情里，改好后请重新提交。",
    ("destination_completed", "graduate"): "您的毕业去向已完成登记。",
    (
        "destination_refused",
        "graduate",
    ): "您登记的去向没有通过审核，登记作废。原因写在详情里，可以重新登记。",
    (
        "destination_overtaken",
        "graduate",
    ): "您登记的去向没有登记成功：审核期间您已另有签约或去向。",
    ("amended", "graduate"): "审核时，学校修改了您登记的去向。改了什么写在详情里，请核对。",
}
