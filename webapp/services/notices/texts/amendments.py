"""What is said about an employer's edit after signing (N07)."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {
    "amendment_asked": "单位修改签约信息",
    "amended": "签约信息已修改",
    "amendment_refused": "不同意修改",
    "amendment_lapsed": "修改到期未确认",
    "amendment_withdrawn": "撤回修改",
    "amendment_failed": "修改没有通过审核",
    "amendment_void": "修改没有生效",
    "signature_renewed": "更换手写签名",
}
# N03: a text message besides when signing data change.
CHANNELS = {"amendment_asked": WITH_SMS, "amended": WITH_SMS}
TEXTS = {
    (
        "amendment_asked",
        "graduate",
    ): "{employer}修改了签约信息，请登录对照后确认。{until}确认之前，原来的内容有效。",
    (
        "amended",
        "graduate",
    ): "您与{employer}的签约信息已按您确认的修改，协议书出了新版。已打印的旧版请换新版。",
    (
        "amended",
        "employer",
    ): "与{graduate}的签约信息已修改，协议书出了新版。已打印的旧版请换新版。",
    ("amendment_refused", "employer"): "{graduate}没有同意修改签约信息，原来的内容继续有效。",
    (
        "amendment_lapsed",
        "graduate",
    ): "{employer}的修改到期没有确认，没有修改。原来的内容继续有效。",
    ("amendment_lapsed", "employer"): "{graduate}到期没有确认修改，没有修改。原来的内容继续有效。",
    ("amendment_withdrawn", "graduate"): "{employer}撤回了修改，您不用再确认。原来的内容有效。",
    (
        "amendment_failed",
        "graduate",
    ): "您与{employer}的修改没有通过学校审核，原来的内容继续有效。原因写在详情里。",
    (
        "amendment_failed",
        "employer",
    ): "与{graduate}的修改没有通过学校审核，原来的内容继续有效。原因写在详情里。",
    (
        "signature_renewed",
        "graduate",
    ): "{employer}更换了手写签名，协议书出了新版，条款没有改变。已打印的旧版请换新版。",
    (
        "signature_renewed",
        "employer",
    ): "{graduate}更换了手写签名，协议书出了新版，条款没有改变。已打印的旧版请换新版。",
    ("amendment_void", "graduate"): "您与{employer}的协议已解除或正在解约，这次修改没有生效。",
    ("amendment_void", "employer"): "与{graduate}的协议已解除或正在解约，这次修改没有生效。",
}
