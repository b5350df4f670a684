"""The demonstration's controls: play somebody else, move the clock. Not part of the product."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask_login import login_user

from webapp.access import public
from webapp.clock import set_demo_offset, utc_now
from webapp.current import LoggedIn, db, moment
from webapp.models import Person
from webapp.pages.demo import find_player, moved_offset
from webapp.security import is_own_address
from webapp.services.accounts.actors import actors_of
from webapp.services.cases.sweep import run_sweep

bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.post("/role")
@public
def switch() -> Any:
    """Go on as another person of the cast."""
    player = find_player(db(), request.form.get("login", ""))
    session.clear()
    one = actors_of(db(), player.person_id)[0]
    login_user(LoggedIn(db().get_one(Person, player.person_id), one))
    return redirect(url_for("auth.index"), 303)


@bp.post("/clock")
@public
def move_clock() -> Any:
    """Move the clock and do what is due by then, so that it can be seen."""
    set_demo_offset(db(), moved_offset(db(), request.form.get("move", ""), moment()))
    db().commit()
    run_sweep(current_app.extensions["sessions"], utc_now(db()))
    back = request.form.get("back", "/")
    return redirect(back if is_own_address(back) else "/", 303)
