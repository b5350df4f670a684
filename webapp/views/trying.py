"""Walking through a draft: the findings with their paths, one step after another, kept as a scenario."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from flask import Blueprint, jsonify, request

from processes.scenario import ScenarioError
from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.services.design import drafts
from webapp.services.design.called_diagrams import findings_inside
from webapp.services.design.checking import walk_draft
from webapp.services.design.publishing import prove_draft

bp = Blueprint("trying", __name__, url_prefix="/design")


@bp.post("/<uuid:draft_id>/prove")
@for_roles("admin")
def prove(draft_id: uuid.UUID) -> Any:
    """Everything that can happen in the draft as it was saved last; findings with their paths."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    proof = prove_draft(draft)
    ordered = sorted(proof.proven, key=lambda one: not one.finding.forbids_running)
    findings = [{**one.finding.as_dict(), "path": list(one.path)} for one in ordered]
    return jsonify(
        status=proof.status,
        findings=[*findings, *findings_inside(draft)],
        states=proof.states,
        ends=proof.ends,
        played=proof.played,
    )


@bp.post("/<uuid:draft_id>/try")
@for_roles("admin")
def walk(draft_id: uuid.UUID) -> Any:
    """Where these acts lead: {facts, acts} as `processes.explore.trying.try_out` takes them."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    sent = request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    facts, acts = sent.get("facts"), sent.get("acts", [])
    if not are_facts(facts) or not are_acts(acts):
        return jsonify(problem="请求不完整，没有往下走。", moved=[]), 400
    return jsonify(walk_draft(draft, facts, acts))


def are_facts(facts: Any) -> bool:
    known = isinstance(facts, dict) and all(isinstance(one, dict) for one in facts.values())
    return facts is None or known


def are_acts(acts: Any) -> bool:
    """Whether these are acts as far as their shape goes; what they name is judged by the walk."""
    return isinstance(acts, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("answers", {}), dict)
        and isinstance(one.get("calls", []), list)
        and all(isinstance(call, list) for call in one.get("calls", []))
        for one in acts
    )


@bp.post("/<uuid:draft_id>/scenarios")
@for_roles("admin")
def keep(draft_id: uuid.UUID) -> Any:
    """Keep a walk as one more scenario of the draft: {title, scenario}, the latter TOML."""
    drafts.find_draft(db(), actor(), draft_id)
    sent = request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    title, text = str(sent.get("title", "")).strip(), str(sent.get("scenario", "")).strip()
    if not title or not text:
        return jsonify(story="请写场景的标题。"), 422
    try:
        draft = drafts.add_scenario(db(), actor(), draft_id, titled(text, title), moment())
    except ScenarioError as error:
        db().rollback()
        return jsonify(story=error.story), 422
    db().commit()
    return jsonify(revision=draft.revision)


def titled(text: str, title: str) -> str:
    """The scenario under another title, so that no two are called the same."""
    line = f"title = {json.dumps(title, ensure_ascii=False)}"
    return re.sub("^title = .*$", lambda _: line, text, count=1, flags=re.MULTILINE)
