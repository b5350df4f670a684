"""A read-only block of a form: where its values come from, and its lines, as fields of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.definitions import packaged, packaged_groups
from forms.includes import facts_of
from webapp.models import Draft
from webapp.pages.form_subjects import steps_of
from webapp.services.design.checking import forms_of

KEEP = "keep"
MOST_LINES = 80
REGISTERS = {
    "register.graduate": "毕业生（学籍）",
    "register.employer": "用人单位",
    "register.agreement": "协议书",
    "register.destination": "登记的去向",
    "register.post": "招聘职位",
}
TRAITS = (
    ("dense", "排得紧一些"),
    ("whole", "长的文字也全部显示，不收起"),
    ("checks", "标出看起来不对的号码"),
)
ITEM = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Where a block may take its values from; `items` are the lines it may show."""

    path: str
    label: str
    items: tuple[ITEM, ...]


@dataclass(frozen=True)
class Line:
    """One line of a block; `is_strange` where its source is none that is offered.

    `was` is the source that it had when the page was made, "" for a line that is new.
    """

    label: str
    source: str
    is_strange: bool
    was: str


@dataclass(frozen=True)
class BlockView:
    """A block as the page shows it.

    `chosen` is the path of its source, "keep" where that is none of ours, which `kept` says.
    `offered` are what a line may show: (path, words), under the words of its source.
    """

    chosen: str
    kept: str
    sources: list[Source]
    offered: list[tuple[str, list[tuple[str, str]]]]
    lines: list[Line]
    traits: list[tuple[str, str, bool]] = field(default_factory=list)


def sources_of(draft: Draft) -> dict[str, Source]:
    """Registers and steps whose values a block may show, by path."""
    found = {path: Source(path, REGISTERS[path], items) for path, items in register_items()}
    known = forms_of(draft)
    for step in steps_of(draft):
        if step.element.form in known:
            items = tuple(facts_of(known[step.element.form].as_dict()["components"]))
            if items:
                found[step.path] = Source(step.path, f"“{step.label}”填写的", items)
    return found


def register_items() -> Iterator[tuple[str, tuple[ITEM, ...]]]:
    """What the registers hold that a form may show."""
    groups = packaged_groups()

    def of_group(*names: str) -> list[ITEM]:
        return [one for name in names for one in facts_of(groups[f"groups/{name}"]["components"])]

    unit = [one for one in of_group("fg_emp") if one["source"] != "employer_name"]
    terms = of_group("fg_job", "fg_terms", "fg_hukou", "fg_emp")
    agreement = groups["groups/fg_agreement"]["items"]
    shown = {one["source"] for one in agreement}
    yield (
        "register.graduate",
        (
            *groups["groups/fg_stu"]["items"],
            {"label": "学校", "source": "school"},
        ),
    )
    yield "register.employer", ({"label": "单位名称", "source": "name"}, *unit)
    yield (
        "register.agreement",
        (*agreement, *(one for one in terms if one["source"] not in shown)),
    )
    yield "register.destination", tuple(groups["groups/fg_dest_now"]["items"])
    yield "register.post", tuple(facts_of(packaged()["recruiting/post"].as_dict()["components"]))


def offered_for(source: str | list[str], sources: Mapping[str, Source]) -> list[Source]:
    """What the lines may show: of one source its items, without one everything by its whole path."""
    paths = [source] if isinstance(source, str) else list(source)
    if paths in ([], [""]):
        return [
            Source(
                one.path,
                one.label,
                tuple(item | {"source": f"{one.path}.{item['source']}"} for item in one.items),
            )
            for one in sources.values()
        ]
    ends = {path.removeprefix("scope.") for path in paths if path.startswith("scope.")}
    found = [
        one for path, one in sources.items() if path in paths or path.rpartition(".")[2] in ends
    ]
    return found[:1]


def block_view(part: Mapping[str, Any], sources: Mapping[str, Source]) -> BlockView:
    source = part.get("source", "")
    groups = offered_for(source, sources)
    known = {item["source"] for group in groups for item in group.items}
    paths = [source] if isinstance(source, str) else source
    is_known = source == "" or (isinstance(source, str) and source in sources)
    properties = part.get("properties") or {}
    return BlockView(
        chosen=source if is_known and isinstance(source, str) else KEEP,
        kept="" if is_known else "，没有就用 ".join(said_path(one, sources) for one in paths),
        sources=list(sources.values()),
        offered=[
            (group.label, [(item["source"], item["label"]) for item in group.items])
            for group in groups
        ],
        lines=[
            Line(one["label"], one["source"], one["source"] not in known, one["source"])
            for one in part.get("items", ())
        ],
        traits=[(name, words, bool(properties.get(name))) for name, words in TRAITS],
    )


def said_path(path: str, sources: Mapping[str, Source]) -> str:
    return sources[path].label if path in sources else path


def block_from(
    before: Mapping[str, Any], typed: Mapping[str, str], sources: Mapping[str, Source], asked: str
) -> tuple[dict[str, Any], list[str]]:
    """The block with what was typed, and a sentence for each line that lacks something.

    `asked` is what a button of a line wants: `up:2`, `down:2`, `drop:2`, or nothing.
    """
    part = dict(before)
    chosen = typed.get("source", KEEP)
    if chosen != KEEP:
        part["source"] = chosen
        if not chosen:
            part.pop("source")
    known = {
        item["source"]: item
        for group in offered_for(part.get("source", ""), sources)
        for item in group.items
    }
    standing = before.get("items", ())
    stays = part.get("source", "") == before.get("source", "")
    items, faults = [], []
    for number, line in enumerate(lines_in(typed), 1):
        item, fault = item_from(line, standing, known, stays)
        items += [item] if item else []
        faults += [f"第 {number} 行：{fault}"] if fault else []
    part["items"] = rearranged(items, asked)
    return with_traits(part, typed), faults


def lines_in(typed: Mapping[str, str]) -> Iterator[Line]:
    """The lines as they were sent, in the order of their numbers."""
    numbers = sorted(
        int(found[1]) for name in typed if (found := re.fullmatch(r"item-(\d{1,3})-source", name))
    )
    for number in numbers[: MOST_LINES + 1]:
        label, source, was = (
            typed.get(f"item-{number}-{word}", "").strip() for word in ("label", "source", "was")
        )
        yield Line(label, source, is_strange=False, was=was)


def item_from(
    line: Line, standing: Sequence[ITEM], known: Mapping[str, ITEM], stays: bool
) -> tuple[ITEM | None, str]:
    """A line as the definition keeps it, None for a spare one; and what is wrong with it.

    One that shows what it showed before keeps all that the page does not show of it, as long as the
    block's own source `stays`.
    """
    if not line.source:
        return None, f"“{line.label}”还没有选显示什么" if line.label and not line.was else ""
    by_source = {one["source"]: one for one in reversed(standing)}
    if stays and line.source in by_source:
        item = by_source[line.source]
    elif line.source in known:
        item = known[line.source]
    else:
        bare = {"label": line.label or line.source, "source": line.source}
        return bare, f"现在的来源里没有“{line.source}”，请重新选"
    former = by_source.get(line.was) or known.get(line.was) or {}
    is_old_name = line.source != line.was and line.label == former.get("label")
    return {**item, "label": item["label"] if is_old_name or not line.label else line.label}, ""


def rearranged(items: list[ITEM], asked: str) -> list[ITEM]:
    """The lines after a button: one a step up or down, or gone."""
    act, _, number = asked.partition(":")
    place = int(number) if number.isdecimal() else len(items)
    if place >= len(items) or act not in ("up", "down", "drop"):
        return items
    changed = list(items)
    line = changed.pop(place)
    if act != "drop":
        changed.insert(max(place + (1 if act == "down" else -1), 0), line)
    return changed


def with_traits(part: ITEM, typed: Mapping[str, str]) -> ITEM:
    properties = dict(part.get("properties") or {})
    for name, _ in TRAITS:
        if typed.get(f"trait-{name}"):
            properties[name] = True
        elif properties.get(name):
            del properties[name]
    bare = {key: value for key, value in part.items() if key != "properties"}
    return {**bare, "properties": properties} if properties or "properties" in part else bare
