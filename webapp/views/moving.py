"""Moving running cases to another release: tried, done, and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from processes.killable import NoAnswer
from webapp.access import for_roles
from webapp.current import actor, address, db, moment, sessions
from webapp.pages.moving import (
    OUTCOMES,
    RENAME,
    list_moves,
    mapping_in,
    report_of,
    trial_page,
)
from webapp.pages.paging import read_key
from webapp.services.design import moving, undoing
from webapp.services.design.trials import trial_of_release
from webapp.services.design.trying import find_target

bp = Blueprint("moving", __name__, url_prefix="/design/moves")
ASKED = (moving.NothingToMove, moving.ReasonNeeded)


@bp.get("")
@for_roles("admin")
def index() -> str:
    """Every move that was ordered."""
    page = list_moves(db(), actor(), request.args.to_dict())
    return render_template("design/moves.html", page=page)


@bp.route("/new/<uuid:release_id>", methods=["GET", "POST"])
@for_roles("admin")
def new(release_id: uuid.UUID) -> Any:
    """Which running cases can go on in this release; then move all of them, or some."""
    release = find_target(db(), actor(), release_id)
    if request.method != "POST":
        return trial(release_id, mapping_in(request.args))
    mapping = mapping_in(request.form)
    if "again" in request.form:
        trial_of_release(db(), release, mapping, moment(), anew=True)
        db().commit()
        renamed: dict[str, Any] = {f"{RENAME}{path}": new for path, new in mapping.items()}
        return redirect(url_for("moving.new", release_id=release_id, **renamed), 303)
    chosen = None
    if request.form.get("which") == "chosen":
        chosen = [key for text in request.form.getlist("case") if (key := read_key(text))]
    try:
        move = moving.begin_move(
            db(), actor(), release_id, mapping=mapping, note=request.form.get("note", ""),
            chosen=chosen, now=moment(), address=address(),
        )  # fmt: skip
    except ASKED as error:
        db().rollback()
        return trial(release_id, mapping, error.story), error.status
    move_id = move.id
    db().commit()
    begin_at_once(moving.carry_out, move_id, moment(), moving.AT_ONCE)
    return redirect(url_for("moving.show", move_id=move_id), 303)


def begin_at_once(work: Callable[..., bool], *args: Any) -> None:
    """Do the first cases while the admin waits; what is left, or broke off, the sweep does."""
    with suppress(NoAnswer):
        work(sessions(), *args)


def trial(release_id: uuid.UUID, mapping: dict[str, str], problem: str = "") -> str:
    page = trial_page(db(), actor(), release_id, mapping, moment())
    db().commit()
    return render_template("design/move_new.html", page=page, problem=problem)


@bp.get("/<uuid:move_id>")
@for_roles("admin")
def show(move_id: uuid.UUID) -> str:
    """What became of each case."""
    query = request.args.to_dict()
    report = report_of(db(), actor(), move_id, query)
    return render_template("design/move.html", report=report, query=query, outcomes=OUTCOMES)


@bp.post("/<uuid:move_id>/undo")
@for_roles("admin")
def undo(move_id: uuid.UUID) -> Any:
    """Take back one case, or all that have not gone on."""
    moving.find_move(db(), actor(), move_id)
    case_id = read_key(request.form.get("case"))
    if case_id is None:
        undoing.order_undo(db(), actor(), move_id, moment(), address())
        db().commit()
        undoing.take_back_some(sessions(), actor(), move_id, moment(), address(), moving.AT_ONCE)
    else:
        line = undoing.undo(db(), actor(), move_id, case_id, moment(), address())
        db().commit()
        words, tone = OUTCOMES[line.outcome]
        flash(
            f"{words}{'：' + line.story if line.story else ''}", "good" if tone != "wait" else "bad"
        )
    return redirect(url_for("moving.show", move_id=move_id), 303)
