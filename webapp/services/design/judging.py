"""The verdict on a release as it is frozen: proven again by today's rules, and its scenarios played.

A release does not change, so a verdict is kept while the server runs.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import forms
from processes.covering import Rehearsed
from processes.explore.proving import Proof, prove_in_process

from ...models import Release
from .publishing import PATIENCE, SECONDS
from .runnable import of_release

MOST_KEPT = 500
VERDICTS: dict[uuid.UUID, Verdict] = {}


@dataclass(frozen=True)
class Verdict:
    """What is known of a release: its proof, and what its scenarios take of it."""

    proof: Proof
    rehearsed: Rehearsed

    @property
    def errors(self) -> int:
        return sum(one.forbids_running for one in self.proof.findings)

    @property
    def flows(self) -> tuple[int, int]:
        """How many flows the scenarios take, of how many; (0, 0) where they could not be played."""
        coverage = self.rehearsed.coverage
        return (len(coverage.taken), len(coverage.flows)) if coverage else (0, 0)


def known_verdict(release: Release) -> Verdict | None:
    """The verdict, if somebody asked for it before."""
    return VERDICTS.get(release.id)


def judge(release: Release) -> Verdict:
    """Prove the release and play its scenarios, in processes with limits; seconds."""
    known = known_verdict(release)
    if known is not None:
        return known
    runnable = of_release(release)
    proof = prove_in_process(
        runnable.diagram, f"{release.family}/{release.variant}", called=runnable.called,
        forms=forms.facts(runnable.forms), scenarios=runnable.scenarios,
        seconds=SECONDS, patience=PATIENCE,
    )  # fmt: skip
    verdict = Verdict(proof, runnable.rehearse())
    if not any(one.rule == "proof_stopped" for one in proof.findings):
        while len(VERDICTS) >= MOST_KEPT:
            VERDICTS.pop(next(iter(VERDICTS)))
        VERDICTS[release.id] = verdict
    return verdict
