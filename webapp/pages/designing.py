"""What the pages for changing diagrams show: the list of variants, and what an editor can choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.definitions import Definition
from processes import library
from processes.diagram import Diagram, read_diagram
from processes.operators import CATALOGUE, OperatorSpec
from processes.roles import LANE_NAMES, Role
from webapp.models import Case, Draft, Person, Release, School
from webapp.services.accounts.actors import Actor
from webapp.services.cases.facts import Fact, known_facts
from webapp.services.design.called_diagrams import is_own
from webapp.services.design.checking import called_by, called_readable, forms_of, outcomes_of
from webapp.services.design.drafts import list_drafts
from webapp.services.schools.labels import STATUS_LABELS, family_label


@dataclass
class VariantLine:
    """A variant of a family: what is in force, how many cases run on it, and its draft."""

    family: str
    variant: str
    title: str = ""
    release: Release | None = None
    running: int = 0
    draft: Draft | None = None
    changed_by: str = ""
    has_releases: bool = False


@dataclass(frozen=True)
class FamilyLines:
    """The variants of a family under its Chinese name."""

    key: str
    label: str
    lines: list[VariantLine]


def list_variants(session: Session, actor: Actor) -> list[FamilyLines]:
    """Every diagram that the school runs, may run, or is changing, by family."""
    found = {
        (one.family, one.variant): VariantLine(one.family, one.variant, title_of(one))
        for one in library.find_diagram_files()
    }

    def line(family: str, variant: str) -> VariantLine:
        return found.setdefault((family, variant), VariantLine(family, variant))

    for release, running in releases_in_force(session, actor):
        own = line(release.family, release.variant)
        own.release, own.running, own.title = release, running, release.title
    published = select(Release.family, Release.variant).where(Release.school_id == actor.school_id)
    for family, variant in session.execute(published.distinct()):
        line(family, variant).has_releases = True
    for draft in list_drafts(session, actor):
        own = line(draft.family, draft.variant)
        own.draft, own.title = draft, own.title or draft.title
        own.changed_by = session.get_one(Person, draft.changed_by_id).name
    families: dict[str, list[VariantLine]] = {}
    for (family, _), own in sorted(found.items()):
        families.setdefault(family, []).append(own)
    return [FamilyLines(key, family_label(key), lines) for key, lines in families.items()]


def title_of(found: library.DiagramFile) -> str:
    return read_diagram(found.read(), found.source).name or found.variant


def releases_in_force(session: Session, actor: Actor) -> list[tuple[Release, int]]:
    running = (
        select(Case.release_id, func.count().label("running"))
        .where(Case.school_id == actor.school_id, Case.ended_at.is_(None))
        .group_by(Case.release_id)
        .subquery()
    )
    wanted = (
        select(Release, running.c.running)
        .outerjoin(running, running.c.release_id == Release.id)
        .where(Release.school_id == actor.school_id, Release.in_force)
    )
    return [(release, number or 0) for release, number in session.execute(wanted)]


def catalogue_of(session: Session, actor: Actor, draft: Draft) -> dict[str, Any]:
    """What the panel offers, as JSON values: forms, operators, called diagrams, roles, states."""
    school = session.get_one(School, actor.school_id)
    return {
        "forms": {key: form_facts(one) for key, one in sorted(forms_of(draft).items())},
        "operators": {key: operator_facts(spec) for key, spec in CATALOGUE.items()},
        "called": {
            process: called_facts(draft, process, one)
            for process, one in called_readable(called_by(draft))
        },
        "roles": [[role.value, role.label] for role in Role if role is not Role.SYSTEM],
        "lanes": {word: role.label for word, role in LANE_NAMES.items()},
        "facts": {path: fact_words(one) for path, one in known_facts().items()},
        "statuses": {**STATUS_LABELS, **school.settings.get("labels", {})},
    }


def form_facts(definition: Definition) -> dict[str, Any]:
    """Its title and fields; those that decide with their values and words."""
    fields: list[dict[str, Any]] = []
    for key, component in definition.fields.items():
        values = (
            [[one.value, one.label] for one in component.choices] if component.decides else None
        )
        fields.append({"key": key, "label": component.label or key, "values": values})
    return {"title": definition.title, "fields": fields}


def called_facts(draft: Draft, process: str, diagram: Diagram) -> dict[str, Any]:
    """Its name, the outcomes of calling it, what it calls itself, and whose it is."""
    return {
        "name": diagram.name or process,
        "outcomes": outcomes_of(diagram),
        "calls": sorted(diagram.called),
        "own": is_own(draft, process),
        "packaged": process in library.called_diagrams(),
    }


def fact_words(fact: Fact) -> dict[str, Any]:
    return {"label": fact.label, "values": [[value, words] for value, words in fact.values.items()]}


def operator_facts(spec: OperatorSpec) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "label": one.label,
            "type": one.type,
            "required": one.required,
            "values": list(one.values) if one.values else None,
        }
        for name, one in spec.parameters.items()
    ]
    return {"label": spec.label, "parameters": parameters, "outcomes": list(spec.outcomes)}
