"""All releases of one kind of flow: who made which, what each is worth, and the ways on from there."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webapp.access import for_roles
from webapp.current import actor, db
from webapp.pages.paging import read_key
from webapp.pages.variants import variant_page
from webapp.sending import send
from webapp.services.design.carrying import zip_release
from webapp.services.design.trying import find_target

bp = Blueprint("variants", __name__, url_prefix="/design")
ZIP = "application/zip"


@bp.get("/variants/<family>/<variant>")
@for_roles("admin")
def show(family: str, variant: str) -> str | Answer:
    """Its releases; `?prove=` one of them now, `?one=…&other=…` goes to their comparison."""
    one, other = read_key(request.args.get("one")), read_key(request.args.get("other"))
    if one and other and one != other:
        with_other: dict[str, Any] = {"with": other.hex}
        return redirect(url_for("publishing.compare", release_id=one, **with_other), 303)
    asked = read_key(request.args.get("prove"))
    page = variant_page(db(), actor(), family, variant, asked)
    return render_template("design/variant.html", page=page, same=one is not None and one == other)


@bp.get("/releases/<uuid:release_id>/download")
@for_roles("admin")
def download(release_id: uuid.UUID) -> Response:
    """A release as the folder that `qianyue publish` takes, in a zip file."""
    release = find_target(db(), actor(), release_id)
    name = f"{release.title} 第 {release.number} 版.zip"
    return send(zip_release(db(), release), name, ZIP, inline=False)
