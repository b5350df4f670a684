"""Random drawings without any structure: forks that never join, joins that starve, laps, lost ways.

Most of them are unsound. Whatever engine and game do with them, they do the same: they stand at the
same places, take the same flows, reach the same end, or both give up at the same act.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from processes.diagram import read_diagram
from processes.engine import Deadlock, DiagramRefused, EngineError, Run, compile_release, specs
from tests.processes.pair import FACTS, NOW, Pair, Willing

CALM = settings(
    deadline=None,
    max_examples=90,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
KINDS = (
    *("manual", "user", "late", "nudge", "service", "catch", "hear", "race", "inside"),
    *("twice", "again", "tell", "heed", "call_up", "fail", "beside"),
    *("xor", "and", "and", "or"),
)
LINES = {
    "manual": "manual {0}",
    "user": "user {0}",
    "late": "user {0}\nboundary B{0} on={0} duration=P2D",
    "nudge": "user {0}\nboundary B{0} on={0} duration=P3D free",
    "service": "service {0} op=notify",
    "catch": "catch {0} duration=P1D",
    "hear": "catch {0} message=go",
    "xor": "xor {0}",
    "and": "and {0}",
    "or": "or {0}",
    "race": "event {0}\ncatch T{0} duration=P1D\ncatch B{0} message=go\n{0} > T{0}\n{0} > B{0}",
    "inside": (
        "sub {0}\nboundary B{0} on={0} message=go\nstart S{0} in={0}\nand F{0} in={0}\n"
        "user U{0} in={0}\ncatch W{0} in={0} duration=P1D\nend E{0} in={0}\nend X{0} in={0} terminate\n"
        "S{0} > F{0}\nF{0} > U{0} > E{0}\nF{0} > W{0} > X{0}"
    ),
}
LINES |= {
    "twice": "user {0} count=2 until=\"{0}.way == 'b'\"",
    "again": "user {0} again=\"{0}.way == 'a'\"",
    "tell": "throw {0} signal=told",
    "heed": "user {0}\nboundary B{0} on={0} signal=told free",
    "call_up": (
        "sub {0} count=2\nboundary B{0} on={0} escalation=up free\nstart S{0} in={0}\n"
        "user U{0} in={0}\nthrow R{0} in={0} escalation=up\nend E{0} in={0}\n"
        "S{0} > U{0} > R{0} > E{0}"
    ),
    "fail": (
        "sub {0}\nboundary B{0} on={0} error=any\nstart S{0} in={0}\nxor F{0} in={0}\n"
        "throw T{0} in={0} signal=told\nend X{0} in={0} error=bad\nend E{0} in={0}\n"
        "S{0} > F{0}\nF{0} > T{0} : Ask.way == 'a'\nT{0} > X{0}\nF{0} >> E{0}"
    ),
    "beside": (
        "sub {0}\nboundary B{0} on={0} duration=P4D\nstart S{0} in={0}\nuser U{0} in={0}\n"
        "end E{0} in={0}\nS{0} > U{0} > E{0}\n"
        "sub V{0} in={0} triggered\nstart H{0} in=V{0} message=go free\nuser W{0} in=V{0}\n"
        "end Z{0} in=V{0}\nH{0} > W{0} > Z{0}\n"
        "sub O{0} in={0} triggered\nstart G{0} in=O{0} signal=told\nuser Y{0} in=O{0}\n"
        "end Q{0} in=O{0}\nG{0} > Y{0} > Q{0}"
    ),
}
BESIDE = {
    "late",
    "nudge",
    "race",
    "inside",
    "heed",
    "call_up",
    "fail",
    "beside",
}  # those with a second way out, of B…
GATEWAYS = {"xor", "and", "or"}
CONDITIONS = ("Ask.way == 'a'", "Ask.way == 'b'", "Ask.way in ['a', 'c']")


@st.composite
def graphs(draw):
    """The sketch of a drawing in which everything has a way on, wherever it leads."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=8))
    names = [f"N{number}" for number in range(len(kinds))]
    targets = st.sampled_from([*names, "Ask", "Done", "Gone", "Stop"])
    lines = ["start Begin", "user Ask", "end Done", "end Gone", "end Stop terminate", "Begin > Ask"]
    lines += [LINES[kind].format(name) for name, kind in zip(names, kinds, strict=True)]
    lines.append(f"Ask > {draw(st.sampled_from(names))}")
    for name, kind in zip(names, kinds, strict=True):
        if kind in GATEWAYS:
            ways = draw(st.lists(targets, min_size=1, max_size=3, unique=True))
            lines += ways_out(name, kind, ways, draw)
        else:
            way_out = f"T{name}" if kind == "race" else name
            lines.append(f"{way_out} > {draw(targets)}")
        if kind in BESIDE:
            lines.append(f"B{name} > {draw(targets)}")
    return "\n".join(lines)


def ways_out(name, kind, ways, draw):
    if kind == "and" or len(ways) == 1:
        return [f"{name} > {way}" for way in ways]
    *chosen, default = ways
    conditions = [draw(st.sampled_from(CONDITIONS)) for _ in chosen]
    lines = [f"{name} > {w} : {c}" for w, c in zip(chosen, conditions, strict=True)]
    return [*lines, f"{name} >> {default}"]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "answer", "later", "message"]),
        st.integers(0, 5),
        st.sampled_from("abc"),
    ),
    min_size=6,
    max_size=14,
)


def play(sketch, text, moves):
    """Play both; raises AssertionError where they part."""
    try:
        pair = Pair(compile_release(read_diagram(sketch(text)), {}))
    except DiagramRefused:
        assume(False)
    going = pair.start()
    for move in moves:
        going = going and pair.move(*move)


@CALM
@given(text=graphs(), moves=MOVES)
def test_engine_and_game_agree_on_any_drawing(sketch, text, moves):
    play(sketch, text, moves)


def the_first_token_opens(self, token):
    return True


@pytest.mark.parametrize(
    ("broken", "name", "instead"),
    [
        (specs.Parallel, "_update_hook", the_first_token_opens),
        (specs.Choice, "ways_on", lambda self, token: self.ways[-1:]),
        (Run, "_check_alive", lambda self, people: None),
    ],
    ids=["a join waits for one branch only", "only the default", "a standstill is not seen"],
)
def test_an_engine_that_is_broken_is_found_by_some_drawing(
    sketch, monkeypatch, broken, name, instead
):
    monkeypatch.setattr(broken, name, instead)

    @settings(CALM, database=None, phases=[Phase.generate])
    @given(text=graphs(), moves=MOVES)
    def agree(text, moves):
        play(sketch, text, moves)

    with pytest.raises((AssertionError, ExceptionGroup)):
        agree()


def test_some_drawings_end_and_some_starve(sketch):
    """What is drawn is neither all sound nor all broken."""

    def ends(drawn):
        return outcome(sketch, drawn) == "ended"

    def starves(drawn):
        return outcome(sketch, drawn) == "starved"

    first = settings(CALM, database=None, phases=[Phase.generate])  # any will do, not the smallest
    find(graphs(), ends, settings=first)
    find(graphs(), starves, settings=first)


def outcome(sketch, text):
    """What becomes of a case in which everybody answers "a" and time passes."""
    try:
        executable = compile_release(read_diagram(sketch(text)), {})
    except DiagramRefused:
        return "refused"
    operators, now = Willing(), NOW
    try:
        run = Run.start(executable, facts=FACTS, now=now, operators=operators)
        for _ in range(12):
            if run.is_finished:
                return "ended"
            now += timedelta(days=1)
            if run.waiting:
                run.answer(run.waiting[0].token, {"way": "a"}, now, operators)
            else:
                run.wake(now, operators)
    except Deadlock:
        return "starved"
    except EngineError:
        return "broken"
    return "goes on"
