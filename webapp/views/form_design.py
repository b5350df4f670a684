"""A school's admin changes the forms of a draft: the list, and a form part by part."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from forms import editing
from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.errors import CaseError
from webapp.models import Draft
from webapp.pages.form_blocks import block_from, sources_of
from webapp.pages.form_conditions import Shown, changed_rows, condition_from, typed_condition
from webapp.pages.form_design import (
    BadFormKey,
    conditions_in,
    faults_of,
    form_page,
    form_raw,
    list_forms,
    new_form,
    subjects_at,
)
from webapp.pages.form_properties import TYPES, part_from, scheme_options, with_conditions
from webapp.pages.form_uses import uses_of
from webapp.security import POLICY
from webapp.services.design import drafts

bp = Blueprint("form_design", __name__, url_prefix="/design")
# The page shows the form beside its parts in a frame, as wide as a phone.
WITH_FRAME = f"{POLICY}; frame-src 'self'"


@bp.route("/<uuid:draft_id>/forms", methods=["GET", "POST"])
@for_roles("admin")
def index(draft_id: uuid.UUID) -> Any:
    """The forms that a draft may name; a new one begins blank or like another."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    if request.method != "POST":
        return index_page(draft)
    key = request.form.get("key", "").strip()
    try:
        raw = new_form(draft, key, request.form.get("title", ""), request.form.get("like", ""))
    except BadFormKey as error:
        return index_page(draft, error), error.status
    revision = draft.revision
    drafts.save_form(
        db(),
        actor(),
        draft_id,
        key,
        raw,
        revision=revision,
        now=moment(),
        is_as_read=lambda found: key not in found.forms,
    )
    db().commit()
    return redirect(url_for("form_design.edit", draft_id=draft_id, form_key=key), 303)


def index_page(draft: Draft, problem: CaseError | None = None) -> str:
    return render_template(
        "design/forms.html", draft=draft, lines=list_forms(draft), problem=problem
    )


@bp.get("/<uuid:draft_id>/forms/<path:form_key>")
@for_roles("admin")
def edit(draft_id: uuid.UUID, form_key: str) -> Response:
    """A form: its parts, the opened one, and the trial."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    return editor(draft, form_key, request.args.get("at", ""))


@bp.post("/<uuid:draft_id>/forms/<path:form_key>")
@for_roles("admin")
def change(draft_id: uuid.UUID, form_key: str) -> Any:
    """One change, named by `do`, over the form as it was read."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    raw = form_raw(draft, form_key)
    at = request.form.get("at", "")
    if request.form.get("do") == "reset":
        return reset(draft, form_key)
    typed: Typed | None = None
    try:
        if request.form.get("do") == "save":
            typed = typed_part(draft, raw, form_key, at)
            if typed.faults or "rows" in request.form:
                return editor(
                    draft, form_key, at, typed.faults, typed
                ), 422 if typed.faults else 200
        changed, place = applied(raw, at, typed.part if typed else None)
    except editing.NoSuchPlace:
        return editor(draft, form_key, "", ["这一项已经不在表单里了，请在列表里重新选。"]), 409
    except ValueError as error:
        return editor(
            draft, form_key, at, [f"整份定义不是合格的 JSON：{error}"], source=sent()
        ), 422
    if told := uses_of_removed(draft, raw, form_key, at):
        may = not faults_of(changed, form_key)
        return editor(draft, form_key, at, told, may_remove=may), 422
    if faults := faults_of(changed, form_key):
        return editor(draft, form_key, at, faults, typed, sent()), 422
    try:
        store(draft, form_key, changed)
    except drafts.DraftChanged as error:
        db().rollback()
        fresh = drafts.find_draft(db(), actor(), draft_id)
        told = [error.story, "您填的还在下面，看过现在的表单以后可以再保存。"]
        return editor(fresh, form_key, at, told, typed, sent()), error.status
    db().commit()
    flash("已保存到草稿", "good")
    for use in broken_by_new_key(draft, raw, form_key, at, typed):
        flash(f"编号改了，还要改的地方：{use}", "wait")
    return redirect(
        url_for("form_design.edit", draft_id=draft_id, form_key=form_key, at=place or None), 303
    )


@dataclass(frozen=True)
class Typed:
    """The opened part as it was typed; `rows` are its conditions, `faults` what they lack."""

    part: dict[str, Any]
    rows: dict[str, Shown]
    faults: list[str]


def typed_part(draft: Draft, raw: dict[str, Any], key: str, at: str) -> Typed:
    """What was typed of a part. A button of a condition's rows asks only for other rows."""
    place = editing.place_of(at)
    before = editing.part_at(raw, place)
    subjects = subjects_at(draft, raw, key, place)
    name, _, asked = request.form.get("rows", "").partition(":")
    rows: dict[str, Shown] = {}
    conditions: dict[str, Any] = {}
    faults: list[str] = []
    for slot, standing in conditions_in(before):
        shown = typed_condition(request.form, slot.name)
        if name == slot.name:
            shown = changed_rows(shown, asked, standing, subjects)
        rows[slot.name] = shown
        conditions[slot.name], found = condition_from(shown, standing, subjects)
        faults += [f"“{slot.title}”{fault}" for fault in found]
    part = part_from(before, request.form)
    if part["type"] == "block":
        asked = asked if name == "item" else ""
        part, found = block_from(part, request.form, sources_of(draft), asked)
        faults += found
    if name:
        return Typed(part, rows, [])
    return Typed(part if faults else with_conditions(part, conditions), rows, faults)


def uses_of_removed(draft: Draft, raw: dict[str, Any], key: str, at: str) -> list[str]:
    """What would lose a field by this removal, before anybody said to go on all the same."""
    if request.form.get("do") != "remove" or "anyway" in request.form:
        return []
    part = editing.part_at(raw, editing.place_of(at))
    own = {str(one.raw.get("key", "")) for one in editing.walk({"components": [part]})} - {""}
    return uses_of(draft, key, own) if own else []


def broken_by_new_key(
    draft: Draft, raw: dict[str, Any], key: str, at: str, typed: Typed | None
) -> list[str]:
    """What still reads the field by its former key; conditions of this form have followed."""
    if typed is None:
        return []
    before = str(editing.part_at(raw, editing.place_of(at)).get("key", ""))
    if not before or before == typed.part.get("key"):
        return []
    return [use for use in uses_of(draft, key, {before}) if not use.startswith("这张表单")]


def sent() -> str:
    return request.form.get("source", "")


def applied(
    raw: dict[str, Any], at: str, typed: dict[str, Any] | None
) -> tuple[dict[str, Any], str]:
    """The form after the change, and the place to show then. Raises NoSuchPlace, ValueError."""
    act = request.form.get("do", "")
    if act == "title":
        return {**raw, "title": request.form.get("title", "").strip()}, at
    if act == "source":
        given = json.loads(sent())
        return given if isinstance(given, dict) else {}, ""
    if act == "add":
        place = editing.place_of(at) if at else ()
        part = editing.new_part(request.form.get("type", ""), raw)
        changed, new = editing.inserted(raw, place, part)
        return changed, address_of(new)
    place = editing.place_of(at)
    if typed is not None:
        return editing.replaced(raw, place, typed), at
    if act == "remove":
        return editing.removed(raw, place), ""
    if act in ("up", "down"):
        changed, new = editing.moved(raw, place, -1 if act == "up" else 1)
        return changed, address_of(new)
    holder = request.form.get("holder", "")
    changed, new = editing.put_into(raw, place, editing.place_of(holder) if holder else ())
    return changed, address_of(new)


def address_of(place: editing.Place) -> str:
    return ".".join(map(str, place))


def store(draft: Draft, key: str, raw: dict[str, Any]) -> None:
    read = request.form.get("read", "")
    drafts.save_form(
        db(),
        actor(),
        draft.id,
        key,
        {**raw, "key": key},
        revision=request.form.get("revision", 0, int),
        now=moment(),
        is_as_read=lambda found: drafts.print_of(found.forms.get(key)) == read,
    )


def reset(draft: Draft, key: str) -> Any:
    """Take the packaged form again in place of the draft's own."""
    drafts.drop_form(
        db(),
        actor(),
        draft.id,
        key,
        revision=request.form.get("revision", 0, int),
        now=moment(),
    )
    db().commit()
    flash("这张表单已恢复为系统自带的，或从草稿里删除", "good")
    return redirect(url_for("form_design.index", draft_id=draft.id), 303)


def editor(
    draft: Draft,
    key: str,
    at: str,
    problems: list[str] | None = None,
    typed: Typed | None = None,
    source: str = "",
    may_remove: bool = False,
) -> Response:
    page = form_page(
        draft,
        key,
        at,
        problems=problems,
        typed=typed.part if typed else None,
        rows=typed.rows if typed else None,
        source=source,
        may_remove=may_remove,
    )
    read = drafts.print_of(draft.forms.get(key))
    html = render_template(
        "design/form.html",
        page=page,
        read=read,
        new_types=list(TYPES.items()),
        scheme_options=scheme_options(),
    )
    return Response(html, headers={"Content-Security-Policy": WITH_FRAME})
