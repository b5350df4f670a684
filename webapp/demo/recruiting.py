"""Posts and résumés of the demo at 云杭学院: an application in each state of its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.compiler import form_class
from webapp.models import Employer, Graduate, Post
from webapp.pages.resume_form import sending
from webapp.services.cases.cases import withdraw_case
from webapp.services.recruiting import applications, posts, resumes

from .stories import ACCEPT, PASS, Telling, actor_of

# Employer by its place in the list of `people`, title, category, how many, what it is about.
POSTS = (
    (1, "软件开发工程师", "13", 5, "参与业务系统的设计、开发和测试。熟悉一种编程语言，愿意读别人的代码。"),
    (1, "产品助理", "21", 2, "整理需求、画原型、跟进开发进度。表达清楚，做事有条理。"),
    (4, "仓储管理专员", "21", 3, "负责仓库的日常管理和数据核对。能看懂报表，适应轮班。"),
    (4, "数据分析员", "13", 1, "分析运输和库存数据，每周出一份报告。会用 SQL。"),
    (13, "前端开发工程师", "13", 4, "开发手机端和电脑端页面。熟悉 HTML、CSS、JavaScript。"),
    (13, "视觉设计师", "25", 2, "负责界面和宣传物料的设计。请在附件里放作品集。"),
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One application: a graduate by the serial, a post by its place, how long ago, how far it goes."""

    graduate: int
    post: int
    days: float
    path: str


WAYS = (
    Way(1, 5, 2, "invited"), Way(1, 4, 6, "offered"), Way(1, 6, 0.3, "applied"),
    Way(7, 1, 0.6, "applied"), Way(9, 1, 1.5, "invited"), Way(11, 1, 4, "interviewed"),
    Way(13, 1, 5, "interview_declined"), Way(15, 1, 3, "unsuitable"), Way(17, 2, 7, "not_hired"),
    Way(19, 1, 5, "offered"), Way(21, 2, 8, "offer_declined"), Way(2, 1, 14, "expired"),
    Way(4, 1, 6, "signed"), Way(6, 3, 12, "completed"), Way(8, 5, 11, "review_refused"),
    Way(10, 1, 2, "withdrawn"), Way(12, 2, 1.1, "applied"), Way(14, 5, 0.9, "applied"),
)  # fmt: skip
RESUME = {
    "email": "resume@example.edu.cn",
    "introduction": "做事认真，学得快，喜欢和人一起把事情办成。希望在杭州或合肥工作。",
    "skills": "大学英语六级\n计算机二级（Python）",
    "experience-0-period": "2026.07—2026.09",
    "experience-0-place": "示范信息服务有限公司",
    "experience-0-role": "实习生",
    "experience-0-work": "整理数据，写周报，维护内部网页。",
    "experience-1-period": "2025.09—2026.06",
    "experience-1-place": "学院学生会",
    "experience-1-role": "宣传部副部长",
}


def recruit(session: Session, graduates: list[Graduate], now: datetime) -> None:
    """Put up the posts and play every way to where it stops."""
    employers = list(session.scalars(select(Employer).order_by(Employer.uscc)))
    early = now - timedelta(days=20)
    offered = [
        posts.put_up(
            session,
            actor_of(session, employers[place - 1]),
            {
                "title": title,
                "category": category,
                "work_place": employers[place - 1].address,
                "wanted": wanted,
                "open_until": (now + timedelta(days=60)).date().isoformat(),
                "description": text,
            },
            early + timedelta(hours=number),
        )
        for number, (place, title, category, wanted, text) in enumerate(POSTS)
    ]
    for way in WAYS:
        post = offered[way.post - 1]
        employer = session.get_one(Employer, post.employer_id)
        start = now - timedelta(days=way.days)
        Applying(session, graduates[way.graduate - 1], employer, start, now).go(way.path, post)


class Applying(Telling):
    """One résumé on its way."""

    def go(self, path: str, post: Post) -> None:
        lin, hengxin = actor_of(self.session, self.graduate), actor_of(self.session, self.employer)
        self._write_resume()
        form = sending(self.session, lin, post, self.moment, {"consent": "1", "message": ""}).form
        if not form.validate():
            raise ValueError(f"the demo cannot apply: {form.errors}")
        case = applications.send(self.session, lin, post, form.answers, form.labelled, self.moment)
        self.case_id = case.id
        self._later(hours=5)
        if path == "withdrawn":
            withdraw_case(self.session, lin, case.id, self.moment)
        if path in ("applied", "withdrawn"):
            return
        if path == "unsuitable":
            self.answer(hengxin, {"outcome": "unsuitable"})
            return
        self.answer(hengxin, self._interview())
        if path in ("invited", "expired"):
            return
        if path == "interview_declined":
            self.answer(lin, {"outcome": "decline", "reason": "当天有毕业答辩"})
            return
        self.answer(lin, {"outcome": "accept"})
        if path == "interviewed":
            return
        if path == "not_hired":
            self.answer(hengxin, {"outcome": "reject"})
            return
        self.answer(hengxin, self._signing(post))
        if path == "offered":
            return
        if path == "offer_declined":
            self.answer(lin, {"outcome": "decline", "reason": "已有其他安排"})
            return
        self.answer(lin, ACCEPT)
        if path == "review_refused":
            refusal = {"outcome": "refuse", "reason": "授权书上看不到红色公章或人事章"}
            self.answer(self.member("reviewer"), refusal)
        elif path == "completed":
            self.answer(self.member("reviewer"), PASS)

    def _write_resume(self) -> None:
        lin = actor_of(self.session, self.graduate)
        marks = {"experience-0-_row": "1", "experience-1-_row": "1"}
        typed = {**RESUME, **marks, "mobile": self.graduate.mobile}
        form = form_class("recruiting/resume")(typed, context={"now": self.moment})
        if not form.validate():
            raise ValueError(f"the demo cannot write a résumé: {form.errors}")
        resumes.save(self.session, lin, form.answers, self.moment)

    def _interview(self) -> dict[str, str]:
        at = self.moment + timedelta(days=4)
        return {
            "outcome": "invite",
            "interview_at": f"{at:%Y-%m-%d}T14:00",
            "interview_way": "site",
            "interview_place": f"{self.employer.address} 2 楼会议室",
            "interview_note": "请带一份作品或成绩单。",
            "answer_by": f"{self.moment + timedelta(days=3):%Y-%m-%d}",
        }

    def _signing(self, post: Post) -> dict[str, str]:
        terms = self._offer((post.category, post.title, "6500", "8000"))
        return {
            **terms,
            "outcome": "sign",
            "offer_message": "恭喜您，您有工作啦，去签约吧",
            "reply_by": f"{self.moment + timedelta(days=8):%Y-%m-%d}",
        }
