"""Draws random structured diagrams: blocks with one way in and one way out, inside each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

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
        ("receive",),
        ("routed",),
        ("rated",),
        ("told",),
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
        st.tuples(st.just("raised"), block),
        st.tuples(st.just("stopped"), block),
        st.tuples(st.just("beside"), block),
        st.tuples(st.just("repeated"), block, st.booleans()),
        st.tuples(st.just("answered"), block, st.booleans()),
        st.tuples(st.just("wide"), block, block, block),
        st.tuples(st.just("fan"), block, block),
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


def table(id, asks):
    """A business rule task that calls the answer 0 low and everything else high."""
    rule = "<d:rule><d:inputEntry><d:text>{}</d:text></d:inputEntry><d:outputEntry><d:text>{}</d:text></d:outputEntry></d:rule>"
    rows = rule.format("0", '"low"') + rule.format("-", '"high"')
    return (
        f'<businessRuleTask id="{id}" name="{id}"><extensionElements>'
        '<d:definitions xmlns:d="https://www.omg.org/spec/DMN/20191111/MODEL/"><d:decision>'
        '<d:decisionTable hitPolicy="FIRST"><d:input><d:inputExpression>'
        f"<d:text>{asks}</d:text></d:inputExpression></d:input>"
        f'<d:output name="grade"/>{rows}</d:decisionTable></d:decision></d:definitions>'
        "</extensionElements></businessRuleTask>"
    )


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

    def receive(self, **_):
        """Waits for a message, as a task; a timer gives it up."""
        d, id, late, meet = self.draw, self.id("Receive"), self.id("Late"), self.id("meet")
        xml = f'<receiveTask id="{id}" name="{id}" messageRef="Message_hello"/>' + d.gateway(meet)
        xml += d.boundary(late, id, d.timer("P2D"))
        return xml + d.path(id, meet) + d.path(late, meet), id, meet

    def routed(self, **_):
        """What an operator answers decides the way."""
        d, id, split, meet = self.draw, self.id("Service"), self.id("split"), self.id("meet")
        other = self.id("Task")
        xml = d.service(id) + d.gateway(split, f"{split}_{other}") + d.gateway(meet) + d.user(other)
        xml += d.path(id, split, other, meet)
        return xml + d.flow(split, meet, f"{id}.outcome == 'ok'"), id, meet

    def rated(self, **_):
        """A decision table over an answer, and a way for each of its results."""
        d, ask, rate = self.draw, self.id("Ask"), self.id("Rate")
        split, other, meet = self.id("split"), self.id("Task"), self.id("meet")
        xml = d.user(ask) + table(rate, f"{ask}.way") + d.gateway(split, f"{split}_{other}")
        xml += d.gateway(meet) + d.user(other) + d.path(ask, rate, split, other, meet)
        return xml + d.flow(split, meet, f"{rate}.grade == 'low'"), ask, meet

    def told(self, **_):
        """One branch tells the other by a signal that it need not wait any longer."""
        d, fork, join, id = self.draw, self.id("fork"), self.id("join"), self.id("Task")
        race, heard, late = self.id("race"), self.id("Heard"), self.id("Late")
        meet, tell, out = self.id("meet"), self.id("Tell"), self.id("out")
        xml = d.parallel(fork) + d.parallel(join) + d.user(id) + d.throw(tell, d.signal("go"))
        xml += f'<eventBasedGateway id="{race}"/>' + d.catch(heard, d.signal("go"))
        xml += d.catch(late, d.timer("P3D")) + d.gateway(meet) + d.gateway(out)
        xml += d.path(fork, id, tell, join, out) + d.path(fork, race, heard, meet, join)
        return xml + d.path(race, late, meet), fork, out

    def raised(self, body, calls, inside):
        """A sub-process that escalates on its way; something beside it takes note."""
        d, id, start, end = self.draw, self.id("Sub"), self.id("start"), self.id("end")
        up, noted, note = self.id("Raise"), self.id("Noted"), self.id("Note")
        over = self.id("end")
        xml, a, b = self.block(body, calls=calls, inside=(*inside, "/".join((*calls, id))))
        xml = d.sub_process(
            id, d.start(start), d.throw(up, d.escalation("one")), xml, d.end(end),
            d.path(start, up, a), d.path(b, end),
        )  # fmt: skip
        xml += d.boundary(noted, id, d.escalation("one"), False) + d.user(note) + d.end(over)
        return xml + d.path(noted, note, over), id, id

    def stopped(self, body, calls, inside):
        """A sub-process in which one branch may stop everything."""
        d, id, start, fork = self.draw, self.id("Sub"), self.id("start"), self.id("fork")
        ask, split, stop, end = self.id("Ask"), self.id("split"), self.id("stop"), self.id("end")
        done = self.id("end")
        xml, a, b = self.block(body, calls=calls, inside=(*inside, "/".join((*calls, id))))
        xml = d.sub_process(
            id, d.start(start), d.parallel(fork), xml, d.user(ask), d.terminate(stop), d.end(end),
            d.gateway(split, f"{split}_{done}"), d.end(done), d.path(start, fork, a),
            d.path(b, end), d.path(fork, ask, split, done),
            d.flow(split, stop, f"{ask}.way == 1"),
        )  # fmt: skip
        return xml, id, id

    def beside(self, body, **where):
        """Two turns of a sub-process at once; joins inside them are not counted together."""
        joins = len(self.joins)
        xml, id, _ = self.sub(body, **where)
        del self.joins[joins:]
        return self.draw.marked(xml, self.draw.many(2)), id, id

    def repeated(self, body, before, **where):
        """A sub-process or a call that is gone through again as long as an answer wants it."""
        d, ask = self.draw, self.id("Ask")
        xml, id, _ = self.sub(body, **where)
        marker = d.again(f"{ask}.way == 1", maximum=2, before=before)
        return d.user(ask) + d.marked(xml, marker) + d.path(ask, id), ask, id

    def answered(self, body, interrupting, calls, inside):
        """A sub-process that throws to a sub-process of its own, which the event begins."""
        d, id, start, end = self.draw, self.id("Sub"), self.id("start"), self.id("end")
        up, handler, task, over = self.id("Raise"), self.id("Handle"), self.id("Task"), self.id("x")
        xml, a, b = self.block(body, calls=calls, inside=(*inside, "/".join((*calls, id))))
        parts = d.user(task), d.end(over), d.path(f"{handler}_start", task, over)
        word = d.escalation("two") if interrupting else d.signal("stop")
        xml = d.sub_process(
            id, d.start(start), xml, d.throw(up, word), d.end(end), d.path(start, a),
            d.path(b, up, end),
            d.event_sub_process(handler, word, *parts, interrupting=interrupting),
        )  # fmt: skip
        return xml, id, id

    def wide(self, first, second, third, **where):
        """An inclusive fork of three branches, one of them only where no other is wanted."""
        d, ask, out = self.draw, self.id("Ask"), self.id("out")
        fork, join = self.id("fork"), self.id("join")
        drawn = [self.block(one, **where) for one in (first, second, third)]
        (_, a, _), (_, b, _), (_, c, _) = drawn
        xml = d.user(ask) + f'<inclusiveGateway id="{fork}" default="{fork}_{c}"/>'
        xml += f'<inclusiveGateway id="{join}"/>' + d.gateway(out)
        xml += d.path(ask, fork, c) + d.path(join, out)
        xml += d.flow(fork, a, f"{ask}.way in [0, 2]") + d.flow(fork, b, f"{ask}.way == 2")
        return xml + "".join(x + d.path(last, join) for x, _, last in drawn), ask, out

    def fan(self, first, second, **where):
        """Conditional flows out of a task of which both may be taken; an inclusive join."""
        d, ask, join, out = self.draw, self.id("Ask"), self.id("join"), self.id("out")
        (xml1, a, b), (xml2, c, e) = self.block(first, **where), self.block(second, **where)
        xml = d.user(ask) + f'<inclusiveGateway id="{join}"/>' + d.gateway(out)
        xml += d.flow(ask, a, f"{ask}.way != 1") + d.flow(ask, c, f"{ask}.way != 0")
        return xml + xml1 + xml2 + d.path(b, join) + d.path(e, join, out), ask, out

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
        return self.draw.compiled(*self.parts(shape), called=self.called)

    def parts(self, shape):
        """The block between a start and an end, as XML."""
        xml, a, b = self.block(shape)
        return (
            self.draw.start(),
            xml,
            self.draw.end(),
            self.draw.path("s", a),
            self.draw.path(b, "e"),
        )
