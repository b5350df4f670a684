"""The inbox of notices: what happened, newest first (N02)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.access import logged_in
from webapp.current import actor, db, moment
from webapp.pages.paging import PAGE, page_of, read_key
from webapp.services.notices.notices import count_unread, inbox
from webapp.services.notices.notices import mark_read as read_all

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
@logged_in
def index() -> str:
    """This person's notices."""
    query = request.args.to_dict()
    found = inbox(db(), actor().person_id, PAGE + 1, read_key(query.get("before")))
    page = page_of(found, lambda notice: notice.id, query)
    unread = count_unread(db(), actor().person_id)
    return render_template("notices/index.html", page=page, unread=unread)


@bp.post("/read")
@logged_in
def mark_read() -> Any:
    """This person has seen what there is."""
    read_all(db(), actor().person_id, moment())
    db().commit()
    return redirect(url_for("notices.index"), 303)
