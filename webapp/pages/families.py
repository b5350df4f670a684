"""What pages say differently from one family of processes to the next: taking back, and the end."""

from __future__ import annotations

from dataclasses import dataclass

INVITATION, PAPER = "online_signing", "paper_registration"
APPLYING = "online_signing/resume_to_offer"
RESCISSION = "rescission"
AMENDMENT = "amendment"
DESTINATION, VOID = "other_destination", "destination_void"
CARD = "online_signing/qr_card"
STUDENT, DIRECT = "online_signing/student_initiated", "online_signing/employer_direct"
OFFLINE = "offline_signing"


@dataclass(frozen=True)
class Withdrawal:
    """Taking back: the button, the heading, what it means, the act, and what is said afterwards.

    `{name}` is who stands in the case's heading.
    """

    button: str
    heading: str
    story: str
    confirm: str
    done: str


WITHDRAWALS = {
    INVITATION: Withdrawal(
        "撤回邀请",
        "撤回给{name}的邀请",
        "撤回后，这份邀请结束，毕业生会收到通知，不能再接受。您可以修改条件后再次邀请。",
        "确认撤回",
        "邀请已撤回，毕业生会收到通知",
    ),
    PAPER: Withdrawal(
        "撤回修改",
        "撤回{name}的登记，回去修改",
        "撤回后，学校暂停审核，填写的内容和图像都保留。改好后要重新提交；在这期间，您仍被这份登记锁定。",
        "确认撤回修改",
        "登记已撤回，改好后请重新提交",
    ),
    DESTINATION: Withdrawal(
        "撤回修改",
        "撤回“{name}”的登记，回去修改",
        "撤回后，学校暂停审核，填写的内容和材料都保留。改好后要重新提交；在这期间，这项登记不占用签约名额。",
        "确认撤回修改",
        "登记已撤回，改好后请重新提交",
    ),
    VOID: Withdrawal(
        "撤回申请",
        "撤回“{name}”的作废申请",
        "撤回后，学校不再审核，去向继续有效。您可以修改原因后重新提交，也可以不作废。",
        "确认撤回申请",
        "作废申请已撤回，去向继续有效",
    ),
    OFFLINE: Withdrawal(
        "撤回修改",
        "撤回{name}的申请，回去修改",
        "撤回后，学校暂停审核，填写的内容都保留。改好后要重新提交；在这期间，您仍被这份申请锁定。",
        "确认撤回修改",
        "已撤回，改好后请重新提交",
    ),
    RESCISSION: Withdrawal(
        "撤回申请",
        "撤回与{name}的解约申请",
        "撤回后，这件解约申请结束，对方会收到通知，不用再回应。签约仍有效，以后可以重新申请。",
        "确认撤回申请",
        "解约申请已撤回，签约仍有效",
    ),
    AMENDMENT: Withdrawal(
        "撤回修改",
        "撤回对{name}签约信息的修改",
        "撤回后，这次修改结束，毕业生会收到通知，不用再确认。原来的内容有效，以后可以重新修改。",
        "确认撤回修改",
        "修改已撤回，原来的内容有效",
    ),
    APPLYING: Withdrawal(
        "撤回投递",
        "撤回投给{name}的简历",
        "撤回后，这次投递结束，单位看不到您的简历和联系方式。以后可以再投这个岗位。",
        "确认撤回投递",
        "投递已撤回，单位看不到这份简历",
    ),
}
WITHDRAWALS |= {
    "employer_certification": Withdrawal(
        "撤回提交",
        "撤回“{name}”的提交",
        "撤回后，学校暂停审核，填写的内容和材料都保留。换好材料后要重新提交。",
        "确认撤回提交",
        "提交已撤回，换好材料后请重新提交",
    ),
    "base_data": Withdrawal(
        "撤回修改",
        "撤回更正申请，回去修改",
        "撤回后，学院暂停审核，填写的内容和证明都保留。改好后要重新提交。",
        "确认撤回修改",
        "更正申请已撤回，改好后请重新提交",
    ),
}
WITHDRAWALS[DIRECT] = Withdrawal(
    "撤回签约信息",
    "撤回给{name}的签约信息",
    "撤回后，这份签约信息结束，毕业生会收到通知，不用再确认。您可以修改后再次录入。",
    "确认撤回",
    "签约信息已撤回，毕业生会收到通知",
)
# Where a family takes back different things at different times.
AT_STATUS = {
    (OFFLINE, "signing_under_review"): Withdrawal(
        "撤回修改",
        "撤回与{name}的协议书图像",
        "撤回后，学校暂停审核，就业协议书仍有效。请换好图像后重新回传，也可以请用人单位协助回传。",
        "确认撤回修改",
        "已撤回，请重新回传盖章的协议书",
    ),
}
ANY_WITHDRAWAL = Withdrawal(
    "撤回",
    "撤回{name}的申请",
    "撤回后，这份申请不再往下办，对方或学校不用再处理。",
    "确认撤回",
    "申请已撤回",
)
CERTIFICATION, CORRECTION = "employer_certification", "base_data"
AGAIN = "您可以再次邀请。"
UNCHANGED = "原来的内容继续有效。"
STILL_VALID = "签约仍有效。与对方商量后，可以从原来的签约重新申请。"
# By family, state at the end, and the reader's role; no role means everybody.
ENDINGS = {
    (INVITATION, "failed", ""): "原因见“经过”。仍要签约，请与单位商定后由单位重新邀请。",
    (INVITATION, "lapsed", "employer"): AGAIN,
    (INVITATION, "refused", "employer"): AGAIN,
    (INVITATION, "withdrawn", "employer"): AGAIN,
    (
        OFFLINE,
        "offline_completed",
        "",
    ): "协议书和盖章的图像都在本页。请保管好纸质协议。",
    (OFFLINE, "agreement_refused", ""): "原因见“经过”。锁定已解除，可以重新填写申请，或另行签约。",
    (
        OFFLINE,
        "void",
        "",
    ): "原因见“经过”。申请和已生成的协议书一并作废，锁定已解除，可以重新填写申请，或另行签约。",
    (OFFLINE, "cancelled", ""): "学校不再审核。可以重新申请，或另行签约。",
    (APPLYING, "review_refused", ""): "原因见“经过”。锁定已解除，毕业生可以另行签约。",
    (APPLYING, "expired", "graduate"): "这不算您谢绝。还想去，请联系单位，或再投一次。",
    (APPLYING, "application_withdrawn", ""): "单位看不到这份简历。",
    (PAPER, "registered", ""): "登记以纸质协议为准，不另生成协议书。请保管好纸质协议。",
    (PAPER, "void", ""): "原因见“经过”。登记作废，锁定已解除，可以重新登记或另行签约。",
    (RESCISSION, "rescinded", ""): "协议已解除，协议书不再有效。毕业生可以另行签约或登记去向。",
    (
        RESCISSION,
        "rescinded",
        "graduate",
    ): "协议已解除，协议书不再有效。您可以接受其他邀请，或登记去向。",
    (RESCISSION, "rescission_failed", ""): STILL_VALID,
    (RESCISSION, "withdrawn", ""): STILL_VALID,
    (RESCISSION, "discarded", ""): "申请没有提交，对方没有收到。签约仍有效。",
    (
        RESCISSION,
        "rescission_not_opened",
        "",
    ): "这份协议已有解约申请在办理，或已不在有效状态。进展见原来的签约。",
    (RESCISSION, "agreement_not_valid", ""): "协议已不在有效状态，这件申请随之办结。",
    (AMENDMENT, "amended", ""): "协议书出了新版，编号不变。请用新版，已打印的旧版不再使用。",
    (AMENDMENT, "amendment_refused", ""): UNCHANGED,
    (AMENDMENT, "amendment_refused", "employer"): UNCHANGED + "与毕业生商量后，可以重新修改。",
    (AMENDMENT, "withdrawn", ""): UNCHANGED,
    (AMENDMENT, "discarded", ""): "修改没有上传，毕业生没有收到。" + UNCHANGED,
    (
        AMENDMENT,
        "amendment_not_opened",
        "",
    ): "这份协议已有修改或解约在办理，或已不在有效状态。进展见原来的签约。",
    (AMENDMENT, "amendment_void", ""): "协议已解除或正在办理解约，这次修改没有生效。",
    (
        DESTINATION,
        "destination_completed",
        "graduate",
    ): "去向已登记。要签约或登记其他去向，请先作废这一去向。",
    (DESTINATION, "destination_voided", ""): "这一去向已作废，可以另行签约或登记。",
    (DESTINATION, "voided", ""): "原因见“经过”。登记作废，可以重新选择类型登记，或与单位签约。",
    (DESTINATION, "discarded", ""): "没有提交，学校没有收到。以后可以再登记。",
    (
        DESTINATION,
        "overtaken",
        "",
    ): "审核期间已另有签约或去向，这一项没有登记。要登记，请先解约，或作废另一项去向。",
    (VOID, "voided", ""): "去向已作废，毕业生可以签约或登记其他去向。",
    (VOID, "voided", "graduate"): "去向已作废。您可以签约，或登记其他去向。",
    (VOID, "kept", ""): "没有作废，去向继续有效。",
    (VOID, "void_refused", ""): "原因见“经过”。去向继续有效，可以补充理由后重新申请。",
    (VOID, "needs_rescission", ""): "这一去向由就业协议登记，不能作废。请从原来的签约办理解约。",
    (VOID, "nothing_to_void", ""): "这一去向已由别的办理终止，不用再作废。",
    (VOID, "unlocked", ""): "毕业去向已设为待就业，毕业生可以重新签约或登记。",
    (VOID, "unlocked", "graduate"): "学校已把您的去向设为待就业，您可以重新签约或登记。",
    (VOID, "unlock_refused", ""): "复核不同意，去向继续有效。",
    (PAPER, "cancelled", ""): "学校不再审核。可以重新登记或另行签约。",
    (CERTIFICATION, "certified", ""): "认证在所有学校都有效。",
    (
        CERTIFICATION,
        "manager_changed",
        "",
    ): "原管理者不再能代表单位。单位的待办由新的管理者继续办理。",
    (
        CERTIFICATION,
        "account_recovered",
        "",
    ): "原管理者不再能代表单位，新的管理者会收到首次登录的激活码。",
    (CERTIFICATION, "discarded", ""): "没有提交，核验级别和管理者不变。",
    (CORRECTION, "corrected", "graduate"): "请回到“我的信息”重新核对并确认。已签的协议书不受影响。",
    (CORRECTION, "corrected", ""): "登记册已更正，毕业生要重新确认。已签的协议书不受影响。",
    (CORRECTION, "not_corrected", ""): "登记册不变。原因见“经过”。",
    (CORRECTION, "cancelled", ""): "没有提交，登记册不变。",
}
OFFLINE_BREACH = "违约不在网上办理，见违约说明。"
REVIEW_REFUSED = "原因见“经过”。锁定已解除，毕业生可以另行签约。"
ENDINGS |= {
    (STUDENT, "filed", ""): f"协议书已备案，签约全部办完。{OFFLINE_BREACH}",
    (
        STUDENT,
        "employer_refused",
        "graduate",
    ): "原因见“经过”。锁定已解除，您可以另填一份，选别的单位。",
    (STUDENT, "cancelled", "graduate"): "锁定已解除。换单位的，请另填一份就业协议书。",
    (STUDENT, "review_refused", ""): REVIEW_REFUSED,
    (DIRECT, "review_refused", ""): REVIEW_REFUSED,
    (DIRECT, "refused", "employer"): "您可以与毕业生商量后再次录入。",
    (DIRECT, "expired", "employer"): "您可以再次录入。",
    (DIRECT, "expired", "graduate"): "这不算您拒绝。还想签约，请单位再次录入。",
    (DIRECT, "withdrawn", "employer"): "您可以修改后再次录入。",
}
ENDINGS |= {
    (
        CARD,
        "already_employed",
        "",
    ): "要与这家单位签约，须先与原单位解约，或请学校就业处把去向设为待就业，再出示新的二维码。",
    (CARD, "not_eligible", ""): "请先确认本人信息；培养方式不能网上签约的，请咨询学校就业处。",
    (CARD, "expired", "graduate"): "这不算您拒绝。还想签约，请单位再扫一次二维码。",
    (CARD, "refused", "graduate"): "您可以与单位商量后，请对方再扫一次二维码。",
    (CARD, "review_refused", ""): REVIEW_REFUSED,
}
HELP = {
    CARD: "条件有误，请先告诉单位，再联系学院。",
    CORRECTION: "材料要能看出正确的内容。有疑问，请联系学院。",
    STUDENT: "单位还没有办理，可以催单位；想换单位，请单位退回。单位签约之后，有误请在七天内提出异议。",
    DIRECT: "条件有误，请先告诉单位，再联系学院。审核不通过后，单位可以再次录入。",
    OFFLINE: "填错了，请在学校审核之前撤回修改。协议书已经生成的，请联系学院。",
    INVITATION: "条件有误，请先告诉单位，再联系学院。审核不通过后，单位可以重新邀请您。",
    APPLYING: "条件有误，请先告诉单位，再联系学院。接受签约之前，随时可以谢绝。",
    RESCISSION: "签约在解约完成之前一直有效。有疑问，请先与对方商量，再联系学院。",
    AMENDMENT: "在您确认之前，原来的内容一直有效。有疑问，请先问单位，再联系学院。",
    PAPER: "填错了，请在学校审核之前撤回修改。已经审核的，请联系学院。",
    DESTINATION: "填错了，请在学校审核之前撤回修改。审核时，学院也可以直接更正，更正后会通知您。",
    VOID: "去向在作废之前一直有效。有疑问，请联系学院。",
}
INVITED_REASONS = (
    "单位名称与执照不符",
    "统一社会信用代码有误，请核对后重新邀请",
    "授权书上看不到红色公章或人事章",
    "签约条件违反规定",
    "毕业生信息与学籍不符",
)
REASONS = {
    CERTIFICATION: (
        "公函上没有签名",
        "看不见红章",
        "盖的不是公章或人事章",
        "单位名称与公章或证照不一致",
        "信用代码与证照不一致",
        "登记系统里查不到这个单位",
        "照片看不清，请重拍",
    ),
    CORRECTION: ("证明材料看不清，请重新拍照", "证明材料与申请的内容不一致", "缺少证明材料"),
    RESCISSION: (
        "双方说法不一致，请商量后重新申请",
        "解约原因与说明不符",
        "违约责任没有处理完",
        "解约材料看不清或缺少公章",
    ),
    AMENDMENT: (
        "修改的内容违反规定",
        "修改与双方的说法不一致，请商量后重新修改",
    ),
    DESTINATION: (
        "证明材料与去向类型不符",
        "证明材料看不清，请重新拍照上传",
        "材料上看不到红色公章或人事章",
        "填写的内容与证明材料不一致",
        "实习、见习证明不能作为就业证明",
    ),
    VOID: ("作废的原因不清楚，请补充", "去向属实，没有作废的理由"),
    OFFLINE: (
        "单位名称与执照不符",
        "统一社会信用代码有误",
        "签约条件违反规定",
        "图像看不清，请重新拍照上传",
        "图像缺页，每一页都要上传",
        "图像上看不到红色公章或人事章",
        "图像与生成的协议书不一致",
    ),
    PAPER: (
        "填写的内容与协议图像不一致",
        "图像看不清，请重新拍照上传",
        "图像缺页",
        "图像上看不到红色公章或人事章",
        "统一社会信用代码有误",
    ),
}


# An act on an agreement that runs already: what leads to it. One of a family at a time.
RUNNING = {
    RESCISSION: ("解约申请正在办理", "一份协议同时只能有一件解约申请。查看进展"),
    AMENDMENT: ("修改正在办理", "一份协议同时只能有一件修改。查看进展"),
    VOID: ("作废正在办理", "一项去向同时只能有一件作废或解锁。查看进展"),
}


def running_words(family: str) -> tuple[str, str]:
    """What leads to the case of this family that runs on an agreement."""
    return RUNNING.get(family, ("正在办理", "查看进展"))


def withdrawal_of(family: str, variant: str = "", status: str = "") -> Withdrawal:
    """The words of the variant or of the state before it, where they are its own; else of its family."""
    own = AT_STATUS.get((family, status)) or WITHDRAWALS.get(f"{family}/{variant}")
    return own or WITHDRAWALS.get(family, ANY_WITHDRAWAL)


def ending_of(family: str, status: str, role: str, variant: str = "") -> str:
    """What an ended case leaves to do, for this reader; may be nothing."""
    told = [
        ENDINGS.get((kind, status, reader), "")
        for kind in (f"{family}/{variant}", family)
        for reader in (role, "")
    ]
    return next(filter(None, told), "")


def help_of(family: str, variant: str = "") -> str:
    """What a graduate may do about a mistake in a running case."""
    return HELP.get(f"{family}/{variant}") or HELP.get(family, "有疑问，请联系学院。")


def reasons_of(family: str) -> tuple[str, ...]:
    """The reasons a reviewer may pick in place of typing them."""
    return REASONS.get(family, INVITED_REASONS)
