"""States and buttons read as the sources print them; a school may put its own words in their place."""

from __future__ import annotations

import pytest

from processes.library import called_diagrams, find_diagram_files
from tests.trace import TESTS
from webapp.services.schools.labels import LIST_LABELS, STATUS_LABELS, list_label, status_label

ROOT = TESTS.parent
# States of the sources, with the requirement that prints them.
STATES = {
    "签约成功，待学校审核": "C07", "已投递": "C02", "面试邀请": "C03", "接受": "C04", "谢绝": "C04",
    "签约通知": "C05", "不录用": "C05", "已过期": "C08", "待用人单位签约": "G06", "待学生复核确认": "G12",
    "已备案": "G28", "审核通过": "G23", "已拒绝": "H05", "失效": "H06", "签约完成": "H11", "签约失败": "H11",
    "待对方回应": "I01", "待学校审核": "I04", "解约完成": "I06", "解约失败（签约仍有效）": "I07",
    "协议待审核": "J05", "就业协议审核通过": "J08", "协议审核待提交（老师退回）": "J09",
    "就业协议审核不通过": "J11", "签约待审核": "J13", "线下签约完成": "J17", "作废": "J19",
    "解约待审核": "K01", "登记待审核": "L02", "完成就业协议信息登记": "L04", "去向待审核": "M03",
    "完成其他毕业去向信息登记": "M06",
}  # fmt: skip
BUTTONS = {
    "学生登录": "A04", "信息确认无误，进入系统": "B01", "确认签约": "E04", "二维码名片": "E01",
    "就业材料": "E10", "协议书打印管理": "F08", "打印次数": "F11", "最后一次打印时间": "F11",
    "解除就业协议申请": "F16", "解约申请登记表": "F17", "同意毁约": "F17", "不同意毁约": "F17", "不同意原因": "F17",
    "确认并上传": "F21", "打印申请登记表": "F24", "签约须知": "G02", "违约说明": "G02",
    "填写/编辑就业协议书": "G04", "正式提交": "G06", "待签约信息": "G08", "已签约信息": "G08", "办理": "G09",
    "确定签约": "G12", "退回修改": "G13", "拒绝签约": "G13", "拿回重签": "G14", "批量签约": "G15", "查看已签": "G16",
    "确定签约信息": "G17", "复核确认": "G17", "网上签约审核": "G20", "学校联系人": "G21",
    "协议书邮寄地址": "G21", "网上签约备案": "G28", "备案": "G28", "应约截止时间": "H04",
    "未签就业协议申请签约": "J01", "保存": "J05", "提交": "J05", "取消": "J05", "撤回修改": "J07",
    "点击下载电子协议书": "J12", "本人回传协议书": "J13", "用人单位协助回传协议书": "J14", "申请解约": "K01",
    "已签就业协议登记信息": "L01", "提交审核": "L02", "无需就业协议去向登记": "M01",
    "接受邀请截止日期": "C06", "面试和签约通知": "N05", "投递时间": "C02", "备注状态": "C10",
    "签约记录": "D03", "网络签约管理": "F02", "纠错管理": "B08", "最近修改": "B08", "生源信息": "B08",
    "就业信息": "B08", "公函": "A10",
}  # fmt: skip


@pytest.fixture(scope="module")
def printed() -> str:
    """Everything that people may read: diagrams, forms, pages and the words behind them."""
    texts = [found.read().decode() for found in find_diagram_files()]
    texts += [data.decode() for data in called_diagrams().values()]
    for folder, pattern in (
        ("forms/definitions", "*.json"),
        ("webapp/templates", "*.html"),
        ("webapp/pages", "*.py"),
        ("webapp/services", "*.py"),
        ("webapp/views", "*.py"),
        ("pdf", "*.py"),
    ):
        texts += [path.read_text("utf-8") for path in sorted((ROOT / folder).rglob(pattern))]
    return "\n".join(texts)


@pytest.mark.parametrize("state", STATES)
def test_a_state_reads_as_the_source_prints_it(state):
    keys = [key for key, label in STATUS_LABELS.items() if label == state]

    assert keys, f"{STATES[state]} prints {state}"
    assert {status_label(key) for key in keys} == {state}
    assert status_label(keys[0], {"labels": {keys[0]: "本校的说法"}}) == "本校的说法"


@pytest.mark.parametrize("words", BUTTONS)
def test_a_button_or_heading_reads_as_the_source_prints_it(words, printed):
    assert words in printed, f"{BUTTONS[words]} prints {words}"


@pytest.mark.requirement("K10")
def test_the_second_spelling_of_a_state_stands_in_lists(printed):
    assert list_label("signed_waiting_school") == "网签成功,待学校审核"
    assert list_label("filed") == status_label("filed")
    assert set(LIST_LABELS) <= set(STATUS_LABELS)


def test_every_state_of_a_diagram_has_its_word():
    """A state without a label would read 办理中, whatever it is."""
    from processes.diagram import read_diagram

    diagrams = [read_diagram(found.read()) for found in find_diagram_files()]
    diagrams += [read_diagram(data) for data in called_diagrams().values()]
    named = {
        element.properties["status"].strip("'\"")
        for diagram in diagrams
        for element in diagram.elements.values()
        if element.properties.get("status")
    }

    assert sorted(key for key in named if key not in STATUS_LABELS and "." not in key) == []
