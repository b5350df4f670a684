"""The handwritten signature of an employer or a graduate: draw it, check what it changes, use it."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.services.agreements import inked, signatures
from webapp.services.agreements.inked import SignatureRefused
from webapp.services.files.uploads import MAX_BYTES

bp = Blueprint("signature", __name__, url_prefix="/account/signature")
OWNERS = ("graduate", "employer")


@bp.get("")
@for_roles(*OWNERS)
def show() -> str:
    """The signature as it is, and the place to make another (A22, A23)."""
    return make_page()


@bp.post("")
@for_roles(*OWNERS)
def change() -> Any:
    """Read what was drawn or photographed, and show what it changes; then, confirmed, use it."""
    picture = picture_of_request()
    if request.form.get("do") != "confirm":
        return check_page(picture)
    kept = signatures.keep(db(), actor(), picture, moment())
    db().commit()
    flash(f"手写签名已保存（第 {kept.version} 版）", "good")
    return redirect(url_for("signature.show"), 303)


def picture_of_request() -> bytes:
    """What was checked on the page before, what was drawn, or the file; raises SignatureRefused."""
    if checked := request.form.get("checked", ""):
        return inked.as_checked(inked.read_drawn(checked))
    if drawn := request.form.get("drawn", ""):
        return inked.to_signature(inked.read_drawn(drawn))
    file = request.files.get("file")
    content = file.read(MAX_BYTES + 1) if file else b""
    if not content:
        raise SignatureRefused("还没有签名。")
    return inked.to_signature(content)


@bp.errorhandler(SignatureRefused)
def refused(error: SignatureRefused) -> Any:
    return make_page(f"{error.story}{error.way_out}"), error.status


def make_page(problem: str = "") -> str:
    found = signatures.own(db(), actor())
    return render_template(
        "account/signature.html",
        signature=found[0] if found else None,
        picture=inked.as_text(found[1]) if found else "",
        problem=problem,
    )


def check_page(picture: bytes) -> str:
    """What the signature looks like in print, and which agreements come out anew."""
    sha256 = hashlib.sha256(picture).hexdigest()
    reached = signatures.affected(db(), actor(), sha256, moment())
    return render_template(
        "account/signature_check.html",
        picture=inked.as_text(picture),
        renewed=[one for one in reached if not one.stays],
        staying=[one for one in reached if one.stays],
        may_renew=signatures.may_renew(db(), actor(), moment()),
    )
