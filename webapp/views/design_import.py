"""An admin brings a diagram of another tool: read, confirmed point by point, kept as a draft."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from processes.safe_xml import MAX_BYTES
from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.pages.importing import ROLES, ImportPage, pack, unpack
from webapp.pages.labels import family_label
from webapp.services.design import drafts
from webapp.services.design.importing import (
    DraftStands,
    NotImportable,
    import_file,
    keep_import,
    original_of,
)
from webapp.services.design.titles import BadTitle
from webapp.services.files.uploads import bare_name

bp = Blueprint("design_import", __name__, url_prefix="/design")
TYPED = ("family", "variant", "title", "process")
REFUSED = (drafts.BadVariant, drafts.DraftChanged, DraftStands, NotImportable)


@bp.get("/import")
@for_roles("admin")
def start() -> str:
    """Where a file is chosen."""
    return shown(ImportPage(dict.fromkeys(TYPED, "") | request.args.to_dict()))


@bp.post("/import")
@for_roles("admin")
def take() -> Any:
    """Read the file, again with every answer; kept as a draft once everything is confirmed."""
    name, data = given_file()
    typed = {key: request.form.get(key, "").strip() for key in TYPED}
    roles = {
        key.removeprefix("role-"): value
        for key, value in request.form.items()
        if key.startswith("role-") and value
    }
    page = ImportPage(typed, name, roles=roles)
    if not data:
        page.errors["file"] = "请选择文件"
        return shown(page), 422
    page.kept = pack(data)
    page.ticked = frozenset(key for key in request.form if key.startswith("ok-"))
    page.found = import_file(data, name, process=typed["process"] or None, roles=roles)
    if "save" not in request.form:
        return shown(page)
    return kept(page, data)


def kept(page: ImportPage, data: bytes) -> Any:
    """Make it a draft, or say at which place why not."""
    assert page.found is not None
    if page.unticked:
        page.errors["confirm"] = f"还有 {len(page.unticked)} 处改写没有确认，请逐条看过后勾选"
        return shown(page), 422
    replacing = request.form.get("replacing", type=int)
    try:
        draft = keep_import(
            db(),
            actor(),
            page.found,
            data,
            family=page.typed["family"],
            variant=page.typed["variant"],
            title=page.typed["title"][:60],
            now=moment(),
            replacing=replacing,
            address=address(),
        )
    except BadTitle as error:
        db().rollback()
        page.errors["title"] = f"{error.story}{error.way_out}"
        return shown(page), error.status
    except REFUSED as error:
        db().rollback()
        page.standing = getattr(error, "revision", None)
        place = "replacing" if page.standing is not None else "variant"
        page.errors[place] = f"{error.story}{error.way_out}"
        return shown(page), error.status
    db().commit()
    flash("已导入为草稿，原文件另外保存。检查通过、发布以后才生效", "good")
    return redirect(url_for("design.edit", draft_id=draft.id), 303)


@bp.get("/<uuid:draft_id>/original")
@for_roles("admin")
def original(draft_id: uuid.UUID) -> Response:
    """The file that the draft was imported from, byte for byte."""
    name, data = original_of(db(), actor(), draft_id)
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def given_file() -> tuple[str, bytes]:
    """The file that was chosen now, else the one that the page still carries."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return bare_name(file.filename)[:80] or "流程图.bpmn", file.read(MAX_BYTES + 1)
    return request.form.get("name", "")[:80], unpack(request.form.get("kept", ""))


def shown(page: ImportPage) -> str:
    families = [(key, family_label(key)) for key in drafts.families(db(), actor())]
    return render_template("design/import.html", page=page, families=families, roles=ROLES)
