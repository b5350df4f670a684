"""Changes a draft between two pages: a code picked, an upload added, a row added or removed.

A draft is what `form.draft` gives: the texts of all inputs by name. Every function returns a new
draft and leaves the old one alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.components import Definition
from forms.posted import TYPED, Posted, renumbered, row_numbers
from forms.rows import MARK, MOST_ROWS

Draft = dict[str, Any]


class NotInThisForm(LookupError):
    """The page asked for an input that the form does not have."""


def pick_code(definition: Definition, draft: Mapping[str, Any], name: str, code: str) -> Draft:
    """Put the code chosen on a search page into the input of that name.

    Raises NotInThisForm. Whether the code may be chosen is judged when the form is sent.
    """
    component = definition.find_field(name)
    if component is None or component.type != "picker":
        raise NotInThisForm(f"这张表里没有“{name}”可选，请回到表单重新点“选择”")
    return _with(draft, name, [code])


def put_mobile(definition: Definition, draft: Mapping[str, Any], name: str, mobile: str) -> Draft:
    """Put a mobile into a field that asks for a proved one; raises NotInThisForm."""
    component = definition.find_field(name)
    if component is None or not component.properties.get("proved"):
        raise NotInThisForm(f"这张表里没有“{name}”要核验，请回到表单重试")
    return _with(draft, name, [mobile])


def add_uploads(
    definition: Definition, draft: Mapping[str, Any], name: str, ids: list[str]
) -> Draft:
    """Add uploads to a file field; raises NotInThisForm."""
    return _with(draft, name, [*_files(definition, draft, name), *ids])


def drop_upload(definition: Definition, draft: Mapping[str, Any], asked: str) -> Draft:
    """Take one upload out again; `asked` is what the button sends, `files:<id>`."""
    name, _, upload = asked.partition(":")
    kept = [known for known in _files(definition, draft, name) if known != upload]
    return _with(draft, name, kept)


def change_rows(definition: Definition, draft: Mapping[str, Any], asked: str) -> Draft:
    """Add a row (`add:members`) or remove one (`remove:members:0`), as the buttons ask."""
    act, _, rest = asked.partition(":")
    name, _, place = rest.partition(":")
    component = definition.find_field(name)
    if component is None or component.type != "rows" or act not in {"add", "remove"}:
        raise NotInThisForm(f"这张表里没有“{name}”这些行，请回到表单重试")
    posted = Posted(_typed(draft))
    numbers = row_numbers(posted, name)
    if act == "remove" and place.isdigit():
        numbers = [number for number in numbers if number != int(place)]
    typed = {key: posted.getlist(key) for key in posted if not key.startswith(f"{name}-")}
    for new, old in enumerate(numbers):
        row = renumbered(posted, name, old, new)
        typed |= {key: row.getlist(key) for key in row}
    if act == "add" and len(numbers) < int(component.rules.get("max", MOST_ROWS)):
        typed[f"{name}-{len(numbers)}-{MARK}"] = ["1"]
    return {**draft, TYPED: typed}


def _files(definition: Definition, draft: Mapping[str, Any], name: str) -> list[str]:
    component = definition.find_field(name)
    if component is None or component.type != "file":
        raise NotInThisForm(f"这张表里没有“{name}”可以上传，请回到表单重试")
    return _typed(draft).get(name, [])


def _typed(draft: Mapping[str, Any]) -> dict[str, list[str]]:
    typed = draft.get(TYPED)
    return dict(typed) if isinstance(typed, Mapping) else {}


def _with(draft: Mapping[str, Any], name: str, values: list[str]) -> Draft:
    return {**draft, TYPED: {**_typed(draft), name: values}}
