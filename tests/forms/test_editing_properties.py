"""Whatever the editor does to a form: what it would save compiles, lays out and stays the same as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import editing
from forms.compiler import form_class
from forms.components import TYPES
from forms.definitions import DefinitionError, packaged, parse_definition

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "up", "down", "into", "rename"]),
        st.integers(0, 200),
        st.integers(0, 200),
        st.sampled_from(sorted(TYPES)),
    ),
    min_size=1,
    max_size=8,
)
BEGUN = {"title": "新的", "components": [{"type": "text", "key": "field_1", "label": "字段"}]}
FORMS = st.sampled_from([BEGUN, *(one.as_dict() for one in packaged().values())])


def changed(raw, act, number, other, kind):
    """The form after one act of the editor, wherever it happens to be aimed."""
    parts = list(editing.walk(raw))
    part, second = parts[number % len(parts)], parts[other % len(parts)]
    if act == "add":
        return editing.inserted(raw, part.place, editing.new_part(kind, raw))[0]
    if act == "remove":
        return editing.removed(raw, part.place)
    if act in ("up", "down"):
        return editing.moved(raw, part.place, -1 if act == "up" else 1)[0]
    if act == "into":
        return editing.put_into(raw, part.place, second.place)[0]
    return editing.replaced(raw, part.place, {**part.raw, "key": f"again_{other}"})


def canonical(raw):
    return json.dumps(raw, sort_keys=True, ensure_ascii=False)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(FORMS, ACTS)
def test_what_the_editor_saves_compiles_and_stays_as_it_is(raw, acts):
    for act in acts:
        try:
            wanted = changed(raw, *act)
            definition = parse_definition(wanted, key="x/y", groups={})
        except (editing.NoSuchPlace, DefinitionError):
            continue  # refused, so never saved
        raw = wanted
        kept = definition.as_dict()
        again = parse_definition(json.loads(canonical(kept)), key="x/y", groups={})
        form = form_class(definition)(None, values={}, context={"now": datetime.now(UTC)})

        assert canonical(again.as_dict()) == canonical(kept)
        assert canonical(kept["components"]) == canonical(wanted["components"])
        assert form_class(again)(values=form.draft).draft == form.draft
        assert isinstance(form.layout, list)
