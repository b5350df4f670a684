"""What the checks accept never stands still in the engine: random drawings, random people."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from processes.checks import check
from processes.engine import Run, compile_release

FORMS = {"f": {"outcome": ["a", "b"]}}
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
STEPS = {"user": "form=f", "service": "op=acquire_claim", "xor": "", "and": ""}
PATIENCE = 60


class Application:
    """Gives each operator one of its outcomes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def call(self, operator, parameters, at):
        return self.chance.choice(["ok", "taken"])


def drawing(chance: random.Random) -> str:
    """A random drawing; most flows lead forward, some back, some nowhere sensible."""
    kinds = [chance.choice(["user", "user", "service", "xor", "xor", "and", "and"])]
    kinds += [chance.choice(list(STEPS)) for _ in range(chance.randint(1, 5))]
    names = [f"N{number}" for number in range(len(kinds))]
    lines = ["start A", "user U form=f", "end E", "A > U > N0"]
    for number, kind in enumerate(kinds):
        lines.insert(3, f"{kind} N{number} {STEPS[kind]}")
        ahead = [*names[number + 1 :], "E"]
        targets = [chance.choice(ahead if chance.random() < 0.8 else names) for _ in range(2)]
        lines += ways(f"N{number}", kind, list(dict.fromkeys(targets)))
    if chance.random() < 0.3:
        lines += [f"boundary B on=U duration=P1D {chance.choice(['', 'free'])}"]
        lines += [f"B > {chance.choice([*names, 'E'])}"]
    return "\n".join(lines)


def ways(source: str, kind: str, targets: list[str]) -> list[str]:
    """The flows that leave a step."""
    if kind == "xor" and len(targets) == 2:
        return [f"{source} > {targets[0]} : U.outcome == 'a'", f"{source} >> {targets[1]}"]
    if kind == "and":
        return [f"{source} > {target}" for target in targets]
    return [f"{source} > {targets[0]}"]


def never_stands_still(diagram, chance: random.Random) -> bool:
    """Answer at random, now and then let two days pass: it ends, or somebody can still act."""
    application, now = Application(chance), MONDAY
    facts = {"case": {}, "school": {}}
    run = Run.start(compile_release(diagram, {}), facts=facts, now=now, operators=application)
    for _ in range(PATIENCE):
        if run.is_finished:
            return True
        if not run.waiting:
            return False
        now += timedelta(days=chance.choice([0, 0, 0, 2]))
        run.wake(now, application)
        if run.waiting and not run.is_finished:
            task = chance.choice(run.waiting)
            run.answer(task.token, {"outcome": chance.choice("ab")}, now, application)
    return True


@pytest.mark.parametrize("block", range(4))
def test_what_is_accepted_without_doubt_never_stands_still(block, draw):
    accepted = 0
    for seed in range(block * 250, block * 250 + 250):
        chance = random.Random(seed)
        text = drawing(chance)
        diagram = draw(text)
        if check(diagram, forms=FORMS):
            continue

        accepted += 1
        assert never_stands_still(diagram, chance), text

    assert accepted >= 10
