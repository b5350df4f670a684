"""Coming in and going out: three doors, the choice between several roles."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_login import logout_user

from webapp.access import logged_in, public
from webapp.current import actor, actor_or_nobody, address, db, enter, moment
from webapp.pages.labels import say_role
from webapp.security import is_own_address
from webapp.services.accounts.actors import actors_of, find_actor
from webapp.services.accounts.identity import DOORS, LogInRefused
from webapp.services.accounts.identity import log_in as prove
from webapp.services.accounts.identity_providers import providers
from webapp.services.accounts.throttles import TooManyTries

bp = Blueprint("auth", __name__)
NAMES = {"graduate": "学生登录", "employer": "用人单位登录", "school": "学校登录"}
HOMES = {
    "graduate": "inbox.home",
    "employer": "inbox.home",
    "reviewer": "review.queue",
    "office": "office.dashboard",
    "admin": "design.index",
}


@bp.get("/")
@public
def index() -> Any:
    """Where this person starts: the own desk, or the doors."""
    who = actor_or_nobody()
    return redirect(url_for(HOMES[who.role] if who else "auth.log_in"), 303)


@bp.route("/login", methods=["GET", "POST"])
@public
def log_in() -> Any:
    """Prove who you are behind one of three doors."""
    if request.method != "POST":
        return log_in_page(request.args.get("door", ""), request.args.get("next", ""))
    login, password = request.form.get("login", ""), request.form.get("password", "")
    door = known_door(request.form.get("door", ""))
    actors = prove(db(), login, password, door, address(), moment())
    db().commit()
    enter(actors[0])
    target = request.form.get("next", "")
    if len(actors) > 1:
        return redirect(url_for("auth.choose"), 303)
    return redirect(target if is_own_address(target) else url_for("auth.index"), 303)


@bp.errorhandler(LogInRefused)
@bp.errorhandler(TooManyTries)
def refuse(error: LogInRefused) -> Any:
    """The doors again with what was typed, and why they stay shut."""
    page = log_in_page(
        request.form.get("door", ""),
        request.form.get("next", ""),
        login=request.form.get("login", ""),
        error=f"{error.story}{error.way_out}",
    )
    return page, error.status


def log_in_page(door: str, target: str, login: str = "", error: str = "") -> str:
    return render_template(
        "auth/login.html",
        door=known_door(door),
        doors=NAMES.items(),
        next=target if is_own_address(target) else None,
        login=login,
        error=error,
        providers=providers(current_app.config["QIANYUE"].identity).values(),
    )


def known_door(door: str) -> str:
    return door if door in DOORS else "graduate"


@bp.post("/logout")
@public
def log_out() -> Any:
    """End this visit."""
    logout_user()
    session.clear()
    return redirect(url_for("auth.log_in"), 303)


@bp.route("/choose", methods=["GET", "POST"])
@logged_in
def choose() -> Any:
    """Somebody with several roles says which one this visit is for."""
    if request.method == "POST":
        membership = uuid.UUID(request.form.get("membership", uuid.UUID(int=0).hex))
        enter(find_actor(db(), actor().person_id, membership))
        return redirect(url_for("auth.index"), 303)
    actors = actors_of(db(), actor().person_id)
    labels = {one.membership_id: say_role(db(), one) for one in actors}
    return render_template("auth/choose.html", actors=actors, labels=labels)
