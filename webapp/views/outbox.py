"""The outbox, for the school's admin: what was sent by which channel, and what was not."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.pages.outbox import STATES, connected_channels, count_by_state, list_deliveries
from webapp.services.notices.outbox import send_again
from webapp.services.notices.texts import CHANNEL_NAMES

bp = Blueprint("outbox", __name__, url_prefix="/admin/outbox")


@bp.get("")
@for_roles("admin")
def index() -> str:
    """Messages of the school, latest first."""
    query = request.args.to_dict()
    return render_template(
        "outbox/index.html",
        page=list_deliveries(db(), actor(), query),
        query=query,
        counts=count_by_state(db(), actor()),
        states=STATES,
        names=CHANNEL_NAMES,
        channels=connected_channels(),
    )


@bp.post("/<uuid:delivery_id>/retry")
@for_roles("admin")
def retry(delivery_id: uuid.UUID) -> Any:
    """Have a message tried again."""
    send_again(db(), actor(), delivery_id, moment(), address())
    db().commit()
    flash("已安排重发，结果会在一分钟内出现在这里", "good")
    return redirect(url_for("outbox.index"), 303)
