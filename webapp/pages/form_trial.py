"""Trying a form out: as people will see it, judged as it will be, and nothing of it kept.

What a case would know is made up: samples in read-only blocks, and whatever the form's conditions
ask about earlier steps may be chosen. Files are checked as they come and thrown away; the page
carries their names and everything typed from one answer to the next.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from forms.compiler import CompiledForm, form_class
from forms.components import Component, Definition
from forms.conditions import Condition, Several, Test
from forms.definitions import parse_definition
from forms.drafts import NotInThisForm, add_uploads, change_rows, drop_upload, pick_code
from webapp.errors import NotYours
from webapp.models import Draft, School
from webapp.pages.form_design import form_raw
from webapp.pages.form_samples import put_at, sample_blocks
from webapp.pages.form_subjects import SCHOOL_RULES, step_subjects
from webapp.pages.picker import Picker, find_picker, picker_field, table_of
from webapp.services.accounts.actors import Actor
from webapp.services.employers.registered_employers import SCHEME, RegisteredEmployers
from webapp.services.files.uploads import MAX_FILES, UploadRefused, bare_name, check, safe_name

YES, NO = "yes", ""
YES_OR_NO = [(YES, "成立"), (NO, "不成立")]
GIVEN, CARRIED = "_given:", "_upload"
SAMPLE = "示例文件.pdf"
File = tuple[str, str, bytes]  # the field's input name, the file's own name, its bytes
_CARRIED = re.compile(r"(try[0-9a-f]{8}):(.{1,160})")


@dataclass(frozen=True)
class Given:
    """Something of an earlier step or of the school that the form asks about, as it is supposed."""

    path: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Trial:
    """A form of a draft with what it is supposed to find."""

    definition: Definition
    context: dict[str, Any]
    given: list[Given]
    uploads: dict[str, dict[str, str]]

    def fill(self, posted: Any = None, values: Mapping[str, Any] | None = None) -> CompiledForm:
        return form_class(self.definition)(posted, values=values, context=self.context)


def new_trial(
    session: Session,
    actor: Actor,
    draft: Draft,
    key: str,
    posted: MultiDict[str, str],
    now: datetime,
) -> Trial:
    """The form as the draft would run it, under what was supposed so far. Raises NotYours."""
    definition = parse_definition(form_raw(draft, key), key=key, groups={})
    given = list(given_in(draft, definition, posted))
    context: dict[str, Any] = {
        "now": now,
        "case": {},
        "scope": {},
        "register": {},
        "options": {},
        "uploads": carried_uploads(posted),
        "tables": {
            SCHEME: RegisteredEmployers(session, session.get_one(School, actor.school_id), now)
        },
    }
    sample_blocks(definition, context)
    for one in given:
        put_given(context, one)
    return Trial(definition, context, given, context["uploads"])


def put_given(context: dict[str, Any], one: Given) -> None:
    value: Any = one.chosen or None
    if one.options == YES_OR_NO:
        value = one.chosen == YES
    put_at(context, one.path if "." in one.path else f"options.{one.path}", value)


def given_in(draft: Draft, definition: Definition, posted: MultiDict[str, str]) -> Iterator[Given]:
    """What the form's conditions and choices ask beside its own fields, in their order."""
    asked: dict[str, dict[str, None]] = {}
    for test in tests_in(definition):
        values = test.value if isinstance(test.value, list) else [test.value]
        known = asked.setdefault(test.subject, {})
        known.update({one: None for one in values if isinstance(one, str)})
    subjects = {one.name: one for one in step_subjects(draft)} if asked else {}
    for path, found in asked.items():
        subject = subjects.get(path)
        names = dict(subject.choices) if subject else {}
        label = subject.label if subject else SCHOOL_RULES.get(path, path)
        spoken = [(one, names.get(one) or one) for one in found]
        options = [("", "（还没有）"), *spoken] if found else YES_OR_NO
        standard = NO if "." in path or found else YES
        chosen = posted.get(f"{GIVEN}{path}", standard)
        yield Given(path, label, options, chosen if chosen in dict(options) else standard)


def tests_in(definition: Definition) -> Iterator[Test]:
    """Every question to something else than the form's fields."""
    for component in all_parts(definition.components):
        yield from option_tests(component.shown_if)
        if not isinstance(component.required, bool):
            yield from option_tests(component.required)
        for choice in component.choices:
            if choice.when:
                yield Test(choice.when, "filled", None, of_option=True)


def all_parts(components: Sequence[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from all_parts(component.components)


def option_tests(condition: Condition | None) -> Iterator[Test]:
    if isinstance(condition, Several):
        for part in condition.parts:
            yield from option_tests(part)
    elif condition is not None and condition.of_option:
        yield condition


def carried_uploads(posted: MultiDict[str, str]) -> dict[str, dict[str, str]]:
    """The files of this trial by the ids that its page carries along; only their names are left."""
    found = (_CARRIED.fullmatch(text) for text in posted.getlist(CARRIED))
    return {one[1]: {"name": one[2], "url": "", "thumb": ""} for one in found if one}


def changed_trial(
    trial: Trial, posted: MultiDict[str, str], files: Sequence[File]
) -> tuple[CompiledForm, list[str]]:
    """The form after what a button asked, with the files that came along; and what was refused.

    Raises NotYours for a row, file or picker that the form does not have.
    """
    draft = trial.fill(posted).draft
    refused: list[str] = []
    try:
        if "_row" in posted:
            draft = change_rows(trial.definition, draft, posted["_row"])
        if "_drop" in posted:
            draft = drop_upload(trial.definition, draft, posted["_drop"])
        if "_code" in posted:
            draft = picked(trial, draft, posted.get("_picking", ""), posted["_code"])
        for name, filename, content in files:
            try:
                kept = taken(trial, draft, name, filename, content)
                draft = add_uploads(trial.definition, draft, name, [kept])
            except UploadRefused as error:
                refused.append(f"“{bare_name(filename)}”没有上传：{error.story}{error.way_out}")
        if "_samples" in posted:
            draft = with_samples(trial, draft)
    except NotInThisForm as error:
        raise NotYours from error
    return trial.fill(values=draft), refused


def picked(trial: Trial, draft: dict[str, Any], name: str, code: str) -> dict[str, Any]:
    component = picker_field(trial, name)
    if not table_of(trial, component).selectable(code, lowest=component.lowest):
        return draft
    return pick_code(trial.definition, draft, name, code)


def taken(trial: Trial, draft: dict[str, Any], name: str, filename: str, content: bytes) -> str:
    """The id of a file that would have been kept. Raises UploadRefused, NotInThisForm."""
    add_uploads(trial.definition, draft, name, [])
    held = trial.fill(values=draft).own_fields[name].data or ()
    checked = check(content)
    if len(held) >= MAX_FILES:
        raise UploadRefused(f"最多上传 {MAX_FILES} 个文件。", "先删去不需要的，再上传。")
    return remembered(trial, safe_name(filename, checked.suffix))


def remembered(trial: Trial, filename: str) -> str:
    key = f"try{secrets.token_hex(4)}"
    trial.uploads[key] = {"name": filename, "url": "", "thumb": ""}
    return key


def with_samples(trial: Trial, draft: dict[str, Any]) -> dict[str, Any]:
    """A made-up file in every file field that must have one and has none."""
    form = trial.fill(values=draft)
    for name in form.file_fields:
        one = form.own_fields[name]
        if not one.data and name in form.shown and form.requires(one):
            least = max(int(one.component.rules.get("min", 1)), 1)
            ids = [remembered(trial, SAMPLE) for _ in range(least)]
            draft = add_uploads(trial.definition, draft, name, ids)
    return draft


@dataclass(frozen=True)
class Picking:
    """The page on which a code is chosen for a field of the trial."""

    field: str
    picker: Picker


def picking(trial: Trial, posted: MultiDict[str, str]) -> Picking | None:
    """The search that a button asked for, None where it was another. Raises NotYours."""
    if "_pick" in posted:
        return Picking(posted["_pick"], find_picker(trial, posted["_pick"], "", ""))
    if not {"_find", "_within"} & set(posted):
        return None
    name = posted.get("_picking", "")
    query = posted.get("_q", "") if "_find" in posted else ""
    return Picking(name, find_picker(trial, name, query, posted.get("_within", "")))


def received(form: CompiledForm) -> list[dict[str, Any]]:
    """What the process would get: each answer with its label, its words and its value."""
    said = {one["key"]: one["text"] for one in form.labelled}
    return [
        {
            "key": key,
            "label": form.own_fields[key].label.text,
            "text": said.get(key, ""),
            "value": "" if isinstance(value, list) else json.dumps(value, ensure_ascii=False),
            "is_internal": bool(form.own_fields[key].component.properties.get("internal")),
        }
        for key, value in form.answers.items()
    ]
