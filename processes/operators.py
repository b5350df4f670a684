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
        "check_eligibility", "核对签约资格", outcomes=("ok", "not_allowed", "unconfirmed")
    ),
    OperatorSpec(
        "open_invitation",
        "发出签约邀请",
        {"reply_by": ParameterSpec("moment", "应约期限")},
        ("ok", "already_open"),
    ),
    OperatorSpec("acquire_claim", "占用签约名额", outcomes=("ok", "taken")),
    OperatorSpec("release_claim", "释放签约名额"),
    OperatorSpec("issue_agreement", "生成协议书"),
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
                "text", "通知对象", values=("graduate", "employer", "both", "reviewers")
            ),
        },
    ),
    OperatorSpec(
        "open_rescission",
        "发起解约",
        {"agreement": ParameterSpec("text", "协议编号", required=False)},
        ("ok", "already_open"),
    ),
)

CATALOGUE: dict[str, OperatorSpec] = {spec.id: spec for spec in _SPECS}
