"""Made-up values for the read-only blocks of a form that is being tried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.code_tables import table
from forms.components import Component, Definition, Fact
from forms.moments import iso_moment
from forms.sources import ROOTS

SAMPLES = {
    "text": "（示例）",
    "lines": "（示例）第一行\n第二行",
    "money": "8000.00",
    "date": "2027-07-01",
    "masked": "（示例号码，只显示两头）",
    "flag": True,
}


def sample_blocks(definition: Definition, context: dict[str, Any]) -> None:
    """Put a sample wherever a block looks, but where a field would begin with it."""
    begun = {str(one.properties.get("prefill", "")) for one in definition.fields.values()}
    for block in blocks_in(definition.components):
        base = block.sources[0] if block.sources else ""
        for fact in block.facts:
            path = f"{base}.{fact.source}" if base else fact.source
            if path.partition(".")[0] in ROOTS and path not in begun:
                put_at(context, path, sample_of(fact, context))
        if compared := str(block.properties.get("compare", "")):
            for fact in block.facts:
                put_at(context, f"{compared}.{fact.source}", "（原来的示例）")


def blocks_in(components: Sequence[Component]) -> Iterator[Component]:
    for component in components:
        if component.type == "block":
            yield component
        yield from blocks_in(component.components)


def sample_of(fact: Fact, context: Mapping[str, Any]) -> Any:
    if fact.kind == "code":
        codes = (row.code for row in table(fact.scheme).items if row.selectable)
        return next(codes, "")
    if fact.kind == "choice":
        return fact.choices[0].value if fact.choices else ""
    if fact.kind == "datetime":
        return iso_moment(context["now"])
    return "1" if fact.unit and fact.kind == "text" else SAMPLES[fact.kind]


def put_at(context: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands under a dotted path; where something else stands on the way, nothing."""
    *steps, last = path.split(".")
    place: Any = context
    for step in steps:
        if not isinstance(place, dict):
            return
        place = place.setdefault(step, {})
    if isinstance(place, dict):
        place[last] = value
