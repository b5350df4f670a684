"""An employer's recruiting: the résumés it received, and its posts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm, form_class
from webapp.access import for_roles
from webapp.current import actor, db, keep_typed, moment
from webapp.models import Post
from webapp.pages.recruiting import (
    line_of,
    list_own_posts,
    list_received,
    post_form_values,
    posts_to_filter_by,
    states_to_filter_by,
)
from webapp.services.recruiting import posts

bp = Blueprint("posts", __name__)
FORM = "recruiting/post"


@bp.get("/applicants")
@for_roles("employer")
def applicants() -> str:
    """Everybody who sent a résumé, by post and state (C10)."""
    query = request.args.to_dict()
    return render_template(
        "recruiting/applicants.html",
        page=list_received(db(), actor(), query),
        posts=posts_to_filter_by(db(), actor()),
        states=states_to_filter_by(),
        query=query,
    )


@bp.get("/posts")
@for_roles("employer")
def index() -> str:
    """The own posts, open and closed."""
    query = request.args.to_dict()
    page = list_own_posts(db(), actor(), moment(), query)
    return render_template("recruiting/posts.html", page=page, query=query)


@bp.route("/posts/new", methods=["GET", "POST"])
@for_roles("employer")
def new() -> Any:
    """Put up a post."""
    if request.method != "POST":
        return form_page(post_form())
    form = post_form(request.form)
    keep_typed(form.labelled)
    if not form.validate():
        return form_page(form), 422
    posts.put_up(db(), actor(), form.answers, moment())
    db().commit()
    flash("岗位已发布，毕业生可以投递", "good")
    return redirect(url_for("posts.index"), 303)


@bp.route("/posts/<uuid:post_id>", methods=["GET", "POST"])
@for_roles("employer")
def edit(post_id: uuid.UUID) -> Any:
    """Read and change an own post."""
    post = posts.find_own(db(), actor(), post_id)
    if request.method != "POST":
        return form_page(post_form(values=post_form_values(post)), post)
    form = post_form(request.form)
    keep_typed(form.labelled)
    if not form.validate():
        return form_page(form, post), 422
    posts.change(db(), actor(), post_id, form.answers, moment())
    db().commit()
    flash("岗位已修改", "good")
    return redirect(url_for("posts.index"), 303)


@bp.route("/posts/<uuid:post_id>/close", methods=["GET", "POST"])
@for_roles("employer")
def close(post_id: uuid.UUID) -> Any:
    """Take no further résumés, after reading what that means."""
    post = posts.find_own(db(), actor(), post_id)
    if request.method != "POST":
        return render_template("recruiting/close.html", post=post)
    posts.close(db(), actor(), post_id, moment())
    db().commit()
    flash("岗位已关闭，不再接收投递", "good")
    return redirect(url_for("posts.index"), 303)


def post_form(posted: Any = None, values: dict[str, Any] | None = None) -> CompiledForm:
    context = {"now": moment(), "options": {}, "register": {}, "case": {}, "uploads": {}}
    return form_class(FORM)(posted, values=values, context=context)


def form_page(form: CompiledForm, post: Post | None = None) -> str:
    line = line_of(post, None, moment()) if post else None
    return render_template("recruiting/post_form.html", form=form, line=line)
