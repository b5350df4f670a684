"""The page on which a reviewer changes what a graduate registered: the same forms, in one (M07).

The forms of the steps stand one below the other and are posted together. A later form reads what an
earlier one says now, so another type shows its own fields at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.changes import Change, changes_between
from forms.code_tables import table
from forms.compiler import CompiledForm
from forms.drafts import NotInThisForm, drop_upload, pick_code
from forms.evidence import papers_for
from forms.layout import Node, Problem
from forms.posted import TYPED
from webapp.errors import NotYours
from webapp.models import Task
from webapp.pages.picker import picker_field
from webapp.pages.task_form import TaskForm, task_form
from webapp.services.accounts.actors import Actor
from webapp.services.destinations.destinations import DATA_STEP, TYPE_STEP
from webapp.services.files.uploads import UploadRefused, bare_name
from webapp.services.reviewing.review_edits import StepEdit, attach, editable_steps

Typed = Mapping[str, list[str]]
File = tuple[str, str, bytes]
OUTCOME, CODE = "outcome", "code"
SHOWN = "_shown"  # the type that the page showed when it was sent


@dataclass(frozen=True)
class EditedStep:
    """One step: its form as typed now, and as it was answered."""

    task: Task
    form: TaskForm
    before: CompiledForm
    now: CompiledForm

    @property
    def changes(self) -> tuple[Change, ...]:
        return changes_between(self.before.labelled, self.now.labelled)

    @property
    def is_type(self) -> bool:
        """Whether this step chose the type, on which the forms of the others depend."""
        return self.task.element == TYPE_STEP

    @property
    def nodes(self) -> list[Node]:
        """What may be changed: the data, not the decision, and nothing that only explains."""
        return [
            node
            for node in self.now.layout
            if node.kind not in ("block", "note") and node.component.key != OUTCOME
        ]

    @property
    def edit(self) -> StepEdit:
        return StepEdit(self.task.element, self.now.answers, self.now.labelled, self.changes)


@dataclass(frozen=True)
class ReviewEdit:
    """All steps of one page."""

    steps: tuple[EditedStep, ...]

    @property
    def typed(self) -> dict[str, list[str]]:
        """Everything typed, by input, as a draft or a confirmation page keeps it."""
        found: dict[str, list[str]] = {}
        for step in self.steps:
            found |= step.now.typed_values()
        return {name: texts for name, texts in found.items() if name != OUTCOME}

    @property
    def shown_type(self) -> str:
        """The type whose fields the page shows."""
        return next((t for step in self.steps for t in step.now.typed_values().get(CODE, [])), "")

    @property
    def changes(self) -> list[Change]:
        return [change for step in self.steps for change in step.changes]

    @property
    def problems(self) -> list[Problem]:
        return [problem for step in self.steps for problem in step.now.problems]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return [warning for step in self.steps for warning in step.now.warnings]

    @property
    def file_fields(self) -> list[str]:
        return [name for step in self.steps for name in step.now.file_fields]

    def validate(self) -> bool:
        """Judge every step, so that all errors show at once."""
        fine = [step.now.validate() for step in self.steps]
        return all(fine)

    def step_with(self, field: str) -> EditedStep:
        """The step whose form has this input; raises NotYours."""
        for step in self.steps:
            if step.form.definition.find_field(field) is not None:
                return step
        raise NotYours


def may_edit(session: Session, actor: Actor, task: Task) -> bool:
    return bool(editable_steps(session, actor, task))


def review_edit(
    session: Session, actor: Actor, task: Task, typed: Typed | None, now: datetime
) -> ReviewEdit:
    """The page with what was typed, or with what the case has. Raises NotYours where nothing may be changed."""
    found = editable_steps(session, actor, task)
    if not found:
        raise NotYours
    return ReviewEdit(tuple(filled(session, found, typed, now)))


def filled(
    session: Session, tasks: Sequence[Task], typed: Typed | None, now: datetime
) -> Iterator[EditedStep]:
    """Each step's form, with the answers of the steps before it as they read now."""
    answered: dict[str, Any] = {}
    for task in tasks:
        form = task_form(session, task, now)
        old: dict[str, Any] = form.case.variables[task.element]
        before = form.fill(values=old)
        form = replace(form, context={**form.context, "case": {**form.context["case"], **answered}})
        posted = None if typed is None else {**typed, OUTCOME: [str(old[OUTCOME])]}
        current = form.fill(values=old) if posted is None else form.fill(posted)
        if posted is not None:
            current = with_evidence(form, old, current, posted)
        answered[task.element] = {**current.answers, OUTCOME: old[OUTCOME]}
        yield EditedStep(task, form, before, current)


def with_evidence(
    form: TaskForm, old: Mapping[str, Any], current: CompiledForm, posted: dict[str, list[str]]
) -> CompiledForm:
    """The form with the files that were handed in under the type shown before, where one is asked.

    One letter often proves either type; the reviewer sees it there and may take it away.
    """
    code = (form.context["case"].get(TYPE_STEP) or {}).get(CODE)
    was = (form.case.variables.get(TYPE_STEP) or {}).get(CODE)
    if code is None or posted.get(SHOWN, [was]) == [code]:
        return current
    said = {**(form.context["case"].get(DATA_STEP) or {}), **current.answers}
    wanted = [paper.field for paper in papers_for(code, said) if paper.required]
    if len(wanted) != 1 or wanted[0] not in current.own_fields or posted.get(wanted[0]):
        return current
    handed_in = [upload for name in current.file_fields for upload in old.get(name) or []]
    return form.fill({**posted, wanted[0]: handed_in})


def attach_files(
    session: Session,
    actor: Actor,
    task: Task,
    page: ReviewEdit,
    files: Sequence[File],
    now: datetime,
) -> tuple[dict[str, list[str]], list[str]]:
    """What is typed with the new files in it, and a sentence for each that was refused."""
    typed, refused = page.typed, []
    for name, filename, content in files:
        step = page.step_with(name)
        try:
            kept = attach(session, actor, task, step.task, name, filename, content, now)
        except UploadRefused as error:
            refused.append(f"“{bare_name(filename)}”没有上传：{error.story}{error.way_out}")
        else:
            typed[name] = [*typed.get(name, []), kept.id.hex]
    return typed, refused


def without_file(page: ReviewEdit, asked: str) -> dict[str, list[str]]:
    """What is typed without one file, as a button asks (`field:id`)."""
    field = asked.partition(":")[0]
    step = page.step_with(field)
    try:
        draft = drop_upload(step.form.definition, {TYPED: page.typed}, asked)
    except NotInThisForm as error:
        raise NotYours from error
    return dict(draft[TYPED])


def with_code(page: ReviewEdit, field: str, code: str) -> dict[str, list[str]]:
    """What is typed with a code chosen on a page of its own; one that may not be chosen changes nothing."""
    definition = page.step_with(field).form.definition
    component = picker_field(page.step_with(field).form, field)
    if not table(component.scheme).selectable(code, lowest=component.lowest):
        return page.typed
    return dict(pick_code(definition, {TYPED: page.typed}, field, code)[TYPED])
