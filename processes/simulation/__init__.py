"""What a term would be like: cases arrive, people take their time, queues grow and shrink.

    told = simulate(diagram, called, forms, scenarios, Plan(arrivals=40, staff={Role.REVIEWER: 2}))
    told.steps, told.queues, told.bottleneck

The real engine takes every step, with a clock that jumps from event to event. A server asks
`simulate_in_process`, which also says what there is to assume.
"""

from processes.simulation.in_process import Foreseen, simulate_in_process
from processes.simulation.plan import Hours, Plan, PlanError, read_plan
from processes.simulation.results import QueueResult, Simulated, StepResult
from processes.simulation.running import simulate

__all__ = [
    "Foreseen",
    "Hours",
    "Plan",
    "PlanError",
    "QueueResult",
    "Simulated",
    "StepResult",
    "read_plan",
    "simulate",
    "simulate_in_process",
]
