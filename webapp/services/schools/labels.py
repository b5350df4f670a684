"""The Chinese words for codes and states: code tables of the forms, labels of the school."""

from __future__ import annotations

from typing import Any

from forms import code_tables

STATUS_LABELS = {
    "open": "办理中",
    "drafting": "填写中",
    "discarded": "未发出",
    "waiting_answer": "待应约",
    "waiting_college": "待院系审核",
    "waiting_university": "待学校审核",
    "lapsed": "失效",
    "withdrawn": "已撤回",
    "refused": "已拒绝",
    "failed": "签约失败",
    "completed": "签约完成",
    "destination_completed": "完成其他毕业去向信息登记",
    "destination_under_review": "去向待审核",
    "destination_returned": "去向待提交（老师退回）",
    "destination_to_correct": "待学校更正",
    "destination_voided": "作废",
    "voided": "作废",
    "overtaken": "未登记（已另有签约或去向）",
    "waiting_evidence": "待上传证明材料",
    "kept": "去向不变",
    "needs_rescission": "须办理解约",
    "nothing_to_void": "去向已不存在",
    "void_refused": "未作废，去向有效",
    "waiting_second_person": "待另一人复核",
    "unlock_refused": "未解锁",
    "unlocked": "已设为待就业",
    "cancelled": "已取消",
    "agreement_under_review": "协议待审核",
    "agreement_returned": "协议审核待提交（老师退回）",
    "agreement_refused": "就业协议审核不通过",
    "waiting_sealed_copy": "就业协议审核通过",
    "signing_under_review": "签约待审核",
    "offline_completed": "线下签约完成",
    "void": "作废",
    "registration_under_review": "登记待审核",
    "registration_returned": "登记待提交（老师退回）",
    "registered": "完成就业协议信息登记",
    "waiting_reply": "待对方回应",
    "waiting_counsellor": "待辅导员审核",
    "rescission_under_review": "解约待审核",
    "rescission_returned": "解约申请待修改（老师退回）",
    "rescission_not_opened": "未能发起解约",
    "rescission_failed": "解约失败（签约仍有效）",
    "rescinded": "解约完成",
    "agreement_not_valid": "协议已不在有效状态",
    "agreement_rescinded": "已解除",
    "waiting_confirmation": "待毕业生确认修改",
    "amended": "已修改",
    "amendment_refused": "未修改",
    "amendment_not_opened": "未能修改",
    "amendment_void": "未修改（协议已解除或正在解约）",
    "waiting_letter": "待上传公函",
    "certification_under_review": "认证待审核",
    "certification_returned": "认证待修改（学校退回）",
    "certified": "已认证",
    "change_under_review": "变更待审核",
    "manager_changed": "管理者已变更",
    "account_recovered": "账号已恢复",
    "correction_waiting_college": "更正待院系审核",
    "correction_waiting_university": "更正待学校审核",
    "correction_returned": "更正待修改（老师退回）",
    "corrected": "已更正",
    "not_corrected": "未更正",
    "waiting_employer": "待用人单位签约",
    "employer_returned": "单位退回修改",
    "employer_refused": "单位拒绝签约",
    "waiting_recheck": "待学生复核确认",
    "waiting_graduate": "待毕业生确认",
    "already_employed": "已就业，不能签约",
    "not_eligible": "不能网上签约",
    "signed_waiting_school": "签约成功，待学校审核",
    "review_refused": "审核不通过",
    "expired": "已过期",
    "signing_returned": "学院退回学生",
    "approved": "审核通过",
    "filed": "已备案",
    "applied": "已投递",
    "application_withdrawn": "已撤回投递",
    "interview_invited": "面试邀请",
    "interview_accepted": "接受",
    "interview_declined": "谢绝",
    "offered": "签约通知",
    "offer_declined": "谢绝签约",
    "unsuitable": "不合适",
    "not_hired": "不录用",
}
# Lists of the sources print some states in another spelling (seed 001).
LIST_LABELS = {"signed_waiting_school": "网签成功,待学校审核"}
FAMILY_LABELS = {
    "online_signing": "线上签约",
    "offline_signing": "线下签约",
    "paper_registration": "已签协议登记",
    "other_destination": "其他去向登记",
    "destination_void": "去向作废",
    "rescission": "解约",
    "amendment": "签约后修改",
    "employer_certification": "单位认证",
    "base_data": "生源信息更正",
}

# What the sources call the lists that reviewers work through (seed 001).
QUEUE_LABELS = {"online_signing": "网络签约管理", "rescission": "解约申请登记表"}


def queue_label(family: str) -> str:
    """The list of a family's cases that wait for review."""
    return QUEUE_LABELS.get(family) or family_label(family)


def status_label(status: str, settings: dict[str, Any] | None = None) -> str:
    """A state in the school's words; keys stay stable whatever a school calls them (K10)."""
    own = (settings or {}).get("labels", {})
    return own.get(status) or STATUS_LABELS.get(status) or "办理中"


def list_label(status: str, settings: dict[str, Any] | None = None) -> str:
    """The same as a list of an employer prints it; a school's own word stands under `<key>.list`."""
    own = (settings or {}).get("labels", {})
    return own.get(f"{status}.list") or LIST_LABELS.get(status) or status_label(status, settings)


def family_label(family: str) -> str:
    return FAMILY_LABELS.get(family, family)


def code_name(scheme: str, code: str | None) -> str:
    """The name of a code; a code from before the table's time is shown as it is."""
    if not code:
        return ""
    try:
        return code_tables.table(scheme).name(str(code)) or str(code)
    except code_tables.UnknownScheme:
        return str(code)
