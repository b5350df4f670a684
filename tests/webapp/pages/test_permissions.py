"""Who may open which address: every address, every role, and data of another school or employer.

Every address is declared here. A new one without a line in the table fails this test.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from applying import POST
from flask import Flask
from sqlalchemy import update

from webapp.models import (
    Blob,
    Case,
    Delivery,
    Incident,
    Move,
    PrintRequest,
    Publication,
    Release,
    Upload,
    new_id,
)
from webapp.services.agreements.agreements import agreement_of
from webapp.services.design.drafts import open_draft
from webapp.services.design.importing import keep_original
from webapp.services.guests.guest_links import make_link
from webapp.services.notices import outbox
from webapp.services.recruiting.posts import put_up

ROLES = ("anonymous", "graduate", "employer", "reviewer", "office", "admin")
ALL = frozenset(ROLES)
KNOWN = ALL - {"anonymous"}
G, E, R, O, A = ("graduate", "employer", "reviewer", "office", "admin")  # noqa: E741
BEGINNERS = frozenset({G, E, O})

# address: (who may open it, who may open the own one but gets 404 for a stranger's)
TABLE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "GET /": (ALL, frozenset()),
    "GET /static/<path:filename>": (ALL, frozenset()),
    "GET /guide": (ALL, frozenset()),
    "GET /privacy": (ALL, frozenset()),
    "GET /login": (ALL, frozenset()),
    "POST /login": (ALL, frozenset()),
    "POST /logout": (ALL, frozenset()),
    "GET /verify": (ALL, frozenset()),
    "POST /verify": (ALL, frozenset()),
    "GET /v/<number>.<code>": (ALL, frozenset()),
    "POST /v/<number>.<code>": (ALL, frozenset()),
    "GET /verify/<number>/<code>": (ALL, frozenset()),
    "POST /verify/<number>/<code>": (ALL, frozenset()),
    "GET /card": (frozenset({G}), frozenset({G})),
    "POST /card/new": (frozenset({G}), frozenset({G})),
    "POST /card/take-back": (frozenset({G}), frozenset({G})),
    "GET /card/qr.png": (frozenset({G}), frozenset({G})),
    "POST /guest/<uuid:link_id>/check": (ALL, ALL),
    "GET /g/<token>": (ALL, frozenset()),
    "GET /guest/<uuid:link_id>": (ALL, ALL),
    "POST /guest/<uuid:link_id>/code": (ALL, ALL),
    "GET /guest/<uuid:link_id>/prove": (ALL, ALL),
    "POST /guest/<uuid:link_id>/prove": (ALL, ALL),
    "GET /guest/<uuid:link_id>/done": (ALL, ALL),
    "GET /guest/<uuid:link_id>/task": (ALL, ALL),
    "POST /guest/<uuid:link_id>/task": (ALL, ALL),
    "GET /guest/<uuid:link_id>/task/pick/<field>": (ALL, ALL),
    "POST /guest/<uuid:link_id>/task/pick/<field>": (ALL, ALL),
    "GET /guest/<uuid:link_id>/agreement.pdf": (ALL, ALL),
    "GET /guest/<uuid:link_id>/uploads/<uuid:upload_id>": (ALL, ALL),
    "GET /bind": (ALL, frozenset()),
    "POST /bind": (ALL, frozenset()),
    "GET /recover": (ALL, frozenset()),
    "POST /recover": (ALL, frozenset()),
    "POST /recover/password": (ALL, frozenset()),
    "GET /login/with/<provider>": (ALL, frozenset()),
    "GET /login/back/<provider>": (ALL, frozenset()),
    "POST /graduates/<uuid:graduate_id>/release": (frozenset({O}), frozenset({O})),
    "GET /choose": (KNOWN, frozenset()),
    "POST /choose": (KNOWN, frozenset()),
    "GET /account": (KNOWN, frozenset()),
    "GET /account/base-data": (frozenset({G}), frozenset()),
    "POST /account/base-data": (frozenset({G}), frozenset()),
    "GET /account/signature": (frozenset({G, E}), frozenset()),
    "POST /account/signature": (frozenset({G, E}), frozenset()),
    "GET /account/password": (KNOWN, frozenset()),
    "POST /account/password": (KNOWN, frozenset()),
    "GET /home": (frozenset({G, E}), frozenset()),
    "GET /inbox": (KNOWN, frozenset()),
    "GET /inbox/others": (KNOWN, frozenset()),
    "GET /inbox/done": (KNOWN, frozenset()),
    "GET /notices": (KNOWN, frozenset()),
    "POST /notices/read": (KNOWN, frozenset()),
    "GET /cases": (frozenset({G, E}), frozenset()),
    "GET /cases/<uuid:case_id>": (KNOWN, KNOWN),
    "GET /cases/<uuid:case_id>/diagram.xml": (KNOWN, KNOWN),
    "GET /cases/<uuid:case_id>/tokens.json": (KNOWN, KNOWN),
    "GET /cases/<uuid:case_id>/draft.pdf": (KNOWN, KNOWN),
    "GET /cases/<uuid:case_id>/withdraw": (frozenset({G, E}), frozenset({G, E})),
    "POST /cases/<uuid:case_id>/withdraw": (frozenset({G, E}), frozenset({G, E})),
    "GET /start/<family>/<variant>/<kind>/<uuid:subject_id>": (BEGINNERS, BEGINNERS),
    "POST /start/<family>/<variant>/<kind>/<uuid:subject_id>": (BEGINNERS, BEGINNERS),
    "GET /agreements/<uuid:agreement_id>.pdf": (KNOWN, KNOWN),
    "POST /agreements/<uuid:agreement_id>/copies": (KNOWN, KNOWN),
    "GET /agreements/<uuid:agreement_id>/print": (KNOWN, KNOWN),
    "POST /agreements/<uuid:agreement_id>/requests": (frozenset({G, E}), frozenset({G, E})),
    "GET /uploads/<uuid:upload_id>": (KNOWN, KNOWN),
    "GET /tasks/<uuid:task_id>": (KNOWN, KNOWN),
    "GET /tasks/<uuid:task_id>/answer": (KNOWN, KNOWN),
    "POST /tasks/<uuid:task_id>/answer": (KNOWN, KNOWN),
    "POST /tasks/<uuid:task_id>/draft": (KNOWN, KNOWN),
    "GET /tasks/<uuid:task_id>/pick/<field>": (KNOWN, KNOWN),
    "POST /tasks/<uuid:task_id>/pick/<field>": (KNOWN, KNOWN),
    "GET /tasks/<uuid:task_id>/mobile/<field>": (KNOWN, KNOWN),
    "POST /tasks/<uuid:task_id>/mobile/<field>": (KNOWN, KNOWN),
    "POST /tasks/<uuid:task_id>/mobile/<field>/code": (KNOWN, KNOWN),
    "GET /invitations/new": (frozenset({E}), frozenset()),
    "POST /invitations/new": (frozenset({E}), frozenset()),
    "GET /certification": (frozenset({E}), frozenset()),
    "POST /certification": (frozenset({E}), frozenset()),
    "GET /certification/<uuid:case_id>/letter.pdf": (frozenset({E}), frozenset({E})),
    "POST /certification/members": (frozenset({E}), frozenset()),
    "POST /certification/members/<uuid:membership_id>/end": (frozenset({E}), frozenset({E})),
    "GET /employers": (frozenset({O}), frozenset()),
    "GET /employers/<uuid:employer_id>": (frozenset({O}), frozenset()),
    "POST /employers/<uuid:employer_id>/start": (frozenset({O}), frozenset()),
    "GET /cases/<uuid:case_id>/acts/<message>": (frozenset({G, E}), frozenset({G, E})),
    "POST /cases/<uuid:case_id>/acts/<message>": (frozenset({G, E}), frozenset({G, E})),
    "GET /start/<family>/<variant>/diagram.xml": (frozenset({G}), frozenset({G})),
    "GET /start/<family>/<variant>/agreement.pdf": (frozenset({G}), frozenset({G})),
    "GET /signing/waiting": (frozenset({E}), frozenset()),
    "GET /signing/confirming": (frozenset({E}), frozenset()),
    "GET /signing/signed": (frozenset({E}), frozenset()),
    "GET /signing/records": (frozenset({E}), frozenset()),
    "GET /signing/notice": (frozenset({G, E}), frozenset()),
    "GET /signing/batch": (frozenset({E}), frozenset()),
    "POST /signing/batch": (frozenset({E}), frozenset()),
    "GET /signing/batch/pick/<field>": (frozenset({E}), frozenset()),
    "POST /signing/batch/pick/<field>": (frozenset({E}), frozenset()),
    "GET /signing/direct": (frozenset({E}), frozenset()),
    "POST /signing/direct": (frozenset({E}), frozenset()),
    "GET /filings": (frozenset({R}), frozenset()),
    "GET /filings/<uuid:task_id>": (frozenset({R}), frozenset({R})),
    "POST /filings/<uuid:task_id>": (frozenset({R}), frozenset({R})),
    "GET /applicants": (frozenset({E}), frozenset()),
    "GET /posts": (frozenset({E}), frozenset()),
    "GET /posts/new": (frozenset({E}), frozenset()),
    "POST /posts/new": (frozenset({E}), frozenset()),
    "GET /posts/<uuid:post_id>": (frozenset({E}), frozenset({E})),
    "POST /posts/<uuid:post_id>": (frozenset({E}), frozenset({E})),
    "GET /posts/<uuid:post_id>/close": (frozenset({E}), frozenset({E})),
    "POST /posts/<uuid:post_id>/close": (frozenset({E}), frozenset({E})),
    "GET /jobs": (frozenset({G}), frozenset()),
    "GET /jobs/<uuid:post_id>": (frozenset({G}), frozenset({G})),
    "GET /jobs/<uuid:post_id>/apply": (frozenset({G}), frozenset({G})),
    "POST /jobs/<uuid:post_id>/apply": (frozenset({G}), frozenset({G})),
    "GET /applications": (frozenset({G}), frozenset()),
    "GET /applications/notices": (frozenset({G}), frozenset()),
    "GET /resume": (frozenset({G}), frozenset()),
    "POST /resume": (frozenset({G}), frozenset()),
    "GET /review": (frozenset({R, O}), frozenset()),
    "GET /review/<uuid:task_id>": (frozenset({R, O}), frozenset({R, O})),
    "POST /review/<uuid:task_id>": (frozenset({R, O}), frozenset({R, O})),
    "GET /review/<uuid:task_id>/edit": (frozenset({R, O}), frozenset({R, O})),
    "POST /review/<uuid:task_id>/edit": (frozenset({R, O}), frozenset({R, O})),
    "GET /review/<uuid:task_id>/edit/pick/<field>": (frozenset({R, O}), frozenset({R, O})),
    "POST /review/<uuid:task_id>/edit/pick/<field>": (frozenset({R, O}), frozenset({R, O})),
    "POST /review/batch": (frozenset({R, O}), frozenset()),
    "GET /graduates": (frozenset({R, O}), frozenset()),
    "GET /graduates/employment": (frozenset({R, O}), frozenset()),
    "GET /graduates/corrections": (frozenset({R, O}), frozenset()),
    "GET /graduates/changes": (frozenset({R, O}), frozenset()),
    "GET /graduates/dispatch": (frozenset({R, O}), frozenset()),
    "GET /graduates/contacts": (frozenset({R, O}), frozenset()),
    "GET /graduates/checks": (frozenset({R, O}), frozenset()),
    "GET /graduates/<kind>.xlsx": (frozenset({R, O}), frozenset()),
    "GET /graduates/<uuid:graduate_id>": (frozenset({R, O}), frozenset({R, O})),
    "GET /office": (frozenset({O}), frozenset()),
    "GET /office/agreements": (frozenset({R, O}), frozenset()),
    "GET /office/voids": (frozenset({R, O}), frozenset()),
    "POST /office/agreements/print": (frozenset({R, O}), frozenset()),
    "GET /office/print-requests": (frozenset({R, O}), frozenset()),
    "POST /office/print-requests/<uuid:request_id>": (frozenset({O}), frozenset({O})),
    "GET /design": (frozenset({A}), frozenset()),
    "POST /design": (frozenset({A}), frozenset()),
    "GET /design/import": (frozenset({A}), frozenset()),
    "POST /design/import": (frozenset({A}), frozenset()),
    "GET /design/<uuid:draft_id>/original": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/diagram": (frozenset({A}), frozenset({A})),
    "PUT /design/<uuid:draft_id>/diagram": (frozenset({A}), frozenset({A})),
    "DELETE /design/<uuid:draft_id>/diagram": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/called": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/check": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/catalogue": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/title": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/title": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/discard": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/discard": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/forms": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/forms": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/forms/<path:form_key>": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/forms/<path:form_key>": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/form-trial/<path:form_key>": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/form-trial/<path:form_key>": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/prove": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/try": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/scenarios": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/publish": (frozenset({A}), frozenset({A})),
    "POST /design/<uuid:draft_id>/publish": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/return": (frozenset({A}), frozenset({A})),
    "POST /design/releases/<uuid:release_id>/return": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/coverage": (frozenset({A}), frozenset({A})),
    "GET /design/<uuid:draft_id>/simulate": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/coverage": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/simulate": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/heat": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/heat/cases": (frozenset({A}), frozenset({A})),
    "POST /design/publications/<uuid:publication_id>/agree": (frozenset({A}), frozenset({A})),
    "POST /design/publications/<uuid:publication_id>/refuse": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/compare": (frozenset({A}), frozenset({A})),
    "GET /design/variants/<family>/<variant>": (frozenset({A}), frozenset({A})),
    "GET /design/releases/<uuid:release_id>/download": (frozenset({A}), frozenset({A})),
    "GET /design/moves": (frozenset({A}), frozenset()),
    "GET /design/moves/new/<uuid:release_id>": (frozenset({A}), frozenset({A})),
    "POST /design/moves/new/<uuid:release_id>": (frozenset({A}), frozenset({A})),
    "GET /design/moves/<uuid:move_id>": (frozenset({A}), frozenset({A})),
    "POST /design/moves/<uuid:move_id>/undo": (frozenset({A}), frozenset({A})),
    "GET /admin/releases": (frozenset({A}), frozenset()),
    "GET /admin/releases/<uuid:release_id>": (frozenset({A}), frozenset({A})),
    "GET /admin/releases/<uuid:release_id>/diagram.xml": (frozenset({A}), frozenset({A})),
    "GET /admin/incidents": (frozenset({A}), frozenset()),
    "GET /admin/incidents/<uuid:incident_id>/skip": (frozenset({A}), frozenset({A})),
    "POST /admin/incidents/<uuid:incident_id>/skip": (frozenset({A}), frozenset({A})),
    "GET /admin/cases/<uuid:case_id>/reassign": (frozenset({A}), frozenset({A})),
    "POST /admin/cases/<uuid:case_id>/reassign": (frozenset({A}), frozenset({A})),
    "POST /admin/incidents/<uuid:incident_id>/retry": (frozenset({A}), frozenset({A})),
    "GET /admin/people": (frozenset({A}), frozenset()),
    "GET /admin/people/<uuid:person_id>": (frozenset({A}), frozenset({A})),
    "POST /admin/people/<uuid:person_id>/reset": (frozenset({A}), frozenset({A})),
    "POST /admin/people/<uuid:person_id>/block": (frozenset({A}), frozenset({A})),
    "GET /admin/import": (frozenset({A}), frozenset()),
    "POST /admin/import": (frozenset({A}), frozenset()),
    "GET /admin/settings": (frozenset({A}), frozenset()),
    "GET /admin/settings/<group>": (frozenset({A}), frozenset()),
    "POST /admin/settings/<group>": (frozenset({A}), frozenset()),
    "GET /admin/settings/number-example": (frozenset({A}), frozenset()),
    "GET /admin/settings/offered": (frozenset({A}), frozenset()),
    "POST /admin/settings/offered": (frozenset({A}), frozenset()),
    "GET /admin/settings/labels": (frozenset({A}), frozenset()),
    "POST /admin/settings/labels": (frozenset({A}), frozenset()),
    "GET /admin/settings/terms": (frozenset({A}), frozenset()),
    "POST /admin/settings/terms": (frozenset({A}), frozenset()),
    "GET /admin/settings/notices": (frozenset({A}), frozenset()),
    "GET /admin/settings/notices/<key>": (frozenset({A}), frozenset()),
    "POST /admin/settings/notices/<key>": (frozenset({A}), frozenset()),
    "GET /admin/outbox": (frozenset({A}), frozenset()),
    "POST /admin/outbox/<uuid:delivery_id>/retry": (frozenset({A}), frozenset({A})),
    "GET /account/contacts": (KNOWN, frozenset()),
    "GET /account/contacts/wechat": (KNOWN, frozenset()),
    "GET /account/contacts/wechat/back": (KNOWN, frozenset()),
    "POST /account/contacts/wechat/unbind": (KNOWN, frozenset()),
    "POST /account/contacts/mail": (KNOWN, frozenset()),
    "POST /account/contacts/mobile": (KNOWN, frozenset()),
    "POST /account/contacts/mobile/code": (KNOWN, frozenset()),
    "GET /admin/audit": (frozenset({A}), frozenset()),
}


def addresses(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_address_says_here_who_may_open_it(app):
    assert addresses(app) == set(TABLE)


@pytest.fixture
def cast_by_role(cast) -> dict[str, Any]:
    return {
        "anonymous": None,
        G: cast.lin,
        E: cast.hengxin,
        R: cast.rao,
        O: cast.wu,
        A: cast.ada,
    }


@pytest.fixture
def strangers(cast, session) -> dict[str, Any]:
    """The same roles at another school, another college, another employer."""
    make = cast.make
    school = make.school("北山大学", "10003")
    college = make.college(school)
    other_college = make.college(cast.school, "外国语学院", "09")
    _, employer = make.employer("云杉软件有限公司")
    found = {
        "anonymous": None,
        G: make.graduate(school, college, "陌生人")[1],
        E: employer,
        R: make.actor(
            make.person("外院老师"),
            "reviewer",
            school_id=cast.school.id,
            college_id=other_college.id,
        ),
        O: make.actor(make.person("外校老师"), "office", school_id=school.id),
        A: make.actor(make.person("外校管理员"), "admin", school_id=school.id),
    }
    session.commit()
    return found


@pytest.fixture
def existing(story, cast, session, clock) -> dict[str, str]:
    """Ids of real rows of the cast's school, to be put into addresses."""
    case = story.completed()
    colleague = cast.make.actor(cast.make.person("同事"), "office", school_id=cast.school.id)
    task = next(t for t in session.get(Case, case.id).tasks if t.role == "graduate")
    agreement = agreement_of(session, case.id)
    incident = Incident(
        id=new_id(), school_id=cast.school.id, case_id=case.id, at=clock.now, story="没有办成"
    )
    upload = stored_upload(session, cast, task, clock.now)
    request = PrintRequest(
        id=new_id(),
        school_id=cast.school.id,
        agreement_id=agreement.id,
        person_id=cast.lin.person_id,
        role="graduate",
        copy="毕业生",
        reason="原件遗失",
        asked_at=clock.now,
        state="waiting",
    )
    post = put_up(session, cast.hengxin, POST, clock.now)
    session.add_all([incident, request])
    link = make_link(
        session,
        clock.now,
        clock.now + timedelta(days=1),
        school_id=cast.school.id,
        case_id=case.id,
        mobile="13800000009",
        uses_left=1,
    )
    draft = open_draft(session, cast.ada, "paper_registration", "signed_agreement", clock.now)
    keep_original(session, cast.ada, draft, "a.bpmn", b"<a/>", clock.now)
    release = session.get(Release, case.release_id)
    move = Move(
        id=new_id(), school_id=cast.school.id, release_id=release.id, note="依通知",
        author_id=cast.ada.person_id, at=clock.now,
    )  # fmt: skip
    asked = Publication(
        id=new_id(), school_id=cast.school.id, family=draft.family, variant=draft.variant,
        draft_id=draft.id, revision=draft.revision, note="依通知", asked_by_id=cast.ada.person_id,
        asked_at=clock.now,
    )  # fmt: skip
    session.add_all([move, asked])
    session.commit()
    return {
        "case_id": str(case.id),
        "task_id": str(task.id),
        "agreement_id": str(agreement.id),
        "incident_id": str(incident.id),
        "upload_id": str(upload.id),
        "request_id": str(request.id),
        "post_id": str(post.id),
        "release_id": str(release.id),
        "draft_id": str(draft.id),
        "move_id": str(move.id),
        "publication_id": str(asked.id),
        "graduate_id": str(cast.graduate.id),
        "employer_id": str(cast.employer.id),
        "membership_id": str(cast.hengxin.membership_id),
        "family": "paper_registration",
        "variant": "signed_agreement",
        "kind": "graduate",
        "subject_id": str(cast.graduate.id),
        "person_id": str(colleague.person_id),
        "field": "region",
        "number": agreement.number,
        "message": "take_back",
        "code": "not-the-code",
        "filename": "app.css",
        "token": "not-the-token",
        "link_id": str(link),
        "provider": "nobody",
        "group": "deadlines",
        "key": "invitation.graduate",
        "form_key": "registration/fill_registration",
        "delivery_id": str(failed_delivery(session, cast, clock.now)),
    }


def failed_delivery(session: Any, cast: Any, now: Any) -> Any:
    delivery_id = new_id(now)
    outbox.order(
        session, "mail", "lin@example.com", "…", now,
        subject="invitation", once_key="one", school_id=cast.school.id, id=delivery_id,
    )  # fmt: skip
    session.execute(update(Delivery).values(state="failed"))
    session.commit()
    return delivery_id


def stored_upload(session: Any, cast: Any, task: Any, now: Any) -> Upload:
    session.add(Blob(sha256="0" * 64, size=1, content=b"x"))
    session.flush()
    upload = Upload(
        school_id=cast.school.id,
        person_id=cast.lin.person_id,
        task_id=task.id,
        field="files",
        filename="a.png",
        content_type="image/png",
        sha256="0" * 64,
        size=1,
        at=now,
    )
    session.add(upload)
    return upload


def fill(rule: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule)


def ask(client: Any, address: str, existing: dict[str, str]) -> Any:
    method, rule = address.split(" ")
    return client.open(fill(rule, existing), method=method)


@pytest.mark.requirement("F02", "A19")
def test_an_address_opens_for_its_roles_and_for_nobody_else(visit, cast_by_role, existing):
    wrong = []
    for address, (allowed, _) in TABLE.items():
        for role, actor in cast_by_role.items():
            answer = ask(visit(actor), address, existing)
            refused = says_wrong_role(answer) or sends_to_login(answer, role, address)
            if refused == (role in allowed):
                wrong.append(f"{address} as {role}: {answer.status_code}")

    assert wrong == []


def says_wrong_role(answer: Any) -> bool:
    return answer.status_code == 403 and "这个页面不归您的身份使用".encode() in answer.data


def sends_to_login(answer: Any, role: str, address: str) -> bool:
    """Whether the log-in page is the answer; log-out and the front door end there by themselves."""
    if role != "anonymous" or address in ("GET /", "POST /logout"):
        return False
    return answer.status_code == 303 and answer.location.startswith("/login")


@pytest.mark.requirement("F02")
def test_what_belongs_to_others_does_not_exist_for_a_stranger(visit, strangers, existing):
    wrong = []
    for address, (_, private) in TABLE.items():
        for role in sorted(private):
            answer = ask(visit(strangers[role]), address, existing)
            if answer.status_code != 404:
                wrong.append(f"{address} as {role}: {answer.status_code}")

    assert wrong == []
    assert any(private for _, private in TABLE.values())


def test_a_stranger_reads_the_same_page_as_for_what_does_not_exist(visit, strangers, existing):
    stranger = visit(strangers[G])
    nothing = existing | {"case_id": "018f0000-0000-7000-8000-000000000000"}

    for_others = ask(stranger, "GET /cases/<uuid:case_id>", existing)
    for_nothing = ask(stranger, "GET /cases/<uuid:case_id>", nothing)

    assert for_others.data == for_nothing.data
    assert for_others.status_code == for_nothing.status_code == 404


def test_a_view_that_does_not_say_who_may_open_it_stops_the_start(app):
    from webapp.access import require_declarations

    app.view_functions["forgotten"] = lambda: "hello"

    with pytest.raises(RuntimeError, match="forgotten"):
        require_declarations(app)
