"""Draws a plan in other ways while that saves crossings: what the greedy steps could not foresee.

Every trial is routed and measured as it would be drawn: with other rows or columns (`moving`), at
another price of a crossing, or with crossing lines that wait for all others and then go round.
How many trials a plan gets falls with its size; the same plan always gets the same ones. A plan
without crossings is left as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from processes.layout.geometry import Geometry
from processes.layout.moving import Places, moves, moves_back, places_of, settle
from processes.layout.plan import Plan
from processes.layout.routing import CROSSING
from processes.layout.scoring import crooked, crossing_pairs, score

CAREFUL = 5.0  # a router's price of a crossing, where the usual one leaves some
_EFFORT = 250_000
_LEAST, _MOST = 6, 400
_KICKS = 3


@dataclass(frozen=True)
class Manner:
    """How lines are to be drawn: the price of a crossing, and which lines wait for the others."""

    price: float = CROSSING
    late: tuple[str, ...] = ()

    def waiting(self, id_: str) -> Manner:
        """The same, with one more line that waits, behind the others."""
        return replace(self, late=(*(other for other in self.late if other != id_), id_))


_Attempt = tuple[Places, Manner]
Route = Callable[[Manner], Geometry]


@dataclass(frozen=True)
class _Trial:
    """How well a drawing came out, and the places and the manner that led to it."""

    score: float
    pairs: list[tuple[str, str]]
    crooked: list[tuple[str, str]]
    places: Places
    manner: Manner


def improve(plan: Plan, route: Route) -> Geometry:
    """Draw the plan as well as some trials allow; its places stay as they were drawn last.

    `route` draws it as it stands, in the usual manner or in another.
    """
    search = _Search(plan, route)
    first = search.draw(places_of(plan), Manner())
    may_improve = first.pairs or first.crooked
    best = search.run(first) if may_improve and search.left >= _LEAST else first
    settle(plan, best.places)
    return route(best.manner)


class _Search:
    def __init__(self, plan: Plan, route: Route) -> None:
        self.plan, self.route = plan, route
        self.most = self.left = min(_MOST, _EFFORT // max(1, len(plan.items)) ** 2)
        self.dice = random.Random(len(plan.items))

    def draw(self, places: Places, manner: Manner) -> _Trial:
        self.left -= 1
        settle(self.plan, places)
        drawn = self.route(manner)
        return _Trial(score(drawn), crossing_pairs(drawn), crooked(drawn), places, manner)

    def run(self, first: _Trial) -> _Trial:
        """Improve until nothing helps, then leave that place by some moves at random, and again."""
        best = self._descend(first, self._neighbours)
        while self.left > 0 and best.pairs:
            found = self._descend(self._kicked(best), self._neighbours)
            best = min(best, found, key=lambda trial: trial.score)
        self.left = max(self.left, self.most // 4)
        best = self._descend(best, lambda trial: self._tidied(trial, first))
        return self._descend(best, self._straightened)

    def _descend(self, best: _Trial, around: Callable[[_Trial], Iterator[_Attempt]]) -> _Trial:
        better: _Trial | None = best
        while better is not None:
            best = better
            better = None
            for places, manner in around(best):
                if self.left <= 0:
                    break
                trial = self.draw(places, manner)
                if trial.score < best.score:
                    better = trial
                    break
        return best

    def _kicked(self, trial: _Trial) -> _Trial:
        for _ in range(_KICKS):
            around = list(self._neighbours(trial))
            if not around:
                break
            trial = self.draw(*self.dice.choice(around))
        return trial

    def _neighbours(self, trial: _Trial) -> Iterator[_Attempt]:
        """Places and manners to try next; none when nothing crosses."""
        if not trial.pairs:
            return
        prices = dict.fromkeys((trial.manner.price, CROSSING, CAREFUL, 2 * CAREFUL))
        for price in prices:
            if price != trial.manner.price:
                yield trial.places, replace(trial.manner, price=price)
        for id_ in sorted({id_ for pair in trial.pairs for id_ in pair}):
            yield trial.places, trial.manner.waiting(id_)
        settle(self.plan, trial.places)
        around = list(moves(self.plan, trial.pairs))
        self.dice.shuffle(around)
        for places in around:
            yield places, trial.manner
        for places in around:
            yield places, Manner(CAREFUL)

    def _straightened(self, trial: _Trial) -> Iterator[_Attempt]:
        """Other places for the ends of lines that go round too many corners."""
        settle(self.plan, trial.places)
        for places in list(moves(self.plan, trial.crooked)):
            yield places, trial.manner

    def _tidied(self, trial: _Trial, first: _Trial) -> Iterator[_Attempt]:
        """What went further than it had to: lines that need not wait, items that may go back."""
        for id_ in trial.manner.late:
            rest = tuple(other for other in trial.manner.late if other != id_)
            yield trial.places, replace(trial.manner, late=rest)
        if trial.manner.price != CROSSING:
            yield trial.places, replace(trial.manner, price=CROSSING)
        settle(self.plan, trial.places)
        for places in list(moves_back(self.plan, first.places)):
            yield places, trial.manner
