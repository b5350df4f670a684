"""The queue of a role over the days of a simulated term, as an SVG line.

Needs processes only: the command line draws with it, too.
"""

from __future__ import annotations

from processes.simulation import QueueResult

WIDTH, HEIGHT, LEFT, BOTTOM = 760, 220, 44, 28


def chart(queue: QueueResult) -> str:
    """A line over the days, with its highest value written."""
    most = max(queue.waiting, default=0) or 1
    days = max(1, len(queue.waiting) - 1)
    points = " ".join(
        f"{LEFT + (WIDTH - LEFT - 8) * day / days:.0f},{8 + (HEIGHT - BOTTOM - 8) * (1 - value / most):.0f}"
        for day, value in enumerate(queue.waiting)
    )
    floor = HEIGHT - BOTTOM
    label = f"每天傍晚积压的件数，最多 {most} 件"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="{label}">'
        f'<path d="M{LEFT} 8V{floor}H{WIDTH - 8}" fill="none" stroke="#77847f"/>'
        f'<polyline points="{points}" fill="none" stroke="#0b5f56" stroke-width="2"/>'
        f'<text x="{LEFT - 6}" y="14" text-anchor="end" font-size="12">{most}</text>'
        f'<text x="{LEFT - 6}" y="{floor}" text-anchor="end" font-size="12">0</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}" font-size="12">第 1 天</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 8}" text-anchor="end" font-size="12">第 {len(queue.waiting)} 天</text></svg>'
    )
