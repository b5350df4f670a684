"""The school's settings, for its admin: groups of values, words, notices, the business it offers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.pages.school_settings import (
    TERM_NAMES,
    find_group,
    find_said,
    lines_of,
    notice_line,
    notice_lines,
    own_settings,
    say_example,
    simple_groups,
    variant_lines,
    word_rows,
)
from webapp.services.notices.texts import CHANNEL_NAMES, LONGEST, PLACES, BadNoticeText
from webapp.services.schools.school_settings import BadSettings, change_group
from webapp.services.schools.school_words import (
    LABELS,
    TERMS,
    Words,
    change_notice,
    change_offered,
    change_words,
)
from webapp.services.schools.settings import AT_ONCE, NEW_CASES

bp = Blueprint("settings", __name__, url_prefix="/admin/settings")
TABLES = {"settings.labels": LABELS, "settings.terms": TERMS}


@bp.get("")
@for_roles("admin")
def index() -> str:
    """What the school has chosen, and where to change it."""
    chosen = own_settings(db(), actor())
    shown = [(group, lines_of(group, chosen)) for group in simple_groups()]
    return render_template("settings/index.html", groups=shown)


@bp.route("/<group>", methods=["GET", "POST"])
@for_roles("admin")
def group(group: str) -> Any:
    """One group of settings, to read and to change."""
    found = find_group(group)
    if request.method == "POST":
        changed = change_group(db(), actor(), found, request.form, moment(), address())
        db().commit()
        return done(f"已保存：{'、'.join(changed)}" if changed else "没有改动")
    return group_page(group)


def group_page(key: str, errors: dict[str, str] | None = None) -> str:
    found = find_group(key)
    typed = request.form.to_dict() if errors else None
    lines = lines_of(found, own_settings(db(), actor()), typed, errors)
    pattern = next((one.typed for one in lines if one.setting.key == "number_pattern"), "")
    return render_template(
        "settings/group.html",
        group=found,
        lines=lines,
        errors=errors or {},
        example=say_example(pattern),
        new_cases=NEW_CASES,
        at_once=AT_ONCE,
    )


@bp.get("/number-example")
@for_roles("admin")
def number_example() -> Any:
    """What a pattern of agreement numbers looks like, while it is typed."""
    return {"example": say_example(request.args.get("pattern", "")[:80])}


@bp.route("/offered", methods=["GET", "POST"])
@for_roles("admin")
def offered() -> Any:
    """Which ways of doing business are open."""
    if request.method == "POST":
        pairs = (one.split("/", 1) for one in request.form.getlist("offered") if "/" in one)
        wanted = {(family, variant) for family, variant in pairs}
        changed = change_offered(db(), actor(), wanted, moment(), address())
        db().commit()
        return done(f"已调整 {changed} 种办法" if changed else "没有改动")
    families = variant_lines(db(), actor())
    return render_template("settings/offered.html", families=families, new_cases=NEW_CASES)


@bp.route("/labels", methods=["GET", "POST"])
@for_roles("admin")
def labels() -> Any:
    """What states are called here."""
    return words(LABELS)


@bp.route("/terms", methods=["GET", "POST"])
@for_roles("admin")
def terms() -> Any:
    """How the agreement's clauses are worded here."""
    return words(TERMS)


def words(table: Words) -> Any:
    if request.method == "POST":
        typed = request.form.to_dict()
        changed = change_words(db(), actor(), table, typed, moment(), address())
        db().commit()
        return done(f"已改 {changed} 处{table.title}" if changed else "没有改动")
    return words_page(table)


def words_page(table: Words, errors: dict[str, str] | None = None) -> str:
    rows = word_rows(own_settings(db(), actor()), table)
    if errors:
        rows = [(key, word, request.form.get(key, "")) for key, word, _ in rows]
    return render_template(
        "settings/words.html", table=table, rows=rows, errors=errors or {}, names=TERM_NAMES
    )


@bp.get("/notices")
@for_roles("admin")
def notices() -> str:
    """Every notice with its words and ways."""
    families = notice_lines(own_settings(db(), actor()))
    return render_template("settings/notices.html", families=families)


@bp.route("/notices/<key>", methods=["GET", "POST"])
@for_roles("admin")
def notice(key: str) -> Any:
    """One notice: own words, and how it is sent."""
    said = find_said(key)
    if request.method == "POST":
        ways = request.form.getlist("channels")
        text = request.form.get("text", "")
        changed = change_notice(db(), actor(), said, text, ways, moment(), address())
        db().commit()
        flash(f"已保存：{said.name}" if changed else "没有改动", "good")
        return redirect(url_for("settings.notices", _anchor=key), 303)
    return notice_page(key)


def notice_page(key: str, error: str = "") -> str:
    line = notice_line(own_settings(db(), actor()), find_said(key))
    return render_template(
        "settings/notice.html",
        line=line,
        typed=request.form.get("text", "") if error else line.own or line.said.text,
        ways=request.form.getlist("channels") if error else line.ways,
        errors={"text": error} if error else {},
        names=CHANNEL_NAMES,
        places=PLACES,
        longest=LONGEST,
    )


@bp.errorhandler(BadSettings)
def show_again(error: BadSettings) -> Any:
    """The form with what was typed and what to change."""
    table = TABLES.get(request.endpoint or "")
    if table:
        return words_page(table, error.complaints), error.status
    return group_page((request.view_args or {})["group"], error.complaints), error.status


@bp.errorhandler(BadNoticeText)
def show_notice_again(error: BadNoticeText) -> Any:
    key = (request.view_args or {})["key"]
    return notice_page(key, f"{error.story}{error.way_out}"), error.status


def done(told: str) -> Any:
    flash(told, "good")
    return redirect(url_for("settings.index"), 303)
