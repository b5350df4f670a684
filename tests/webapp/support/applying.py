"""The acts of the way from a résumé to an offer, each committed, for tests of services and pages."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from webapp.services.cases import tasks
from webapp.services.cases.cases import submit_task
from webapp.services.design import releases
from webapp.services.recruiting import applications, posts, resumes

POST: dict[str, Any] = {
    "title": "后端开发工程师",
    "category": "13",
    "work_place": "合肥市蜀山区",
    "wanted": 3,
    "open_until": "2026-07-31",
    "description": "开发和维护签约平台。",
}
CONTENT: dict[str, Any] = {
    "mobile": "13800000009",
    "email": "lin@example.com",
    "introduction": "喜欢把复杂的事做简单。",
    "skills": "Python",
    "experience": [
        {"period": "2026.03—2026.06", "place": "恒信", "role": "实习生", "work": "写接口"}
    ],
    "photo": [],
    "attachments": [],
}
INVITE: dict[str, Any] = {
    "outcome": "invite",
    "interview_at": "2026-06-08T14:00:00+08:00",
    "interview_way": "site",
    "interview_place": "3 号楼 201",
    "interview_note": "请带作品",
    "answer_by": "2026-06-05",
}
SIGN: dict[str, Any] = {
    "outcome": "sign",
    "offer_message": "恭喜您，您有工作啦，去签约吧",
    "reply_by": "2026-06-19",
    "employer_name": "恒信科技有限公司",
    "position_category": "13",
    "position_name": "后端开发工程师",
    "salary": "10500",
    "hukou": "NONE",
}


def offer_online(session: Any, school: Any, now: Any) -> None:
    """Let this school offer both ways; one level of review."""
    ways = ["employer_invitation", "resume_to_offer"]
    school.settings = {"review_levels": "college", "offered": {"online_signing": ways}}
    session.flush()
    releases.publish_packaged(session, school.id, now)
    session.commit()


class Applying:
    """Hengxin and Lin, unless somebody else is named."""

    def __init__(self, session: Any, cast: Any, now: Any) -> None:
        self.session, self.cast, self.now = session, cast, now

    def post(self, actor: Any = None, **changed: Any) -> Any:
        actor = actor or self.cast.hengxin
        found = posts.put_up(self.session, actor, {**POST, **changed}, self.now)
        self.session.commit()
        return found

    def resume(self, actor: Any = None, **changed: Any) -> None:
        resumes.save(self.session, actor or self.cast.lin, {**CONTENT, **changed}, self.now)
        self.session.commit()

    def apply(self, post: Any, actor: Any = None, now: Any = None) -> Any:
        answers = {"message": "期待加入", "consent": True, "photo": [], "attachments": []}
        actor = actor or self.cast.lin
        case = applications.send(self.session, actor, post, answers, [], now or self.now)
        self.session.commit()
        return case

    def answer(self, case: Any, actor: Any, now: Any = None, **answers: Any) -> Any:
        task = self.task(case)
        labelled = [{"key": k, "label": k, "text": str(v)} for k, v in answers.items()]
        moved = submit_task(self.session, actor, task.id, answers, labelled, now or self.now)
        self.session.commit()
        return moved

    def task(self, case: Any) -> Any:
        self.session.rollback()  # see what pages wrote meanwhile
        (task,) = tasks.open_tasks(self.session, case.id)
        self.session.commit()
        return task

    def sent(self) -> Any:
        self.resume()
        return self.apply(self.post())

    def invited(self) -> Any:
        case = self.sent()
        self.answer(case, self.cast.hengxin, **INVITE)
        return case

    def offer(self, employer: Any = None, post: Any = None) -> Any:
        if post is None:
            post = self.post(employer)
            self.resume()
        actor = employer or self.cast.hengxin
        case = self.apply(post)
        self.answer(case, actor, **INVITE)
        self.answer(case, self.cast.lin, outcome="accept")
        self.answer(case, actor, **SIGN)
        return case

    def accept(self, case: Any, now: Any = None) -> Any:
        return self.answer(case, self.cast.lin, now, outcome="accept", ack=True)


def picture() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (30, 40), "white").save(out, "PNG")
    return out.getvalue()
