"""A graduate's QR card: show it, make a new one, take it back, see who used it (E01)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.errors import NotYours
from webapp.pages.guests import uses_shown
from webapp.services.guests import cards

bp = Blueprint("cards", __name__, url_prefix="/card")


@bp.get("")
@for_roles("graduate")
def show() -> str:
    """The card that stands, and who used it."""
    card = cards.card_of(db(), actor(), moment())
    return render_template("cards/show.html", card=card, uses=uses_shown(db(), actor()))


@bp.post("/new")
@for_roles("graduate")
def renew() -> Any:
    """A new card in place of the old one."""
    cards.renew_card(db(), actor(), moment())
    db().commit()
    flash("新的二维码已生成，原来的不能再用", "good")
    return redirect(url_for("cards.show"), 303)


@bp.post("/take-back")
@for_roles("graduate")
def take_back() -> Any:
    """The card opens nothing any more."""
    cards.take_back_card(db(), actor(), moment())
    db().commit()
    flash("二维码已收回，扫它打不开了", "good")
    return redirect(url_for("cards.show"), 303)


@bp.get("/qr.png")
@for_roles("graduate")
def picture() -> Response:
    """The QR code as a picture, to be scanned or saved."""
    card = cards.card_of(db(), actor(), moment())
    if card is None:
        raise NotYours
    answer = Response(cards.picture_of(card), mimetype="image/png")
    if "download" in request.args:
        answer.headers["Content-Disposition"] = "attachment; filename=card.png"
    return answer
