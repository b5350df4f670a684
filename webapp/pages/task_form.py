"""The form of a waiting task: its frozen definition with what the register and the case know.

Also what only the page needs to know of it: whether it is one decision to read and take, and
whether it may only be looked at because the graduate is bound to somebody else (H07).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from forms.compiler import CompiledForm, form_class
from forms.definitions import Definition, parse_definition
from forms.drafts import Draft, NotInThisForm, change_rows, drop_upload
from forms.layout import Node
from forms.sources import Options
from webapp.errors import NotYours, OnlyToRead, spoken_moment
from webapp.models import Base, Case, College, Employer, Graduate, Post, Release, School, Task
from webapp.pages.paging import read_key
from webapp.pages.wording import local
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.verification import masked_name
from webapp.services.cases.binding import holder_of_claim, is_only_to_read
from webapp.services.cases.mobile_proofs import asked_fields, last_proof, proved_mobiles
from webapp.services.cases.subjects import agreement_as_shown
from webapp.services.destinations.destinations import (
    destination_as_shown,
    hire_until,
    minimum_wage,
    offered_types,
)
from webapp.services.employers.registered_employers import SCHEME, RegisteredEmployers
from webapp.services.files.file_access import PARTIES
from webapp.services.files.uploads import uploads_of_step
from webapp.services.reviewing.remembered import contact_fields, last_opinion
from webapp.services.signing.signing_notice import notice_of

FREE = "claim_is_free"
REPLY_DAYS = 5
OF_SCHOOL = ("reviewer", "office")
WORK_PLACE = "region"
FOR_GUESTS = ("school", "college", "major", "education")
NOTHING_TO_FILL = {
    "title": "完成",
    "components": [{"type": "note", "text": "这一步没有要填写的内容。办完后点“完成”。"}],
}


@dataclass(frozen=True)
class TaskForm:
    """A task, its case, and how its form is made."""

    task: Task
    case: Case
    definition: Definition
    context: dict[str, Any]
    is_only_to_read: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    files_at: str = "/uploads"

    def fill(self, posted: Any = None, values: Mapping[str, Any] | None = None) -> CompiledForm:
        """The form with what was posted, or with the draft."""
        form = form_class(self.definition)(posted, values=values, context=self.context)
        return with_local_wage(form, self.settings)

    def saved(self) -> CompiledForm:
        return self.fill(values=self.task.draft or last_answers(self.case, self.task))

    def require_answerable(self) -> None:
        """Raises OnlyToRead."""
        if self.is_only_to_read:
            raise OnlyToRead(self.case.id)


def last_answers(case: Case, task: Task) -> Mapping[str, Any]:
    """What was answered at this step before, when the case came back to it: nothing is typed twice."""
    scope: Any = case.variables
    for part in task.element.split("/"):
        scope = scope.get(part, {}) if isinstance(scope, dict) else {}
    decided = {"outcome", "ack"}
    return {key: value for key, value in scope.items() if key not in decided}


def task_form(
    session: Session,
    task: Task,
    now: datetime,
    actor: Actor | None = None,
    files_at: str = "/uploads",
) -> TaskForm:
    """The form that `task` asks for, as frozen with its case's release.

    With `actor`, fields that remember begin with what this person wrote last time. `files_at` is
    the address under which this reader finds the uploaded files.
    """
    case = session.get_one(Case, task.case_id)
    raw = session.scalar(select(Release.forms).where(Release.id == case.release_id)) or {}
    asked = raw[task.form] if task.form else NOTHING_TO_FILL
    definition = parse_definition(asked, key=task.form, groups={})
    context = context_of(session, task, case, now, actor)
    context["uploads"] = shown_uploads(session, task, files_at)
    if asked_fields(session, case.release_id, task.form) and task.role != "guest":
        context["proved"] = proved_mobiles(session, case.id, now)
    if task.role in PARTIES:
        context["case"] = without(case.variables, internal_keys(raw))
    bound = is_only_to_read(session, case.id, case.graduate_id, task.role)
    settings = session.get_one(School, case.school_id).settings
    return TaskForm(task, case, definition, context, bound, settings, files_at)


def with_local_wage(form: CompiledForm, settings: Mapping[str, Any]) -> CompiledForm:
    """The form with the minimum wage of the place that stands in it, else of the school's own (F27)."""
    place = form.own_fields.get(WORK_PLACE)
    region = str(place.data or "") if place is not None else ""
    options = {**form.context.get("options", {}), "minimum_wage": minimum_wage(settings, region)}
    form.context["options"] = options
    form.options = Options(form.context)
    return form


def internal_keys(part: Any) -> set[str]:
    """The keys of all fields that the release's forms keep to the own side."""
    if isinstance(part, list):
        return set().union(*map(internal_keys, part))
    if not isinstance(part, dict):
        return set()
    properties = part.get("properties")
    own = isinstance(properties, dict) and properties.get("internal") and part.get("key")
    return set().union({own} if own else (), *map(internal_keys, part.values()))


def without(variables: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    """The answers without these keys, in every step."""
    return {
        key: without(value, keys) if isinstance(value, dict) else value
        for key, value in variables.items()
        if key not in keys
    }


def context_of(
    session: Session, task: Task, case: Case, now: datetime, actor: Actor | None = None
) -> dict[str, Any]:
    """What a form may show and begin with: register, case, options."""
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    employer = session.get(Employer, case.employer_id) if case.employer_id else None
    college = session.get(College, graduate.college_id) if graduate else None
    school = session.get_one(School, case.school_id)
    settings = school.settings
    at_start = case.facts.get("school", {})
    known = {"college": college.name if college else "", **targeted_unit(graduate)}
    return {
        "now": now,
        "case": case.variables,
        "scope": scope_of(case.variables, task),
        "register": {
            "graduate": as_shown(task.role, {**columns(graduate), **known}) if graduate else {},
            "employer": columns(employer) if employer else {},
            "agreement": agreement_as_shown(session, case.school_id, case.facts),
            "destination": destination_as_shown(session, case.school_id, case.facts),
            "post": post_of(session, case),
        },
        "options": {
            FREE: claim_is_free(session, case),
            "reply_by": reply_by(settings, now),
            "archive_required": bool(settings.get("archive_required")),
            **destination_options(graduate, settings),
            "school": contact_fields(session, school, actor),
            "own_opinion": last_opinion(session, task, case),
            "signing_notice": notice_of(settings).as_dict(),
            "student_confirm": at_start.get("student_confirm", True),
            "seal_date_required": at_start.get("effective_on") == "sealed",
            **proof_of_mobile(session, case),
        },
        "tables": {SCHEME: RegisteredEmployers(session, school, now, case.employer_id)},
    }


def proof_of_mobile(session: Session, case: Case) -> dict[str, str]:
    """Which number of an employer's own case was proved last, when and by whom, for its reviewers."""
    found = last_proof(session, case.id) if case.graduate_id is None else None
    if found is None:
        return {}
    proof, who = found
    told = f"{proof.mobile}，{spoken_moment(proof.proved_at)} 由{who}用短信验证码核验"
    return {"mobile_proof": told}


def targeted_unit(graduate: Graduate | None) -> dict[str, str]:
    """The unit a graduate is trained for, as the imported register has it (B10)."""
    unit = graduate.register.get("定向或委培单位", "") if graduate else ""
    return {"targeted_unit": unit} if unit else {}


def destination_options(graduate: Graduate | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Which types of destination this graduate may choose, and until when another hire must last."""
    if graduate is None:
        return {}
    until = hire_until(settings, graduate.cohort)
    return {**offered_types(graduate, settings), "hire_until": until}


def as_shown(role: str, graduate: dict[str, Any]) -> dict[str, Any]:
    """The graduate as this role reads the register: a guest sees only what recognises them."""
    if role != "guest":
        return graduate
    seen = {key: graduate[key] for key in FOR_GUESTS if key in graduate}
    return {**seen, "name": masked_name(graduate["name"])}


def post_of(session: Session, case: Case) -> dict[str, Any]:
    """The post a case began from, as the form of its terms begins with it."""
    key = read_key(case.facts.get("case", {}).get("post"))
    return columns(session.get_one(Post, key)) if key else {}


def scope_of(variables: Mapping[str, Any], task: Task) -> Mapping[str, Any]:
    """What the call around a task knows, with its `parameters`; the case itself at the top."""
    scope: Any = variables
    for part in task.element.split("/")[:-1]:
        scope = scope.get(part, {}) if isinstance(scope, Mapping) else {}
    return scope if isinstance(scope, Mapping) else {}


def shown_uploads(
    session: Session, task: Task, files_at: str = "/uploads"
) -> dict[str, dict[str, str]]:
    """The files of this step, by id, as the form shows them."""
    return {
        upload.id.hex: {
            "name": upload.filename,
            "url": f"{files_at}/{upload.id}",
            "thumb": f"{files_at}/{upload.id}" if upload.content_type.startswith("image/") else "",
        }
        for upload in uploads_of_step(session, task)
    }


def columns(row: Base) -> dict[str, Any]:
    """A row of the register as plain words and codes."""
    values = {column.key: getattr(row, column.key) for column in inspect(row).mapper.columns}
    return {key: value for key, value in values.items() if isinstance(value, str | int)}


def claim_is_free(session: Session, case: Case) -> bool:
    """Whether nothing but this case binds the graduate (I1)."""
    return holder_of_claim(session, case.graduate_id) in (None, case.id)


def reply_by(settings: Mapping[str, Any], now: datetime) -> str:
    """The school's usual deadline: so many days from now, at the end of the day."""
    days = int(settings.get("reply_days", REPLY_DAYS))
    end = local(now + timedelta(days=days)).replace(hour=23, minute=59, second=0, microsecond=0)
    return end.isoformat()


def deciding_node(nodes: list[Node]) -> Node | None:
    """The radio that decides, wherever it stands; of several the one that ends the step."""
    found = list(deciding_nodes(nodes))
    last = [node for node in found if node.component.key == "outcome"]
    return next(iter(last or found), None)


def deciding_nodes(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.kind == "radio" and node.component.decides:
            yield node
        else:
            yield from deciding_nodes(node.children)


def is_review(task: Task, case: Case) -> bool:
    """Whether the school judges here what others sent; what it began itself it fills in."""
    began = case.facts.get("case", {}).get("initiator", "")
    return task.role in OF_SCHOOL and (task.role != began or "/" in task.element)


def is_nothing_to_fill(form: CompiledForm) -> bool:
    """Whether the step asks for nothing but to be done: no form, or one to read."""
    return not form.own_fields


def is_one_decision(form: CompiledForm) -> bool:
    """Whether the form is something to read and one decision, with nothing else to fill in."""
    return all(
        node.kind in ("block", "note") or (node.kind == "radio" and node.component.decides)
        for node in form.layout
    )


def changed_draft(form: TaskForm, posted: Mapping[str, Any]) -> Draft:
    """The draft of what was posted, with a row more or less, or without a file, as a button asks.

    Raises NotYours for a row or file that the form does not have.
    """
    draft = form.fill(posted).draft
    try:
        if "_row" in posted:
            return change_rows(form.definition, draft, posted["_row"])
        if "_drop" in posted:
            return drop_upload(form.definition, draft, posted["_drop"])
    except NotInThisForm as error:
        raise NotYours from error
    return draft
