"""How often the cases of a release really took each flow, read from their histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.coverage import Coverage, FlowKey, key_of, measure
from processes.diagram import Diagram

from ...models import Case, History, Release

FETCHED = 2000


def taken_by_cases(
    session: Session, release: Release, diagram: Diagram, called: Mapping[str, Diagram]
) -> Coverage:
    """Every flow of the release with how often its cases went along it.

    What a case did under another release, before it was moved, is counted where the names agree.
    """
    wanted = (
        select(History.body)
        .join(Case, Case.id == History.case_id)
        .where(Case.release_id == release.id)
        .execution_options(yield_per=FETCHED)
    )
    paths = Counter(path for body in session.scalars(wanted) for path in body.get("flows", ()))
    nothing = measure(diagram, called, ())
    times: Counter[FlowKey] = Counter()
    for path, number in paths.items():
        try:
            times[key_of(path, diagram, called)] += number
        except KeyError:
            continue
    return Coverage(nothing.flows, times)
