"""Gives each item a column: time runs from left to right, loops lead back.

Cycles are cut where a walk from the start events meets its own trail, so what leads back is what
a reader would call back. The main path is the longest one; exceptions leave it.
"""

from __future__ import annotations

import re
from collections import deque

from processes.layout.model import GATEWAYS
from processes.layout.plan import Item, Join, Plan

_EXCEPTION = -3
_UNHAPPY = re.compile(
    r"不(?!限)|[未否拒退失撤逾驳废]|取消|终止|\b(?:no|not|reject|refus|fail|cancel|error|timeout|abort)",
    re.IGNORECASE,
)


def sounds_unhappy(name: str, subject: str = "") -> bool:
    """Whether a name tells of an exception: 不通过, 已拒绝, failed. It only guides the eye.

    A plain 否 tells nothing: whether yes or no goes on depends on the question. Nor does a word
    that the whole is about (`subject`): where destinations are voided, 已作废 is a good end.
    """
    if name.strip() == "否":
        return False
    return any(found[0] not in subject for found in _UNHAPPY.finditer(name))


def assign_columns(plan: Plan) -> None:
    """Set `column` of every item, and `backward` and `path` of the plan."""
    plan.backward = _backward(plan)
    order = _in_order(plan)
    plan.path = _main_path(plan, order)
    drops = _drops(plan)
    limits = _limits(plan, drops)
    _place(plan, limits)
    _pull_sources(plan, limits)


def starts(plan: Plan) -> list[Item]:
    """Items in the order in which a walk should begin: start events, sources, the rest."""
    firm = [item for item in plan.items.values() if not item.loose]

    def rank(item: Item) -> int:
        sources = [j for j in plan.reaching[item.id] if not j.weak and j.source != item.id]
        if item.kind == "startEvent":
            return 0
        return 2 if sources else 1

    return sorted(firm, key=rank)


def _backward(plan: Plan) -> set[str]:
    """Joins that close a cycle, found by an iterative depth-first walk."""
    back: set[str] = set()
    done: set[str] = set()
    for start in starts(plan):
        if start.id in done:
            continue
        trail = {start.id}
        stack = [(start.id, iter(_strong(plan, start.id)))]
        while stack:
            here, rest = stack[-1]
            for join in rest:
                if join.target in trail:
                    back.add(join.id)
                elif join.target not in done:
                    trail.add(join.target)
                    stack.append((join.target, iter(_strong(plan, join.target))))
                    break
            else:
                stack.pop()
                trail.discard(here)
                done.add(here)
    return back


def _strong(plan: Plan, id_: str) -> list[Join]:
    return [join for join in plan.leaving[id_] if not join.weak]


def _in_order(plan: Plan) -> list[str]:
    """Items so that each comes after those before it (strong joins only)."""
    missing = {id_: len(plan.arriving(id_)) for id_ in plan.items}
    ready = deque(item.id for item in starts(plan) if not missing[item.id])
    order = []
    while ready:
        here = ready.popleft()
        order.append(here)
        for join in plan.onward(here):
            missing[join.target] -= 1
            if not missing[join.target]:
                ready.append(join.target)
    return order


def _main_path(plan: Plan, order: list[str]) -> list[str]:
    """The longest way from the first start to an end; attached events leave it unwillingly."""
    best: dict[str, tuple[int, str | None]] = {}
    for here in reversed(order):
        value, via = (1 + _EXCEPTION if plan.items[here].unhappy else 1), None
        value = value if not plan.onward(here) else -(10**6)
        for join in plan.onward(here):
            gain = 1 + best[join.target][0] + (_EXCEPTION if join.hanger else 0)
            if sounds_unhappy(join.name, plan.subject):
                gain += _EXCEPTION
            elif join.main:
                gain += 1
            if gain > value:
                value, via = gain, join.target
        best[here] = (value, via)
    heads = [id_ for id_ in order if not plan.arriving(id_)]
    if not heads:
        return []
    first = min(heads, key=lambda id_: (plan.items[id_].kind != "startEvent", -best[id_][0]))
    path: list[str] = []
    here_or_end: str | None = first
    while here_or_end is not None:
        path.append(here_or_end)
        here_or_end = best[here_or_end][1]
    return path


def _drops(plan: Plan) -> set[str]:
    """Joins that fall straight into another band (or return at once) and need no column."""
    found: set[str] = set()
    taken: set[tuple[str, bool]] = set()
    on_path = set(zip(plan.path, plan.path[1:], strict=False))
    for item in plan.items.values():
        onward = plan.onward(item.id)
        for join in sorted(onward, key=lambda j: (j.source, j.target) not in on_path):
            target = plan.items[join.target]
            down = target.band > item.band or bool(join.hanger)
            if len(plan.arriving(join.target)) != 1 or (item.id, down) in taken:
                continue
            turns_back = bool(plan.leaving[join.target]) and not plan.onward(join.target)
            splits = item.kind in GATEWAYS and len(onward) > 1
            if join.hanger:
                falls = target.band >= item.band
            elif target.band != item.band:
                falls = splits and len({plan.items[j.target].band for j in onward}) > 1
            else:
                falls = splits and turns_back and (item.id, join.target) not in on_path
            if falls:
                found.add(join.id)
                taken.add((item.id, down))
    return found


_Limits = dict[str, list[tuple[str, int]]]


def _limits(plan: Plan, drops: set[str]) -> _Limits:
    """For each item those before it, with the columns between them."""
    limits: _Limits = {id_: [] for id_ in plan.items}
    after: dict[str, list[str]] = {id_: [] for id_ in plan.items}
    for join in plan.joins.values():
        if not join.weak and not plan.is_loop(join):
            limits[join.target].append((join.source, 0 if join.id in drops else 1))
            after[join.source].append(join.target)
    weak = [j for j in plan.joins.values() if j.weak and j.source != j.target]
    for join in weak[:300]:
        ends = plan.items.get(join.source), plan.items.get(join.target)
        if None in ends or any(end is not None and end.loose for end in ends):
            continue
        if not _reaches(after, join.target, join.source):
            limits[join.target].append((join.source, 0))
            after[join.source].append(join.target)
    return limits


def _reaches(after: dict[str, list[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        fresh = [id_ for id_ in after[here] if id_ not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _place(plan: Plan, limits: _Limits) -> None:
    after: dict[str, list[str]] = {id_: [] for id_ in plan.items}
    missing = {id_: len(before) for id_, before in limits.items()}
    for id_, before in limits.items():
        for source, _ in before:
            after[source].append(id_)
    ready = deque(id_ for id_, count in missing.items() if not count)
    while ready:
        here = ready.popleft()
        plan.items[here].column = max(
            (plan.items[source].column + span for source, span in limits[here]), default=0
        )
        for id_ in after[here]:
            missing[id_] -= 1
            if not missing[id_]:
                ready.append(id_)


def _pull_sources(plan: Plan, limits: _Limits) -> None:
    """Move what begins late (a second start event) next to where it joins."""
    nearest: dict[str, int] = {}
    for id_, before in limits.items():
        for source, span in before:
            column = plan.items[id_].column - span
            nearest[source] = min(nearest.get(source, column), column)
    head = plan.path[0] if plan.path else None
    for id_, column in nearest.items():
        if not limits[id_] and id_ != head:
            plan.items[id_].column = max(plan.items[id_].column, column)
