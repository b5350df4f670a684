"""Does every expression read only what a step has made before?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, Spot, about, titled
from processes.checks.values import look_up
from processes.diagram import Element
from processes.expressions import Expression
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """A variable that nobody makes is an error; one that some path leaves out is a warning."""
    for spot in inspection.spots:
        expression = inspection.compiled(spot.text)
        if not isinstance(expression, Expression):
            continue
        for path in sorted(expression.names):
            yield from _path(inspection, spot, path)


def _path(inspection: Inspection, spot: Spot, path: str) -> Iterator[Finding]:
    variable = look_up(inspection, path)
    hidden = _hidden_in(inspection, spot, path.split(".")[0])
    if hidden is not None:
        yield about(
            spot.owner,
            f"{spot.what}用到 {path}，但它只在{titled(hidden)} 的每一次里有值，外面看不到。",
            "请在里面判断，或用完成条件。",
        )
    elif variable.problem:
        yield about(spot.owner, f"{spot.what}里的{variable.problem}", variable.way_out)
    elif variable.maker is not None and not _made(inspection, spot, variable.maker.id):
        yield about(
            spot.owner,
            f"{spot.what}用到 {path}，但有的路径走到这里时还没有经过{titled(variable.maker)}。",
            "请确认走到这里之前一定办过那一步，否则案件会停下来等处理。",
            severity="warning",
        )


def _hidden_in(inspection: Inspection, spot: Spot, step: str) -> Element | None:
    """The multi-instance whose turns keep a value to themselves, when the spot lies outside."""
    elements = inspection.diagram.elements
    place = spot.node.removesuffix("/exit")
    inside = {place, *inspection.turns_around(place)}
    if spot.what in {"次数", "列表"}:
        inside.discard(place)
    if step in inspection.items:
        around: tuple[str, ...] = (inspection.items[step].id,)
    elif step in elements:
        around = inspection.turns_around(step)
    else:
        return None
    return next((elements[turns] for turns in around if turns not in inside), None)


def _made(inspection: Inspection, spot: Spot, maker: str) -> bool:
    certainty = inspection.certainty
    if spot.after:
        return certainty.has_run_after(maker, spot.node)
    return certainty.has_run(maker, spot.node)
