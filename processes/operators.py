"""What a service or send task may ask the application to do. The catalogue only.

The implementation lives with the application; a diagram, a check and the explorer need no more
than the names, the parameters and the outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ParameterType = Literal["text", "moment", "number"]


@dataclass(frozen=True)
class ParameterSpec:
    """A parameter: its type, whether it must be given, and its values when they are known."""

    type: ParameterType
    label: str
    required: bool = True
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class OperatorSpec:
    """An operator: what it is called, what it takes and every outcome it can have."""

    id: str
    label: str
    parameters: dict[str, ParameterSpec] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ("ok",)


_SPECS = (
    OperatorSpec(
        "check_eligibility",
        "核对办理资格",
        {
            "purpose": ParameterSpec(
                "text",
                "办理什么（默认线上签约）",
                required=False,
                values=("online", "offline", "registration", "destination"),
            ),
            "code": ParameterSpec("text", "去向代码（办理去向登记时）", required=False),
        },
        ("ok", "not_allowed", "unconfirmed"),
    ),
    OperatorSpec(
        "open_invitation",
        "发出签约邀请",
        {"reply_by": ParameterSpec("moment", "应约期限")},
        ("ok", "already_open"),
    ),
    OperatorSpec("acquire_claim", "占用签约名额", outcomes=("ok", "taken")),
    OperatorSpec("check_claim", "核对签约名额", outcomes=("ok", "taken")),
    OperatorSpec("release_claim", "释放签约名额"),
    OperatorSpec(
        "open_provisional_account",
        "开通单位临时账号",
        {"mobile": ParameterSpec("text", "联系人手机（已验证）")},
        ("ok", "known"),
    ),
    OperatorSpec("record_consent", "留存须知版本", {"version": ParameterSpec("text", "须知版本")}),
    OperatorSpec(
        "choose_employer",
        "确定签约单位",
        {"employer": ParameterSpec("text", "所选单位")},
        ("ok", "not_registered", "other"),
    ),
    OperatorSpec(
        "save_employer_profile",
        "保存单位情况",
        {"step": ParameterSpec("text", "单位填写的一步")},
    ),
    OperatorSpec("issue_agreement", "生成协议书"),
    OperatorSpec(
        "file_agreement",
        "登记备案",
        {"sealed_on": ParameterSpec("text", "单位盖章日期", required=False)},
        ("ok", "already_filed", "not_valid"),
    ),
    OperatorSpec(
        "register_agreement",
        "登记纸质协议",
        {"number": ParameterSpec("text", "纸质协议编号", required=False)},
        ("ok", "number_taken"),
    ),
    OperatorSpec("void_agreement", "作废协议书"),
    OperatorSpec("rescind_agreement", "解除协议", outcomes=("ok", "not_valid")),
    OperatorSpec("close_destination", "终止毕业去向", outcomes=("ok", "none")),
    OperatorSpec(
        "write_destination",
        "登记毕业去向",
        {
            "code": ParameterSpec("text", "去向代码"),
            "effective_on": ParameterSpec("text", "生效日期", required=False),
        },
    ),
    OperatorSpec(
        "notify",
        "发送通知",
        {
            "event": ParameterSpec("text", "通知事项"),
            "to": ParameterSpec(
                "text",
                "通知对象",
                values=(
                    *("graduate", "employer", "both", "reviewers", "initiator", "other"),
                    "guest",
                ),
            ),
            "until": ParameterSpec("moment", "答复期限（写进通知）", required=False),
            "message": ParameterSpec("text", "发送人的话（写进通知）", required=False),
        },
    ),
    OperatorSpec(
        "open_rescission",
        "发起解约",
        {"agreement": ParameterSpec("text", "协议编号", required=False)},
        ("ok", "already_open", "not_valid"),
    ),
    OperatorSpec(
        "close_rescission",
        "结束解约申请",
        {
            "result": ParameterSpec(
                "text", "结果", values=("rescinded", "refused", "withdrawn", "not_valid")
            )
        },
    ),
    OperatorSpec(
        "open_amendment",
        "登记签约后修改",
        outcomes=("ok", "unchanged", "already_open", "being_rescinded", "not_valid"),
    ),
    OperatorSpec(
        "amend_agreement",
        "生成新版协议书",
        outcomes=("ok", "being_rescinded", "not_valid"),
    ),
    OperatorSpec(
        "close_amendment",
        "结束签约后修改",
        {"result": ParameterSpec("text", "结果", values=("refused", "withdrawn", "void"))},
    ),
    OperatorSpec(
        "invite_guest",
        "发送访客链接",
        {
            "mobile": ParameterSpec("text", "手机"),
            "valid_for": ParameterSpec("text", "有效期（如 P15D）", required=False),
        },
    ),
    OperatorSpec("look_up_employer", "核对单位登记信息"),
    OperatorSpec("certify_employer", "登记单位认证", outcomes=("ok", "code_taken")),
    OperatorSpec(
        "appoint_manager",
        "登记帐号管理者",
        {
            "name": ParameterSpec("text", "管理者姓名"),
            "mobile": ParameterSpec("text", "注册手机号"),
        },
    ),
    OperatorSpec("correct_register", "更正登记册", outcomes=("ok", "conflict")),
)

CATALOGUE: dict[str, OperatorSpec] = {spec.id: spec for spec in _SPECS}
