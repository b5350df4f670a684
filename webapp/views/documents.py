"""The papers of a case: draft with watermark, the agreement, files attached."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request

from webapp.access import for_roles, logged_in
from webapp.current import actor, db
from webapp.sending import PDF, send
from webapp.services.agreements import documents
from webapp.services.files import uploads

bp = Blueprint("documents", __name__)
PARTIES = ("graduate", "employer", "reviewer", "office", "admin")


@bp.get("/cases/<uuid:case_id>/draft.pdf")
@for_roles(*PARTIES)
def draft(case_id: uuid.UUID) -> Response:
    """What the agreement would look like, marked as a draft (D05)."""
    return send(documents.draft(db(), actor(), case_id), "协议书草稿.pdf", PDF, inline=True)


@bp.get("/agreements/<uuid:agreement_id>.pdf")
@for_roles(*PARTIES)
def show(agreement_id: uuid.UUID) -> Response:
    """The agreement itself: the same bytes for ever (H12, J12)."""
    found = documents.read(db(), actor(), agreement_id)
    return send(found.content, found.filename, PDF, inline="download" not in request.args)


@bp.get("/uploads/<uuid:upload_id>")
@logged_in
def upload(upload_id: uuid.UUID) -> Response:
    """A file somebody attached, for its owner and those who may see the case."""
    found, content = uploads.read(db(), actor(), upload_id)
    return send(content, found.filename, found.content_type, inline=True)
