"""What may go wrong, told to the person it happened to.

An error knows its story in the reader's language, what to do next, and its HTTP status.
Views do not catch these: one error page shows `title`, `story` and `way_out`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def spoken_moment(moment: datetime) -> str:
    """A moment as people here read it: 11月22日 23:59."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


class CaseError(Exception):
    """The base of everything that a person is told. `way_out` says what to do next."""

    status = 409
    title = "这一步现在不能办"
    story = "事情已经有了变化，这次没有提交任何内容。"
    way_out = "回到待办，查看现在的进度。"

    def __init__(self, story: str = "", way_out: str = "") -> None:
        self.story = story or self.story
        self.way_out = way_out or self.way_out
        super().__init__(self.story)


class NotYours(CaseError):
    """It does not exist, or is none of this person's business: the same answer for both."""

    status = 404
    title = "没有找到这个页面"
    story = "链接可能不完整，或者这件事不在您名下。"
    way_out = "从短信或微信打开的，请再点一次原来的链接；换过账号的，请确认登录的是您本人。"


class TaskAlreadyDone(CaseError):
    """Another tab, another person or another member was faster."""

    title = "这件事已经办完"

    def __init__(self, who: str, when: datetime | None, case_id: object = None) -> None:
        self.who, self.when, self.case_id = who, when, case_id
        moment = f"在 {spoken_moment(when)} " if when else ""
        super().__init__(f"{who}{moment}已经办理，您这次没有提交任何内容。")


class TaskTooLate(CaseError):
    """The deadline passed before the answer arrived. This is not a refusal."""

    title = "已过办理时间"

    def __init__(self, task_name: str, deadline: datetime | None, case_id: object = None) -> None:
        self.task_name, self.deadline, self.case_id = task_name, deadline, case_id
        until = f"办理时间截止到 {spoken_moment(deadline)}，" if deadline else ""
        super().__init__(
            f"“{task_name}”{until}现在不能提交了。这不算您拒绝。",
            "仍想继续，请联系对方再发一次，收到后在待办里办理。",
        )


class TaskWithdrawn(CaseError):
    """The other side took it back, or the case went another way, before the answer arrived."""

    title = "这件事已不需要办理"

    def __init__(self, task_name: str, case_id: object = None) -> None:
        self.task_name, self.case_id = task_name, case_id
        super().__init__(f"“{task_name}”已由对方撤回或由流程结束，您这次没有提交任何内容。")


class CannotWithdraw(CaseError):
    """Somebody has already acted on it (I6), or the school does not let it be taken back."""

    title = "现在不能撤回"
    story = "对方或学校已经办理，不能再撤回。"
    way_out = "查看现在的进度。要改内容，请先联系对方或学院。"

    def __init__(self, case_id: object = None, story: str = "") -> None:
        self.case_id = case_id
        super().__init__(story)


class OnlyToRead(CaseError):
    """The graduate has signed with somebody else; other invitations can only be read (H07)."""

    title = "这份邀请只能查看"
    story = "您已与其他单位签约，这份邀请只能查看。"
    way_out = "要改变决定，须先与已签约的单位协商解约。"

    def __init__(self, case_id: object) -> None:
        self.case_id = case_id
        super().__init__()


class CaseEnded(CaseError):
    """An ended case never changes (I3)."""

    title = "这件事已经结束"
    story = "已经结束的事项不再改动，这次没有提交任何内容。"
    way_out = "需要更正时，请另外发起一件新的事项。"

    def __init__(self, case_id: object = None, story: str = "") -> None:
        self.case_id = case_id
        super().__init__(story)


class ChangedMeanwhile(CaseError):
    """Somebody else saved the same case at the same moment (I6)."""

    title = "内容刚刚有变化"
    story = "另一个人同时办理了这件事，您这次没有提交任何内容。"
    way_out = "刷新页面，看过现在的进度再办。"


class NotAllowed(CaseError):
    """This person is known and may see the thing, but not do this."""

    status = 403
    title = "您没有办理这件事的权限"
    story = "这件事由别的角色办理。"
    way_out = "需要办理时，请联系学校就业处调整权限。"


class AnotherPersonNeeded(CaseError):
    """This step confirms what the same person did before it; somebody else must take it."""

    status = 403
    title = "这一步须由另一位老师办理"
    story = "前一步由您办理，复核须由另一位老师来做，这次没有提交任何内容。"
    way_out = "请同事登录后，在“待审核”里办理。"

    def __init__(self, case_id: object = None) -> None:
        self.case_id = case_id
        super().__init__()


class NotEligible(CaseError):
    """The graduate may not sign online (B05, B10)."""

    title = "这位毕业生暂时不能网上签约"
    story = "毕业生的信息还没有确认，或者培养方式不能网上签约。"
    way_out = "请联系毕业生或学校就业处。"


class NotInForce(CaseError):
    """The agreement or destination somebody wants to act on no longer holds."""

    title = "这份协议或去向已不在有效状态"
    story = "它已经解除、作废或被新的代替，不能再从这里办理。"
    way_out = "回到首页，查看现在有效的协议和去向。"


class NoRelease(CaseError):
    """The school has not published this process."""

    title = "学校还没有开放这项业务"
    story = "这项业务的流程还没有发布。"
    way_out = "请联系学校就业处。"


class ReleaseRefused(CaseError):
    """A diagram with faults is not published. `findings` lists all of them."""

    status = 422
    title = "流程图还不能发布"

    def __init__(self, findings: Sequence[Any]) -> None:
        self.findings = list(findings)
        told = "；".join(
            str(f.get("message", f)) if isinstance(f, dict) else f.message for f in findings[:5]
        )
        super().__init__(
            f"检查发现 {len(findings)} 处问题：{told}", "按提示修改流程图后，再发布一次。"
        )


class DocumentNotReady(CaseError):
    """The agreement is approved, but its document is still being made."""

    status = 404
    title = "协议书还没有生成好"
    story = "审核通过后，系统会在几分钟内生成协议书。"
    way_out = "过几分钟再打开这一页。"


class PrintQuotaReached(CaseError):
    """All copies have been handed out."""

    title = "打印份数已用完"

    def __init__(self, quota: int) -> None:
        self.quota = quota
        super().__init__(
            f"这份协议书共可打印 {quota} 份，都已取走。",
            "遗失或损坏的，请联系学校就业处说明原因后补打。",
        )


class ReasonMissing(CaseError):
    """An exception needs its reason on record."""

    status = 422
    title = "请写明原因"
    story = "超出份数的打印要写明原因。"
    way_out = "填写原因后再打印一次。"


class PrintingNotOpen(CaseError):
    """The school lets other sides print, not this one (F13, F14)."""

    status = 403
    title = "这份协议书由学校打印"
    story = "按学校的规定，协议书不由您这一方打印。"
    way_out = "需要纸质协议书，请联系院系，或在打印页提出打印申请。"


class NothingToPrint(CaseError):
    """Nothing was chosen."""

    status = 422
    title = "没有选要打印的协议书"
    story = "没有勾选协议书，或没有选打印哪一份。"
    way_out = "回到列表，勾选后再打印。"


class TooManyCopies(CaseError):
    """One file of copies would get too large, and the wait too long."""

    status = 422
    title = "一次选得太多"

    def __init__(self, wanted: int, most: int) -> None:
        super().__init__(
            f"一次最多打印 {most} 份，这次选了 {wanted} 份。没有打印，也没有计数。",
            "少选几份，分几次打印。",
        )


class NotAllPrintable(CaseError):
    """Of several chosen agreements some cannot be printed; none was, and nothing was counted."""

    title = "有协议书现在不能打印"

    def __init__(self, stories: Sequence[str]) -> None:
        self.stories = list(stories)
        told = "；".join(self.stories[:10]) + (" 等" if len(self.stories) > 10 else "")
        super().__init__(
            f"{told}。这次没有打印，也没有计数。", "去掉这些，或由就业处写明原因，再打印一次。"
        )


class RequestWaits(CaseError):
    """This side has asked already, and nobody has decided yet."""

    title = "打印申请正在等学校处理"
    story = "这份协议书已有一件打印申请，处理以前不能再申请。"
    way_out = "在打印页查看申请的结果。"


class RequestDecided(CaseError):
    """Somebody else granted or refused it meanwhile."""

    title = "这件打印申请已有结果"
    story = "另一位老师刚刚处理了这件申请，您这次没有提交任何内容。"
    way_out = "刷新登记表，查看结果。"
