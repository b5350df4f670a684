"""Random structured diagrams, random answers and clock moves: however a run is stored, it is the same.

Three runs go side by side: a plain one (nothing is ever dropped), a compacted one, and one that is
dumped and restored before every step.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from processes.engine.placing import place
from processes.tokengame import Game

STATE_LIMIT = 4096
LAPS = 500
OUTERMOST = "Again_2"  # a loop draws its question before its body
CALM = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

LEAVES = st.sampled_from(
    [
        ("task",),
        ("service",),
        ("wait",),
        ("lapse",),
        ("remind",),
        ("cycle",),
        ("hear",),
        ("race",),
        ("again",),
        ("many",),
        ("leap",),
    ]
)
BLOCKS = st.recursive(
    LEAVES,
    lambda block: st.one_of(
        st.tuples(st.just("sequence"), block, block),
        st.tuples(st.just("choice"), block, block),
        st.tuples(st.just("loop"), block),
        st.tuples(st.just("parallel"), block, block),
        st.tuples(st.just("parallel"), block, block, block),
        st.tuples(st.just("sub"), block),
        st.tuples(st.just("timed_sub"), block),
        st.tuples(st.just("call"), block),
        st.tuples(st.just("either"), block, block),
        st.tuples(st.just("both_or_one"), block, block),
        st.tuples(st.just("turns"), block),
        st.tuples(st.just("handled"), block),
        st.tuples(st.just("failing"), block),
    ),
    max_leaves=7,
)
BESIDE_IN_A_LOOP = st.tuples(st.just("loop"), st.tuples(st.just("parallel"), BLOCKS, BLOCKS))
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("answer"), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("later"), st.integers(1, 4), st.just(0)),
        st.tuples(st.just("message"), st.integers(0, 1), st.integers(0, 2)),
    ),
    min_size=15,
    max_size=50,
)


@dataclass
class Join:
    """A parallel join as the happenings name it, and the activities it lies in."""

    arriving: list[str]
    leaving: str
    inside: tuple[str, ...]


@dataclass
class Artist:
    """Draws a block; every drawing has one way in and one way out."""

    draw: object
    called: dict = field(default_factory=dict)
    joins: list = field(default_factory=list)
    count: int = 0

    def id(self, word):
        self.count += 1
        return f"{word}_{self.count}"

    def block(self, shape, calls=(), inside=()):
        """XML, first element and last element of a block."""
        return getattr(self, shape[0])(*shape[1:], calls=calls, inside=inside)

    def task(self, **_):
        id = self.id("Task")
        return self.draw.user(id), id, id

    def service(self, **_):
        id = self.id("Service")
        return self.draw.service(id), id, id

    def wait(self, **_):
        id = self.id("Wait")
        return self.draw.catch(id, self.draw.timer("P1D")), id, id

    def lapse(self, **_):
        """A task that a timer takes away; both ways meet again."""
        d, id, late, meet = self.draw, self.id("Task"), self.id("Late"), self.id("meet")
        xml = d.user(id) + d.boundary(late, id, d.timer("P2D")) + d.gateway(meet)
        return xml + d.path(id, meet) + d.path(late, meet), id, meet

    def remind(self, text="P1D", kind="timeDuration", **_):
        """A task with a timer that starts something beside it."""
        d, id, remind = self.draw, self.id("Task"), self.id("Remind")
        beside, end = self.id("Beside"), self.id("end")
        xml = d.user(id) + d.boundary(remind, id, d.timer(text, kind), False)
        return xml + d.user(beside) + d.end(end) + d.path(remind, beside, end), id, id

    def hear(self, **_):
        """A task that a message takes away, and another that it only adds to."""
        d, id, back, meet = self.draw, self.id("Task"), self.id("Back"), self.id("meet")
        note, noted = self.id("Note"), self.id("noted")
        xml = d.user(id) + d.boundary(back, id, d.message("withdraw")) + d.gateway(meet)
        xml += d.boundary(note, id, d.message("hello"), False) + d.end(noted)
        return xml + d.path(id, meet) + d.path(back, meet) + d.path(note, noted), id, meet

    def race(self, **_):
        """Whichever comes first: a message or a timer."""
        d, race, meet = self.draw, self.id("race"), self.id("meet")
        heard, late = self.id("Heard"), self.id("Late")
        xml = f'<eventBasedGateway id="{race}"/>' + d.catch(heard, d.message("hello"))
        xml += d.catch(late, d.timer("P2D")) + d.gateway(meet)
        return xml + d.path(race, heard, meet) + d.path(race, late, meet), race, meet

    def again(self, **_):
        d, id = self.draw, self.id("Task")
        return d.marked(d.user(id), d.again(f"{id}.way == 1", before=False)), id, id

    def many(self, **_):
        """Two turns side by side; a timer takes both away."""
        d, id, late, meet = self.draw, self.id("Task"), self.id("Late"), self.id("meet")
        xml = d.marked(d.user(id), d.many(2, until=f"{id}.way == 2")) + d.gateway(meet)
        xml += d.boundary(late, id, d.timer("P2D"))
        return xml + d.path(id, meet) + d.path(late, meet), id, meet

    def leap(self, **_):
        d, name = self.draw, self.id("link")
        throw, catch = self.id("Throw"), self.id("Catch")
        xml = d.throw(throw, d.link(name)) + d.catch(catch, d.link(name))
        return xml, throw, catch

    def either(self, first, second, **where):
        """Conditional flows out of a task: one branch or the other."""
        d, ask, meet = self.draw, self.id("Ask"), self.id("meet")
        (xml1, a, b), (xml2, c, e) = self.block(first, **where), self.block(second, **where)
        xml = d.user(ask) + d.gateway(meet) + d.flow(ask, a, f"{ask}.way == 1")
        xml += d.flow(ask, c, f"{ask}.way != 1")
        return xml + xml1 + xml2 + d.path(b, meet) + d.path(e, meet), ask, meet

    def both_or_one(self, first, second, **where):
        """An inclusive fork and join."""
        d, ask, out = self.draw, self.id("Ask"), self.id("out")
        fork, join = self.id("fork"), self.id("join")
        (xml1, a, b), (xml2, c, e) = self.block(first, **where), self.block(second, **where)
        xml = d.user(ask) + f'<inclusiveGateway id="{fork}"/><inclusiveGateway id="{join}"/>'
        xml += d.gateway(out) + d.path(ask, fork) + d.path(join, out)
        xml += d.flow(fork, a, f"{ask}.way != 1") + d.flow(fork, c, f"{ask}.way != 0")
        return xml + xml1 + xml2 + d.path(b, join) + d.path(e, join), ask, out

    def turns(self, body, **where):
        """A sub-process that is gone through twice."""
        xml, id, _ = self.sub(body, **where)
        return self.draw.marked(xml, self.draw.many(2, sequential=True)), id, id

    def handled(self, body, **where):
        """A sub-process with a handler beside it, and one that takes it over."""
        d, beside, over = self.draw, self.id("Beside"), self.id("Over")
        xml, id, _ = self.sub(body, **where)
        inside = ""
        for handler, definition, interrupting in (
            (beside, d.message("hello"), False),
            (over, d.timer("P4D"), True),
        ):
            task, end = self.id("Handle"), self.id("end")
            parts = d.user(task), d.end(end), d.path(f"{handler}_start", task, end)
            inside += d.event_sub_process(handler, definition, *parts, interrupting=interrupting)
        return d.marked(xml, inside), id, id

    def failing(self, body, calls, inside):
        """A sub-process that may end with an error, after it said so by a signal."""
        d, id, start, end = self.draw, self.id("Sub"), self.id("start"), self.id("end")
        ask, split, bad, tell = self.id("Ask"), self.id("split"), self.id("bad"), self.id("Tell")
        failed, heard, told, meet = (
            self.id("Failed"),
            self.id("Heard"),
            self.id("end"),
            self.id("meet"),
        )
        path = "/".join((*calls, id))
        xml, a, b = self.block(body, calls=calls, inside=(*inside, path))
        xml = d.sub_process(
            id, d.start(start), xml, d.user(ask), d.gateway(split, f"{split}_{end}"), d.end(end),
            d.throw(tell, d.signal("go")), d.throwing_end(bad, d.error("one")), d.path(start, a),
            d.path(b, ask, split, end), d.flow(split, tell, f"{ask}.way == 1"), d.path(tell, bad),
        )  # fmt: skip
        xml += d.boundary(failed, id, d.error("one")) + d.boundary(heard, id, d.signal("go"), False)
        xml += d.end(told) + d.gateway(meet) + d.path(heard, told)
        return xml + d.path(id, meet) + d.path(failed, meet), id, meet

    def cycle(self, **_):
        return self.remind("R2/P1D", "timeCycle")

    def sequence(self, first, second, **where):
        (xml1, a, b), (xml2, c, d) = self.block(first, **where), self.block(second, **where)
        return xml1 + xml2 + self.draw.path(b, c), a, d

    def choice(self, first, second, **where):
        d, ask, split, meet = self.draw, self.id("Ask"), self.id("split"), self.id("meet")
        (xml1, a, b), (xml2, c, e) = self.block(first, **where), self.block(second, **where)
        xml = d.user(ask) + d.gateway(split, default=f"{split}_{a}") + d.gateway(meet)
        xml += d.path(ask, split, a) + d.flow(split, c, f"{ask}.way == 1")
        return xml + xml1 + xml2 + d.path(b, meet) + d.path(e, meet), ask, meet

    def loop(self, body, **where):
        d, enter, ask, leave = self.draw, self.id("enter"), self.id("Again"), self.id("leave")
        xml, a, b = self.block(body, **where)
        out = self.id("out")
        xml += d.gateway(enter) + d.user(ask) + d.gateway(out)
        xml += d.gateway(leave, default=f"{leave}_{out}") + d.path(enter, a)
        return (
            xml + d.path(b, ask, leave, out) + d.flow(leave, enter, f"{ask}.way == 0"),
            enter,
            out,
        )

    def parallel(self, *branches, **where):
        d, fork, join, out = self.draw, self.id("fork"), self.id("join"), self.id("out")
        xml, arriving = d.parallel(fork) + d.parallel(join) + d.gateway(out), []
        for branch in branches:
            inner, a, b = self.block(branch, **where)
            xml += inner + d.path(fork, a) + d.path(b, join)
            arriving.append("/".join((*where["calls"], f"{b}_{join}")))
        leaving = "/".join((*where["calls"], f"{join}_{out}"))
        self.joins.append(Join(arriving, leaving, where["inside"]))
        return xml + d.path(join, out), fork, out

    def sub(self, body, calls, inside, id=None):
        d, id, start, end = self.draw, id or self.id("Sub"), self.id("start"), self.id("end")
        path = "/".join((*calls, id))
        xml, a, b = self.block(body, calls=calls, inside=(*inside, path))
        xml = d.sub_process(id, d.start(start), xml, d.end(end), d.path(start, a), d.path(b, end))
        return xml, id, id

    def timed_sub(self, body, calls, inside):
        d, id, late, meet = self.draw, self.id("Sub"), self.id("Late"), self.id("meet")
        xml, _, _ = self.sub(body, calls, inside, id)
        xml += d.boundary(late, id, d.timer("P3D")) + d.gateway(meet)
        return xml + d.path(id, meet) + d.path(late, meet), id, meet

    def call(self, body, calls, inside):
        d, id, name = self.draw, self.id("Call"), self.id("process")
        start, end, path = self.id("start"), self.id("end"), "/".join((*calls, id))
        xml, a, b = self.block(body, calls=(*calls, id), inside=(*inside, path))
        self.called[name] = d.document(
            d.start(start), xml, d.end(end, outcome="done"), d.path(start, a), d.path(b, end),
            process=name,
        )  # fmt: skip
        return d.call(id, name), id, id

    def whole(self, shape):
        """A release of the block between a start and an end."""
        d = self.draw
        xml, a, b = self.block(shape)
        parts = d.start(), xml, d.end(), d.path("s", a), d.path(b, "e")
        return d.compiled(*parts, called=self.called)


def assert_joins_waited_for_all(joins, history):
    """Per join: it fired as often as its rarest branch arrived, and never before."""
    for join in joins:
        arrived, fired = dict.fromkeys(join.arriving, 0), 0
        for happening in history:
            if happening.kind == "entered" and happening.element in join.inside:
                arrived, fired = dict.fromkeys(join.arriving, 0), 0
            elif happening.element in arrived:
                arrived[happening.element] += 1
            elif happening.element == join.leaving:
                fired += 1
                assert fired <= min(arrived.values()), "a join fired early"
        assert fired == min(arrived.values()), "a join did not fire"


def move(case, action, index, way):
    if action == "later":
        return case.later(days=index)
    if action == "message" and case.step.messages:
        return case.message(case.step.messages[index % len(case.step.messages)], {"way": way})
    if not case.step.tasks:
        return case.later(hours=1)
    task = case.step.tasks[index % len(case.step.tasks)]
    return case.answer(task.element, way=way) if _alone(case, task) else _answer(case, task, way)


def _alone(case, task):
    return case.waiting.count(task.element) == 1


def _answer(case, task, way):
    """Several tokens may wait at the same reminder; take this one."""
    return case._move(lambda: case.run.answer(task.token, {"way": way}, case.now, case.operators))


@settings(CALM, max_examples=300)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_stored_compacted_and_plain_runs_take_the_same_path(draw, play, shape, moves):
    artist = Artist(draw)
    executable = artist.whole(shape)
    plain = play(executable, restores=False, compacts=False)
    compacted = play(executable, restores=False)
    restored = play(executable)
    runs = [plain, compacted, restored]

    for action in moves:
        for case in runs:
            assert case.step == plain.step
            assert len(case.run.dump()) < STATE_LIMIT or case is plain
        if plain.step.finished:
            break
        for case in runs:
            move(case, *action)

    assert compacted.history == restored.history == plain.history
    assert compacted.run.dump() == restored.run.dump()
    assert compacted.operators.calls == plain.operators.calls
    assert_joins_waited_for_all(artist.joins, plain.history)
    event("finished" if plain.step.finished else "still running")


@settings(CALM, max_examples=25)
@given(
    shape=BLOCKS, order=st.lists(st.integers(0, 5), min_size=3, max_size=3), days=st.integers(0, 2)
)
def test_every_lap_of_a_loop_is_like_the_first(draw, play, shape, order, days):
    artist = Artist(draw)
    case = play(artist.whole(("loop", ("parallel", shape, ("task",)))))
    outer = OUTERMOST

    def lap():
        begun = case.now
        for _ in range(200):
            if case.waiting == [outer]:
                break
            open_tasks = [t for t in case.step.tasks if t.element != outer]
            if open_tasks:
                _answer(case, open_tasks[order[len(open_tasks) % 3] % len(open_tasks)], 1)
            else:
                case.later(days=max(days, 1))
        path = [(h.kind, h.element) for h in case.history]
        size, case.history = len(case.run.dump()), []
        case.answer(outer, way=0)
        return path, size, case.now - begun

    first = lap()
    laps = [lap() for _ in range(20)]

    assert all(path == laps[0][0] for path, _, _ in laps)
    assert max(size for _, size, _ in laps) <= first[1] + 40
    assert not case.step.finished


@pytest.mark.parametrize(
    "shape",
    [
        ("task",),
        ("parallel", ("lapse",), ("loop", ("remind",))),
        ("parallel", ("sub", ("parallel", ("task",), ("cycle",))), ("task",), ("service",)),
        ("timed_sub", ("call", ("parallel", ("task",), ("choice", ("task",), ("lapse",))))),
    ],
)
def test_the_state_stays_small_and_flat_over_many_laps(draw, play, shape):
    artist = Artist(draw)
    case = play(artist.whole(("loop", shape)))
    outer = OUTERMOST
    sizes = []

    for _ in range(LAPS):
        while case.waiting != [outer]:
            inner = next(task for task in case.step.tasks if task.element != outer)
            _answer(case, inner, 1)
        sizes.append(len(case.run.dump()))
        case.now += timedelta(minutes=1)
        case.answer(outer, way=0)

    assert len(sizes) == LAPS
    assert max(sizes) < STATE_LIMIT
    assert max(sizes) - min(sizes) <= 2 * len("99999")
    assert_joins_waited_for_all(artist.joins, case.history)


@settings(CALM, max_examples=150)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_a_case_placed_on_the_same_diagram_stands_as_before(draw, play, shape, moves):
    """At every step: the same tokens as text, the same variables, and nothing is refused."""
    executable, twin = Artist(draw).whole(shape), Artist(draw).whole(shape)
    case = play(executable)

    for action in moves:
        state, variables = case.run.dump(), case.run.variables
        placed = place(executable, twin, state, variables=variables, facts=case.facts, now=case.now)
        assert (placed.state, placed.variables) == (state, variables)
        if case.step.finished:
            break
        move(case, *action)


@settings(CALM, max_examples=300)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_the_engine_and_the_token_game_agree(draw, play, shape, moves):
    """Two executions, written apart, stand at the same steps with the same time left after each act."""
    executable = Artist(draw).whole(shape)
    case = play(executable)
    game = Game(executable.diagram, executable.called)
    marking = game.start({"case": {}, "school": {}}, case.now, done)

    for action, index, way in moves:
        assert seen(marking) == (
            tuple(sorted(case.waiting)), case.step.messages, case.step.wake_at,
            case.step.finished,
        )  # fmt: skip
        if case.step.finished:
            break
        marking = the_same_move(game, marking, case, action, index, way)


def done(path, operator):
    return "ok"


def seen(marking):
    return marking.waiting, marking.messages, marking.wake_at, marking.ended_at is not None


def the_same_move(game, marking, case, action, index, way):
    """What `move` does, in both."""
    step = case.step
    move(case, action, index, way)
    if action == "message" and step.messages:
        name = step.messages[index % len(step.messages)]
        return game.message(marking, name, case.now, done, {"way": way})
    if action == "later" or not step.tasks:
        return game.wait(marking, case.now, done)
    task = step.tasks[index % len(step.tasks)]
    alike = [one.token for one in step.tasks if one.element == task.element]
    place = alike.index(task.token) if len(alike) > 1 else 0
    return game.answer(marking, task.element, {"way": way}, case.now, done, place)
