"""What the two tasks are answered with, as the system really stores it.

Draft gets the fields of the national invitation form (forms/definitions, `Fill_invitation`) with
values of usual length; Review sends it back with a reason. Both contestants store the same answers
and the same history, in which every answer keeps its label and its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answered:
    """The answers of a task, and what history keeps of them."""

    answers: dict[str, Any]
    labelled: list[dict[str, str]]


INVITATION = (
    ("employer_name", "单位名称", "启明信息技术有限公司", ""),
    ("uscc", "统一社会信用代码", "91000000MA0QH0013J", ""),
    ("nature", "单位性质", "39", "其他企业"),
    ("industry", "单位行业", "34", "信息传输、软件和信息技术服务业"),
    ("region", "单位所在地", "330106", "浙江省 杭州市 西湖区"),
    ("address", "通讯地址", "浙江省杭州市西湖区示范路 13 号启明大厦 6 层", ""),
    ("postcode", "邮政编码", "310012", ""),
    ("contact_name", "单位联系人", "荀老师", ""),
    ("contact_mobile", "联系人手机", "19900001013", ""),
    ("contact_phone", "联系人电话", "0571-00000000", ""),
    ("contact_email", "联系人邮箱", "hr13@example.com", ""),
    ("superior", "上级主管部门", "", ""),
    ("position_category", "职位类别", "13", "工程技术人员"),
    ("position_name", "职位名称", "机械工程师", ""),
    ("work_place", "实际工作地点", "浙江省杭州市西湖区示范路 13 号", ""),
    ("trial_period", "试用期", "3 个月", ""),
    ("trial_salary", "试用起薪", "7000.00", "7,000 元/月"),
    ("salary", "转正起薪", "8600.00", "8,600 元/月"),
    ("penalty", "违约金", "3000.00", "3,000 元"),
    ("report_place", "报到地点", "浙江省杭州市西湖区示范路 13 号启明大厦 6 层", ""),
    ("report_by", "报到期限", "2027-07-10", "2027年7月10日"),
    ("supplement", "补充条款", "考取研究生可凭录取通知书解约，不付违约金。", ""),
    ("hukou", "单位是否解决户籍", "EMPLOYER", "签约单位接收"),
    ("archive_unit", "档案接收单位", "启明信息技术有限公司", ""),
    ("archive_address", "档案转寄地址", "浙江省杭州市西湖区示范路 13 号启明大厦 6 层", ""),
    ("archive_postcode", "档案转寄邮编", "310012", ""),
    ("reply_by", "应约截止时间", "2027-03-06T23:59:00+08:00", "2027年3月6日（周六）23:59"),
    ("outcome", "这份邀请", "send", "发出邀请"),
)
REVIEW = (
    ("outcome", "审核结论", "returned", "退回修改"),
    ("reason", "退回理由", "报到期限早于毕业时间，请与单位核实后重新填写。", ""),
    ("note", "内部备注", "已电话联系单位核实。", ""),
)


def answered(fields: tuple[tuple[str, str, str, str], ...]) -> Answered:
    """Answers by key; history leaves out what was left empty, as the forms do."""
    return Answered(
        {key: value for key, _, value, _ in fields},
        [
            {"key": key, "label": label, "text": text or value}
            for key, label, value, text in fields
            if value
        ],
    )


BY_ROLE = {"graduate": answered(INVITATION), "office": answered(REVIEW)}
