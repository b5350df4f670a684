"""What is said when a case goes on by another release of its diagram and a step changes hands."""

from __future__ import annotations

NAMES = {"step_came": "流程调整后轮到办理", "step_went": "流程调整后不用再办"}
CHANNELS: dict[str, tuple[str, ...]] = {"step_went": ()}  # nothing to do: the inbox is enough
TEXTS = {
    (event, role): text
    for event, text in (
        ("step_came", "学校调整了办理流程，“{title}”现在轮到您这一方办理，请登录办理。"),
        ("step_went", "学校调整了办理流程，“{title}”等您办理的一步改由别人办理，您不用再办。"),
    )
    for role in ("graduate", "employer", "reviewer", "office", "admin")
}
