"""Rows of history as Chinese sentences for one reader."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...models import History

ROLES_OF_SCHOOL = ("reviewer", "office", "admin")
OPERATORS = {
    ("check_eligibility", "not_allowed"): "系统没有发出邀请：这位毕业生不能网上签约",
    ("check_eligibility", "unconfirmed"): "系统没有发出邀请：毕业生还没有确认本人信息",
    ("open_invitation", "ok"): "系统发出了签约邀请",
    ("open_invitation", "already_open"): "系统没有发出邀请：前一份邀请还在等待答复",
    ("acquire_claim", "ok"): "系统把其他邀请转为只能查看",
    ("acquire_claim", "taken"): "系统没有接受：您已与其他单位签约，这份邀请只能查看",
    ("release_claim", "ok"): "系统解除了绑定，毕业生可以另行签约",
    ("record_consent", "ok"): "系统留存了所读须知的版本",
    ("choose_employer", "ok"): "系统把协议书交给了用人单位",
    ("choose_employer", "not_registered"): "系统没有提交：所选单位现在不能选择",
    ("choose_employer", "other"): "系统没有提交：这份协议书已交给另一家单位",
    ("file_agreement", "ok"): "系统登记了备案",
    ("file_agreement", "already_filed"): "这份协议书此前已备案",
    ("file_agreement", "not_valid"): "系统没有备案：协议已不在有效状态",
    ("issue_agreement", "ok"): "系统生成了协议书编号，协议书随后可以下载",
    ("write_destination", "ok"): "系统登记了毕业去向",
    ("void_agreement", "ok"): "系统作废了协议书，编号不再使用",
    ("invite_guest", "ok"): "系统向用人单位的手机发出了链接",
    ("register_agreement", "ok"): "系统登记了纸质协议，不另生成协议书",
    ("register_agreement", "number_taken"): "系统没有登记：这个编号已登记在别的协议上",
    ("close_destination", "ok"): "系统终止了登记的去向，毕业生可以另行签约或登记",
    ("close_destination", "none"): "系统没有终止：去向已不在有效状态",
    ("open_rescission", "ok"): "系统登记了解约申请",
    ("open_rescission", "already_open"): "系统没有登记：已有一份解约申请在办理",
    ("open_rescission", "not_valid"): "系统没有登记：协议已不在有效状态",
    ("close_rescission", "ok"): "系统办结了这份解约申请",
    ("rescind_agreement", "ok"): "系统解除了协议，毕业去向终止，毕业生可以另行签约",
    ("rescind_agreement", "not_valid"): "系统没有解除：协议已不在有效状态",
    ("open_amendment", "ok"): "系统登记了修改，等毕业生确认",
    ("open_amendment", "unchanged"): "系统没有上传：与原来的内容没有不同",
    ("open_amendment", "already_open"): "系统没有登记：这份协议已有一件修改在办理",
    ("open_amendment", "being_rescinded"): "系统没有登记：这份协议正在办理解约",
    ("open_amendment", "not_valid"): "系统没有登记：协议已不在有效状态",
    ("amend_agreement", "ok"): "系统生成了同一编号的新版协议书，旧版不再使用",
    ("amend_agreement", "being_rescinded"): "系统没有修改：这份协议正在办理解约",
    ("amend_agreement", "not_valid"): "系统没有修改：协议已不在有效状态",
    ("close_amendment", "ok"): "系统办结了这件修改，原来的内容继续有效",
    ("look_up_employer", "ok"): "系统核对了信用代码和名称",
    ("certify_employer", "ok"): "系统更新了单位资料和核验级别，登记了帐号管理者",
    ("certify_employer", "code_taken"): "系统没有认证：信用代码已属于另一个单位账号",
    ("appoint_manager", "ok"): "系统登记了新的帐号管理者，单位的待办不变",
    ("correct_register", "ok"): "系统更正了登记册，请毕业生重新确认",
    ("correct_register", "conflict"): "系统没有更正：号码与另一位毕业生相同",
}
# Where a family, or one of its variants, means something else by the same operator or act.
OF_FAMILY = {
    "student_initiated": {
        ("check_eligibility", "not_allowed"): "系统没有提交：培养方式不能网上签约",
        ("check_eligibility", "unconfirmed"): "系统没有提交：基本信息还没有确认",
        ("acquire_claim", "taken"): "系统没有提交：已与其他单位签约，或有另一份申请在办",
        ("acquire_claim", "ok"): "系统锁定了签约，收到的邀请转为只能查看",
        ("release_claim", "ok"): "系统解除了锁定，毕业生可以另行签约",
    },
    "employer_direct": {
        ("check_eligibility", "not_allowed"): "系统没有提交：这位毕业生不能网上签约",
        ("check_eligibility", "unconfirmed"): "系统没有提交：毕业生还没有确认基本信息",
        ("open_invitation", "ok"): "系统把签约信息交给毕业生确认",
        ("open_invitation", "already_open"): "系统没有提交：上一份还在等待确认",
        ("acquire_claim", "taken"): "系统没有接受：您已与其他单位签约，这份签约信息只能查看",
    },
    "qr_card": {
        ("check_eligibility", "not_allowed"): "系统没有往下办：这位毕业生不能网上签约",
        ("check_eligibility", "unconfirmed"): "系统没有往下办：毕业生还没有确认基本信息",
        ("check_claim", "ok"): "系统核对过：没有其他签约或去向",
        ("check_claim", "taken"): "系统没有往下办：已有签约或毕业去向",
        ("acquire_claim", "taken"): "系统没有接受：已有签约或毕业去向",
        ("open_provisional_account", "ok"): "系统为单位开通了临时账号，激活码发到联系人手机",
        (
            "open_provisional_account",
            "known",
        ): "系统没有开通账号：这个代码或手机已有账号，请核实填写人",
    },
    "offline_signing": {
        ("check_eligibility", "not_allowed"): "系统没有提交：培养方式不能办理线下签约",
        ("check_eligibility", "unconfirmed"): "系统没有提交：本人信息还没有确认",
        ("acquire_claim", "taken"): "系统没有提交：已与其他单位签约，或有另一份申请在办",
        ("acquire_claim", "ok"): "系统锁定了签约，收到的邀请转为只能查看",
        ("release_claim", "ok"): "系统不再锁定签约，可以重新申请或另行签约",
    },
    "paper_registration": {
        ("check_eligibility", "not_allowed"): "系统没有提交：培养方式不能办理协议登记",
        ("check_eligibility", "unconfirmed"): "系统没有提交：本人信息还没有确认",
        ("acquire_claim", "taken"): "系统没有提交：已与其他单位签约，或有另一份申请在办",
        ("acquire_claim", "ok"): "系统锁定了签约，收到的邀请转为只能查看",
        ("release_claim", "ok"): "系统不再锁定签约，可以另行登记或签约",
    },
    "other_destination": {
        ("check_eligibility", "not_allowed"): "系统没有接受：培养方式不能登记这一类型",
        ("check_eligibility", "unconfirmed"): "系统没有接受：本人信息还没有确认",
        ("acquire_claim", "ok"): "系统占用了签约名额，收到的邀请转为只能查看",
        ("acquire_claim", "taken"): "系统没有登记：已另有签约或去向",
        ("check_claim", "ok"): "系统核对过：没有其他签约或去向",
        ("check_claim", "taken"): "系统没有登记：已另有签约或去向",
        ("release_claim", "ok"): "系统释放了签约名额",
    },
}
TAKEN_BACK = {
    "other_destination": "撤回登记，回去修改",
    "destination_void": "撤回了作废申请",
    "offline_signing": "撤回，回去修改",
    "paper_registration": "撤回登记，回去修改",
    "rescission": "撤回了解约申请",
    "amendment": "撤回了修改",
    "base_data": "撤回更正申请，回去修改",
    "employer_certification": "撤回提交，回去修改材料",
}
OF_ADMIN = {
    "moved": "把办理的流程由第 {from} 版改为第 {to} 版",
    "moved_back": "把办理的流程由第 {from} 版改回第 {to} 版",
    "skipped": "把这件事转到“{name}”，原因：{reason}",
    "reassigned": "把“{name}”改由{holder}办理，原因：{reason}",
}
NOT_TOLD = ("notify", "check_eligibility", "save_employer_profile")


@dataclass(frozen=True)
class Reader:
    """Who reads, what each role is called in this case, and the names of those who acted."""

    person_id: uuid.UUID
    names: dict[str, str]
    people: dict[uuid.UUID, str]
    family: str = ""
    variant: str = ""


def sentence(row: History, reader: Reader) -> str:
    """What this row tells; empty for what nobody needs to hear."""
    name = row.body.get("name", "")
    if row.kind == "started":
        return f"{who(row, reader)}开始办理"
    if row.kind == "answered":
        return f"{who(row, reader)}办理了“{name}”{answered(row)}"
    if row.kind == "amended":
        return f"{who(row, reader)}修改了“{name}”：{changed(row)}"
    if row.kind == "withdrawn":
        return f"{who(row, reader)}{TAKEN_BACK.get(reader.family, '撤回了这件事')}"
    if row.kind == "message" and row.actor == "system":
        return f"系统：{name}"
    if row.kind == "message":
        return f"{who(row, reader)}{name}"
    if row.kind == "fired":
        return f"系统：“{name or '期限'}”时间已到"
    if row.kind == "decided":
        rules = "、".join(str(number) for number in row.body.get("rules", []))
        told = f"依据第 {rules} 条规则" if rules else "没有规则适用"
        return f"系统按决策表办理了“{name}”：{told}"
    if row.kind == "waiting":
        place = reader.names.get(row.body.get("role", ""), "").split("，")[0]
        return f"系统把“{name}”交给{place}"
    if row.kind == "ended":
        return f"系统结束了这件事：{name}"
    if row.kind in OF_ADMIN:
        return f"{who(row, reader)}{OF_ADMIN[row.kind].format(**row.body)}"
    if row.kind == "operator":
        return operator_sentence(row, name, reader)
    return ""


def operator_sentence(row: History, name: str, reader: Reader) -> str:
    """The words of the variant, else of the family, else the common ones."""
    key = (row.body.get("operator", ""), row.body.get("outcome", ""))
    for kind in (reader.variant, reader.family):
        if own := OF_FAMILY.get(kind, {}).get(key):
            return own
    if key in OPERATORS:
        return OPERATORS[key]
    return "" if key[0] in NOT_TOLD else f"系统完成了“{name}”"


def who(row: History, reader: Reader) -> str:
    """The reader, a party by its name, the school by its office: reviewers stay a group."""
    if row.person_id and row.person_id == reader.person_id:
        return "您"
    role = row.body.get("role", "")
    place = reader.names.get(role, "").split("，")[0]
    if row.actor == "guest":
        return f"{place or '访客'}（{row.body.get('mobile', '')}）"
    if role == "employer" and row.person_id:
        return f"{place}（{reader.people.get(row.person_id, '')}）"
    return place or "有人"


def answered(row: History) -> str:
    """What was decided, and the reason that goes with it; nothing that the own side keeps."""
    told = {
        answer.get("key"): answer.get("text", "")
        for answer in row.body.get("answers", [])
        if not is_internal(answer)
    }
    decision = f"：{told['outcome']}" if told.get("outcome") else ""
    reason = f"，原因：{told['reason']}" if told.get("reason") else ""
    return decision + reason


def changed(row: History) -> str:
    """What reads differently now, before and after."""
    told = [
        f"{one['label']}“{one['before'] or '空'}”改为“{one['after'] or '空'}”"
        for one in row.body.get("changes", [])
    ]
    return "；".join(told)


def is_internal(answer: Mapping[str, Any]) -> bool:
    """Whether a labelled answer is for the own side only, as its form says; a note always is."""
    return bool(answer.get("internal")) or answer.get("key") == "note"
